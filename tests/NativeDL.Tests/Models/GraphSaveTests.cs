using NativeDL.Formats;
using NativeDL.Layers;

namespace NativeDL.Tests.Models;

[Collection(nameof(Alone))]
public sealed class GraphSaveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("model.ndl");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_inputs_two_outputs_shared_layers_and_operations_come_back_to_the_bit()
    {
        var (a, b) = (Model.Input([4], name: "a"), Model.Input([4], name: "b"));
        var shared = new Dense(3, "tanh", name: "shared");
        var (left, right) = (shared.Call(a), shared.Call(b));
        var joined = Tensor.Concat([left, right * 2 + 1], axis: -1).Relu();
        var model = new Model([a, b], Tensors.Named(("sum", new Dense(1).Call(left + right)), ("both", joined.Reshape(-1, 2, 3).Permute(0, 2, 1).Mean(-1))));
        var (x, y) = (Rows(5, 4, 1), Rows(5, 4, 2));
        var expected = model.Call([x, y]);
        model.Save(Path);
        var before = RandomState.Default.State;
        var loaded = Model.Load(Path);
        Assert.Equal(before, RandomState.Default.State);
        Assert.Equal(model.NamedParameters.Select(p => p.Key), loaded.NamedParameters.Select(p => p.Key));
        Assert.Equal(["a", "b"], loaded.Inputs.Names);
        var actual = loaded.Call(Tensors.Named(("b", y), ("a", x)));
        Assert.Equal(expected["sum"].ToArray<float>(), actual["sum"].ToArray<float>());
        Assert.Equal(expected["both"].ToArray<float>(), actual["both"].ToArray<float>());
    }

    [Fact]
    public void Nested_models_and_shared_layers_come_back()
    {
        var x = Model.Input(6);
        var shared = new Dense(4, "tanh");
        var inner = new Model(x, shared.Call(new Dense(4).Call(x)), "inner");
        var z = Model.Input(6);
        var outer = new Model(z, new Sequential { new Dense(3), new Dense(2) }.Call(shared.Call(inner.Call(z))));
        var rows = Rows(3, 6, 1);
        float[] expected = outer.Call(rows).ToArray<float>();
        outer.Save(Path);
        var loaded = Model.Load(Path);
        Assert.Equal(expected, loaded.Call(rows).ToArray<float>());
        Assert.Same(loaded.GetLayer("inner/dense_1"), loaded.Layers[1]);
        Assert.Equal(outer.CountParameters(), loaded.CountParameters());
    }

    [Fact]
    public void Transfer_saves_what_it_trained()
    {
        var trained = new Sequential { new Dense(8, "tanh"), new Dense(5, "relu"), new Dense(3) };
        trained.Build(0, 4);
        trained.Save(folder.File("trained.ndl"));
        var body = Model.Load<Sequential>(folder.File("trained.ndl"))[..^1];
        body.Trainable = false;
        var net = new Sequential { body, new Dense(2, "softmax", name: "head") };
        net.Compile("adam", "mse");
        net.Fit(Rows(8, 4, 1), Rows(8, 2, 2), epochs: 2);
        net.Save(Path);
        Assert.Equal(net.Predict(Rows(8, 4, 1)).ToArray<float>(), Model.Load(Path).Predict(Rows(8, 4, 1)).ToArray<float>());
        Assert.Equal(trained[0].Parameters[0].Value.ToArray<float>(), body[0].Parameters[0].Value.ToArray<float>());
    }

    [Fact]
    public void What_a_file_cannot_tell_is_refused_as_it_is_saved()
    {
        var x = Model.Input(3);
        var own = new Model(x, Op.Custom([x], t => t[0] * 2, (t, y, g) => [g * 2]));
        Assert.Contains("no form in files", Assert.Throws<InvalidInputException>(() => own.Save(Path)).Message, StringComparison.Ordinal);
        var loose = new Parameter("loose", Tensor.Ones([3]));
        var leaky = new Model(x, x * loose);
        Assert.Contains("outside of any layer", Assert.Throws<InvalidInputException>(() => leaky.Save(Path)).Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Own_operations_come_back_with_their_attributes()
    {
        var x = Model.Input(3);
        var model = new Model(x, new Power(3, offset: -0.5).Run(new Doubled().Run(x)));
        var rows = Rows(4, 3, 1);
        model.Save(Path);
        var loaded = Model.Load(Path);
        Assert.Equal(model.Call(rows).ToArray<float>(), loaded.Call(rows).ToArray<float>());
        Assert.Equal(["doubled", "power(exponent: 3, offset: -0.5, side: \"RightHand\")"], loaded.Graph.Skip(1).Select(c => c.Operation!.ToString()));
        var attributes = loaded.Graph[2].Operation!.Attributes;
        Assert.Equal(["exponent", "offset", "side"], attributes.Keys);
        Assert.Equal((3L, -0.5), (attributes["exponent"], attributes["offset"]));
        Assert.Contains("exponent, offset, side", Assert.Throws<InvalidInputException>(() => attributes["axis"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_own_operation_without_a_name_is_refused_with_the_way_out()
    {
        var x = Model.Input(3);
        var error = Assert.Throws<InvalidInputException>(() => new Model(x, new Nameless().Run(x)).Save(Path));
        Assert.Contains("[Registered(\"my.nameless\")]", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
        Assert.Throws<InvalidInputException>(() => Op.Register<Nameless>("relu", static _ => new Nameless()));
        Assert.Throws<InvalidInputException>(() => Op.Register<Nameless>("test.power", static _ => new Nameless()));
    }

    [Fact]
    public void Attributes_that_an_operation_has_not_are_refused_as_it_is_loaded()
    {
        Assert.Equal("cast(dtype: \"Float64\")", OpFile.Read("cast", new() { ["dtype"] = "Float64" })!.ToString());
        Assert.Null(OpFile.Read("cast", new() { ["dtype"] = "Float64", ["axis"] = 1 }));
        Assert.Null(OpFile.Read("casts", []));
        foreach (var wrong in new System.Text.Json.Nodes.JsonObject[] { [], new() { ["dtype"] = "Float65" }, new() { ["dtype"] = 3 } })
            Assert.Throws<InvalidInputException>(() => OpFile.Read("cast", wrong));
        Assert.Throws<InvalidInputException>(() =>
            OpFile.Read("linear", new() { ["activation"] = "sum", ["axes"] = new System.Text.Json.Nodes.JsonArray(), ["keepDims"] = true }));
    }

    [Fact]
    public void Operations_say_their_attributes()
    {
        var x = Model.Input(4, 6);
        Assert.Equal("matmul(transposeA: false, transposeB: true)", Last(x.MatMul(x, transposeB: true)));
        Assert.Equal("mean(axes: [1, 2], keepDims: true)", Last(x.Mean((1, 2), keepDims: true)));
        Assert.Equal("leaky_relu(slope: 0.3)", Last(x.LeakyRelu(0.3)));
        Assert.Equal("pad(widths: [0, 0, 1, 1, 0, 2], value: -Infinity)", Last(x.Pad([(0, 0), (1, 1), (0, 2)], double.NegativeInfinity)));
        Assert.Equal("max_pool2d(window: [2, 2], strides: [2, 2], padding: \"same\")", Last(Model.Input(4, 6, 1).MaxPool2D(2, padding: "same")));
        Assert.Equal("relu", Last(x.Relu()));

        static string Last(Tensor symbol) => ((OpNode)symbol.Symbol!.From!).Op.ToString();
    }

    private static Tensor Rows(int count, int width, ulong seed) => Tensor.RandomNormal([count, width], random: new RandomState(seed));
}

public enum Side
{
    Left,
    RightHand,
}

[Registered("test.power")]
public sealed partial class Power(int exponent, double offset = 0, Side side = Side.RightHand) : Op
{
    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    protected override void Compute<T>(Operands x, Results y)
    {
        var from = x.Span<T>(0);
        var to = y.Span<T>(0);
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = T.CreateChecked(offset);
            var power = T.One;
            for (int k = 0; k < exponent; k++) power *= from[i];
            to[i] += side == Side.Left ? -power : power;
        }
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("nobody needs it");
}

/// <summary>One without parameters need not be partial.</summary>
[Registered("test.doubled")]
public sealed class Doubled : Op
{
    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    protected override void Compute<T>(Operands x, Results y)
    {
        for (int i = 0; i < x.Span<T>(0).Length; i++) y.Span<T>(0)[i] = x.Span<T>(0)[i] + x.Span<T>(0)[i];
    }

    protected override Tensors Backward(BackwardCall call) => call.Gradient() * 2;
}

internal sealed class Nameless : Op
{
    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("nobody needs it");
}
