namespace NativeDL.Tests.Ops;

/// <summary>Reading and writing by places: brackets, coordinates, masks. The numbers are those of NumPy 2 unless said otherwise.</summary>
public sealed class PlacesTests
{
    private static Tensor Cube => Tensor.Arange(24, DType.Float64).Reshape(2, 3, 4);

    private static double[] Gradient(Func<Tensor, Tensor> of, Tensor at)
    {
        using var tape = new GradientTape();
        var x = tape.Watch(at.Clone());
        return tape.Gradient(of(x), x).ToDoubles();
    }

    [Fact]
    public void Parts_by_steps()
    {
        var x = Tensor.Arange(10, DType.Float64);
        Assert.Equal([1, 4, 7], x[(1..8).By(3)].ToDoubles());
        Assert.Equal([0, 2, 4, 6, 8], x[(..).By(2)].ToDoubles());
        Assert.Equal([9, 8, 7], x[(..).By(-1)].ToDoubles()[..3]);
        Assert.Equal([7, 4, 1], x[(1..8).By(-3)].ToDoubles());
        Assert.Equal([8, 6], x[(^4..^1).By(-2)].ToDoubles());
        Assert.Empty(x[(3..3).By(-1)].ToDoubles());
        Assert.Equal([0], x[(..).By(int.MaxValue)].ToDoubles());
        Assert.Equal([9], x[(..).By(int.MinValue)].ToDoubles());
        Assert.Equal([23, 22, 21, 20], Cube[1, 2, (..).By(-1)].ToDoubles());
        Assert.Equal([0, 0, 0, 1, 0, 1, 0, 1, 0, 0], Gradient(v => v[(3..8).By(2)].Sum(), x));
        Assert.Throws<InvalidInputException>(() => (..).By(0));
        Assert.Throws<ShapeMismatchException>(() => x[(2..11).By(2)]);
    }

    [Fact]
    public void An_ellipsis_stands_for_the_axes_that_are_left()
    {
        Assert.Equal([0, 4, 8, 12, 16, 20], Cube[Index.Ellipsis, 0].ToDoubles());
        Assert.Equal([2, 6, 10], Cube[0, Index.Ellipsis, 2].ToDoubles());
        Assert.Equal("[2, 3, 4, 1]", Cube[Index.Ellipsis, Index.NewAxis].Shape.ToString());
        Assert.Equal("[1, 2, 3, 4]", Cube[Index.NewAxis, Index.Ellipsis].Shape.ToString());
        Assert.Equal([23], Cube[1, 2, 3, Index.Ellipsis].ToDoubles());
        Assert.Equal("[None, 3]", Tensor.Symbolic([Shape.None, 3, 4], DType.Float32)[Index.Ellipsis, 1].Shape.ToString());
        Assert.Throws<ShapeMismatchException>(() => Cube[Index.Ellipsis, 0, Index.Ellipsis]);
        Assert.Throws<ShapeMismatchException>(() => Cube[0, 0, 0, Index.Ellipsis, 0]);
    }

    [Fact]
    public void A_part_is_replaced_in_a_new_tensor()
    {
        var x = Tensor.Zeros([2, 4], DType.Float64);
        Assert.Equal([0, 1, 2, 0, 0, 3, 4, 0], x.SliceUpdate(Tensor.FromArray(new double[,] { { 1, 2 }, { 3, 4 } }), .., 1..3).ToDoubles());
        Assert.Equal([7, 0, 7, 0, 0, 0, 0, 0], x.SliceUpdate(Tensor.Scalar(7, DType.Float64), 0, (..).By(2)).ToDoubles());
        Assert.Equal([0, 0, 0, 0, 4, 3, 2, 1], x.SliceUpdate(Tensor.FromArray([1.0, 2, 3, 4]), 1, (..).By(-1)).ToDoubles());
        Assert.Equal([0, 0, 0, 9, 0, 0, 0, 9], x.SliceUpdate(Tensor.FromArray([9.0]), Index.Ellipsis, ^1).ToDoubles());
        Assert.Equal(0, x.Sum().Item());
        Assert.Equal(x.ToDoubles(), x.SliceUpdate(Tensor.Zeros([0], DType.Float64), 0, 2..2).ToDoubles());
        Assert.Equal([1, 0, 0, 1], Gradient(v => v.SliceUpdate(Tensor.FromArray([5.0, 6]), 1..3).Sum(), Tensor.FromArray([1.0, 2, 3, 4])));
        Assert.Throws<ShapeMismatchException>(() => x.SliceUpdate(Tensor.FromArray([1.0, 2, 3]), 0, ..2));
        Assert.Throws<DTypeMismatchException>(() => x.SliceUpdate(Tensor.Ones([4]), 0));
        Assert.Throws<ShapeMismatchException>(() => x.SliceUpdate(Tensor.Scalar(7, DType.Float64), 2));
    }

