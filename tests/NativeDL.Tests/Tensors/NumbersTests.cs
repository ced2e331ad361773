namespace NativeDL.Tests;

/// <summary>Numbers, axes and sizes as arguments: what converts, and what the operators between tensors and numbers give.</summary>
public class NumbersTests
{
    private static readonly Tensor x = Tensor.FromArray([1f, 2f, 3f]);

    [Fact]
    public void Equality_is_per_element_and_identity_is_the_objects()
    {
        var y = Tensor.FromArray([1f, 5f, 3f]);
        Assert.Equal([true, false, true], (x == y).ToArray<bool>());
        Assert.Equal([false, true, false], (x != y).ToArray<bool>());
        Assert.Equal([false, true, false], (x == 2).ToArray<bool>());
        Assert.Equal([true, false, true], (2 != x).ToArray<bool>());
        Assert.False(x.Equals(x.Clone()));
        Assert.True(x.Equals(x));
        Assert.Contains(x, new HashSet<Tensor> { x, y });
        Assert.DoesNotContain(x.Clone(), new HashSet<Tensor> { x, y });
        Assert.Throws<ArgumentNullException>(() => x == null!);
    }

    [Fact]
    public void Numbers_of_every_type_stand_on_both_sides()
    {
        float[] four = [5, 6, 7], minus = [-3, -2, -1];
        foreach (var sum in (Tensor[])[x + 4, x + 4L, x + 4f, x + 4.0, 4 + x, 4L + x, 4f + x, 4.0 + x]) Assert.Equal(four, sum.ToArray<float>());
        foreach (var difference in (Tensor[])[x - 4, x - 4L, x - 4f, x - 4.0]) Assert.Equal(minus, difference.ToArray<float>());
        Assert.Equal([3, 2, 1], (4 - x).ToArray<float>());
        Assert.Equal([6, 3, 2], (6 / x).ToArray<float>());
        Assert.Equal([false, true, true], (1 < x).ToArray<bool>());
        Assert.Equal([true, true, false], (x <= 2f).ToArray<bool>());
        Assert.Throws<ArgumentNullException>(() => (Tensor)null! + 1);
    }

    [Fact]
    public void Whole_numbers_beside_int64_stay_exact()
    {
        const long large = (1L << 60) + 1;
        Assert.Equal(large + 2, (Tensor.FromArray([2L]) + large).Item<long>());
        Assert.True((bool)(Tensor.FromArray([large]) == large));
        Assert.False((bool)(Tensor.FromArray([large]) == large - 1));
        Assert.Throws<DTypeMismatchException>(() => Tensor.FromArray([1]) + large);
        Assert.Throws<DTypeMismatchException>(() => Tensor.FromArray([1]) + 0.5);
    }

    [Fact]
    public void Truth_values_are_combined_by_operators()
    {
        Assert.Equal([false, true, false], (x > 1 & x < 3).ToArray<bool>());
        Assert.Equal([true, false, true], (x < 2 | x > 2).ToArray<bool>());
        Assert.Equal([false, true, true], (x > 1 ^ x > 5).ToArray<bool>());
        Assert.Equal([true, false, false], (!(x > 1)).ToArray<bool>());
        Assert.Throws<DTypeMismatchException>(() => x & x);
        Assert.Throws<DTypeMismatchException>(() => x ^ x);
        Assert.Throws<DTypeMismatchException>(() => !x);
    }

    [Fact]
    public void One_element_converts_to_a_number()
    {
        Assert.Equal(2.75, (double)Tensor.Scalar(2.75));
        Assert.Equal(2.75f, (float)Tensor.Scalar(2.75));
        Assert.Equal(2, (int)Tensor.Scalar(2.75));
        Assert.Equal(-2, (long)Tensor.Scalar(-2.75, DType.Float64));
        Assert.Equal((1L << 53) + 1, (long)Tensor.FromArray([(1L << 53) + 1]));
        Assert.True((bool)(Tensor.Scalar(3) > 2));
        Assert.Equal(7, Tensor.FromArray([7]).Item<int>());
        Assert.Throws<ShapeMismatchException>(() => (double)x);
        Assert.Throws<ShapeMismatchException>(() => x.Item<float>());
        Assert.Throws<DTypeMismatchException>(() => Tensor.Scalar(1).Item<double>());
        Assert.Throws<DTypeMismatchException>(() => (bool)Tensor.Scalar(1));
        Assert.Throws<InvalidInputException>(() => (int)Tensor.Scalar(1e10));
        Assert.Throws<InvalidInputException>(() => (long)Tensor.Scalar(1e20));
        Assert.Throws<InvalidInputException>(() => (int)Tensor.Scalar(double.NaN));
        Assert.Throws<ArgumentNullException>(() => (float)(Tensor)null!);
    }

