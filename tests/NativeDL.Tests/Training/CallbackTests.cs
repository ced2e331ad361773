using NativeDL.Layers;

namespace NativeDL.Tests.Training;

/// <summary>They seed and watch the one default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public partial class CallbackTests
{
    /// <summary>A quantity that takes given values, one an epoch.</summary>
    private sealed class Scripted(string name, params double[] values) : Metric
    {
        private int epoch = -1;

        public override string Name => name;

        public bool Grows { get; init; }

        public override bool HigherIsBetter => Grows;

        public override double Result => values[Math.Min(epoch, values.Length - 1)];

        public override void Reset() => epoch++;

        public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) { }
    }

    private static History Train(Metric metric, int epochs, params Callback[] callbacks) => Train(out _, metric, epochs, callbacks);

    private static History Train(out Model model, Metric metric, int epochs, params Callback[] callbacks)
    {
        RandomState.SetSeed(3);
        model = new Sequential { new Dense(1) };
        model.Compile(new SGD(0.1), "mse", [metric]);
        return model.Fit(Tensor.Ones([4, 2]), Tensor.Zeros([4, 1]), epochs: epochs, callbacks: callbacks);
    }

    [Theory]
    [InlineData(0, 3)] // epochs 3 and 4 are no better than 2
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    [InlineData(3, 9)]
    public void Early_stopping_bears_so_many_epochs_as_Keras(int patience, int ends)
    {
        var history = Train(new Scripted("distance", 1, 0.5, 0.6, 0.6, 0.4, 0.3, 0.2, 0.1, 0), 9, new EarlyStopping("distance", patience: patience));
        Assert.Equal(ends, history.Epochs);
        Assert.Equal(ends < 9, history.StopReason is not null);
    }

    [Theory]
    [InlineData(true, null, 5)]
    [InlineData(false, null, 2)]
    [InlineData(false, true, 5)]
    [InlineData(true, false, 2)]
    public void Quantities_that_should_grow_may_grow(bool grows, bool? higherIsBetter, int ends) =>
        Assert.Equal(ends, Train(new Scripted("quantity", 0.1, 0.2, 0.3, 0.4, 0.5) { Grows = grows }, 5,
            new EarlyStopping("quantity", patience: 1, higherIsBetter: higherIsBetter)).Epochs);

    [Fact]
    public void An_improvement_below_the_least_is_none() =>
        Assert.Equal(2, Train(new Scripted("distance", 1, 0.99, 0.98, 0.97), 4, new EarlyStopping("distance", patience: 1, minDelta: 0.1)).Epochs);

    [Fact]
    public void The_best_epochs_parameters_come_back_at_the_end()
    {
        var watch = new Watch();
        Train(out var model, new Scripted("distance", 1, 0.5, 0.6, 0.7), 4, watch, new EarlyStopping("distance", patience: 2));
        Assert.Equal(watch.Weights[1], model.Parameters[0].Value.ToArray<float>());
        Assert.NotEqual(watch.Weights[3], watch.Weights[1]);
    }

    [Fact]
    public void A_cancelled_training_keeps_the_parameters_it_has()
    {
        using var stop = new CancellationTokenSource();
        var watch = new Watch { AfterEpoch = epoch => { if (epoch == 3) stop.Cancel(); } };
        RandomState.SetSeed(3);
        var model = new Sequential { new Dense(1) };
        model.Compile(new SGD(0.1), "mse", [new Scripted("distance", 1, 2, 3, 4)]);
        Assert.Throws<OperationCanceledException>(() => model.Fit(Tensor.Ones([4, 2]), Tensor.Zeros([4, 1]), epochs: 9,
            callbacks: [watch, new EarlyStopping("distance", patience: 9)], cancellationToken: stop.Token));
        Assert.Equal(watch.Weights[2], model.Parameters[0].Value.ToArray<float>());
    }

    [Fact]
    public void Every_callback_is_told_of_the_end_also_when_one_fails_there()
    {
        var last = new Watch();
        Assert.Throws<FormatException>(() => Train(new Scripted("distance", 1), 1, new Failing(), last));
        Assert.True(last.Ended);
    }

    [Fact]
    public void A_checkpoint_is_written_only_where_the_quantity_improves()
    {
        using var folder = new TemporaryFolder();
        Train(new Scripted("distance", 1, 2, 0.5, 0.7), 4, new ModelCheckpoint(folder.File("best-{epoch}.ndl"), "distance"));
        Assert.Equal(["best-1.ndl", "best-3.ndl"], folder.Names);
    }

    [Fact]
    public void An_unknown_quantity_is_refused_and_the_known_ones_listed()
    {
        var error = Assert.Throws<InvalidInputException>(() => Train(new Scripted("distance", 1), 1, new EarlyStopping("val_loss")));
        Assert.Contains("distance, loss", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => new EarlyStopping(patience: -1));
    }

    [Fact]
    public void A_callback_may_set_the_learning_rate()
    {
        var watch = new Watch();
        Train(new Scripted("distance", 1), 3, new Halt(), watch);
        Assert.Equal(watch.Weights[0], watch.Weights[2]);
        var free = new Watch();
        Train(new Scripted("distance", 1), 3, free);
        Assert.Equal(watch.Weights[0], free.Weights[0]);
        Assert.NotEqual(free.Weights[0], free.Weights[2]);
    }

    [Fact]
    public void The_history_of_a_resumed_training_counts_on()
    {
        var model = new Sequential { new Dense(1) };
        model.Compile("sgd", "mse");
        string csv = model.Fit(Tensor.Ones([4, 2]), Tensor.Zeros([4, 1]), epochs: 4, initialEpoch: 2).ToCsv();
        Assert.Equal(["epoch", "3", "4"], csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')[0]));
    }

    private sealed class Watch : Callback
    {
        public List<float[]> Weights { get; } = [];

        public Action<int>? AfterEpoch { get; init; }

        public bool Ended { get; private set; }

        public override void OnEpochEnd(TrainingState state)
        {
            Weights.Add(state.Model.Parameters[0].Value.ToArray<float>());
            AfterEpoch?.Invoke(state.Epoch);
        }

        public override void OnTrainEnd(TrainingState state) => Ended = true;
    }

    private sealed class Failing : Callback
    {
        public override void OnTrainEnd(TrainingState state) => throw new FormatException();
    }

    private sealed class Halt : Callback
    {
        public override void OnEpochEnd(TrainingState state) => state.Model.Optimizer!.LearningRate = 0.0;
    }
}
