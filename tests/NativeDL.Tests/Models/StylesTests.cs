using NativeDL.Layers;

namespace NativeDL.Tests.Models;

/// <summary>They seed the one default random source and look at the one pool, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public class StylesTests
{
    [Theory]
    [InlineData("functional")]
    [InlineData("own parts")]
    [InlineData("subclass")]
    public void The_same_net_in_every_style_gives_the_same_bits(string style)
    {
        var (expected, actual) = (Train(Sequence), Train(() => Make(style)));
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_float64_model_trains()
    {
        var model = new Sequential { new Dense(8, "tanh"), new BatchNormalization(), new Dense(1) };
        var x = Tensor.RandomNormal([64, 3], dtype: DType.Float64, random: new RandomState(1));
        var y = x.Sum(1, keepDims: true);
        model.Compile(new Adam(0.02), "mse");
        var history = model.Fit(x, y, epochs: 30, batchSize: 16, random: new RandomState(2));
        Assert.All(model.Parameters, p => Assert.Equal(DType.Float64, p.DType));
        Assert.Equal(DType.Float64, model.Predict(x).DType);
        Assert.True(history["loss"][^1] < 0.2 * history["loss"][0]);
    }

    [Fact]
    public void The_summary_of_a_large_graph_makes_no_tensor()
    {
        var before = Device.Cpu.MemoryStats();
        var model = ResNet50();
        string text = model.Summary();
        var after = Device.Cpu.MemoryStats();
        // Keras' ResNet50 has these.
        foreach (string part in (string[])["Total params: 25,636,712", "Trainable params: 25,583,592", "Non-trainable params: 53,120", "(None, 7, 7, 2048)",
            "Connected to"])
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.True(after.LiveBytes <= before.LiveBytes, $"{after.LiveBytes - before.LiveBytes} bytes");
        Assert.Contains("<svg", model.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("\"add_15\" -> ", model.ToDot(), StringComparison.Ordinal);
    }

    /// <summary>Residual network of 50 layers as in Keras (He et al. 2015).</summary>
    internal static Model ResNet50()
    {
        var x = Model.Input(224, 224, 3);
        var y = Normalized(x, 64, 7, 2, new Padding(3, 3, 3, 3));
        y = new MaxPool2D(3, 2, new Padding(1, 1, 1, 1)).Call(y);
        (int Filters, int Blocks)[] stacks = [(64, 3), (128, 4), (256, 6), (512, 3)];
        for (int s = 0; s < stacks.Length; s++)
            for (int b = 0; b < stacks[s].Blocks; b++)
            {
                int filters = stacks[s].Filters, stride = b == 0 && s > 0 ? 2 : 1;
                var shortcut = b == 0 ? Normalized(y, 4 * filters, 1, stride, default, relu: false) : y;
                y = Normalized(y, filters, 1, stride, default);
                y = Normalized(y, filters, 3, 1, Padding.Same);
                y = new ActivationLayer("relu").Call(Normalized(y, 4 * filters, 1, 1, default, relu: false) + shortcut);
            }
        return new Model(x, new Dense(1000, "softmax").Call(y.Mean((1, 2))), "resnet50");

        static Tensor Normalized(Tensor x, int filters, int size, int stride, Padding padding, bool relu = true)
        {
            x = new BatchNormalization().Call(new Conv2D(filters, size, stride, padding).Call(x));
            return relu ? new ActivationLayer("relu").Call(x) : x;
        }
    }

    private static float[] Train(Func<Model> make)
    {
        RandomState.SetSeed(7);
        var model = make();
        var x = Tensor.RandomNormal([48, 2, 3], random: new RandomState(1));
        var y = Tensor.RandomNormal([48, 2], random: new RandomState(2));
        model.Compile(new Adam(0.01), "mse");
        model.Fit(x, y, epochs: 3, batchSize: 16, random: new RandomState(5));
        return [.. model.Predict(x).ToArray<float>(), .. model.Parameters.SelectMany(p => p.Value.ToArray<float>())];
    }

    private static Sequential Sequence() => new() { new Flatten(), new Dense(7, "relu"), new Dropout(0.3), new BatchNormalization(), new Dense(2) };

    private static Model Make(string style)
    {
        if (style == "subclass") return new Subclass();
        var x = Model.Input(2, 3);
        var h = new Flatten().Call(x);
        if (style == "own parts") return new Model(x, new Dense(2).Call(new Block().Call(h)));
        h = new BatchNormalization().Call(new Dropout(0.3).Call(new Dense(7, "relu").Call(h)));
        return new Model(x, new Dense(2).Call(h));
    }

    private sealed class Block : Layer
    {
        private readonly Layer dense, dropout, normalization;

        public Block() => (dense, dropout, normalization) = (Track(new Dense(7, "relu")), Track(new Dropout(0.3)), Track(new BatchNormalization()));

        protected override Tensor Forward(Tensor x, CallContext call) => normalization.Call(dropout.Call(dense.Call(x, call), call), call);
    }

    private sealed class Subclass : Model
    {
        private readonly Layer flatten, block, head;

        public Subclass() => (flatten, block, head) = (Track(new Flatten()), Track(new Block()), Track(new Dense(2)));

        protected override Tensor Forward(Tensor x, CallContext call) => head.Call(block.Call(flatten.Call(x, call), call), call);
    }
}