    [Fact]
    public void Functions_of_two_take_a_number_where_an_operator_would()
    {
        Assert.Equal([2, 2, 3], Tensor.Maximum(x, 2).ToArray<float>());
        Assert.Equal([2, 2, 3], Tensor.Maximum(2, x).ToArray<float>());
        Assert.Equal([1, 2, 2], Tensor.Minimum(x, 2).ToArray<float>());
        Assert.Equal([1, 2, 2], Tensor.Minimum(2, x).ToArray<float>());
        Assert.Equal([0, 2, 3], Tensor.Where(x > 1, x, 0).ToArray<float>());
        Assert.Equal([1, 0, 0], Tensor.Where(x > 1, 0, x).ToArray<float>());
        Assert.Equal([-1, 1, 1], Tensor.Where(x > 1, 1, -1).ToArray<float>());
        Assert.Equal([2, 4, 8], Tensor.Pow(2, x).ToArray<float>());
    }

    [Fact]
    public void Every_method_has_a_static_twin()
    {
        Assert.Equal(x.Exp().ToArray<float>(), Tensor.Exp(x).ToArray<float>());
        Assert.Equal(x.Clip(0, 2).ToArray<float>(), Tensor.Clip(x, 0, 2).ToArray<float>());
        Assert.Equal(6, Tensor.Sum(x).Item());
        Func<Tensor, Tensor> sine = Tensor.Sin;
        Assert.Equal(x.Sin().ToArray<float>(), sine(x).ToArray<float>());
        Assert.Throws<ArgumentNullException>(() => Tensor.Exp(null!));
    }

    [Fact]
    public void Parameters_calculate_with_tensors_parameters_and_numbers()
    {
        var p = new Parameter("p", x);
        Assert.Equal([1, 4, 9], (p * p).ToArray<float>());
        Assert.Equal([2, 3, 4], (p + 1).ToArray<float>());
        Assert.Equal([0.5f, 1, 1.5f], (0.5 * p).ToArray<float>());
        Assert.Equal([0, 0, 0], (x - p).ToArray<float>());
        Assert.Equal([1, 1, 1], (p / x).ToArray<float>());
        Assert.Equal([-1, -2, -3], (-p).ToArray<float>());
        using var tape = new GradientTape();
        Assert.Equal([2, 4, 6], tape.Gradient((p * p).Sum(), p).ToArray<float>());
    }

    [Fact]
    public void Axes_are_one_several_or_all()
    {
        var t = Tensor.Arange(0.0, 24).Reshape(2, 3, 4);
        Assert.Equal([1, 1, 1], t.Mean(keepDims: true).Shape);
        Assert.Equal([2, 3, 1], t.Mean(-1, keepDims: true).Shape);
        Assert.Equal([1, 1, 4], t.Mean((0, 1), keepDims: true).Shape);
        Assert.Equal([1, 1, 4], t.Mean(Tuple.Create(0, 1), keepDims: true).Shape);
        Assert.Equal([1, 3, 1], t.Mean([0, 2], keepDims: true).Shape);
        Assert.Equal([3], t.Mean(0, 2).Shape);
        Assert.Equal([3], t.Mean((int[])[0, -1]).Shape);
        Assert.Equal([], t.Mean((0, 1, 2)).Shape);
        Assert.Equal([2, 4], t.Sum(new List<int> { 1 }, keepDims: false).Shape);
        Assert.Equal("[0, 1]", ((Axes)(0, 1)).ToString());
        Assert.Equal("all", default(Axes).ToString());
        Assert.Throws<ShapeMismatchException>(() => t.Mean(3, keepDims: true));
        Assert.Throws<ShapeMismatchException>(() => t.Mean((0, -3)));
    }

    [Fact]
    public void Sizes_and_padding_are_numbers_or_pairs()
    {
        var images = Tensor.Ones([1, 8, 6, 1]);
        Assert.Equal([1, 4, 3, 1], images.MaxPool2D(2).Shape);
        Assert.Equal([1, 3, 3, 1], images.MaxPool2D((3, 2), strides: 2).Shape);
        Assert.Equal([1, 10, 8, 2], images.Conv2D(Tensor.Ones([3, 3, 1, 2]), padding: 2).Shape);
        Assert.Equal([1, 8, 10, 2], images.Conv2D(Tensor.Ones([3, 3, 1, 2]), padding: (1, 3)).Shape);
        Assert.Equal((2, 3), (new Size2D(2, 3).Height, ((Size2D)(2, 3)).Width));
        Assert.Equal((Size3D)4, new Size3D(4, 4, 4));
        Assert.Equal((Size2D)5, default(Size2D).Or(5));
        Assert.NotEqual((Size2D)0, default);
        Assert.Throws<InvalidInputException>(() => images.MaxPool2D(2, strides: 0)); // 0 is a number, and no way to say "not given"
        Assert.Throws<InvalidInputException>(() => images.Conv2D(Tensor.Ones([3, 3, 1, 2]), padding: -1));
    }
}
