namespace NativeDL.Tests.Ops;

public sealed class TakeAlongAxisTests
{
    private static readonly Tensor X = Tensor.FromArray([1.0, 2, 3, 4, 5, 6], [2, 3]);

    // The values of NumPy's np.take_along_axis, version 2.
    [Fact]
    public void One_value_of_each_row()
    {
        var actions = Tensor.FromArray([2, 0]);
        var y = X.TakeAlongAxis(actions.ExpandDims(-1));
        Assert.Equal([2, 1], y.Shape);
        Assert.Equal([3, 4], y.ToDoubles());
        Assert.Equal([3, 4], X.TakeAlongAxis(actions.ExpandDims(1), 1).Squeeze(-1).ToDoubles());
        Assert.Equal([1, 5, 3], X.TakeAlongAxis(Tensor.FromArray([0, 1, 0], [1, 3]), 0).ToDoubles());
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.UInt8)]
    [InlineData(DType.Bool)]
    public void Elements_of_every_type_are_moved(DType dtype)
    {
        var order = Tensor.FromArray([2L, 1, 0, 0, 0, 2, 1, 1], [2, 4]);
        Assert.Equal(X.TakeAlongAxis(order).Cast(dtype).ToDoubles(), X.Cast(dtype).TakeAlongAxis(order).ToDoubles());
    }

    [Fact]
    public void Other_axes_broadcast()
    {
        Assert.Equal([3, 1, 6, 4], X.TakeAlongAxis(Tensor.FromArray([2, 0], [1, 2])).ToDoubles());
        var y = X[..1].TakeAlongAxis(Tensor.FromArray([2, 0, 1, 1], [2, 2]));
        Assert.Equal([3, 1, 2, 2], y.ToDoubles());
        Assert.True(GradCheck.RunSecondOrder(v => [v[0].TakeAlongAxis(Tensor.FromArray([2, 0, 1, 1], [2, 2])).Square()], [X[..1]]).Passed);
    }

    [Fact]
    public void What_is_sorted_by_places_and_back_is_the_same()
    {
        var x = Tensor.RandomNormal([4, 70, 3], dtype: DType.Float64, random: 1);
        int[] order = [.. Enumerable.Range(0, 4 * 3).SelectMany(_ => Enumerable.Range(0, 70).Reverse())];
        var places = Tensor.FromArray(order, [4, 3, 70]).Permute(0, 2, 1);
        Assert.Equal(x.Flip(1).ToDoubles(), x.TakeAlongAxis(places, 1).ToDoubles());
    }

    [Fact]
    public void A_gradient_adds_up_where_an_index_comes_twice()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(X.Clone());
        var y = x.TakeAlongAxis(Tensor.FromArray([1, 1, 0, 2, 2, 2], [2, 3])) * Tensor.FromArray([1.0, 10, 100, 1, 10, 100], [2, 3]);
        Assert.Equal([100, 11, 0, 0, 0, 111], tape.Gradient(y.Sum(), x).ToDoubles());
    }

    [Fact]
    public void Nothing_may_be_taken_of_nothing()
    {
        Assert.Equal([2, 0], X.TakeAlongAxis(Tensor.Zeros([2, 0], DType.Int32)).Shape);
        Assert.Equal([0, 1], Tensor.Zeros([0, 3]).TakeAlongAxis(Tensor.Zeros([0, 1], DType.Int32)).Shape);
        Assert.Throws<InvalidInputException>(() => Tensor.Zeros([2, 0]).TakeAlongAxis(Tensor.Zeros([2, 1], DType.Int32)));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var actions = Tensor.FromArray([2, 0]);
        Assert.Equal("take_along_axis: indices need as many axes as the tensor. Got indices [2] for [2, 3]; expected 2 axes. Hint: indices.ExpandDims(1) takes one element of each row.",
            Assert.Throws<ShapeMismatchException>(() => X.TakeAlongAxis(actions)).Message);
        Assert.StartsWith("take_along_axis: index number 1 is out of range. Got 3; expected 0 to 2",
            Assert.Throws<InvalidInputException>(() => X.TakeAlongAxis(Tensor.FromArray([2, 3], [2, 1]))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => X.TakeAlongAxis(Tensor.FromArray([2, -1], [2, 1])));
        Assert.Throws<ShapeMismatchException>(() => X.TakeAlongAxis(Tensor.FromArray([2, 0, 1], [3, 1])));
        Assert.Throws<DTypeMismatchException>(() => X.TakeAlongAxis(Tensor.Ones([2, 1])));
        Assert.Throws<ShapeMismatchException>(() => X.TakeAlongAxis(actions.ExpandDims(-1), 2));
        Assert.Throws<ArgumentNullException>(() => X.TakeAlongAxis(null!));
    }

    [Fact]
    public void A_graph_with_it_is_saved()
    {
        var q = Model.Input(3);
        var action = Model.Input([1], name: "action", dtype: DType.Int32);
        var model = new Model([q, action], q.TakeAlongAxis(action));
        Assert.Equal("[None, 1]", $"{model.Outputs[0].Shape}");
        using var folder = new TemporaryFolder();
        model.Save(folder.File("q.ndl"));
        var actions = Tensor.FromArray([2, 0], [2, 1]);
        Assert.Equal([3, 4], Model.Load(folder.File("q.ndl")).Call([X.Cast(DType.Float32), actions])[0].ToDoubles());
    }
}
