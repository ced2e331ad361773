namespace NativeDL.Tests.Ops;

/// <summary>Products, convolutions and pools of tensors that have no data: shapes come from inference, and what is recorded runs on data later.</summary>
public sealed class SymbolicImageTests
{
    private const int None = Shape.None;

    private static Tensor Image(params int[] shape) => Tensor.Symbolic(shape, DType.Float32);

    [Fact]
    public void An_image_network_has_shapes_without_data()
    {
        var x = Image(None, 28, 28, 1);
        var c = x.Conv2D(Tensor.Symbolic([3, 3, 1, 32], DType.Float32), Tensor.Symbolic([32], DType.Float32));
        Assert.Equal([None, 26, 26, 32], c.Shape);
        var p = c.Relu().MaxPool2D(2);
        Assert.Equal([None, 13, 13, 32], p.Shape);
        var f = p.Flatten(1);
        Assert.Equal([None, 13 * 13 * 32], f.Shape);
        Assert.Equal([None, 10], f.Linear(Tensor.Zeros([13 * 13 * 32, 10]), Tensor.Zeros([10])).Shape);
        Assert.Equal([None, 10], f.MatMul(Tensor.Zeros([13 * 13 * 32, 10])).Shape);
        Assert.All([c, p, f], t => Assert.True(t.IsSymbolic));
    }

    [Fact]
    public void What_is_not_known_stays_so()
    {
        var x = Image(None, None, 20, 6);
        Assert.Equal([None, None, 10, 8], x.Conv2D(Tensor.Zeros([3, 3, 6, 8]), strides: 2, padding: Padding.Same).Shape);
        Assert.Equal([None, None, 18, 6], x.Conv2D(Tensor.Zeros([3, 3, 1, 6]), groups: 6).Shape);
        Assert.Equal([None, None, 40, 5], x.Conv2DTranspose(Tensor.Zeros([3, 3, 5, 6]), strides: 2, padding: Padding.Same).Shape);
        Assert.Equal([None, None, 10, 6], x.MaxPool2D(2).Shape);
        Assert.Equal([None, None, 20, 6], x.AvgPool2D(3, 1, Padding.Same).Shape);
        Assert.Equal([None, None, 4, 6], x.SumPool2D(5).Shape);
        Assert.Equal([None, None, 9], Image(None, None, 7).Linear(Tensor.Zeros([7, 9])).Shape);
        Assert.Equal([None, 4, None, None], Image(None, 4, None, 8).MatMul(Image(None, 4, None, 8), transposeB: true).Shape);
        Assert.Equal([None, 4, 3, 5], Image(None, 1, 3, 8).MatMul(Image(4, 8, 5)).Shape);
        Assert.Equal([None], Image(None, 8).MatMul(Image(8)).Shape);
        Assert.Equal([5], Image(8).MatMul(Image(8, 5)).Shape);
        Assert.Equal([], Image(None).MatMul(Image(8)).Shape);
    }

