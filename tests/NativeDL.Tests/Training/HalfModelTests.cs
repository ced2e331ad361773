using NativeDL.Layers;
using NativeDL.Tests.Cuda;

namespace NativeDL.Tests.Training;

/// <summary>Models of half precision. They seed the default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class HalfModelTests
{
    public static TheoryData<DType, bool> Cases =>
        new() { { DType.BFloat16, false }, { DType.Float16, false }, { DType.BFloat16, true }, { DType.Float16, true } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_small_model_trains(DType dtype, bool onCard)
    {
        using var use = Device.Use(onCard ? CudaTest.Device : Device.Cpu);
        RandomState.SetSeed(3);
        // Whether a point lies inside of a circle.
        var x = Tensor.RandomUniform([256, 2], -1, 1, random: new RandomState(1));
        var y = ((x * x).Sum(-1) < 0.5).Cast(DType.Int32);
        var model = new Sequential { new Dense(32), new BatchNormalization(momentum: 0.9), new ActivationLayer("relu"), new Dense(2) };
        foreach (var layer in model.Layers) layer.DType = dtype;
        model.Compile(new Adam(0.02), Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
        var history = model.Fit(x.Cast(dtype), y, epochs: 20, batchSize: 32, random: new RandomState(2));
        Assert.True(history["loss"][^1] < 0.35 && history["accuracy"][^1] > 0.85, history.ToCsv());
        Assert.InRange(model.Evaluate(x.Cast(dtype), y)["accuracy"], 0.85, 1);

        var batchNorm = (BatchNormalization)model.Layers[1];
        Assert.Equal((dtype, dtype), (batchNorm.Gamma!.DType, batchNorm.Beta!.DType));
        Assert.Equal((DType.Float32, DType.Float32), (batchNorm.MovingMean!.DType, batchNorm.MovingVariance!.DType));
        Assert.All(model.TrainableParameters, p => Assert.Equal(dtype, p.DType));
        Assert.All(model.Optimizer!.State, s => Assert.Equal(DType.Float32, s.Value.DType));
        Assert.Equal(dtype, model.Predict(x.Cast(dtype)).DType);
    }

    [Fact]
    public void Moving_averages_move_where_half_precision_would_stand_still()
    {
        var layer = new BatchNormalization(momentum: 0.999) { DType = DType.BFloat16 };
        var x = Tensor.RandomNormal([64, 3], 1, 2, random: new RandomState(1)).Cast(DType.BFloat16);
        for (int i = 0; i < 500; i++) layer.Call(x, training: true);
        double[] mean = x.Cast(DType.Float32).Mean(0).ToDoubles();
        for (int c = 0; c < 3; c++) Assert.Equal(mean[c] * (1 - Math.Pow(0.999, 500)), layer.MovingMean!.Value.ToDoubles()[c], 2e-3);
    }

    [Fact]
    public void A_half_model_is_saved_and_trains_on_to_the_bit()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("half.ndl");
        RandomState.SetSeed(3);
        var model = new Sequential { new Dense(8), new BatchNormalization(), new Dense(1) };
        foreach (var layer in model.Layers) layer.DType = DType.BFloat16;
        model.Compile(new AdamW(0.01), "mse");
        Tensor x = Tensor.RandomNormal([32, 4], random: new RandomState(1)).Cast(DType.BFloat16),
            y = Tensor.RandomNormal([32, 1], random: new RandomState(2)).Cast(DType.BFloat16);
        model.Fit(x, y, epochs: 2, batchSize: 8, random: new RandomState(5));
        model.Save(path);
        var loaded = Model.Load(path);
        foreach (var one in new[] { model, loaded }) one.Fit(x, y, epochs: 2, batchSize: 8, random: new RandomState(6));
        Assert.Equal(model.Parameters.Select(p => (p.DType, string.Join(" ", p.Value.ToDoubles()))),
            loaded.Parameters.Select(p => (p.DType, string.Join(" ", p.Value.ToDoubles()))));
    }
}
