using System.Text.Json.Nodes;
using NativeDL.Formats;
using NativeDL.Layers;

namespace NativeDL.Tests.Models;

/// <summary>Optimizer, losses and metrics go with a model into its file. They seed the default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class CompiledSaveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("model.ndl");

    public void Dispose() => folder.Dispose();

    private static Tensor Rows(int count, int width, ulong seed = 1) => Tensor.RandomNormal([count, width], random: new RandomState(seed));

    private static Sequential Small() => new() { new Dense(5, "tanh"), new BatchNormalization(), new Dense(2) };

    public static TheoryData<string> Optimizers => ["sgd", "momentum", "rmsprop", "adam", "adamw", "own"];

    private static Optimizer Make(string name)
    {
        var rate = new CosineDecay(0.02, 40);
        return name switch
        {
            "sgd" => new SGD(rate) { ClipNorm = 0.5 },
            "momentum" => new SGD(rate, 0.9, nesterov: true) { WeightDecay = 0.01 },
            "rmsprop" => new RMSprop(rate, momentum: 0.5),
            "adam" => new Adam(rate, 0.8) { GlobalClipNorm = 1 },
            "adamw" => new AdamW(rate, 0.05),
            _ => new Drift(rate, 0.3),
        };
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_loaded_model_trains_on_as_one_never_saved_to_the_bit(string name)
    {
        var (x, y) = (Rows(40, 4), Rows(40, 2, 2));
        RandomState.SetSeed(3);
        var model = Small();
        model.Compile(Make(name), "mse", ["mae"]);
        // The first layer joins later, and has made fewer steps.
        model.Layers[0].Trainable = false;
        model.Fit(x, y, epochs: 1, random: new RandomState(4));
        model.Layers[0].Trainable = true;
        model.Fit(x, y, epochs: 2, random: new RandomState(5));
        model.Save(Path);
        var loaded = Model.Load(Path);
        Assert.Equal($"{model.Optimizer}", $"{loaded.Optimizer}");
        Assert.Equal(model.Optimizer!.Steps, loaded.Optimizer!.Steps);
        Assert.Equal(Bits(model), Bits(loaded));
        Assert.Equal(model.Evaluate(x, y).ToString(), loaded.Evaluate(x, y).ToString());

        foreach (var one in new[] { model, loaded }) one.Fit(x, y, epochs: 2, random: new RandomState(6));
        Assert.Equal(Bits(model), Bits(loaded));

        static string[] Bits(Model m) => [.. m.NamedParameters.Select(p => (p.Key, p.Value.Value))
            .Concat(m.Optimizer!.StateOf(m.NamedParameters).Select(s => (s.Key, s.Value)).OrderBy(s => s.Key, StringComparer.Ordinal))
            .Select(p => $"{p.Key} {string.Join(" ", p.Value.ToDoubles())}")];
    }

    [Fact]
    public void Losses_metrics_and_weights_of_several_outputs_come_back()
    {
        var x = Model.Input(4);
        var y = new Model(x, Tensors.Named(("price", new Dense(1, name: "price").Call(x)), ("sold", new Dense(1, name: "sold").Call(x))));
        y.Compile("adam", loss: new PerOutput<Loss> { ["price"] = "mse", ["sold"] = Loss.BinaryCrossentropy(fromLogits: true) },
            metrics: new() { ["sold"] = ["binary_accuracy", "mse"] }, lossWeights: new() { ["sold"] = 0.25 });
        var targets = Tensors.Named(("price", Rows(8, 1)), ("sold", (Rows(8, 1, 3) > 0).Cast(DType.Float32)));
        y.Save(Path);
        var loaded = Model.Load(Path);
        Assert.Equal(y.Evaluate(Rows(8, 4), targets).ToString(), loaded.Evaluate(Rows(8, 4), targets).ToString());

        // In the order of the outputs, one of which has no loss.
        y.Compile("sgd", loss: [null!, "mse"], metrics: [["mae"], []], lossWeights: [1, 0.5], replace: true);
        y.Save(Path);
        Assert.Equal(y.Evaluate(Rows(8, 4), targets).ToString(), Model.Load(Path).Evaluate(Rows(8, 4), targets).ToString());
    }

    [Fact]
    public void A_model_that_is_not_to_be_compiled_or_was_not_is_not()
    {
        var model = Small();
        model.Build(1, 4);
        model.Save(Path);
        Assert.Null(Model.Load(Path).Optimizer);
        model.Compile("adam", "mse");
        model.Save(Path);
        Assert.Null(Model.Load(Path, compile: false).Optimizer);
        Assert.Null(Model.Load<Sequential>(Path, compile: false).Loss);
        Assert.Equal("adam", Model.Load<Sequential>(Path).Optimizer!.Name);
    }

    [Fact]
    public void A_loaded_model_may_be_compiled_anew_once_without_more_words()
    {
        var model = Small();
        model.Compile("adam", "mse");
        model.Fit(Rows(8, 4), Rows(8, 2), epochs: 1);
        model.Save(Path);
        var loaded = Model.Load(Path);
        loaded.Compile("sgd", "mae");
        Assert.Equal(("sgd", 0L), (loaded.Optimizer!.Name, loaded.Optimizer.Steps));
        Assert.Contains("replace: true", Assert.Throws<InvalidInputException>(() => loaded.Compile("sgd", "mae")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_registered_is_saved_by_its_type_and_named_by_loading()
    {
        var model = Small();
        model.Compile(new Adam(new Staying()), new Unnamed(), [new Named()]);
        model.Fit(Rows(8, 4), Rows(8, 2), epochs: 1);
        model.Save(Path);
        string message = Assert.Throws<ModelFormatException>(() => Model.Load(Path)).Message;
        Assert.Contains("no schedule named", message, StringComparison.Ordinal);
        model.Compile(new Adam(), new Unnamed(), [new Named()], replace: true);
        model.Save(Path);
        message = Assert.Throws<ModelFormatException>(() => Model.Load(Path)).Message;
        foreach (string said in new[] { "no loss named", "Unnamed", "[Registered]", "compile: false", Path })
            Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.Equal(model.Predict(Rows(3, 4)).ToArray<float>(), Model.Load(Path, compile: false).Predict(Rows(3, 4)).ToArray<float>());
        model.Compile(new Adam(), "mse", [new Named()], replace: true);
        model.Save(Path);
        Assert.Contains("no metric named", Assert.Throws<ModelFormatException>(() => Model.Load(Path)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Damage => new()
    {
        { "\"optimizer\":{\"type\":\"adam\"", "\"optimizer\":{\"type\":\"adagard\"" },
        { "\"beta1\":0.9", "\"beta1\":1.9" },
        { "\"beta1\":0.9", "\"beta3\":0.9" },
        { "\"compiled\":{", "\"compiled\":{\"optimizer\":[]},\"other\":{" },
        { "\"compiled\":{", "\"compiled\":7,\"other\":{" },
        { "\"loss\":\"mean_squared_error\"", "\"loss\":{\"type\":7}" },
        { "\"losses\":null", "\"losses\":5" },
        { "\"metrics\":[", "\"metrics\":[null," },
        { "\"lossWeights\":null", "\"lossWeights\":{\"a\":\"b\"},\"losses\":[]" },
    };

    [Theory]
    [MemberData(nameof(Damage))]
    public void What_no_model_was_compiled_with_is_refused_and_can_be_left_aside(string text, string instead)
    {
        var model = Small();
        model.Compile("adam", "mse", ["mae"]);
        model.Build(1, 4);
        model.Save(Path);
        string json;
        using (var file = NdlFile.Open(Path)) json = file.ReadText(NdlFile.Model);
        Assert.Contains(text, json, StringComparison.Ordinal);
        SaveTests.Replace(Path, NdlFile.Model, json.Replace(text, instead, StringComparison.Ordinal));
        string message = Assert.Throws<ModelFormatException>(() => Model.Load(Path)).Message;
        Assert.Contains(Path, message, StringComparison.Ordinal);
        if (!instead.Contains("losses\":[]", StringComparison.Ordinal)) Assert.Contains("compile: false", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_optimizer_and_a_metric_serve_one_model()
    {
        Model first = new Sequential("first") { new Dense(2) }, second = new Sequential("second") { new Dense(2) };
        Optimizer optimizer = new Adam();
        Metric metric = "mae";
        first.Compile(optimizer, "mse", [metric]);
        string message = Assert.Throws<InvalidInputException>(() => second.Compile(optimizer, "mse")).Message;
        foreach (string said in new[] { "'adam'", "'first'", "second.Compile" }) Assert.Contains(said, message, StringComparison.Ordinal);
        message = Assert.Throws<InvalidInputException>(() => second.Compile("adam", "mse", [metric])).Message;
        foreach (string said in new[] { "'mean_absolute_error'", "'first'", "second.Compile" }) Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.Null(second.Optimizer);
        // The same model may go on with them, and who lets them go sets them free.
        first.Compile(optimizer, "mae", [metric], replace: true);
        first.Compile("sgd", "mae", replace: true);
        second.Compile(optimizer, "mse", [metric]);
        Assert.Same(optimizer, second.Optimizer);
    }

    [Registered("test.drift")]
    internal sealed class Drift(Schedule? learningRate = null, double kept = 0.5) : Optimizer(learningRate ?? 0.1)
    {
        public double Kept => kept;

        protected override IReadOnlyList<string> SlotNames { get; } = ["a", "b", "c"];

        protected override void Update(ParameterStep step)
        {
            step["a"] = kept * step["a"] + step.Gradient;
            step["b"] += step["a"];
            step["c"] += 1;
            step.Value -= step.Rate / step.Number * (step["a"] + 0.1 * step["b"] / step["c"]);
        }
    }

    private sealed class Unnamed : Loss
    {
        public override Tensor PerSample(Tensor target, Tensor prediction) => (target - prediction).Square().Mean(-1);
    }

    private sealed class Named : MeanMetric
    {
        public override bool HigherIsBetter => false;

        public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add((target - prediction).Abs().Max(-1), weights);
    }

    private sealed class Staying : Schedule
    {
        public override double At(long step) => 0.01;
    }
}
