using System.Globalization;

namespace NativeDL.Tests;

public class TensorTests
{
    [Theory]
    [InlineData(new int[0], 1)]
    [InlineData(new[] { 0 }, 0)]
    [InlineData(new[] { 3 }, 3)]
    [InlineData(new[] { 2, 0, 4 }, 0)]
    [InlineData(new[] { 2, 3, 4, 5, 6 }, 720)]
    public void Shape_counts_elements(int[] dims, long count)
    {
        Shape shape = dims;
        Assert.Equal(count, shape.ElementCount);
        Assert.Equal(dims.Length, shape.Rank);
        Assert.Equal(shape, Shape.Of(dims));
    }

    [Fact]
    public void A_negative_dimension_is_refused() => Assert.Throws<ShapeMismatchException>(() => Shape.Of(2, -3));

    [Fact]
    public void Arrays_make_the_round_trip()
    {
        float[] values = [1, -2.5f, float.NaN, float.PositiveInfinity, -0f];
        Assert.Equal(values, Tensor.FromArray(values).ToArray<float>());
        Assert.Equal([true, false], Tensor.FromArray([true, false]).ToArray<bool>());
        Assert.Equal([long.MinValue, long.MaxValue], Tensor.FromArray([long.MinValue, long.MaxValue]).ToArray<long>());
        Assert.Equal(new byte[] { 0, 255 }, Tensor.FromArray(new byte[] { 0, 255 }).ToArray<byte>());
        Assert.Equal([1, 2, 3, 4], Tensor.FromArray(new[,] { { 1, 2 }, { 3, 4 } }).ToArray<int>());
        Assert.Equal([1.0, 2.0], Tensor.FromEnumerable(Enumerable.Range(1, 2).Select(i => (double)i)).ToArray<double>());
    }

    [Fact]
    public void A_tensor_keeps_a_copy_of_what_it_was_made_from()
    {
        float[] values = [1, 2];
        var t = Tensor.FromArray(values);
        values[0] = 9;
        Assert.Equal([1f, 2f], t.ToArray<float>());
    }

    [Fact]
    public void Reading_as_another_type_is_refused_and_names_both() =>
        Assert.Contains("Float64", Assert.Throws<DTypeMismatchException>(() => Tensor.Ones([2]).ToArray<double>()).Message, StringComparison.Ordinal);

