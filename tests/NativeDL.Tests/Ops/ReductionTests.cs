using NativeDL;

namespace NativeDL.Tests.Ops;

public class ReductionTests
{
    private static Tensor Matrix => Tensor.FromArray(new float[,] { { 1, 5, 3 }, { 4, 2, 6 } });

    [Fact]
    public void Means_maxima_and_minima_go_over_any_axes()
    {
        Assert.Equal([2.5f, 3.5f, 4.5f], Matrix.Mean(0).ToArray<float>());
        Assert.Equal([3f, 4f], Matrix.Mean(-1).ToArray<float>());
        Assert.Equal([5f, 6f], Matrix.Max(1).ToArray<float>());
        Assert.Equal([1f, 2f, 3f], Matrix.Min(0).ToArray<float>());
        Assert.Equal(6, Matrix.Max().Item());
        Assert.Equal("[1, 3]", Matrix.Max([0], keepDims: true).Shape.ToString());
        Assert.Equal([2, 7], Tensor.FromArray(new[,] { { 2, -3 }, { 1, 7 } }).Max(1).ToArray<int>());
    }

    [Fact]
    public void Axes_that_do_not_stand_together_are_reduced_too()
    {
        var x = Tensor.Arange(24, DType.Float32).Reshape(2, 3, 4);
        Assert.Equal([15f, 19f, 23f], x.Max(0, 2).ToArray<float>());
        Assert.Equal([7.5f, 11.5f, 15.5f], x.Mean(2, 0).ToArray<float>());
    }

    [Fact]
    public void N05_mean_squared_error()
    {
        Tensor o = Tensor.FromArray([0.5, -1, 2]), y = Tensor.FromArray([0.0, 1, 0]);
        Assert.Equal(2.75, (o - y).Square().Mean().Item(), 12);
        Assert.Equal(4.125, ((o - y).Square().Sum() * 0.5).Item(), 12);
        Assert.Equal("[2]", Tensor.Ones([2, 10]).Square().Mean(-1).Shape.ToString());
    }

    [Fact]
    public void N15_global_pooling_is_a_reduction()
    {
        var x = Tensor.Arange(1.0, 17).Reshape(1, 4, 4, 1);
        Assert.Equal(8.5, x.Mean(1, 2).Item());
        Assert.Equal(16, x.Max(1, 2).Item());
        Assert.Equal("[4, 2048]", Tensor.Zeros([4, 7, 7, 2048]).Mean(1, 2).Shape.ToString());
    }

    [Fact]
    public void No_elements_sum_to_0_have_no_mean_and_no_maximum()
    {
        var none = Tensor.Zeros([0, 3]);
        Assert.Equal([0f, 0f, 0f], none.Sum(0).ToArray<float>());
        Assert.All(none.Mean(0).ToArray<float>(), v => Assert.True(float.IsNaN(v)));
        Assert.Equal(float.NegativeInfinity, none.LogSumExp().Item());
        Assert.Empty(none.Max(1).ToArray<float>());
        Assert.Contains("[0, 3]", Assert.Throws<ShapeMismatchException>(() => none.Max(0)).Message);
        Assert.Contains("[0, 3]", Assert.Throws<ShapeMismatchException>(() => none.ArgMin()).Message);
    }

    [Fact]
    public void NaN_is_passed_on_wherever_it_stands()
    {
        for (int at = 0; at < 70; at++)
        {
            var values = new double[70];
            values[at] = double.NaN;
            var x = Tensor.FromArray(values);
            Assert.True(double.IsNaN(x.Max().Item()));
            Assert.True(double.IsNaN(x.Reshape(70, 1).BroadcastTo([70, 5]).Min(0).ToArray<double>()[4]));
            Assert.Equal(at, x.ArgMax().Item());
            Assert.Equal(at, x.Reshape(70, 1).BroadcastTo([70, 5]).ArgMin(0).ToArray<int>()[3]);
        }
    }

    [Fact]
    public void Of_equal_elements_the_first_is_taken_and_gets_the_gradient()
    {
        var x = Tensor.FromArray(new double[,] { { 1, 7, 7 }, { 7, 2, 7 } });
        Assert.Equal([1, 0], x.ArgMax(1).ToArray<int>());
        Assert.Equal([1, 0, 0], x.ArgMax(0).ToArray<int>());
        Assert.Equal(1, x.ArgMax().Item());
        Assert.Equal(0, Tensor.FromArray([0.0, -0.0]).ArgMin().Item());
        using var tape = new GradientTape(persistent: true);
        tape.Watch(x);
        Assert.Equal([0, 1, 0, 0, 0, 0], tape.Gradient(x.Max(), x).ToArray<double>());
        Assert.Equal([0, 1, 0, 1, 0, 0], tape.Gradient(x.Max(1), x).ToArray<double>());
        Assert.Equal([1, 0, 0, 0, 1, 0], tape.Gradient(x.Min(1), x).ToArray<double>());
    }

