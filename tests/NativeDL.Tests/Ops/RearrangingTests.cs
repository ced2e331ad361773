namespace NativeDL.Tests.Ops;

/// <summary>Rearrangements. The numbers are those of NumPy 2 unless said otherwise.</summary>
public sealed class RearrangingTests
{
    private static Tensor Matrix => Tensor.Arange(6, DType.Float64).Reshape(2, 3);

    private static Tensor Cube => Tensor.Arange(24, DType.Float64).Reshape(2, 3, 4);

    [Fact]
    public void Axes_change_places()
    {
        Assert.Equal("[4, 3, 2]", Cube.SwapAxes(0, -1).Shape.ToString());
        Assert.Equal("[3, 4, 2]", Cube.MoveAxis(0, -1).Shape.ToString());
        Assert.Equal("[4, 2, 3]", Cube.MoveAxis(2, 0).Shape.ToString());
        Assert.Equal("[4, 3, 2]", Cube.MoveAxis([0, 1], [-1, -2]).Shape.ToString());
        Assert.Equal([0, 12, 1, 13], Cube.MoveAxis(0, -1).ToDoubles()[..4]);
        Assert.Throws<ShapeMismatchException>(() => Cube.MoveAxis(3, 0));
        Assert.Throws<ShapeMismatchException>(() => Cube.MoveAxis([0, -3], [1, 2]));
        Assert.Throws<ShapeMismatchException>(() => Cube.MoveAxis([0], [1, 2]));
    }

    [Fact]
    public void Parts_of_nearly_one_size()
    {
        Assert.Equal([3, 3, 1], Tensor.Arange(7).Chunk(3).Select(c => c.Shape[0]));
        Assert.Equal([2, 2, 2], Tensor.Arange(6).Chunk(3).Select(c => c.Shape[0]));
        Assert.Equal([2, 2, 1], Tensor.Arange(5).Chunk(4).Select(c => c.Shape[0]));   // PyTorch: fewer than asked for
        Assert.Equal([0], Tensor.Zeros([0]).Chunk(4).Select(c => c.Shape[0]));
        Assert.Throws<InvalidInputException>(() => Tensor.Arange(5).Chunk(0));
    }

    [Fact]
    public void Wholes_and_slices_are_repeated()
    {
        Assert.Equal("[2, 2, 9]", Matrix.Tile([2, 1, 3]).Shape.ToString());
        Assert.Equal([0, 1, 2, 0, 1, 2], Matrix.Tile([2])[0].ToDoubles());
        Assert.Equal([0, 0, 1, 1, 2, 2], Matrix.Repeat(2, 1)[0].ToDoubles());
        Assert.Equal([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5], Matrix.Repeat(2, 0).ToDoubles());
        Assert.Equal([0, 2, 2, 3, 5, 5], Matrix.Repeat([1, 0, 2], -1).ToDoubles());
        Assert.Equal("[2, 0]", Matrix.Repeat(0, 1).Shape.ToString());
        Assert.Throws<InvalidInputException>(() => Matrix.Repeat(-1, 0));
        Assert.Throws<InvalidInputException>(() => Matrix.Repeat([1, -1], 0));
        Assert.Throws<ShapeMismatchException>(() => Matrix.Repeat([1, 1, 1], 0));
    }

    [Fact]
    public void What_goes_beyond_the_end_comes_in_at_the_start()
    {
        Assert.Equal([5, 0, 1, 2, 3, 4], Matrix.Roll(1).ToDoubles());
        Assert.Equal([2, 0, 1, 5, 3, 4], Matrix.Roll(1, 1).ToDoubles());
        Assert.Equal([1, 2, 0, 4, 5, 3], Matrix.Roll(-4, -1).ToDoubles());
        Assert.Equal([5, 3, 4, 2, 0, 1], Matrix.Roll(1, (0, 1)).ToDoubles());
        Assert.Equal(Matrix.ToDoubles(), Matrix.Roll(6).ToDoubles());
        Assert.Equal(Matrix.Roll(2, 0).ToDoubles(), Matrix.Roll(int.MinValue, 0).ToDoubles());
        Assert.Empty(Tensor.Zeros([0]).Roll(3).ToDoubles());
    }

