using NativeDL.Layers;

namespace NativeDL.Tests.Training;

/// <summary>
/// Programs that users of Keras and PyTorch write, as they would write them. They seed the one default random source, so nothing else runs beside them.
/// </summary>
[Collection(nameof(Alone))]
public sealed class TargetProgramTests
{
    private static Sequential Build()
    {
        RandomState.SetSeed(1);
        var model = new Sequential { new Flatten(), new Dense(32, "relu"), new Dense(10) };
        model.Compile(new Adam(5e-3), Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
        return model;
    }

    [Fact]
    public void Own_loop_with_weights()
    {
        var (train, _) = Datasets.Digits();
        var weighed = new Dataset((Tensors)train.X, train.Y, Tensor.Ones([train.Count]));
        var (model, loss, optimizer) = (Build(), Loss.SparseCategoricalCrossentropy(fromLogits: true), new Adam(1e-3));
        double first = double.NaN, last = double.NaN;
        foreach (var (x, t, weight) in weighed.Shuffle().Batch(64))
        {
            using var step = TensorScope.Begin();
            using var tape = new GradientTape();
            var error = loss.Call(target: t, prediction: model.Call(x, training: true), weight);
            optimizer.Apply(model.TrainableParameters, tape.Gradient(error, model.TrainableParameters));
            last = error.Item();
            if (double.IsNaN(first)) first = last;
        }
        Assert.True(last < first);
    }

    [Fact]
    public void Cross_validation()
    {
        var (all, _) = Datasets.Digits();
        var scores = new List<double>();
        foreach (var (fit, held) in all.Take(400).KFold(5, random: 1))
        {
            var m = Build();
            m.Fit(fit, epochs: 4, batchSize: 32);
            scores.Add(m.Evaluate(held)["accuracy"]);
        }
        Assert.Equal(5, scores.Count);
        Assert.All(scores, s => Assert.InRange(s, 0.6, 1));
    }

    [Fact]
    public void Learning_rate_finder()
    {
        var (train, _) = Datasets.Digits();
        var finder = new RateFinder(1e-5, 1, 30);
        var history = Build().Fit(train, epochs: 3, batchSize: 32, callbacks: [finder]);
        Assert.Equal("done", history.StopReason);
        Assert.Equal(30, finder.Curve.Count);
        Assert.Equal(1e-5, finder.Curve[0].Rate, 1e-12);
        Assert.All(finder.Curve.Zip(finder.Curve.Skip(1)), p => Assert.True(p.First.Rate < p.Second.Rate));
        Assert.True(finder.Curve.Min(c => c.Loss) < finder.Curve[0].Loss);
    }

    private sealed class RateFinder(double low, double high, int steps) : Callback
    {
        public List<(double Rate, double Loss)> Curve { get; } = [];

        public override void OnBatchBegin(TrainingState s) => s.Model.Optimizer!.LearningRate = low * Math.Pow(high / low, (double)s.GlobalStep / steps);

        public override void OnBatchEnd(TrainingState s)
        {
            Curve.Add((s.LearningRate, s.BatchLoss));
            if (s.GlobalStep >= steps) s.Stop("done");
        }
    }

    [Fact]
    public async Task Best_model()
    {
        using var folder = new TemporaryFolder();
        var token = TestContext.Current.CancellationToken;
        var ((x, y), (xv, yv)) = Datasets.Digits();
        string path = folder.File("best.ndl");
        var model = Build();
        var history = await model.FitAsync(x, y, epochs: 6, batchSize: 64, validation: (xv, yv), random: 5, cancellationToken: token,
            callbacks: [new ModelCheckpoint(path, monitor: "val_loss"), new EarlyStopping(patience: 5, restoreBestWeights: true)]);
        var best = Model.Load(path);
        best.Compile("adam", Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"], replace: true);
        Assert.Equal(history["val_loss"].Min(), best.Evaluate((xv, yv)).Loss, 1e-12);

        var again = Build();
        var same = again.Fit(x, y, epochs: 6, batchSize: 64, validation: (xv, yv), random: 5);
        Assert.Equal(same.ToCsv(), history.ToCsv());
    }

    [Fact]
    public async Task Training_beside_the_program_carries_the_device_reports_and_stops()
    {
        var (train, _) = Datasets.Digits();
        using var stop = new CancellationTokenSource();
        var reports = new List<(int Epoch, int Step, double Loss)>();
        var device = Device.Default;
        Device? seen = null;
        var model = Build();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            model.FitAsync(train, epochs: 50, batchSize: 64, cancellationToken: stop.Token,
            callbacks: [Callback.Progress(new Now(s =>
            {
                seen = Device.Default;
                reports.Add((s.Epoch, s.Step, s.Logs.Loss));
                if (s is { Epoch: 2, Step: 3 }) stop.Cancel();
            }), seconds: 0)]));
        Assert.Contains("cancelled in epoch 2 after step 3", error.Message, StringComparison.Ordinal);
        Assert.Same(device, seen);
        Assert.Equal(23 + 1 + 3, reports.Count); // each step, and the end of the first epoch
        Assert.All(reports, r => Assert.True(double.IsFinite(r.Loss)));
    }

    private sealed class Now(Action<TrainingState> act) : IProgress<TrainingState>
    {
        public void Report(TrainingState value) => act(value);
    }
}