    [Fact]
    public void The_place_in_a_long_row_does_not_depend_on_its_pieces()
    {
        var values = new float[100_000];
        values[40_000] = values[90_000] = 3;
        Assert.Equal(40_000, Tensor.FromArray(values).ArgMax().Item());
        values[16_384] = -1;
        Assert.Equal(16_384, Tensor.FromArray(values).ArgMin().Item());
    }

    [Fact]
    public void Places_are_whole_numbers_without_a_derivative()
    {
        var x = Tensor.FromArray([1f, 2f]);
        Assert.Equal(DType.Int32, x.ArgMax(0).DType);
        Assert.Contains("Bool [2]", Assert.Throws<DTypeMismatchException>(() => Tensor.FromArray([true, false]).ArgMax()).Message);
        Assert.Contains("axis 2", Assert.Throws<ShapeMismatchException>(() => x.ArgMax(2)).Message);
    }

    [Fact]
    public void N31_variance_and_deviation()
    {
        var x = Tensor.FromArray([1.0, 2, 3, 4]);
        Assert.Equal(2.5, x.Mean().Item());
        Assert.Equal(1.118033988750, x.Std().Item(), 11);
        Assert.Equal(1.25, x.Var().Item());
        Assert.Equal(5 / 3.0, x.Var([0], keepDims: false, correction: 1).Item(), 12);
    }

    [Fact]
    public void Variance_survives_a_large_mean()
    {
        var x = Tensor.FromArray(Enumerable.Range(0, 10_000).Select(i => 10_000f + (i % 2)).ToArray());
        Assert.Equal(0.25, x.Var().Item(), 5);
    }

    [Fact]
    public void Where_all_elements_are_equal_deviation_and_norm_have_the_gradient_0()
    {
        var x = Tensor.Full([4], 3.0, DType.Float64);
        var zero = Tensor.Zeros([4], DType.Float64);
        using var tape = new GradientTape(persistent: true);
        tape.Watch(x);
        tape.Watch(zero);
        Assert.Equal(new double[4], tape.Gradient(x.Std(), x).ToArray<double>());
        Assert.Equal(new double[4], tape.Gradient(zero.Norm(), zero).ToArray<double>());
        Assert.Equal(6, x.Norm().Item());
    }

    [Theory]
    [InlineData(1e4)]
    [InlineData(-1e4)]
    [InlineData(3e38)]
    public void Log_sum_exp_neither_overflows_nor_vanishes(double size)
    {
        Assert.Equal((float)size + (float)Math.Log(2), Tensor.Full([2], size).LogSumExp().Item());
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var rows = Tensor.FromArray(new[,] { { double.PositiveInfinity, 1 }, { double.PositiveInfinity, double.PositiveInfinity },
                { double.NegativeInfinity, double.PositiveInfinity }, { double.NaN, double.PositiveInfinity }, { double.NegativeInfinity, 2 } }).Cast(dtype);
            Assert.Equal([double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.NaN, 2], rows.LogSumExp(1).ToDoubles());
        }
    }

    [Fact]
    public void Log_sum_exp_of_a_masked_row_is_minus_infinity_with_the_gradient_0()
    {
        double inf = double.PositiveInfinity;
        var x = Tensor.FromArray(new[,] { { -inf, -inf }, { -inf, 2 }, { inf, 1 } });
        using var tape = new GradientTape();
        tape.Watch(x);
        var y = x.LogSumExp(1);
        Assert.Equal([-inf, 2, inf], y.ToArray<double>());
        Assert.Equal([0, 0, 0, 1], tape.Gradient(y, x).ToArray<double>()[..4]);
    }

    [Fact]
    public void All_and_any_reduce_truth_values_only()
    {
        var x = Tensor.FromArray(new[,] { { true, false }, { true, true } });
        Assert.Equal([false, true], x.All(1).ToArray<bool>());
        Assert.Equal([true, true], x.Any(1).ToArray<bool>());
        Assert.False(x.All().ToArray<bool>()[0]);
        Assert.True(Tensor.FromArray(Array.Empty<bool>()).All().ToArray<bool>()[0]);
        Assert.False(Tensor.FromArray(Array.Empty<bool>()).Any().ToArray<bool>()[0]);
        var many = Enumerable.Repeat(true, 1000).ToArray();
        many[777] = false;
        Assert.False(Tensor.FromArray(many).All().ToArray<bool>()[0]);
        Assert.Contains("Float32 [2, 3]", Assert.Throws<DTypeMismatchException>(() => Matrix.All()).Message);
    }

    [Fact]
    public void Running_sums_go_either_way()
    {
        Assert.Equal([1f, 6f, 9f, 4f, 6f, 12f], Matrix.CumSum().ToArray<float>());
        Assert.Equal([1f, 5f, 3f, 5f, 7f, 9f], Matrix.CumSum(0).ToArray<float>());
        Assert.Equal([9f, 8f, 3f, 12f, 8f, 6f], Matrix.CumSum(1, reverse: true).ToArray<float>());
    }
}
