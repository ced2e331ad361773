namespace NativeDL.Tests.Ops;

/// <summary>Pools over sequences and volumes, with places, of norms, over everything, and to a given size.</summary>
public sealed class PoolAlongTests
{
    private static readonly Tensor Steps = Tensor.FromArray(new double[] { 1, 5, 2, 4, 3 }, [1, 5, 1]);

    // 1 … 8 in two planes of 2 × 2.
    private static readonly Tensor Cube = Tensor.Arange(1, 9, 1, DType.Float64).Reshape(1, 2, 2, 2, 1);

    [Fact]
    public void A_sequence_worked_by_hand()
    {
        Is([5, 4], Steps.MaxPool1D(2));
        Is([5, 5, 4, 4], Steps.MaxPool1D(2, 1));
        Is([3, 3], Steps.AvgPool1D(2));
        Is([6, 6], Steps.SumPool1D(2));
        // Same padding stands behind, and does not count unless it is asked for.
        Is([3, 3, 3], Steps.AvgPool1D(2, padding: Padding.Same));
        Is([3, 3, 1.5], Steps.AvgPool1D(2, padding: Padding.Same, countIncludePad: true));
        Is([1, 5, 4], Steps.MaxPool1D(2, padding: new Padding(1, 0)));
        Is([0.5, 3.5, 3.5], Steps.AvgPool1D(2, padding: new Padding(1, 0), countIncludePad: true));
    }

    [Fact]
    public void A_volume_worked_by_hand()
    {
        Is([8], Cube.MaxPool3D(2));
        Is([4.5], Cube.AvgPool3D(2));
        Is([36], Cube.SumPool3D(2));
        Is([6, 8, 10, 12], Cube.SumPool3D((2, 1, 1)));
        // Windows of three around each corner hold all eight voxels; of 27 places 19 are padding.
        Is([.. Enumerable.Repeat(4.5, 8)], Cube.AvgPool3D(3, 1, Padding.Same));
        Is([.. Enumerable.Repeat(36 / 27.0, 8)], Cube.AvgPool3D(3, 1, Padding.Same, countIncludePad: true));
        Is([.. Enumerable.Repeat(8.0, 8)], Cube.MaxPool3D(3, 1, 1));
    }

    [Theory]
    [InlineData("valid")]
    [InlineData("same")]
    public void A_volume_of_one_plane_is_an_image_and_an_image_of_one_row_a_sequence(string padding)
    {
        Tensor x = MatMulTests.Numbers(2, 5, 6, 3), row = MatMulTests.Numbers(2, 7, 3);
        Is(x.MaxPool2D((3, 2), 2, padding), x.ExpandDims(1).MaxPool3D((1, 3, 2), (1, 2, 2), padding).Squeeze(1));
        Is(x.AvgPool2D((3, 2), 2, padding), x.ExpandDims(1).AvgPool3D((1, 3, 2), (1, 2, 2), padding).Squeeze(1));
        Is(row.ExpandDims(1).AvgPool2D((1, 3), (1, 2), padding).Squeeze(1), row.AvgPool1D(3, 2, padding));
        Is(row.ExpandDims(1).MaxPool2D((1, 3), (1, 2), padding).Squeeze(1), row.MaxPool1D(3, 2, padding));
    }

    [Fact]
    public void Padding_counts_in_a_mean_where_it_is_asked_for()
    {
        var x = Tensor.FromArray(new double[] { -1, -2, -3, -4, -5, -6, -7, -8, -9 }, [1, 3, 3, 1]);
        Is([-3, -2.25, -3.75, -2.25], x.AvgPool2D(2, 2, Padding.Same, countIncludePad: true));
        Is(x.AvgPool2D(2, 1), x.AvgPool2D(2, 1, countIncludePad: true));
    }