    [Theory]
    [InlineData(PadMode.Constant, new double[] { 0, 0, 0, 1, 2, 0 })]
    [InlineData(PadMode.Edge, new double[] { 0, 0, 0, 1, 2, 2 })]
    [InlineData(PadMode.Reflect, new double[] { 2, 1, 0, 1, 2, 1 })]
    [InlineData(PadMode.Symmetric, new double[] { 1, 0, 0, 1, 2, 2 })]
    [InlineData(PadMode.Circular, new double[] { 1, 2, 0, 1, 2, 0 })]
    public void Borders_of_every_kind(PadMode mode, double[] expected)
    {
        Assert.Equal(expected, Tensor.Arange(3).Pad([(2, 1)], mode).ToDoubles());
        Assert.Equal("[2, 6]", Matrix.Pad([(0, 0), (2, 1)], mode).Shape.ToString());
        Assert.Throws<ShapeMismatchException>(() => Matrix.Pad([(1, 1)], mode));
        Assert.Throws<ShapeMismatchException>(() => Matrix.Pad([(0, 0), (-1, 1)], mode));
        if (mode is PadMode.Constant or PadMode.Edge) return;
        Assert.Contains("[2, 3]", Assert.Throws<ShapeMismatchException>(() => Matrix.Pad([(3, 0), (0, 0)], mode)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagonals_and_their_sums()
    {
        Assert.Equal([0, 4], Matrix.Diagonal().ToDoubles());
        Assert.Equal([1, 5], Matrix.Diagonal(1).ToDoubles());
        Assert.Equal([3], Matrix.Diagonal(-1).ToDoubles());
        Assert.Empty(Matrix.Diagonal(3).ToDoubles());
        Assert.Empty(Matrix.Diagonal(int.MinValue).ToDoubles());
        Assert.Equal([0, 5, 10, 12, 17, 22], Cube.Diagonal(0, 1, 2).ToDoubles());
        Assert.Equal(4, Matrix.Trace().Item());
        Assert.Equal([16, 18, 20, 22], Cube.Trace().ToDoubles());
        Assert.Equal([0, 7, 0, 0, 0, 8, 0, 0, 0], Tensor.Of(7, 8).Diag(1).ToDoubles());
        Assert.Equal([0, 4], Matrix.Diag().ToDoubles());
        Assert.Throws<ShapeMismatchException>(() => Cube.Diag());
        Assert.Throws<ShapeMismatchException>(() => Matrix.Diagonal(0, 1, -1));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([3]).Trace());
        Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([1]).Diag(int.MaxValue));
    }

    [Fact]
    public void Triangles()
    {
        var x = Tensor.Ones([3, 3]);
        Assert.Equal([1, 0, 0, 1, 1, 0, 1, 1, 1], x.Tril().ToDoubles());
        Assert.Equal([0, 1, 1, 0, 0, 1, 0, 0, 0], x.Triu(1).ToDoubles());
        Assert.Equal([1, 1, 0, 1, 1, 1], Tensor.Ones([2, 3]).Tril(1).ToDoubles());
        Assert.Equal([true, false, true, true], Tensor.Ones([2, 2], DType.Bool).Tril().ToArray<bool>());
        Assert.Equal([0.0, 0, 1, 0], Tensor.FromArray(new[,] { { double.NaN, double.NaN }, { 1, double.NaN } }).Tril(-1).ToDoubles());
        Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([3]).Tril());
    }

    [Fact]
    public void Grids()
    {
        Tensor a = Tensor.Of(1, 2, 3), b = Tensor.Of(4, 5);
        var across = Tensor.Meshgrid([a, b]);
        Assert.Equal([1, 2, 3, 1, 2, 3], across[0].ToDoubles());
        Assert.Equal([4, 4, 4, 5, 5, 5], across[1].ToDoubles());
        Assert.Equal("[3, 2]", Tensor.Meshgrid([a, b], "ij")[0].Shape.ToString());
        Assert.Equal("[2, 3, 1]", Tensor.Meshgrid([a, b, Tensor.Of(1)])[2].Shape.ToString());
        Assert.Throws<InvalidInputException>(() => Tensor.Meshgrid([a], "yx"));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Meshgrid([Tensor.Ones([1, 1])]));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Meshgrid([]));
    }

    // The values of TensorFlow's depth_to_space and of PyTorch's pixel_shuffle with channels moved last.
    [Fact]
    public void Blocks_of_pixels()
    {
        var x = Tensor.Arange(8).Reshape(1, 1, 1, 8);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], x.DepthToSpace(2).ToDoubles());
        Assert.Equal([0, 4, 1, 5, 2, 6, 3, 7], x.PixelShuffle(2).ToDoubles());
        Assert.Equal("[1, 2, 2, 2]", x.PixelShuffle(2).Shape.ToString());
        var image = Tensor.RandomNormal([2, 4, 6, 3], random: 1);
        Assert.Equal(image.ToDoubles(), image.SpaceToDepth(2).DepthToSpace(2).ToDoubles());
        Assert.Equal(image.ToDoubles(), image.PixelUnshuffle(2).PixelShuffle(2).ToDoubles());
        Assert.Equal("[None, 2, 3, 12]", Tensor.Symbolic([Shape.None, 4, 6, 3], DType.Float32).SpaceToDepth(2).Shape.ToString());
        Assert.Throws<ShapeMismatchException>(() => image.SpaceToDepth(3));
        Assert.Throws<ShapeMismatchException>(() => image.DepthToSpace(2));
        Assert.Throws<InvalidInputException>(() => image.DepthToSpace(0));
        Assert.Throws<ShapeMismatchException>(() => Matrix.PixelShuffle(2));
    }

    [Fact]
    public void Windows_and_their_sum()
    {
        var x = Tensor.Arange(6, DType.Float64);
        Assert.Equal([0, 1, 2, 2, 3, 4], x.Unfold(0, 3, 2).ToDoubles());
        Assert.Equal("[2, 3, 2, 3]", Cube.Unfold(-1, 3).Shape.ToString());
        Assert.Equal([0, 1, 2 * 2, 3, 4, 0], x.Unfold(0, 3, 2).Fold(0, 6, 2).ToDoubles());
        Assert.Equal([1, 2, 3, 3, 2, 1], Tensor.Ones([6]).Unfold(0, 3).Fold(0, 6).ToDoubles());
        Assert.Throws<ShapeMismatchException>(() => x.Unfold(0, 7));
        Assert.Throws<InvalidInputException>(() => x.Unfold(0, 0));
        Assert.Throws<ShapeMismatchException>(() => x.Unfold(0, 3).Fold(0, 5));
        Assert.Throws<ShapeMismatchException>(() => x.Fold(0, 5));
    }
}
