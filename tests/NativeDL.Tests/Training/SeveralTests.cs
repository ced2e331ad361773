using NativeDL.Layers;

namespace NativeDL.Tests.Training;

/// <summary>Models of several inputs and outputs. They seed the one default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class SeveralTests
{
    [Fact]
    public void Two_inputs_and_two_outputs_train_by_the_weighed_sum_of_their_losses()
    {
        var (inputs, targets) = Data();
        var model = TwoAndTwo();
        model.Compile(new Adam(0.03), loss: ["mse", "binary_crossentropy"], metrics: new() { ["sold"] = ["accuracy"] }, lossWeights: [1, 0.25]);
        var history = model.Fit(inputs, targets, epochs: 20, batchSize: 8, validation: (inputs, targets));
        Assert.Equal(["loss", "price_loss", "sold_loss", "sold_accuracy", "val_loss", "val_price_loss", "val_sold_loss", "val_sold_accuracy"], history.Columns);
        Assert.All(history["loss"].Index(), e => Assert.Equal(e.Item, history["price_loss"][e.Index] + 0.25 * history["sold_loss"][e.Index], 1e-6));
        Assert.True(history["loss"][^1] < history["loss"][0] / 2, history.ToCsv());
        Assert.Same(history, model.History);

        var (price, sold) = model.Predict(inputs, batchSize: 7);
        Assert.Equal((Shape.Of(32, 1), Shape.Of(32, 1)), (price.Shape, sold.Shape));
        Assert.Equal(price.ToArray<float>(), model.PredictOnBatch(inputs)[0].ToArray<float>());
        var logs = model.Evaluate(inputs, targets);
        Assert.Equal(history["val_loss"][^1], logs.Loss, 1e-12);
        Assert.Equal((price - targets[0]).Square().Mean().Item(), logs["price_loss"], 1e-6);
    }

    [Fact]
    public void By_name_in_order_and_swapped_the_bits_are_the_same()
    {
        var (inputs, targets) = Data();
        Tensors named = Tensors.Named(("b", inputs[1]), ("a", inputs[0])), goals = Tensors.Named(("sold", targets[1]), ("price", targets[0]));
        var plain = TwoAndTwo();
        plain.Compile("adam", loss: ["mse", "binary_crossentropy"], lossWeights: [1, 0.25]);
        plain.Fit(inputs, targets, epochs: 2, random: new RandomState(1));
        var byName = TwoAndTwo();
        byName.Compile("adam", loss: new PerOutput<Loss> { ["sold"] = "binary_crossentropy", ["price"] = "mse" }, lossWeights: new() { ["sold"] = 0.25 });
        byName.Fit(named, goals, epochs: 2, random: new RandomState(1));
        Assert.Equal(Values(plain), Values(byName));
    }

    [Theory]
    [InlineData(false, 1, 2)]
    [InlineData(false, 3, 1)]
    [InlineData(true, 1, 2)]
    [InlineData(true, 3, 1)]
    public void An_interrupted_training_ends_as_one_that_never_was(bool functional, int epoch, int step)
    {
        var (inputs, targets) = Data();
        var whole = Train(null, null);
        using var folder = new TemporaryFolder();
        Assert.Throws<ArithmeticException>(() => Train(folder.Path, state =>
        {
            if (state.Epoch == epoch && state.Step == step) throw new ArithmeticException();
        }));
        var resumed = Train(folder.Path, null);
        Assert.Equal(Values(whole.Model), Values(resumed.Model));
        Assert.Equal(whole.Csv, resumed.Csv);

        resumed.Model.SaveWeights(folder.File("weights.safetensors"));
        var again = TwoAndTwo(functional);
        again.Predict(inputs);
        again.LoadWeights(folder.File("weights.safetensors"));
        Assert.Equal(whole.Model.Predict(inputs)[1].ToArray<float>(), again.Predict(inputs)[1].ToArray<float>());

        (Model Model, string Csv) Train(string? resume, Action<TrainingState>? act)
        {
            var model = Compiled(TwoAndTwo(functional));
            return (model, model.Fit(inputs, targets, epochs: 3, batchSize: 8, resume: resume, callbacks: [new OnBatch(act ?? (_ => { }))]).ToCsv());
        }
    }

    [Fact]
    public void A_functional_net_goes_on_from_its_file_as_if_it_had_never_been_away()
    {
        var (inputs, targets) = Data();
        using var folder = new TemporaryFolder();
        string path = folder.File("half.ndl");
        var whole = Compiled(TwoAndTwo(functional: true));
        whole.Fit(inputs, targets, epochs: 2, batchSize: 8);
        whole.Save(path, epoch: 2);
        whole.Fit(inputs, targets, epochs: 4, batchSize: 8, initialEpoch: 2);

        RandomState.SetSeed(99); // another process, in which nothing is as it was
        var loaded = Compiled(Model.Load(path));
        Assert.Equal(["a", "b"], loaded.Inputs.Names);
        Assert.Equal(["price", "sold"], loaded.Outputs.Names);
        int done = loaded.Resume(path);
        loaded.Fit(inputs, targets, epochs: 4, batchSize: 8, initialEpoch: done);
        Assert.Equal(whole.NamedParameters.Select(p => p.Key), loaded.NamedParameters.Select(p => p.Key));
        Assert.Equal(Values(whole), Values(loaded));
    }

    [Fact]
    public void Written_as_a_class_and_as_a_graph_the_net_trains_to_the_same_bits()
    {
        var (inputs, targets) = Data();
        var nets = new[] { false, true }.Select(functional => Compiled(TwoAndTwo(functional))).ToList();
        foreach (var net in nets) net.Fit(inputs, targets, epochs: 2, batchSize: 8, random: new RandomState(1));
        Assert.Equal(nets[0].NamedParameters.Select(p => p.Key), nets[1].NamedParameters.Select(p => p.Key));
        Assert.Equal(Values(nets[0]), Values(nets[1]));
    }

    [Fact]
    public void A_row_of_weight_2_trains_as_two_rows()
    {
        var (x, y) = (Tensor.RandomNormal([4, 3], random: new RandomState(1)), Tensor.RandomNormal([4, 1], random: new RandomState(2)));
        var rows = Tensor.FromArray([0, 0, 1, 3, 3, 3]);
        var weighed = Fitted(m => m.Fit(x, y, epochs: 3, batchSize: 4, shuffle: false, sampleWeight: Tensor.FromArray([2f, 1, 0, 3])));
        var repeated = Fitted(m => m.Fit(x.Gather(rows), y.Gather(rows), epochs: 3, batchSize: 6, shuffle: false));
        Assert.All(weighed.Zip(repeated), p => Assert.Equal(p.Second, p.First, 1e-5f));

        static float[] Fitted(Action<Model> fit)
        {
            var model = new Sequential { new Dense(1, kernelInitializer: "ones") };
            model.Compile(new SGD(0.01), Loss.SumSquaredError());
            fit(model);
            return model.Parameters[0].Value.ToArray<float>();
        }
    }

    [Fact]
    public void Losses_that_layers_add_are_trained_on_and_reported()
    {
        var x = Tensor.RandomNormal([16, 3], random: new RandomState(1));
        var model = new Sequential { new Dense(2), new Shrinking() };
        model.Compile(new SGD(0.1));
        var history = model.Fit(new Dataset(x), epochs: 5, batchSize: 4);
        Assert.Equal(["loss", "added_loss"], history.Columns);
        Assert.Equal(history["loss"], history["added_loss"]);
        Assert.True(history["loss"][4] < history["loss"][0]);
        var logs = model.Evaluate(new Dataset(x));
        Assert.Equal(logs.Loss, logs["added_loss"], 1e-12);

        var both = new Sequential { new Dense(1), new Shrinking() };
        both.Compile("sgd", "mse");
        both.Build(1, 3);
        logs = both.Evaluate(x, x[.., ..1]);
        Assert.Equal((both.Predict(x) - x[.., ..1]).Square().Mean().Item(), logs.Loss - logs["added_loss"], 1e-5);
    }

    [Fact]
    public void Masks_of_the_data_reach_the_layers_and_the_loss()
    {
        var x = Tensor.RandomNormal([2, 3, 2], random: new RandomState(1));
        var y = Tensor.RandomNormal([2, 3, 1], random: new RandomState(2));
        var mask = Tensor.FromArray(new[,] { { true, true, false }, { true, false, false } });
        var seen = new Watching();
        var model = new Sequential { seen, new Dense(1) };
        model.Compile("sgd", "mse", ["mae"]);
        var logs = model.Evaluate(new Dataset(x, y, masks: mask));
        Assert.Equal(mask.ToArray<bool>(), seen.Mask!);
        var off = (model.Predict(x) - y).Squeeze(-1);
        double[] each = [off[0, 0].Item(), off[0, 1].Item(), off[1, 0].Item()];
        Assert.Equal(each.Average(e => e * e), logs.Loss, 1e-6);
        Assert.Equal(each.Average(Math.Abs), logs["mean_absolute_error"], 1e-6);
        seen.Mask = null;
        model.Fit(new Dataset(x, y, masks: mask), batchSize: 2);
        Assert.NotNull(seen.Mask);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "target of no output", "the target 'weather' has no output" },
        { "three targets", "the number of targets is not that of the outputs" },
        { "no targets", "there are no targets" },
        { "a target missing", "'sold' has a loss or metrics and no target" },
        { "weights of no output", "the sample weights 'weather' have no output" },
        { "three weights", "the number of sample weights is not that of the outputs" },
        { "short weights", "differ in their number of rows" },
        { "three losses", "the number of losses is not that of the outputs" },
        { "loss of no output", "there is no output 'weather' for losses" },
        { "flat metrics", "metrics must say whose they are" },
        { "two masks", "the number of masks is not that of the inputs" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_does_not_fit_is_refused_and_both_sides_named(string what, string message)
    {
        var (inputs, targets) = Data();
        var model = TwoAndTwo();
        if (what == "three losses") model.Compile("adam", loss: ["mse", "mse", "mse"]);
        else if (what == "loss of no output") model.Compile("adam", loss: new PerOutput<Loss> { ["weather"] = "mse" });
        else if (what == "flat metrics") model.Compile("adam", "mse", ["mae"]);
        else model.Compile("adam", loss: ["mse", "binary_crossentropy"]);
        var one = Tensor.Ones([32]);
        Action act = what switch
        {
            "target of no output" => () => model.Fit(inputs, Tensors.Named(("price", targets[0]), ("weather", targets[1]))),
            "three targets" => () => model.Fit(inputs, [targets[0], targets[0], targets[1]]),
            "no targets" => () => model.Fit(new Dataset(inputs)),
            "a target missing" => () => model.Fit(inputs, Tensors.Named(("price", targets[0]))),
            "weights of no output" => () => model.Fit(inputs, targets, sampleWeight: Tensors.Named(("weather", one))),
            "three weights" => () => model.Fit(inputs, targets, sampleWeight: [one, one, one]),
            "short weights" => () => model.Fit(inputs, targets, sampleWeight: one[..5]),
            "two masks" => () => model.Fit(new Dataset(inputs, targets, masks: Tensor.Ones([32, 4], DType.Bool))),
            _ => () => model.Fit(inputs, targets),
        };
        Assert.Contains(message, Assert.ThrowsAny<NativeDLException>(act).Message, StringComparison.Ordinal);
    }

    private static Model TwoAndTwo(bool functional = false)
    {
        RandomState.SetSeed(7);
        if (!functional) return new PriceAndSale();
        Tensor a = Model.Input([4], name: "a"), b = Model.Input([4], name: "b");
        var shared = new Dense(8, "tanh");
        var h = Tensor.Concat([shared.Call(a), shared.Call(b)], axis: -1);
        return new Model([a, b], Tensors.Named(("price", new Dense(1, name: "price").Call(h)), ("sold", new Dense(1, "sigmoid", name: "sold").Call(h))));
    }

    private static Model Compiled(Model model)
    {
        model.Compile("adam", loss: ["mse", "binary_crossentropy"], metrics: [["mae"], ["accuracy"]]);
        return model;
    }

    /// <summary>Two inputs through one shared layer, two outputs.</summary>
    private sealed class PriceAndSale : Model
    {
        private readonly Dense shared, price, sold;

        public PriceAndSale() =>
            (shared, price, sold) = (Track(new Dense(8, "tanh")), Track(new Dense(1, name: "price")), Track(new Dense(1, "sigmoid", name: "sold")));

        protected override Tensors Forward(Tensors inputs, CallContext call)
        {
            var (a, b) = inputs.Names is null ? (inputs[0], inputs[1]) : (inputs["a"], inputs["b"]);
            var h = Tensor.Concat([shared.Call(a, call), shared.Call(b, call)], axis: -1);
            return Tensors.Named(("price", price.Call(h, call)), ("sold", sold.Call(h, call)));
        }
    }

    private static (Tensors Inputs, Tensors Targets) Data()
    {
        Tensor a = Tensor.RandomNormal([32, 4], random: new RandomState(1)), b = Tensor.RandomNormal([32, 4], random: new RandomState(2));
        return ([a, b], [(a[.., ..1] - b[.., ..1]) * 0.5, (a[.., 1..2] > b[.., 1..2]).Cast(DType.Float32)]);
    }

    private static List<float[]> Values(Model model) => [.. model.Parameters.Select(p => p.Value.ToArray<float>())];

    private sealed class Shrinking : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call)
        {
            call.AddLoss(x.Square().Mean() * 0.1);
            return x;
        }
    }

    private sealed class Watching : Layer
    {
        public bool[]? Mask { get; set; }

        protected override Tensor Forward(Tensor x, CallContext call)
        {
            Mask = call.Mask?.ToArray<bool>();
            return x * 1;
        }
    }

    private sealed class OnBatch(Action<TrainingState> act) : Callback
    {
        public override void OnBatchEnd(TrainingState state) => act(state);
    }
}