    [Fact]
    public void Ties_of_a_volume_go_to_the_first_plane_row_and_column()
    {
        var x = Tensor.Ones([1, 2, 2, 2, 1], DType.Float64);
        using var tape = new GradientTape();
        tape.Watch(x);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0], tape.Gradient(x.MaxPool3D(2).Sum(), x).ToArray<double>());
    }

    [Fact]
    public void What_pooling_takes_is_put_back_by_its_places()
    {
        var x = Tensor.FromArray(new double[] { 1, 2, 6, 3, 5, 4, 0, 7, 9, 1, 1, 2 }, [1, 3, 4, 1]);
        var (y, places) = x.MaxPool2DWithPlaces(2);
        Is([5, 7], y);
        Assert.Equal([2, 3], places.Cast(DType.Int32).ToArray<int>());
        Is([0, 0, 0, 0, 5, 0, 0, 7, 0, 0, 0, 0], y.MaxUnpool2D(places, 2, outputSize: (3, 4)));
        Assert.Equal([1, 2, 4, 1], y.MaxUnpool2D(places, 2).Shape);
        // What was put back is found again, and its gradient comes from where it went.
        Is(y, y.MaxUnpool2D(places, 2).MaxPool2D(2));
        using var tape = new GradientTape();
        tape.Watch(y);
        Is([2, 2], tape.Gradient(y.MaxUnpool2D(places, 2) * 2, y));

        // 8 of the cube is the last of its eight places; in windows of a plane 4 and 8 are the last of four.
        var (one, last) = Cube.MaxPool3DWithPlaces(2);
        Is([8], one);
        Assert.Equal([7], last.ToArray<int>());
        Is([0, 0, 0, 0, 0, 0, 0, 8], one.MaxUnpool3D(last, 2));
        var (both, four) = Cube.MaxPool3DWithPlaces((1, 2, 2));
        Assert.Equal([3, 3], four.ToArray<int>());
        Is([0, 0, 0, 4, 0, 0, 0, 8], both.MaxUnpool3D(four, (1, 2, 2), outputSize: 2));
        Assert.Throws<ShapeMismatchException>(() => both.MaxUnpool3D(four, (1, 2, 2), outputSize: 5));

        var (steps, at) = Steps.MaxPool1DWithPlaces(2);
        Is([0, 5, 0, 4, 0], steps.MaxUnpool1D(at, 2, outputSize: 5));
        Assert.Throws<ShapeMismatchException>(() => y.MaxUnpool2D(places, 2, outputSize: 9));
        Assert.Throws<DTypeMismatchException>(() => y.MaxUnpool2D(y, 2));
    }

    [Fact]
    public void A_pool_of_norms_and_pools_over_everything()
    {
        var x = Tensor.FromArray(new double[] { 3, -4, 0, 0, 5, 12 }, [1, 6, 1]);
        Is([5, 0, 13], x.LpPool1D(2, 2));
        Is([7, 0, 17], x.LpPool1D(1, 2));
        Is([Math.Cbrt(91), 0, Math.Cbrt(1853)], x.LpPool1D(3, 2));
        Is([4, 0, 12], x.LpPool1D(double.PositiveInfinity, 2));
        Is([Math.Sqrt(1 + 4 + 9 + 16)], Cube.Narrow(1, 0, 1).Squeeze(1).LpPool2D(2, 2));
        Is([Math.Sqrt(204)], Cube.LpPool3D(2, 2));
        Assert.Equal(5e30f, Tensor.Of(3e30, 4e30).Reshape(1, 2, 1).LpPool1D(2, 2).ToArray<float>()[0], 1e25f);
        Is([4.5], Cube.GlobalAvgPool());
        Is([8], Cube.GlobalMaxPool());
        Is([Math.Sqrt(204)], Cube.GlobalLpPool(2));
        Assert.Equal([1, 1, 1, 1, 1], Cube.GlobalAvgPool(keepDims: true).Shape);
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([2, 3]).GlobalAvgPool());
        Assert.Throws<InvalidInputException>(() => x.LpPool1D(-1, 2));
    }

    [Fact]
    public void Adaptive_windows_are_even()
    {
        // Five steps into three: 0–1, 1–3, 3–4.
        Is([3, 11 / 3.0, 3.5], Steps.AdaptiveAvgPool1D(3));
        Is([5, 5, 4], Steps.AdaptiveMaxPool1D(3));
        // More results than steps repeat them: 0, 0–1, 1 of 2 and 4.
        Is([2, 3, 4], Steps.Narrow(1, 2, 2).AdaptiveAvgPool1D(3));
        var image = Tensor.Arange(1, 17, 1, DType.Float64).Reshape(1, 4, 4, 1);
        Is(image.AvgPool2D(2), image.AdaptiveAvgPool2D(2));
        Is([8.5], image.AdaptiveAvgPool2D(1));
        // Rows 0–1, 1–2, 2–3 of four into three.
        Is([8, 12, 16], image.AdaptiveMaxPool2D((3, 1)));
        Is([8], Cube.AdaptiveMaxPool3D(1));
        Is([2.5, 6.5], Cube.AdaptiveAvgPool3D((2, 1, 1)));
        Assert.Throws<InvalidInputException>(() => image.AdaptiveAvgPool2D(0));
        Assert.Throws<ShapeMismatchException>(() => image.AdaptiveAvgPool1D(2));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([1, 0, 2]).AdaptiveAvgPool1D(2));
    }

    [Fact]
    public void Sizes_that_are_not_known_become_known_where_they_are_given()
    {
        const int none = Shape.None;
        var x = Tensor.Symbolic([none, none, none, 3], DType.Float32);
        Assert.Equal([none, 7, 7, 3], x.AdaptiveAvgPool2D(7).Shape);
        Assert.Equal([none, none, none, 3], x.LpPool2D(2, 2).Shape);
        Assert.Equal([none, 3], x.GlobalMaxPool().Shape);
        Assert.Equal([none, 5, 2], Tensor.Symbolic([none, 10, 2], DType.Float32).MaxPool1D(2).Shape);
    }

    [Fact]
    public void Bad_operands_are_named()
    {
        Assert.Contains("max_pool1d: the window is larger than the padded image. Got x [1, 5, 1], window (6)",
            Assert.Throws<ShapeMismatchException>(() => Steps.MaxPool1D(6)).Message);
        Assert.Contains("[N, D, H, W, C]", Assert.Throws<ShapeMismatchException>(() => Steps.MaxPool3D(2)).Message);
        Assert.Throws<InvalidInputException>(() => Steps.MaxPool1D(0));
        Assert.Throws<InvalidInputException>(() => Steps.AvgPool1D(2, 0));
        Assert.Contains("padding alone", Assert.Throws<InvalidInputException>(() => Steps.AvgPool1D(2, padding: 2)).Message);
        Assert.Throws<DTypeMismatchException>(() => Tensor.Zeros([1, 4, 3], DType.Int32).MaxPool1D(2));
        Assert.Equal([0, 2, 3], Tensor.Zeros([0, 4, 3]).MaxPool1D(2).Shape);
    }

    private static void Is(double[] expected, Tensor actual) => MatMulTests.Close(expected, actual.ToArray<double>());

    private static void Is(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Is([.. expected.ToDoubles()], actual);
    }
}
