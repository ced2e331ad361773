using NativeDL.Layers;

namespace NativeDL.Bench.Compare.Cases;

/// <summary>One step of training: forward, loss, gradients, Adam; batch 128.</summary>
internal static class TrainingSteps
{
    public const int Batch = 128;

    // So small that the one batch is not learned by heart over thousands of steps: then gradients vanish into
    // subnormal numbers, on which processors are slow, and the step is not that of a training.
    public const float LearningRate = 1e-7f;

    public static IEnumerable<CompareCase> Cases =>
    [
        // Each product once forward and once for each gradient that is wanted (the first layer's input wants none).
        new CompareCase("cnn-step", 2 * Product(26 * 26, 9, 32) + 3 * Product(11 * 11, 288, 64) + 3 * Product(1, 1600, 10),
            Moved(34_826, 784, 26 * 26 * 32, 13 * 13 * 32, 11 * 11 * 64, 1600, 1600, 10),
            () => Step("cnn-step", Cnn(), [Batch, 28, 28, 1])),
        new CompareCase("mlp-step", 2 * Product(1, 784, 128) + 3 * Product(1, 128, 10), Moved(101_770, 784, 128, 128, 10),
            () => Step("mlp-step", Mlp(), [Batch, 28, 28, 1])),
    ];

    /// <summary>The network of the README.</summary>
    public static Sequential Cnn(double dropout = 0.5) =>
    [
        new Conv2D(32, 3, activation: "relu"), new MaxPool2D(2),
        new Conv2D(64, 3, activation: "relu"), new MaxPool2D(2),
        new Flatten(), new Dropout(dropout), new Dense(10),
    ];

    /// <summary>The network of the recipe mnist-mlp.</summary>
    public static Sequential Mlp(double dropout = 0.2) => [new Flatten(), new Dense(128, activation: "relu"), new Dropout(dropout), new Dense(10)];

    private static Work Step(string name, Sequential model, Shape input)
    {
        model.Compile(new Adam(LearningRate), Loss.SparseCategoricalCrossentropy(fromLogits: true));
        var x = Tensor.RandomUniform(input);
        var y = (Tensor.RandomUniform([Batch]) * 10).Floor().Cast(DType.Int32);
        model.Call(x);
        return new Work(() => model.TrainOnBatch(x, y), () => Check(name, model, x, y))
        {
            Facts = new Dictionary<string, long> { ["parameters"] = model.Parameters.Sum(p => p.Shape.ElementCount) },
        };
    }

    // Loss and gradients without dropout, in float32 and float64.
    private static void Check(string name, Sequential model, Tensor x, Tensor y)
    {
        var parameters = model.Parameters;
        var single = LossAndGradients();
        foreach (var p in parameters) p.CastTo(DType.Float64);
        x = x.Cast(DType.Float64);
        var exact = LossAndGradients();
        foreach (var p in parameters) p.CastTo(DType.Float32);
        for (int i = 0; i < exact.Length; i++) Agreement.Near($"{name}, {(i == 0 ? "loss" : parameters[i - 1].Name)}", single[i], exact[i], 1e-4);

        double[][] LossAndGradients()
        {
            using var tape = new GradientTape();
            var loss = model.Loss!.Call(y, model.Call(x));
            return [[loss.Item()], .. tape.Gradient(loss, parameters).Select(g => g.ToDoubles())];
        }
    }

    private static double Product(int places, int inputs, int outputs) => 2.0 * Batch * places * inputs * outputs;

    // Each activation written, read forward and read backward, its gradient written and read; Adam's 28 bytes a parameter.
    private static double Moved(int parameters, params int[] activations) => 28.0 * parameters + 20.0 * Batch * activations.Sum();
}
