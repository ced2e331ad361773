using NativeDL.Layers;
using NativeDL.Recipes;
using NativeDL.Tests.Optimizers;

namespace NativeDL.Tests.Cuda;

/// <summary>
/// Programs that know of no device, with the card as the default one: data, parameters and results find their way. They seed
/// the one default random source and count what the card gives back, so nothing else runs beside them.
/// </summary>
[Collection(nameof(Alone))]
public sealed class DevicesFollowTests
{
    [Fact]
    public void Training_evaluation_and_prediction_are_the_CPUs()
    {
        var (train, test) = Datasets.Digits();
        // In float64: Adam divides small gradients by their own size, so in float32 what rounding leaves of them differs by steps.
        (train, test) = (Wide(train.Take(256)), Wide(test.Take(64)));
        var (cpu, cuda) = (Run(Device.Cpu), Run(CudaTest.Device));
        Assert.All(cpu.Losses.Zip(cuda.Losses), p => Assert.Equal(p.First, p.Second, 1e-9));
        Assert.Equal(cpu.Logs.Loss, cuda.Logs.Loss, 1e-9);
        Assert.Equal(cpu.Logs["accuracy"], cuda.Logs["accuracy"]);
        Assert.All(cpu.Predicted.Zip(cuda.Predicted), p => Assert.Equal(p.First, p.Second, 1e-8));

        Dataset Wide(Dataset data) => new(data.X.Cast(DType.Float64), data.Y);

        (double[] Losses, Logs Logs, double[] Predicted) Run(Device device)
        {
            using var use = Device.Use(device);
            var model = Net();
            var history = model.Fit(train, epochs: 2, batchSize: 32, validation: test, random: 1);
            Assert.Equal(device, model.Device);
            Assert.All(model.Parameters, p => Assert.Equal(device, p.Value.Device));
            var logs = model.Evaluate(test);
            Assert.Equal(history["val_loss"][1], logs.Loss, 1e-9);
            var predicted = model.Predict(test.X);
            Assert.True(predicted.Device.IsCpu, "the result is where the input was");
            Assert.Equal(device, model.PredictOnBatch(test.X[..4]).Device);
            Assert.Equal(predicted.ToArray<double>(), model.Predict(test.X.To(device)).ToArray<double>());
            double byHand = model.Predict(test).ArgMax(-1).Equal(test.Y).Cast(DType.Float64).Mean().Item();
            Assert.Equal(logs["accuracy"], byHand, 1e-9);
            return ([.. history["loss"]], logs, predicted.ToArray<double>());
        }
    }

    [Fact]
    public void What_is_saved_there_is_loaded_here_and_the_other_way()
    {
        using var folder = new TemporaryFolder();
        var (train, _) = Datasets.Digits();
        string path = folder.File("net.ndl");
        float[] expected;
        using (Device.Use(CudaTest.Device))
        {
            var model = Net();
            model.Fit(train.Take(64), batchSize: 32);
            model.Save(path);
            expected = model.Predict(train.X[..8]).ToArray<float>();
        }
        var here = Model.Load(path);
        Assert.All(expected.Zip(here.Predict(train.X[..8]).ToArray<float>()), p => Assert.Equal(p.First, p.Second, 1e-4f));
        Assert.Equal(expected, here.To(CudaTest.Device).Predict(train.X[..8]).ToArray<float>());
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public void An_interrupted_training_ends_as_one_that_never_was(int epoch, int step)
    {
        using var use = Device.Use(CudaTest.Device);
        var (train, _) = Datasets.Digits();
        var whole = Train(null, null);
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(folder.Path, stop));
        var resumed = Train(folder.Path, null);
        Assert.Equal(whole.Csv, resumed.Csv);
        Assert.Equal(whole.Weights, resumed.Weights);

        (List<float[]> Weights, string Csv) Train(string? resume, CancellationTokenSource? stop)
        {
            var model = Net();
            var history = model.Fit(train.Take(128), epochs: 2, batchSize: 32, resume: resume, cancellationToken: stop?.Token ?? default,
                callbacks: [new EarlyStopping("loss"), new OnBatch(s =>
            {
                if (s.Epoch == epoch && s.Step == step) stop?.Cancel();
            })]);
            return ([.. model.Parameters.Select(p => p.Value.ToArray<float>())], history.ToCsv());
        }
    }

    [Fact]
    public void Masks_are_the_CPUs()
    {
        var random = new RandomState(4);
        int[] ids = [.. Enumerable.Range(0, 24 * 6).Select(i => i % 6 < 2 + i / 6 % 4 ? 1 + i * 7 % 11 : 0)]; // 2 to 5 steps that count
        var x = Tensor.FromArray(ids, [24, 6]);
        var y = Tensor.RandomNormal([24, 6, 2], dtype: DType.Float64, random: random);
        var (cpu, cuda) = (Run(Device.Cpu), Run(CudaTest.Device));
        Assert.All(cpu.Numbers.Zip(cuda.Numbers), p => Assert.Equal(p.First, p.Second, 1e-9));
        Assert.Equal(cpu.Mask, cuda.Mask);
        Assert.Equal(ids.Select(i => i != 0), cuda.Mask);

        (double[] Numbers, bool[] Mask) Run(Device device)
        {
            using var use = Device.Use(device);
            RandomState.SetSeed(3);
            var model = new Sequential
            {
                new Embedding(12, 4, maskZero: true) { DType = DType.Float64 }, new Dense(5, "tanh") { DType = DType.Float64 },
                new RunningMean(), new Dense(2) { DType = DType.Float64 },
            };
            model.Compile(new Adam(0.01), "mse", ["mae"]);
            var history = model.Fit(x, y, epochs: 2, batchSize: 8, validation: new Dataset(x, y), random: 1);
            var predicted = model.Predict((Tensors)x)[0];
            Assert.Equal(device, model.PredictOnBatch(x).Mask!.Device);
            return ([.. history["loss"], .. history["mae"], .. history["val_loss"], .. predicted.ToArray<double>(),
                .. model.Parameters.SelectMany(p => p.Value.ToArray<double>())], predicted.Mask!.ToArray<bool>());
        }
    }