    [Fact]
    public void Values_that_do_not_fill_the_shape_are_refused()
    {
        var error = Assert.Throws<ShapeMismatchException>(() => Tensor.FromArray(new float[5], [2, 3]));
        Assert.Contains("[2, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("5 values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void N10_tensor_operations()
    {
        Assert.Equal(3, (Tensor.Scalar(1) + 2).Item());
        Assert.Equal([4f, 6f], (Tensor.FromArray([1f, 2f]) + Tensor.FromArray([3f, 4f])).ToArray<float>());
        Assert.Equal(25, Tensor.Scalar(5).Square().Item());
        Assert.Equal(6, Tensor.FromArray([1f, 2f, 3f]).Sum().Item());
        Assert.Equal(13, (Tensor.Scalar(2).Square() + Tensor.Scalar(3).Square()).Item());
        var oneHot = Tensor.FromArray([1, 3]).OneHot(10).ToArray<float>();
        Assert.Equal([1, 13], Enumerable.Range(0, 20).Where(i => oneHot[i] == 1));
        Assert.All(Tensor.RandomUniform([3, 3], 0, 1, random: new RandomState(1)).ToArray<float>(), v => Assert.InRange(v, 0f, 0.99999994f));
    }

    [Theory]
    [InlineData(new[] { 3, 1 }, new[] { 1, 4 }, new[] { 3, 4 })]
    [InlineData(new[] { 4 }, new[] { 2, 3, 4 }, new[] { 2, 3, 4 })]
    [InlineData(new int[0], new[] { 2, 2 }, new[] { 2, 2 })]
    [InlineData(new[] { 0, 3 }, new[] { 1, 3 }, new[] { 0, 3 })]
    public void Shapes_broadcast_as_NumPy_does(int[] a, int[] b, int[] expected) =>
        Assert.Equal(Shape.Of(expected), (Tensor.Ones(a) + Tensor.Ones(b)).Shape);

    [Fact]
    public void Shapes_that_do_not_broadcast_are_named()
    {
        var error = Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([2, 3]) + Tensor.Ones([2, 4]));
        Assert.Contains("[2, 3] and [2, 4]", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("add: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slices_take_what_ranges_say()
    {
        var x = Tensor.Arange(0.0, 24).Reshape(2, 3, 4);
        Assert.Equal([20f, 21f, 22f, 23f], x[^1, -1].ToArray<float>());
        Assert.Equal([1f, 2f, 13f, 14f], x[.., 0, 1..^1].ToArray<float>());
        Assert.Equal("[0, 3, 4]", x[1..1].Shape.ToString());
        Assert.Throws<ShapeMismatchException>(() => x[2]);
        Assert.Throws<ShapeMismatchException>(() => x[0, 0, 0, 0]);
    }

    [Fact]
    public void Views_share_memory_where_strides_allow()
    {
        var x = Tensor.Arange(0.0, 12).Reshape(3, 4);
        Assert.Equal(x.Address, x.Transpose().Address);
        Assert.Equal(x.Address, x.Reshape(2, 6).Address);
        Assert.Equal(x.Address + 4 * sizeof(float), x[1].Address);
        Assert.NotEqual(x.Address, x.Transpose().Reshape(12).Address);
        Assert.Equal([0f, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], x.Transpose().Reshape(12).ToArray<float>());
    }

    [Fact]
    public void An_impossible_reshape_is_refused()
    {
        Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([6]).Reshape(4));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([6]).Reshape(-1, 4));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([6]).Reshape(-1, -1));
    }

    [Fact]
    public void Tensors_print_as_NumPy_prints()
    {
        // Every text is NumPy 1.24's own.
        Prints("[[0. 1. 2.]\n [3. 4. 5.]]", Tensor.Arange(0.0, 6).Reshape(2, 3));
        Prints("[0.5  1.25]", Tensor.FromArray([0.5f, 1.25f]));
        Prints("[0.00012345]", Tensor.FromArray([0.00012345f]));
        Prints("[[1.e-05 1.e+00]\n [2.e+00 3.e+00]]", Tensor.FromArray(new[,] { { 1e-5f, 1 }, { 2, 3 } }));
        Prints("[0.33333334 0.6666667  1.        ]", Tensor.FromArray([1 / 3f, 2 / 3f, 1]));
        Prints("[0.33333333 0.66666667 1.        ]", Tensor.FromArray([1 / 3.0, 2 / 3.0, 1]));
        Prints("[ nan  inf -inf  1.5]", Tensor.FromArray([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.5]));
        Prints("[nan  1.  2.]", Tensor.FromArray([double.NaN, 1, 2]));
        Prints("[1.23456789e+05 1.00000000e-03]", Tensor.FromArray([123456.789, 0.001]));
        Prints("[[-1.5   2.  ]\n [ 3.   -4.25]]", Tensor.FromArray(new[,] { { -1.5f, 2 }, { 3, -4.25f } }));
        Prints("[  100.  2000. 30000.]", Tensor.FromArray([100.0, 2000, 30000]));
        Prints("[1.e-45]", Tensor.FromArray([float.Epsilon]));
        Prints("[-0.  0.]", Tensor.FromArray([-0.0, 0.0]));
        Prints("[ 1.e+100 -1.e-100]", Tensor.FromArray([1e100, -1e-100]));
        Prints("[1.6777216e+07 1.5000000e+00]", Tensor.FromArray([16777216f, 1.5f]));
        Prints("[ True False]", Tensor.FromArray([true, false]));
        Prints("[]", Tensor.Zeros([0, 3]));
        Prints("3.5", Tensor.Scalar(3.5));
        Prints("1e-09", Tensor.Scalar(1e-9));
        Prints("7", Tensor.Scalar(7, DType.Int64));
        Prints("[[[ 0  1  2  3]\n  [ 4  5  6  7]]\n\n [[ 8  9 10 11]\n  [12 13 14 15]]]", Tensor.Arange(16).Reshape(2, 2, 4));
        Prints("[[0.000e+00 1.000e+00 2.000e+00 ... 4.700e+01 4.800e+01 4.900e+01]\n [5.000e+01 5.100e+01 5.200e+01 ... 9.700e+01 9.800e+01 9.900e+01]\n [1.000e+02 1.010e+02 1.020e+02 ... 1.470e+02 1.480e+02 1.490e+02]\n ...\n"
            + " [1.850e+03 1.851e+03 1.852e+03 ... 1.897e+03 1.898e+03 1.899e+03]\n [1.900e+03 1.901e+03 1.902e+03 ... 1.947e+03 1.948e+03 1.949e+03]\n [1.950e+03 1.951e+03 1.952e+03 ... 1.997e+03 1.998e+03 1.999e+03]]", Tensor.Arange(0.0, 2000).Reshape(40, 50));
        Prints("[0.         0.03448276 0.06896552 0.10344828 0.13793103 0.17241379\n 0.20689655 0.24137931 0.27586207 0.31034483 0.34482759 0.37931034\n 0.4137931  0.44827586 0.48275862 0.51724138 0.55172414 0.5862069\n"
            + " 0.62068966 0.65517241 0.68965517 0.72413793 0.75862069 0.79310345\n 0.82758621 0.86206897 0.89655172 0.93103448 0.96551724 1.        ]",
                Tensor.Linspace(0, 1, 30, DType.Float64));

        static void Prints(string expected, Tensor x) => Assert.Equal(x.DType == DType.Float32 ? expected : $"{expected} ({x.DType})", x.ToString());
    }

    [Fact]
    public void Casts_cut_off_and_saturate()
    {
        Assert.Equal([1, -1, int.MaxValue, 0], Tensor.FromArray([1.9, -1.9, 1e20, double.NaN]).Cast(DType.Int32).ToArray<int>());
        Assert.Equal([true, false], Tensor.FromArray([0.1f, 0f]).Cast(DType.Bool).ToArray<bool>());
    }

    [Fact]
    public void Item_is_for_one_element_only() => Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([2]).Item());

