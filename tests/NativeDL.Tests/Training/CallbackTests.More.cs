using NativeDL.Layers;

namespace NativeDL.Tests.Training;

public partial class CallbackTests
{
    private static double[] Rates(Metric metric, int epochs, params Callback[] callbacks)
    {
        var rates = new List<double>();
        Train(metric, epochs, [.. callbacks, new LambdaCallback(onBatchEnd: state => rates.Add(state.LearningRate))]);
        return [.. rates];
    }

    private static void Near(double[] expected, double[] found) => Optimizers.Training.Near(expected, found, 1e-12);

    [Fact]
    public void A_plateau_makes_the_rate_smaller()
    {
        Near([0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025],
            Rates(new Scripted("distance", 1, 0.5, 0.6, 0.7, 0.4, 0.5, 0.6, 0.1), 8, new ReduceLROnPlateau("distance", factor: 0.5, patience: 2)));
        // While it cools down nothing is counted but what comes with its last epoch, as in Keras; and it stops at the least rate.
        Near([0.1, 0.1, 0.05, 0.05, 0.03, 0.03, 0.03],
            Rates(new Scripted("distance", 1), 7, new ReduceLROnPlateau("distance", factor: 0.5, patience: 1, cooldown: 2, minLr: 0.03)));
        Near([0.1, 0.1, 0.1, 0.1],
            Rates(new Scripted("quality", 0.1, 0.2, 0.3, 0.4) { Grows = true }, 4, new ReduceLROnPlateau("quality", patience: 1)));
        Assert.Throws<InvalidInputException>(() => new ReduceLROnPlateau(factor: 1));
        Assert.Throws<InvalidInputException>(() => new ReduceLROnPlateau(patience: -1));
    }

    [Fact]
    public void A_function_of_the_epoch_sets_the_rate() =>
        Near([0.1, 0.05, 0.025], Rates(new Scripted("distance", 1), 3, new LearningRateScheduler((epoch, rate) => epoch == 1 ? rate : rate / 2)));

    [Fact]
    public void What_is_not_finite_ends_training_where_that_is_wished()
    {
        var model = new Sequential { new Dense(1) };
        model.Compile(new SGD(0.1), "mse");
        Tensor x = Tensor.FromArray(new[,] { { 1f, 2 }, { 3, 4 }, { float.NaN, 6 } }), y = Tensor.Zeros([3, 1]);
        var history = model.Fit(x, y, epochs: 3, batchSize: 1, shuffle: false, callbacks: [new TerminateOnNaN()]);
        Assert.Contains("not finite", history.StopReason, StringComparison.Ordinal);
        Assert.Equal(0, history.Epochs);
        Assert.Equal(2, model.Optimizer!.Steps);
        Assert.All(model.Parameters[0].Value.ToArray<float>(), v => Assert.True(float.IsFinite(v)));
        Assert.Throws<NumericException>(() => model.Fit(x, y, epochs: 1, batchSize: 1, shuffle: false));
    }