    // The mean of the steps so far that count.
    private sealed class RunningMean : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call)
        {
            var counts = call.Mask!.Cast(x.DType).ExpandDims(-1);
            return (x * counts).CumSum(1) / counts.CumSum(1);
        }
    }

    [Fact]
    public void A_step_of_the_convolutional_network_reads_nothing_back()
    {
        using var use = Device.Use(CudaTest.Device);
        var model = Recipe.Find("mnist-cnn").Prepare(10);
        var reads = new List<long>();
        var data = new Dataset(Tensor.RandomNormal([20, 28, 28, 1], random: 1), Tensor.FromArray([.. Enumerable.Range(0, 20).Select(i => i % 10)]));
        model.Fit(data, epochs: 1, batchSize: 4, callbacks: [new OnBatch(_ => reads.Add(CudaTest.Device.Downloads))]);
        Assert.Equal(5, reads.Count);
        Assert.Equal(reads[0], reads[^1]);
        Assert.Equal(reads[^1] + 1, CudaTest.Device.Downloads); // the epoch's numbers, all at once

        // A report reads once, whatever is asked of it.
        model.Fit(data, epochs: 1, batchSize: 4, callbacks: [new OnBatch(s =>
        {
            long before = CudaTest.Device.Downloads;
            Assert.True(double.IsFinite(s.Logs.Loss + s.Logs["accuracy"] + s.BatchLoss));
            Assert.Equal(before + 1, CudaTest.Device.Downloads);
        })]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_that_is_not_finite_is_named_later_and_changes_nothing(bool asked)
    {
        using var use = Device.Use(CudaTest.Device);
        var (train, _) = Datasets.Digits();
        Tensor x = train.X[..160].Clone(), y = train.Y[..160];
        float[] values = x.ToArray<float>();
        values[100 * 64] = float.NaN; // row 100 is in step 4
        var broken = new Dataset(Tensor.FromArray(values, x.Shape), y);

        var good = Net();
        good.Fit(new Dataset(x, y), batchSize: 32, shuffle: false, callbacks: [new OnBatch(s => { if (s.Step == 3) s.Stop("enough"); })]);
        var model = Net();
        TrainingState? state = null;
        var error = Assert.Throws<NumericException>(() => model.Fit(broken, batchSize: 32, shuffle: false, callbacks: [new OnBatch(s =>
        {
            state = s;
            if (asked) _ = s.Logs;
        })]));
        Assert.Contains("the loss is NaN at epoch 1, step 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("the features of shape [32, 8, 8, 1] are not finite at [4, 0, 0, 0]", error.Message, StringComparison.Ordinal);
        Assert.Equal(good.Parameters.Select(p => p.Value.ToArray<float>()), model.Parameters.Select(p => p.Value.ToArray<float>()));
        Assert.Equal(3, model.Optimizer!.Steps);
        Assert.Equal((3, 96L), (state!.Step, state.Rows));
        Assert.Equal(good.Optimizer!.State.Select(s => s.Value.ToArray<float>()), model.Optimizer.State.Select(s => s.Value.ToArray<float>()));
    }

    [Fact]
    public void A_bad_step_changes_nothing_that_an_optimizer_of_ones_own_keeps_and_nobody_waits()
    {
        var device = CudaTest.Device;
        var p = new Parameter("p", Tensor.Ones([4], device: device));
        var optimizer = new OwnOptimizerTests.ThreeByTensors(0.1) { WeightDecay = 0.1 };
        Tensor g = Tensor.Ones([4], device: device), bad = Tensor.Full([4], double.NaN, device: device);
        optimizer.Apply([p], [g], Tensor.Full(Shape.Scalar, 1, DType.Bool, device));
        double[] then = [.. p.Value.ToDoubles(), .. optimizer.State.SelectMany(s => s.Value.ToDoubles())];
        long reads = device.Downloads;
        optimizer.Apply([p], [bad], Tensor.Full(Shape.Scalar, 0, DType.Bool, device));
        Assert.Equal(reads, device.Downloads);
        Assert.Equal(2, optimizer.Steps);
        optimizer.Rewind(1);
        Assert.Equal(then, p.Value.ToDoubles().Concat(optimizer.State.SelectMany(s => s.Value.ToDoubles())));
    }

    private static Sequential Net()
    {
        RandomState.SetSeed(3);
        var model = new Sequential { new Flatten(), new Dense(16, "relu"), new BatchNormalization(momentum: 0.5), new Dropout(0.2), new Dense(10) };
        model.Compile(new Adam(0.01), Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
        return model;
    }

    private sealed class OnBatch(Action<TrainingState> act) : Callback
    {
        public override void OnBatchEnd(TrainingState state) => act(state);
    }
}
