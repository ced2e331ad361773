namespace NativeDL.Tests.Optimizers;

/// <summary>What the worked examples share: steps by hand, and numbers as tensors of float64.</summary>
internal static class Training
{
    /// <summary>One step on a loss; gives the loss before it.</summary>
    public static double Step(Optimizer optimizer, Parameter[] parameters, Func<Tensor> loss)
    {
        using var step = TensorScope.Begin();
        using var tape = new GradientTape();
        var value = loss();
        optimizer.Apply(parameters, tape.Gradient(value, parameters));
        return value.Item();
    }

    public static Tensor Matrix(int columns, params double[] values) => Tensor.FromArray(values, [values.Length / columns, columns]);

    public static Parameter Parameter(string name, int columns, params double[] values) => new(name, Matrix(columns, values));

    public static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"number {i}: expected {expected[i]:R}, got {actual[i]:R}");
    }
}