    [Fact]
    public void Whole_numbers_print_every_digit() =>
        Assert.Equal("[1152921504606846977 9223372036854775807]", Tensor.FromArray([(1L << 60) + 1, long.MaxValue]).ToString().Split(" (")[0]);

    [Fact]
    public void Shapes_that_no_memory_holds_are_refused()
    {
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([1 << 30, 1 << 30, 4]));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue]));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros(new int[65]));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([0, -1]));
    }

    [Fact]
    public void A_shape_with_a_dimension_of_0_is_empty_however_large_the_others()
    {
        foreach (int zero in Enumerable.Range(0, 4))
        {
            int[] dims = [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue];
            dims[zero] = 0;
            Assert.Equal(0, Tensor.Zeros(dims).ElementCount);
            Assert.True(Shape.IsPossible(dims));
        }
        Assert.False(Shape.IsPossible([int.MaxValue, int.MaxValue]));
        Assert.True(Shape.IsPossible([1 << 22, 1 << 22]));
        Assert.False(Shape.IsPossible([0, -1]));
        Assert.False(Shape.IsPossible(new int[65]));
    }

    [Fact]
    public void Numbers_that_the_element_type_cannot_hold_are_refused()
    {
        Assert.Throws<DTypeMismatchException>(() => Tensor.Full([2], 300, DType.UInt8));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Full([2], -1, DType.UInt8));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Full([2], 1e20, DType.Int32));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Full([2], Math.Pow(2, 63), DType.Int64));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Full([2], double.NaN, DType.Int32));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Full([2], double.PositiveInfinity, DType.Int64));
        Assert.Throws<DTypeMismatchException>(() => Tensor.FromArray([1, 2]) + 0.5);
        Assert.Equal([long.MinValue], Tensor.Full([1], long.MinValue, DType.Int64).ToArray<long>());
        Assert.Equal([byte.MaxValue], Tensor.Full([1], 255, DType.UInt8).ToArray<byte>());
    }

    [Fact]
    public void Ranges_and_identities_have_their_limits()
    {
        Assert.Throws<InvalidInputException>(() => Tensor.Arange(0, 1e10));
        Assert.Throws<InvalidInputException>(() => Tensor.Eye(-1));
        Assert.Equal([1f, 0, 0, 1], Tensor.Eye(2).ToArray<float>());
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], Tensor.Eye(3, DType.Int32).ToArray<int>());
        Assert.Empty(Tensor.Eye(0).ToArray<float>());
    }

    [Fact]
    public void Arrays_of_three_and_four_axes_become_tensors()
    {
        var cube = Tensor.FromArray(new[, ,] { { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 7, 8 } } });
        Assert.Equal([2, 2, 2], cube.Shape);
        Assert.Equal(6, cube[1, 0, 1].Item());
        Assert.Equal([1, 1, 2, 3], Tensor.FromArray(new float[1, 1, 2, 3]).Shape);
    }

    [Fact]
    public void Places_outside_of_an_axis_are_refused()
    {
        var x = Tensor.Arange(0.0, 5);
        Assert.Equal(4, x[^1].Item());
        Assert.Equal(4, x[-1].Item());
        foreach (var index in (TensorIndex[])[^0, 5, -6, ^6, 3..2, 0..6])
            Assert.Throws<ShapeMismatchException>(() => x[index]);
    }

    [Fact]
    public void Stacking_names_itself_when_it_fails()
    {
        Assert.StartsWith("stack:", Assert.Throws<ShapeMismatchException>(() => Tensor.Stack([Tensor.Ones([2]), Tensor.Ones([1])])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("stack:", Assert.Throws<ShapeMismatchException>(() => Tensor.Stack([Tensor.Ones([2])], 3)).Message, StringComparison.Ordinal);
        Assert.StartsWith("reshape:", Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([6]).Reshape(-1, -1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_write_numbers_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = "," } };
            Assert.Equal("1,5", $"{1.5}");
            Assert.Contains("Got 1.5;", Assert.Throws<DTypeMismatchException>(() => Tensor.Full([2], 1.5, DType.Int32)).Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
