namespace NativeDL.Tests.Cuda;

/// <summary>Operands that float32 holds exactly, and the comparison of the device's sums of products with the CPU's in float64.</summary>
internal static class CudaAgreement
{
    internal static readonly (DType Type, double Epsilon)[] Types = [(DType.Float32, 1.2e-7), (DType.Float64, 2.3e-16)];

    /// <summary>Numbers between −1 and 1, in float64.</summary>
    internal static Tensor Numbers(Shape shape, int seed)
    {
        var random = new System.Random(seed);
        return Tensor.FromArray(Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (double)(float)(2 * random.NextDouble() - 1)).ToArray(), shape);
    }

    internal static Tensor OnDevice(Tensor x, DType dtype = DType.Float64) => x.Cast(dtype).To(CudaTest.Device);

    /// <summary>Fails unless the found result is the expected one to within 4 ε √terms, in the norm.</summary>
    internal static void Agree(Tensor expected, Tensor found, double terms, double epsilon, string what = "")
    {
        Assert.Equal(expected.Shape, found.Shape);
        double[] a = expected.ToDoubles(), b = found.ToDoubles();
        double error = Norm(a.Zip(b, (u, v) => u.Equals(v) ? 0 : u - v)),
            allowed = 4 * epsilon * Math.Sqrt(Math.Max(1, terms)) * (1 + Norm(a.Where(double.IsFinite)));
        if (error <= allowed) return;
        int worst = Enumerable.Range(0, a.Length)
            .MaxBy(i => a[i].Equals(b[i]) ? 0 : double.IsNaN(a[i] - b[i]) ? double.PositiveInfinity : Math.Abs(a[i] - b[i]));
        Assert.Fail($"{what} {found.DType} {found.Shape}: differs by {error}, allowed {allowed}; element {worst} is {b[worst]}, expected {a[worst]}");
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));
}
