using NativeDL.Interop.OpenBlas;

namespace NativeDL.Bench.Compare.Cases;

/// <summary>Square matrix products.</summary>
internal static unsafe class Products
{
    public static IEnumerable<CompareCase> Cases =>
    [
        .. new[] { 64, 256, 1024 }.Select(n => new CompareCase($"gemm-{n}", 2.0 * n * n * n, 12.0 * n * n, () => ThroughTensors(n))),
        new CompareCase("gemm-1024-managed", 2.0 * 1024 * 1024 * 1024, 12.0 * 1024 * 1024, () => Managed(1024)) { Threads = 1 },
    ];

    private static Work ThroughTensors(int n)
    {
        Tensor a = Tensor.RandomNormal([n, n]), b = Tensor.RandomNormal([n, n]);
        return new Work(() =>
        {
            using var scope = TensorScope.Begin();
            a.MatMul(b);
        }, () => Check(a, b, a.MatMul(b)));
    }

    // The product in C# against OpenBLAS, both on one thread.
    private static Work Managed(int n)
    {
        Tensor a = Tensor.RandomNormal([n, n]), b = Tensor.RandomNormal([n, n]), c = Tensor.Zeros([n, n]);
        void InCSharp() => ManagedGemm.Multiply(false, false, n, n, n, 1, (float*)a.Address, n, (float*)b.Address, n, 0, (float*)c.Address, n);
        void InOpenBlas() => Cblas.Gemm(CblasOrder.RowMajor, CblasTranspose.None, CblasTranspose.None, n, n, n, 1, (float*)a.Address, n, (float*)b.Address, n,
            0, (float*)c.Address, n);
        return new Work(InCSharp, () =>
        {
            InCSharp();
            Check(a, b, c);
        })
        {
            Opponent = OpenBlasLibrary.IsAvailable ? ($"OpenBLAS ({OpenBlasInfo.CoreName})", InOpenBlas) : null,
        };
    }

    // A few elements of each row against sums in double precision.
    private static void Check(Tensor a, Tensor b, Tensor c)
    {
        int n = a.Shape[0];
        float[] left = a.ToArray<float>(), right = b.ToArray<float>(), result = c.ToArray<float>();
        var got = new List<double>();
        var exact = new List<double>();
        for (int i = 0; i < n; i++)
            for (int j = i % 31; j < n; j += 31)
            {
                double sum = 0;
                for (int k = 0; k < n; k++) sum += (double)left[i * n + k] * right[k * n + j];
                got.Add(result[i * n + j]);
                exact.Add(sum);
            }
        Agreement.Near($"gemm-{n}", got.ToArray(), exact.ToArray());
    }
}
