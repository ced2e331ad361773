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

    private static Tensor Rows(int count, int width, ulong seed) => Tensor.RandomNormal([count, width], random: new RandomState(seed));
}
