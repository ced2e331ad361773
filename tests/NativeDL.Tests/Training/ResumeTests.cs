using NativeDL.Layers;

namespace NativeDL.Tests.Training;

/// <summary>A training that was interrupted ends as one that never was. They seed the one default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class ResumeTests
{
    private const int Epochs = 4, Steps = 4;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(2, Steps)] // after the last step, before the validation
    [InlineData(3, 2)]
    [InlineData(4, 0)]
    public void An_interrupted_training_ends_as_one_that_never_was(int epoch, int step)
    {
        var whole = Train(null, null);
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(folder.Path, (epoch, step, stop)));
        Assert.Equal(["backup.ndl"], folder.Names);
        var resumed = Train(folder.Path, null, seed: 99); // in another process nothing is as it was
        Assert.Equal(whole.Weights, resumed.Weights);
        Assert.Equal(whole.Csv, resumed.Csv);
        Assert.Equal(whole.Waited, resumed.Waited);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Interruptions_may_come_again_and_again()
    {
        var whole = Train(null, null);
        using var folder = new TemporaryFolder();
        foreach (var (epoch, step) in new[] { (1, 2), (1, 3), (3, 1), (3, 2), (4, 4) })
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<Exception>(() => Train(folder.Path, (epoch, step, stop), seed: step == 2 && epoch == 1 ? 3 : (ulong)(epoch * step)));
        }
        Assert.Equal(whole.Weights, Train(folder.Path, null, seed: 98).Weights);
    }

    [Fact]
    public void A_backup_comes_as_often_as_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var backup = new BackupAndRestore(folder.Path, saveFreq: 3, deleteCheckpoint: false);
        var (x, y) = Data();
        var model = Net();
        model.Fit(x, y, epochs: 1, batchSize: 8, callbacks: [backup, new At(state =>
        {
            if (state.Step == 4) Assert.Equal(3, Record(backup.Path).Step);
        })]);
        Assert.Equal((1, 0), (Record(backup.Path).Epoch, Record(backup.Path).Step));
    }

    [Fact]
    public void What_is_not_this_training_s_is_refused_by_the_file_s_name()
    {
        using var folder = new TemporaryFolder();
        var (x, y) = Data();
        var model = Net();
        string path = folder.File("backup.ndl");
        model.Fit(x, y, epochs: 1, batchSize: 8, callbacks: [new BackupAndRestore(folder.Path, deleteCheckpoint: false), new EarlyStopping("loss")]);
        Refused(() => Net().Fit(x, y, epochs: 2, batchSize: 8, resume: folder.Path), "EarlyStopping");
        Refused(() => Net(9).Fit(x, y, epochs: 2, batchSize: 8, callbacks: [new EarlyStopping("loss")], resume: folder.Path), "shape");
        Refused(() => Net().Fit(new Dataset(x, y).Map((b, _) => b, new RandomState(1)), epochs: 2, batchSize: 8, callbacks: [new EarlyStopping("loss")],
            resume: folder.Path), "random states");
        model.Save(path);
        Refused(() => Net().Fit(x, y, epochs: 2, resume: folder.Path), "not the backup of a training");
        File.WriteAllText(path, "?");
        Refused(() => Net().Fit(x, y, epochs: 2, resume: folder.Path), "");
        Assert.Throws<InvalidInputException>(() => new BackupAndRestore(""));
        Assert.Throws<InvalidInputException>(() => new BackupAndRestore("x", saveFreq: -1));

        void Refused(Action fit, string part)
        {
            var error = Assert.Throws<ModelFormatException>(fit);
            Assert.Equal(path, error.File);
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    // Dropout, running statistics, a random map that is prefetched, metrics of three kinds, callbacks that count and change the rate.
    private static (List<float[]> Weights, string Csv, int Waited) Train(string? folder, (int Epoch, int Step, CancellationTokenSource Stop)? at,
        ulong seed = 3)
    {
        RandomState.SetSeed(seed);
        var (x, y) = Data();
        var model = Net();
        var order = new RandomState(seed);
        var batches = new Dataset(x, y).Shuffle(order).Batch(8)
            .Map((b, random) => b with { X = b.X + Tensor.RandomNormal(b.X.Shape, 0, 0.1, random: random) }, order).Prefetch(2);
        var patience = new Patience();
        List<Callback> callbacks = [patience, new EarlyStopping("val_loss", patience: 9), new Halving()];
        if (at is var (epoch, step, stop))
            callbacks.Add(new At(state =>
            {
                if (state.Epoch == epoch && state.Step == step) stop.Cancel();
            }));
        var history = model.Fit(batches, Epochs, validation: (x[..8], y[..8]), callbacks: callbacks, resume: folder,
            cancellationToken: at?.Stop.Token ?? default);
        return ([.. model.Parameters.Select(p => p.Value.ToArray<float>())], history.ToCsv(), patience.Waited);
    }

    private static Sequential Net(int units = 6)
    {
        var model = new Sequential { new Dense(units, "tanh"), new BatchNormalization(momentum: 0.5), new Dropout(0.3), new Dense(3) };
        model.Compile(new Adam(0.01), Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy", new Largest()]);
        return model;
    }

    private static (Tensor X, Tensor Y) Data() =>
        (Tensor.RandomNormal([Steps * 8, 4], random: new RandomState(1)), Tensor.FromArray([.. Enumerable.Range(0, Steps * 8).Select(i => i % 3)]));

    private static TrainingRecord Record(string path)
    {
        using var file = NativeDL.Formats.NdlFile.Open(path);
        return TrainingRecord.Read(file, path)!;
    }

    /// <summary>A metric of one's own kind, with a field.</summary>
    private sealed class Largest : Metric
    {
        private double largest = double.NegativeInfinity;

        public override string Name => "largest";

        public override bool HigherIsBetter => false;

        public override double Result => largest;

        public override void Reset() => largest = double.NegativeInfinity;

        public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => largest = Math.Max(largest, prediction.Max().Item());

        protected internal override void WriteState(SavedState saved) => saved.Set("largest", largest);

        protected internal override void ReadState(SavedState saved) => largest = saved.Number("largest");
    }

    /// <summary>Counts steps without a new lowest loss.</summary>
    private sealed class Patience : Callback
    {
        private double lowest = double.PositiveInfinity;

        public int Waited { get; private set; }

        public override void OnBatchEnd(TrainingState state)
        {
            if (state.BatchLoss < lowest) lowest = state.BatchLoss;
            else Waited++;
        }

        protected internal override void WriteState(SavedState saved)
        {
            saved.Set("lowest", lowest);
            saved.Set("waited", Waited);
        }

        protected internal override void ReadState(SavedState saved) => (lowest, Waited) = (saved.Number("lowest"), (int)saved.Number("waited"));
    }

    /// <summary>Halves the learning rate after each epoch.</summary>
    private sealed class Halving : Callback
    {
        public override void OnEpochEnd(TrainingState state) => state.Model.Optimizer!.LearningRate *= 0.5;
    }

    private sealed class At(Action<TrainingState> act) : Callback
    {
        public override void OnEpochBegin(TrainingState state)
        {
            if (state.Step == 0) act(state);
        }

        public override void OnBatchEnd(TrainingState state) => act(state);
    }
}