    [Fact]
    public void Coordinates_name_elements_and_slices()
    {
        Assert.Equal([1, 22], Cube.GatherNd(Tensor.FromArray(new[,] { { 0, 0, 1 }, { 1, 2, 2 } })).ToDoubles());
        Assert.Equal([16, 17, 18, 19], Cube.GatherNd(Tensor.FromArray([1L, 1])).ToDoubles());
        Assert.Equal("[3, 1, 3, 4]", Cube.GatherNd(Tensor.Zeros([3, 1, 1], DType.Int32)).Shape.ToString());
        Assert.Equal("linear_index: coordinate 1 of index number 0 is out of range. Got 3; expected 0 to 2.",
            Assert.Throws<InvalidInputException>(() => Cube.GatherNd(Tensor.FromArray(new[,] { { 0, 3 } }))).Message);
        Assert.Throws<ShapeMismatchException>(() => Cube.GatherNd(Tensor.Zeros([2, 4], DType.Int32)));
        Assert.Throws<ShapeMismatchException>(() => Cube.GatherNd(Tensor.Zeros([2, 0], DType.Int32)));
        Assert.Throws<DTypeMismatchException>(() => Cube.GatherNd(Tensor.Zeros([2, 1])));
    }

    [Fact]
    public void What_is_scattered_replaces_adds_or_competes()
    {
        var x = Tensor.FromArray([10.0, 20, 30, 40]);
        var places = Tensor.FromArray(new[,] { { 1 }, { 3 }, { 1 } });
        var updates = Tensor.FromArray([5.0, 50, 7]);
        Assert.Equal([10, 7, 30, 50], x.ScatterUpdate(places, updates).ToDoubles());
        Assert.Equal([10, 32, 30, 90], x.ScatterUpdate(places, updates, ScatterReduction.Add).ToDoubles());
        Assert.Equal([10, 20, 30, 50], x.ScatterUpdate(places, updates, ScatterReduction.Max).ToDoubles());
        Assert.Equal([10, 5, 30, 40], x.ScatterUpdate(places, updates, ScatterReduction.Min).ToDoubles());
        Assert.Equal([0, 12, 0, 50], Tensor.Scatter(places, updates, [4]).ToDoubles());
        Assert.Equal([10, 20, 30, 40], x.ToDoubles());
        Assert.Equal([1, 0, 1, 0], Gradient(v => v.ScatterUpdate(places, updates).Sum(), x));
        Assert.Equal([0, 1, 1], Gradient(v => x.ScatterUpdate(places, v).Sum(), updates));
        Assert.Equal([0, 1, 0], Gradient(v => x.ScatterUpdate(places, v, ScatterReduction.Max).Sum(), updates));
        // A tie leaves what was there.
        Assert.Equal([1.0], Gradient(v => v.ScatterUpdate(Tensor.FromArray(new[,] { { 0 } }), Tensor.FromArray([3.0]), ScatterReduction.Max).Sum(),
            Tensor.FromArray([3.0])));
        Assert.Equal([0, 0, 0, 8], Tensor.Zeros([2, 2], DType.Int32).ScatterUpdate(Tensor.FromArray(new[,] { { 1, 1 } }), Tensor.FromArray([8])).ToDoubles());
        Assert.Equal([1, 2, 0, 0], Tensor.Zeros([2, 2]).ScatterUpdate(Tensor.FromArray(new[,] { { 0 } }), Tensor.FromArray([1f, 2], [1, 2])).ToDoubles());
        Assert.Same(x, x.ScatterUpdate(Tensor.Zeros([0, 1], DType.Int32), Tensor.Zeros([0], DType.Float64)));
        Assert.Throws<ShapeMismatchException>(() => x.ScatterUpdate(places, updates[..2]));
        Assert.Throws<DTypeMismatchException>(() => x.ScatterUpdate(places, updates.Cast(DType.Float32)));
        Assert.Throws<InvalidInputException>(() => x.ScatterUpdate(places + 1, updates));
        Assert.Throws<InvalidInputException>(() => x.ScatterUpdate(places, updates, (ScatterReduction)9));
    }

