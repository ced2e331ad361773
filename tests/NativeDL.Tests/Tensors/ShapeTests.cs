namespace NativeDL.Tests;

public class ShapeTests
{
    [Fact]
    public void Negative_indices_count_from_the_end()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal([4, 3, 2], [shape[-1], shape[-2], shape[-3]]);
        Assert.Equal([4, 3, 2], [shape[^1], shape[^2], shape[^3]]);
    }

    [Fact]
    public void An_axis_outside_is_refused_and_the_shape_is_named()
    {
        Shape shape = [2, 3, 4];
        foreach (int axis in (int[])[3, -4, int.MaxValue, int.MinValue])
            Assert.Contains("[2, 3, 4]", Assert.Throws<ShapeMismatchException>(() => shape[axis]).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => shape[^4]); // must not wrap around to the second
        Assert.Throws<ShapeMismatchException>(() => shape[^0]);
        Assert.Throws<ShapeMismatchException>(() => Shape.Scalar[-1]);
    }

    [Fact]
    public void A_part_of_a_shape_is_a_shape()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal(Shape.Of(3, 4), shape[1..]);
        Assert.Equal(Shape.Of(2, 3), shape[..^1]);
        Assert.Equal(Shape.Scalar, shape[3..]);
        Assert.Throws<ShapeMismatchException>(() => shape[4..]);
        Assert.Throws<ShapeMismatchException>(() => Shape.Scalar[1..]);
        Assert.Throws<ShapeMismatchException>(() => shape.Slice(int.MaxValue, int.MaxValue));
        Assert.True(shape is [2, .. { Count: 2 }]);
    }

    [Fact]
    public void A_shape_comes_apart()
    {
        var (n, h, w, c) = Tensor.Zeros([5, 4, 3, 2]).Shape;
        Assert.Equal((5, 4, 3, 2), (n, h, w, c));
        var (a, b) = Shape.Of(7, 8);
        Assert.Equal((7, 8), (a, b));
        var (d, e, f) = Shape.Of(1, 2, 3);
        var (g, i, j, k, l) = Shape.Of(1, 2, 3, 4, 5);
        Assert.Equal(21, d + e + f + g + i + j + k + l);
        var error = Assert.Throws<ShapeMismatchException>(() => { var (_, _) = Shape.Of(1, 2, 3); });
        Assert.Contains("[1, 2, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_no_shape()
    {
        int[]? none = null;
        Assert.Throws<ArgumentNullException>(() => Shape.Of(none!));
        Assert.Throws<ArgumentNullException>(() => Tensor.Zeros(none!));
        Assert.Throws<ArgumentNullException>(() => (Shape)none!);
    }

    [Fact]
    public void A_dimension_may_be_unknown()
    {
        Shape shape = [Shape.None, 28, 28];
        Assert.False(shape.IsKnown);
        Assert.True(shape[1..].IsKnown);
        Assert.Equal("[None, 28, 28]", shape.ToString());
        Assert.True(shape == [-1, 28, 28]);
        Assert.Contains("not known", Assert.Throws<ShapeMismatchException>(() => shape.ElementCount).Message, StringComparison.Ordinal);
        Assert.Contains("not known", Assert.Throws<ShapeMismatchException>(() => shape.Strides).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => shape.CountOf([0, 1]));
        Assert.Equal(784, shape.CountOf([1, 2]));
        Assert.False(Shape.IsPossible(shape.Dimensions));
    }

    [Fact]
    public void What_is_not_known_enters_no_arithmetic()
    {
        Shape shape = [Shape.None, 28, 3];
        string said = Assert.Throws<ShapeMismatchException>(() => shape[0] * 2).Message;
        Assert.StartsWith("Shape: the size of dimension 0 is not known. Got [None, 28, 3];", said, StringComparison.Ordinal);
        Assert.Contains("-1 for it in Reshape", said, StringComparison.Ordinal);
        Assert.Contains("Dimension(0)", said, StringComparison.Ordinal);
        Assert.Contains("dimension 0", Assert.Throws<ShapeMismatchException>(() => shape[-3]).Message, StringComparison.Ordinal);
        Assert.Contains("dimension 0", Assert.Throws<ShapeMismatchException>(() => shape[^3]).Message, StringComparison.Ordinal);
        Assert.Contains("dimension 0", Assert.Throws<ShapeMismatchException>(() => { var (_, _, _) = shape; }).Message, StringComparison.Ordinal);
        var (h, c) = shape[1..];
        Assert.Equal((28, 3, 3, 3), (h, c, shape[2], shape[^1]));
        Assert.Equal([Shape.None, 3, Shape.None, 3], [shape.Dimension(0), shape.Dimension(-1), shape.Dimension(^3), shape.Dimension(^1)]);
        Assert.Equal([Shape.None, 28, 3], shape.ToArray());
        Assert.Throws<ShapeMismatchException>(() => shape.Dimension(3));
        Assert.Throws<ShapeMismatchException>(() => shape.Dimension(^4));
    }

    [Fact]
    public void A_tensor_that_holds_numbers_has_no_unknown_dimension()
    {
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([Shape.None, 2]));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([0, Shape.None]));
        Assert.Throws<ShapeMismatchException>(() => Tensor.FromArray(new float[2], [Shape.None, 2]));
    }

    [Fact]
    public void Other_negative_dimensions_and_sizes_beyond_any_memory_are_refused()
    {
        Assert.Throws<ShapeMismatchException>(() => Shape.Of(-2));
        Assert.Throws<ShapeMismatchException>(() => Shape.Of(Shape.None, int.MinValue));
        Assert.Throws<ShapeMismatchException>(() => Shape.Of(Shape.None, int.MaxValue, int.MaxValue));
        Assert.Throws<ShapeMismatchException>(() => Shape.Of(0, int.MaxValue, int.MaxValue, int.MaxValue).CountOf([1, 2, 3]));
        Assert.Throws<ShapeMismatchException>(() => Shape.Dimension("test", 1L << 31));
        Assert.Throws<ShapeMismatchException>(() => Shape.Product("test", 1 << 16, 1 << 16));
        Assert.Throws<ShapeMismatchException>(() => Shape.Sum("test", int.MaxValue, 1));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([0, int.MaxValue, int.MaxValue]).Flatten(1));
    }

    [Theory]
    [InlineData(new[] { -1, 3 }, new[] { 3 }, new[] { -1, 3 })]
    [InlineData(new[] { -1, 3 }, new[] { 1, 3 }, new[] { -1, 3 })]
    [InlineData(new[] { -1, 3 }, new[] { 5, 3 }, new[] { 5, 3 })]
    [InlineData(new[] { -1, 3 }, new[] { 0, 3 }, new[] { 0, 3 })]
    [InlineData(new[] { -1, 3 }, new[] { -1, 1 }, new[] { -1, 3 })]
    [InlineData(new[] { 4, -1 }, new[] { -1, 1 }, new[] { 4, -1 })]
    [InlineData(new[] { -1 }, new int[0], new[] { -1 })]
    public void Unknown_dimensions_broadcast(int[] a, int[] b, int[] expected)
    {
        Assert.Equal(Shape.Of(expected), Shape.Broadcast("test", a, b));
        Assert.Equal(Shape.Of(expected), Shape.Broadcast("test", b, a));
    }

    [Fact]
    public void Unknown_dimensions_do_not_hide_that_others_differ() =>
        Assert.Throws<ShapeMismatchException>(() => Shape.Broadcast("test", [-1, 3], [-1, 4]));

    [Fact]
    public void What_is_not_known_stays_so()
    {
        Assert.Equal(Shape.None, Shape.Sum("test", Shape.None, 3));
        Assert.Equal(Shape.None, Shape.Product("test", 3, Shape.None));
        Assert.Equal(7, Shape.Sum("test", 3, 4));
        Assert.True(Shape.Of(-1, 3).IsCompatible([5, 3]));
        Assert.False(Shape.Of(-1, 3).IsCompatible([5, 4]));
        Assert.False(Shape.Of(-1, 3).IsCompatible([3]));
        Assert.Equal("[None, 1]", Shape.Of(-1, 3).KeepOnes([1]).ToString());
        Assert.Equal("[None]", Shape.Of(-1, 3).Without([1]).ToString());
    }
}