    [Fact]
    public void A_log_is_a_line_for_each_epoch()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("log.csv");
        Train(new Scripted("distance", 1, 2), 2, new CSVLogger(path, separator: ";"));
        string[] lines = File.ReadAllLines(path);
        Assert.Equal("epoch;loss;distance", lines[0]);
        Assert.Equal(["1", "2"], lines[1..].Select(l => l.Split(';')[0]));
        Assert.Equal(["1", "2"], lines[1..].Select(l => l.Split(';')[2]));
        Train(new Scripted("distance", 7), 1, new CSVLogger(path, ";", append: true));
        Assert.Equal([.. lines, $"1;{lines[1].Split(';')[1]};7"], File.ReadAllLines(path));
        Train(new Scripted("distance", 8), 1, new CSVLogger(path));
        Assert.Equal(2, File.ReadAllLines(path).Length);
    }

    [Fact]
    public void A_log_of_a_training_that_was_interrupted_is_whole()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("log.csv"), backup = folder.File("backup");
        File.WriteAllText(path, "epoch,loss\n1,5\n");
        void Go(CancellationToken token, params Callback[] more)
        {
            RandomState.SetSeed(3);
            var model = new Sequential { new Dense(1) };
            model.Compile(new SGD(0.1), "mse");
            model.Fit(Tensor.Ones([4, 2]), Tensor.Zeros([4, 1]), epochs: 4, callbacks: [new CSVLogger(path, append: true), .. more], resume: backup,
                cancellationToken: token);
        }
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Go(stop.Token, new LambdaCallback(onEpochEnd: s => { if (s.Epoch == 2) stop.Cancel(); })));
        Go(default, new LambdaCallback());
        Assert.Equal(["epoch", "1", "1", "2", "3", "4"], File.ReadAllLines(path).Select(l => l.Split(',')[0]));
    }

    [Fact]
    public void Functions_are_called_in_their_turn()
    {
        var calls = new List<string>();
        Train(new Scripted("distance", 1), 1, new LambdaCallback(_ => calls.Add("epoch"), _ => calls.Add("epoch end"), _ => calls.Add("train"),
            _ => calls.Add("train end"), _ => calls.Add("batch"), _ => calls.Add("batch end")));
        Assert.Equal(["train", "epoch", "batch", "batch end", "epoch end", "train end"], calls);
    }

    [Fact]
    public void A_bar_fills_and_leaves_a_line_for_each_epoch()
    {
        using var text = new StringWriter();
        Train(new Scripted("distance", 1, 0.25), 2, new ProgressBar(text, seconds: 0, width: 10));
        string[] lines = text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        string last = lines[1].Split('\r')[^1];
        Assert.StartsWith("epoch 2/2 [==========] 1/1 0:00: loss ", last, StringComparison.Ordinal);
        Assert.Contains(", distance 0.25", last, StringComparison.Ordinal);
        Assert.Contains("steps/s", lines[0], StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new ProgressBar(null!));
    }

    [Fact]
    public void Averages_become_the_values_at_the_end()
    {
        RandomState.SetSeed(3);
        var model = new Sequential { new Dense(1) };
        model.Compile(new SGD(0.1) { Ema = 0.5 }, "mse");
        double[] values = [], averages = [];
        model.Fit(Tensor.Ones([4, 2]), Tensor.Zeros([4, 1]), epochs: 4, callbacks: [new SwapEMAWeights(), new LambdaCallback(onEpochEnd: state =>
        {
            values = state.Model.Parameters[0].Value.ToDoubles();
            using (state.Model.Optimizer!.UseAverages()) averages = state.Model.Parameters[0].Value.ToDoubles();
        })]);
        Assert.Equal(averages, model.Parameters[0].Value.ToDoubles());
        Assert.NotEqual(values, averages);
    }

    [Fact]
    public void Only_so_many_files_stay()
    {
        using var best = new TemporaryFolder();
        Train(new Scripted("distance", 1, 3, 0.5, 2, 0.75), 5, new ModelCheckpoint(best.File("{epoch}-{distance}.ndl"), "distance", keep: 2));
        Assert.Equal(["3-0.5000.ndl", "5-0.7500.ndl"], best.Names);
        using var last = new TemporaryFolder();
        Train(new Scripted("distance", 1), 5, new ModelCheckpoint(last.File("{epoch}.ndl"), keep: 2));
        Assert.Equal(["4.ndl", "5.ndl"], last.Names);
        using var good = new TemporaryFolder();
        Train(new Scripted("distance", 1, 0.4, 0.6, 0.3), 4, new ModelCheckpoint(good.File("{epoch}.ndl"), "distance", initialValueThreshold: 0.5));
        Assert.Equal(["2.ndl", "4.ndl"], good.Names);
    }

    [Fact]
    public void Files_come_after_steps_and_hold_weights_alone_where_that_is_wished()
    {
        using var folder = new TemporaryFolder();
        RandomState.SetSeed(3);
        var model = new Sequential { new Dense(1) };
        model.Compile(new SGD(0.1), "mse");
        model.Fit(Tensor.Ones([6, 2]), Tensor.Zeros([6, 1]), epochs: 2, batchSize: 2,
            callbacks: [new ModelCheckpoint(folder.File("{step}.safetensors"), saveWeightsOnly: true, saveFreq: 4)]);
        Assert.Equal(["4.safetensors"], folder.Names);
        model.LoadWeights(folder.File("4.safetensors"));
        Assert.Throws<InvalidInputException>(() => new ModelCheckpoint("x", "loss", saveFreq: 3));
        Assert.Throws<InvalidInputException>(() => new ModelCheckpoint("x", keep: -1));
    }

    [Fact]
    public void Patience_may_begin_late_and_ask_for_a_baseline()
    {
        Assert.Equal(5, Train(new Scripted("distance", 0.1, 1, 1, 1, 1, 1), 6, new EarlyStopping("distance", patience: 2, startFromEpoch: 2)).Epochs);
        // It improves all the time, and is never better than the baseline.
        Assert.Equal(3, Train(new Scripted("distance", 1, 0.9, 0.8, 0.7), 4, new EarlyStopping("distance", patience: 3, baseline: 0.5)).Epochs);
        Assert.Equal(4, Train(new Scripted("distance", 1, 0.4, 0.3, 0.2), 4, new EarlyStopping("distance", patience: 3, baseline: 0.5)).Epochs);
    }
}
