namespace NativeDL.Bench.Compare;

/// <summary>Compares results with double precision before anything is timed.</summary>
internal static class Agreement
{
    /// <summary>The same function in float32 and float64: results agree in the norm.</summary>
    public static void WithDouble(string name, Func<Tensor[], Tensor[]> function, params Tensor[] operands)
    {
        using var scope = TensorScope.Begin();
        var single = function(operands);
        var exact = function([.. operands.Select(x => x.DType == DType.Float32 ? x.Cast(DType.Float64) : x)]);
        for (int i = 0; i < exact.Length; i++) Near($"{name}, result {i}", single[i].ToDoubles(), exact[i].ToArray<double>());
    }

    /// <summary>‖a − b‖ is small beside ‖b‖.</summary>
    public static void Near(string name, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double tolerance = 1e-5)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < b.Length; i++)
        {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            norm += b[i] * b[i];
        }
        double error = Math.Sqrt(difference / Math.Max(norm, 1e-300));
        if (a.Length != b.Length || !(error <= tolerance))
            throw new InvalidOperationException($"Compare({name}): the result is wrong. Got a relative error of {error:G3}; expected at most {tolerance:G3}.");
    }
}