    [Fact]
    public void Rows_are_written_each_at_places_of_its_own()
    {
        var x = Tensor.Zeros([2, 3], DType.Float64);
        var places = Tensor.FromArray(new[,] { { 2, 2 }, { 0, 1 } });
        var values = Tensor.FromArray(new double[,] { { 1, 2 }, { 3, 4 } });
        Assert.Equal([0, 0, 2, 3, 4, 0], x.PutAlongAxis(places, values).ToDoubles());
        Assert.Equal([0, 0, 3, 3, 4, 0], x.PutAlongAxis(places, values, reduction: ScatterReduction.Add).ToDoubles());
        Assert.Equal([0, 0, 2, 3, 4, 0], x.PutAlongAxis(places, values, reduction: ScatterReduction.Max).ToDoubles());
        Assert.Equal([0, 0, 0, 0, 0, 0], x.PutAlongAxis(places, values, reduction: ScatterReduction.Min).ToDoubles());
        Assert.Equal([0, 0, 9, 9, 9, 0], x.PutAlongAxis(places, Tensor.Scalar(9, DType.Float64)).ToDoubles());
        Assert.Equal([0, 6, 0, 5, 0, 7],
            x.PutAlongAxis(Tensor.FromArray(new[,] { { 1, 0, 1 } }), Tensor.FromArray(new double[,] { { 5, 6, 7 } }), 0).ToDoubles());
        Assert.Throws<ShapeMismatchException>(() => x.PutAlongAxis(places[..1], values));
        Assert.Throws<InvalidInputException>(() => x.PutAlongAxis(places + 1, values));
        Assert.Throws<DTypeMismatchException>(() => x.PutAlongAxis(places, values.Cast(DType.Float32)));
    }

    [Fact]
    public void Masks_fill_and_select()
    {
        var x = Tensor.FromArray(new double[,] { { 1, -2 }, { -3, 4 } });
        Assert.Equal([1, 0, 0, 4], x.MaskedFill(x < 0, 0).ToDoubles());
        Assert.Equal([1, double.NegativeInfinity, -3, double.NegativeInfinity],
            x.MaskedFill(Tensor.FromArray([false, true]), double.NegativeInfinity).ToDoubles());
        Assert.Equal([-2, -3], x.MaskedSelect(x < 0).ToDoubles());
        Assert.Equal([-2, 4], x.MaskedSelect(Tensor.FromArray([false, true])).ToDoubles());
        Assert.Equal([0, 1, 1, 0], Gradient(v => v.MaskedSelect(x < 0).Sum(), x));
        Assert.Empty(x.MaskedSelect(x > 9).ToDoubles());
        Assert.Throws<DTypeMismatchException>(() => x.MaskedSelect(x));
        Assert.Throws<ShapeMismatchException>(() => x.MaskedSelect(Tensor.FromArray([true, false, true])));
    }
}
