using NativeDL.Layers;

namespace NativeDL.Tests.Training;

/// <summary>What training would get wrong without a word. They seed the one default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class SilentTrainingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Halves the learning rate after each epoch.</summary>
    private sealed class Halving : Callback
    {
        public override void OnEpochEnd(TrainingState state) => state.Model.Optimizer!.LearningRate *= 0.5;
    }

    /// <summary>Sets the monitored quantity, one value an epoch of the whole training.</summary>
    private sealed class Quantity(params double[] values) : Callback
    {
        public override void OnEpochEnd(TrainingState state) =>
            state.Logs = new Logs([.. state.Logs, KeyValuePair.Create("quantity", values[state.Epoch - 1])]);
    }

    private static Tensor Rows(int count, int width, ulong seed) => Tensor.RandomNormal([count, width], random: new RandomState(seed));

    private static Sequential Made(Optimizer optimizer)
    {
        RandomState.SetSeed(3);
        var model = new Sequential { new Dense(3, "tanh"), new Dense(1) };
        model.Compile(optimizer, "mse");
        model.Build(1, 2);
        return model;
    }

    [Fact]
    public void A_quantity_that_is_no_number_never_improves()
    {
        double nan = double.NaN;
        var model = Made("sgd");
        string best = folder.File("best.ndl");
        var history = model.Fit(Rows(8, 2, 1), Rows(8, 1, 2), epochs: 20,
            callbacks: [new Quantity([.. Enumerable.Repeat(nan, 20)]), new EarlyStopping("quantity", patience: 2), new ModelCheckpoint(best, "quantity")]);
        Assert.Equal(2, history.Epochs);
        Assert.Contains("was not a number", history.StopReason, StringComparison.Ordinal);
        Assert.False(File.Exists(best));
        // Beside numbers it counts as none, whenever it comes.
        history = Made("sgd").Fit(Rows(8, 2, 1), Rows(8, 1, 2), epochs: 9,
            callbacks: [new Quantity(nan, 1, nan, 0.5, nan, nan, 0.1, 0, 0), new EarlyStopping("quantity", patience: 2)]);
        Assert.Equal(6, history.Epochs);
    }

    [Fact]
    public void Learning_rates_that_a_callback_has_set_go_on_after_Resume_to_the_bit()
    {
        var (x, y) = (Rows(24, 2, 1), Rows(24, 1, 2));
        double[] Trained(int until, string? from)
        {
            var model = Made(new Adam(0.05));
            int epoch = from is null ? 0 : model.Resume(from);
            model.Fit(x, y, epochs: until, batchSize: 8, shuffle: false, initialEpoch: epoch,
                callbacks: [new ModelCheckpoint(folder.File("{epoch}.ndl")), new Halving()]);
            return [.. model.Parameters.SelectMany(p => p.Value.ToDoubles()), model.Optimizer!.CurrentRate];
        }
        var whole = Trained(6, null);
        Assert.Equal(whole, Trained(6, folder.File("3.ndl")));
        // A loaded model has it too.
        Assert.Equal(0.05 / 8, Model.Load(folder.File("3.ndl")).Optimizer!.CurrentRate, 1e-15);
    }

    [Fact]
    public void What_was_best_before_a_resumption_is_still_the_best()
    {
        var (x, y) = (Rows(8, 2, 1), Rows(8, 1, 2));
        string best = folder.File("best.ndl"), latest = folder.File("latest.ndl");
        Callback[] Callbacks() => [new ModelCheckpoint(latest), new ModelCheckpoint(best, "quantity"), new Quantity(0.9, 0.4, 0.6, 0.5, 0.45, 0.44),
            new EarlyStopping("quantity", patience: 3, restoreBestWeights: false)];
        var model = Made("sgd");
        model.Fit(x, y, epochs: 3, callbacks: Callbacks());
        byte[] kept = File.ReadAllBytes(best);
        var again = Made("sgd");
        int epoch = again.Resume(latest);
        Assert.Equal(3, epoch);
        var history = again.Fit(x, y, epochs: 6, initialEpoch: epoch, callbacks: Callbacks());
        Assert.Equal(kept, File.ReadAllBytes(best));
        // One epoch without improvement was counted before, and patience ends with two more.
        Assert.Equal(5, history.EpochsBefore + history.Epochs);
        // A training that does not go on from there begins to count anew.
        again.Fit(x, y, epochs: 1, callbacks: Callbacks());
        Assert.NotEqual(kept, File.ReadAllBytes(best));
    }

    [Fact]
    public void No_rows_give_no_rows_and_train_nothing()
    {
        var model = Made("sgd");
        var none = new Dataset(Tensor.Zeros([0, 2]), Tensor.Zeros([0, 1]));
        Assert.Equal(Shape.Of(0, 1), model.Predict(Tensor.Zeros([0, 2])).Shape);
        Assert.Equal(Shape.Of(0, 1), model.Predict(none).Shape);
        var error = Assert.Throws<InvalidInputException>(() => model.TrainOnBatch(Tensor.Zeros([0, 2]), Tensor.Zeros([0, 1])));
        Assert.Contains("the batch is empty", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_data_sets_number_their_classes_alike_or_are_refused()
    {
        File.WriteAllText(folder.File("train.csv"), "a,b,kind\n1,2,setosa\n2,1,virginica\n3,1,versicolor\n");
        File.WriteAllText(folder.File("test.csv"), "a,b,kind\n2,1,virginica\n3,1,versicolor\n");
        File.WriteAllText(folder.File("other.csv"), "a,b,kind\n2,1,rose\n");
        Dataset train = Datasets.Csv(folder.File("train.csv")), test = Datasets.Csv(folder.File("test.csv"));
        var model = new Sequential { new Dense(3) };
        model.Compile("sgd", Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
        model.Fit(train, epochs: 1);
        Assert.Equal(["setosa", "versicolor", "virginica"], model.ClassNames);
        model.Save(folder.File("iris.ndl"));
        var loaded = Model.Load(folder.File("iris.ndl"));
        Assert.Equal(model.ClassNames, loaded.ClassNames);
        foreach (Action wrong in (Action[])[() => loaded.Evaluate(test), () => loaded.Fit(test, epochs: 1), () =>
            model.Fit(train, epochs: 1, validation: test)])
        {
            string told = Assert.Throws<InvalidInputException>(wrong).Message;
            Assert.All((string[])["numbers its classes otherwise", "'versicolor' of 2", "'setosa' of 3", "CsvOptions"], part =>
                Assert.Contains(part, told, StringComparison.Ordinal));
        }
        var read = Datasets.Csv(folder.File("test.csv"), new CsvOptions { ClassNames = loaded.ClassNames });
        Assert.Equal([2, 1], read.Y.ToArray<int>());
        loaded.Evaluate(read);
        string unknown = Assert.Throws<ModelFormatException>(() => Datasets.Csv(folder.File("other.csv"), new CsvOptions { ClassNames = loaded.ClassNames }))
            .Message;
        Assert.All((string[])["line 2", "\"rose\"", "setosa, versicolor, virginica"], part => Assert.Contains(part, unknown, StringComparison.Ordinal));
        loaded.ClassNames = [];
        loaded.Fit(test, epochs: 1);
        Assert.Equal(["versicolor", "virginica"], loaded.ClassNames);
    }

    [Fact]
    public void An_embedding_looks_up_whole_numbers_alone()
    {
        var layer = new Embedding(5, 2, embeddingsInitializer: "ones");
        Assert.Equal(Shape.Of(2, 2), layer.Call(Tensor.FromArray([0f, 4])).Shape);
        foreach (var (value, told) in ((float, string)[])[(1.5f, "1.5"), (float.NaN, "NaN"), (-1, "-1"), (5, "5"), (float.PositiveInfinity, "∞"),
            (3e9f, "3000000000")])
        {
            string message = Assert.Throws<InvalidInputException>(() => layer.Call(Tensor.FromArray([0f, value]))).Message;
            Assert.Contains("input number 1", message, StringComparison.Ordinal);
            Assert.Contains("0 to 4", message, StringComparison.Ordinal);
            if (told != "∞") Assert.Contains(told, message, StringComparison.Ordinal);
            var onDevice = new Embedding(5, 2, embeddingsInitializer: "ones");
            Assert.Equal([1.0, 1, double.NaN, double.NaN], onDevice.Call(Tensor.FromArray([0f, value]).To(Cuda.CudaTest.Device)).ToDoubles());
        }
    }
}