    [Fact]
    public void Symbols_that_do_not_fit_are_refused_at_once()
    {
        Assert.Contains("[None, 4, 4, 3]", Assert.Throws<ShapeMismatchException>(() => Image(None, 4, 4, 3).Conv2D(Tensor.Zeros([3, 3, 2, 8]))).Message);
        Assert.Throws<ShapeMismatchException>(() => Image(None, 4, None, 3).Conv2D(Tensor.Zeros([5, 5, 3, 8])));
        Assert.Throws<ShapeMismatchException>(() => Image(None, 4, None, 3).MaxPool2D(5));
        Assert.Throws<ShapeMismatchException>(() => Image(None, 3).Linear(Tensor.Zeros([4, 5])));
        Assert.Throws<ShapeMismatchException>(() => Image(None, 3).MatMul(Tensor.Zeros([4, 5])));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Symbolic([None, 4, 4, 3], DType.Int32).MaxPool2D(2));
    }

    // The second results that gradients look at are kept when the record runs under a tape, whatever was when it was made.
    [Fact]
    public void What_was_recorded_runs_and_differentiates_like_the_call()
    {
        Tensor kernel = MatMulTests.Numbers(3, 2, 2, 5).Cast(DType.Float32), w = MatMulTests.Numbers(15, 4).Cast(DType.Float32),
            data = MatMulTests.Numbers(2, 8, 7, 2).Cast(DType.Float32);
        Tensor Net(Tensor x) => x.Conv2D(kernel, null, 2, Padding.Same, default, 1, Epilogue.Of<SoftplusOp>()).MaxPool2D(2, padding: (1, 0)).Reshape(-1, 15)
            .Linear(w, null, Epilogue.Of<GeluOp>());
        var symbol = Image(None, None, None, 2);
        var graph = Net(symbol);
        using var tape = new GradientTape(persistent: true);
        tape.Watch(data);
        Tensor direct = Net(data), replayed = Run(graph);
        Assert.Equal(direct.ToArray<float>(), replayed.ToArray<float>());
        Assert.Equal(tape.Gradient(direct, [data])[0].ToArray<float>(), tape.Gradient(replayed, [data])[0].ToArray<float>());

        Tensor Run(Tensor t) => ReferenceEquals(t, symbol) ? data
            : t.Symbol is { From: { } from } at ? from.Replay(from.Inputs.Select(Run), null)[at.Output]
            : t;
    }

    [Fact]
    public void Impossible_sizes_are_refused_before_anything_overflows()
    {
        const int huge = int.MaxValue, half = 1 << 30;
        Tensor x = Tensor.Ones([1, 5, 5, 1]), one = Tensor.Ones([1, 1, 1, 1]), three = Tensor.Ones([3, 3, 1, 1]);
        Assert.Equal([1, 1, 1, 1], x.Conv2D(three, strides: huge, padding: Padding.Same).Shape);
        Assert.Equal([9f], x.Conv2D(three, strides: half).ToArray<float>());
        Assert.Throws<ShapeMismatchException>(() => x.Conv2D(three, dilationRate: huge));
        Assert.Throws<ShapeMismatchException>(() => x.Conv2D(three, padding: Padding.Same, dilationRate: huge));
        Assert.Throws<ShapeMismatchException>(() => x.Conv2D(one, padding: half));
        Assert.Throws<ShapeMismatchException>(() => x.Conv2D(one, padding: huge));
        Assert.Throws<ShapeMismatchException>(() => x.Conv2D(Tensor.Zeros([1 << 16, 1 << 16, 1, 0])));
        Assert.Throws<ShapeMismatchException>(() => x.Conv2DTranspose(one, strides: huge));
        Assert.Throws<ShapeMismatchException>(() => x.Conv2DTranspose(one, padding: huge));
        Assert.Throws<ShapeMismatchException>(() => Image(None, half, 3, 1).Conv2D(three, padding: 1));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([0, 4, half, 2]).Conv2D(Tensor.Ones([3, 3, 2, 1])));
        Assert.Throws<ShapeMismatchException>(() => Image(None, 4, 4, 1).Conv2D(Tensor.Symbolic([1, 1, 1, huge], DType.Float32), padding: 1 << 20));
        Assert.Equal([1, 1, 1, 1], x.MaxPool2D(2, strides: huge).Shape);
        Assert.Equal([1, 1, 1, 1], x.AvgPool2D(1 << 15, strides: half, padding: Padding.Same).Shape);
        Assert.Throws<InvalidInputException>(() => x.MaxPool2D(1 << 16, padding: Padding.Same));
        Assert.Throws<ShapeMismatchException>(() => x.MaxPool2D((huge, 1), 1, new Padding(half, half, 0, 0)));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([1 << 16, 1 << 16, 0]).Linear(Tensor.Zeros([0, 3])));
        Assert.Equal([1 << 16, 0, 1 << 16, 3], Tensor.Zeros([1 << 16, 0, 1 << 16, 2]).Linear(Tensor.Zeros([2, 3])).Shape);
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([huge, 0]).MatMul(Tensor.Zeros([0, huge])));
    }

    // Results so far apart that rows between zeros would not fit into memory: a first layer that is none.
    [Fact]
    public void Windows_far_apart_in_the_padding_see_zeros()
    {
        const int step = 1 << 20;
        Tensor x = Tensor.Ones([1, 4, 4, 1]), kernel = Tensor.Ones([2, 2, 1, 1]);
        using var tape = new GradientTape();
        tape.Watch(x);
        tape.Watch(kernel);
        var y = x.Conv2D(kernel, null, step, new Padding(3 * step + 1, 3 * step, 3 * step + 1, 3 * step));
        Assert.Equal([1, 7, 7, 1], y.Shape);
        float[] values = y.ToArray<float>();
        Assert.Equal(1, values[3 * 7 + 3]);
        Assert.Equal(1, values.Sum());
        var gradients = tape.Gradient(y.Sum(), [x, kernel]);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], gradients[0].ToArray<float>());
        Assert.Equal([0, 0, 0, 1], gradients[1].ToArray<float>());
    }
}
