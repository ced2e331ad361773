using NativeDL.Interop.OpenBlas;

namespace NativeDL.Tests.Interop;

/// <summary>
/// The binding calls what it says it calls. Where OpenBLAS is absent or hidden, the facts are that it says so
/// with a reason and that a call is refused.
/// </summary>
public sealed unsafe class OpenBlasTests
{
    [Fact]
    public void An_absent_library_gives_its_reasons_and_refuses_calls()
    {
        Assert.NotEmpty(OpenBlasLibrary.Report.Attempts);
        Assert.All(OpenBlasLibrary.Report.Attempts, attempt => Assert.NotEmpty(attempt.Reason));
        Assert.Equal(OpenBlasLibrary.IsAvailable, OpenBlasLibrary.Report.Found is not null);
        if (!OpenBlasLibrary.IsAvailable)
        {
            var error = Assert.Throws<DllNotFoundException>(() => OpenBlasInfo.Threads);
            Assert.Contains(OpenBlasLibrary.LogicalName, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_runs_on_one_thread_and_tells_its_kernels()
    {
        Assert.SkipUnless(OpenBlasLibrary.IsAvailable, "needs OpenBLAS");
        Assert.Equal(1, OpenBlasInfo.Threads);
        Assert.NotEmpty(OpenBlasInfo.CoreName);
        Assert.Contains("OpenBLAS", OpenBlasInfo.Config, StringComparison.Ordinal);
        Assert.DoesNotContain("USE64BITINT", OpenBlasInfo.Config, StringComparison.Ordinal);
    }

    [Fact]
    public void A_product_with_beta_zero_never_reads_C()
    {
        Assert.SkipUnless(OpenBlasLibrary.IsAvailable, "needs OpenBLAS");
        float* a = stackalloc float[] { 1, 2, 3, 4 };
        float* b = stackalloc float[] { 5, 6, 7, 8 };
        float* c = stackalloc float[] { float.NaN, float.NaN, float.NaN, float.NaN };
        Cblas.Gemm(CblasOrder.RowMajor, CblasTranspose.None, CblasTranspose.None, 2, 2, 2, 1f, a, 2, b, 2, 0f, c, 2);
        Assert.Equal([19f, 22f, 43f, 50f], new ReadOnlySpan<float>(c, 4).ToArray());

        double* da = stackalloc double[] { 1, 2, 3, 4 };
        double* db = stackalloc double[] { 5, 6, 7, 8 };
        double* dc = stackalloc double[] { double.NaN, double.NaN, double.NaN, double.NaN };
        Cblas.Gemm(CblasOrder.RowMajor, CblasTranspose.Transpose, CblasTranspose.None, 2, 2, 2, 1, da, 2, db, 2, 0, dc, 2);
        Assert.Equal([26.0, 30.0, 38.0, 44.0], new ReadOnlySpan<double>(dc, 4).ToArray());
    }

    [Fact]
    public void Vectors_meet_matrices_and_each_other()
    {
        Assert.SkipUnless(OpenBlasLibrary.IsAvailable, "needs OpenBLAS");
        float* a = stackalloc float[] { 1, 2, 3, 4, 5, 6 };
        float* x = stackalloc float[] { 1, 0, -1 };
        float* y = stackalloc float[] { float.NaN, float.NaN };
        Cblas.Gemv(CblasOrder.RowMajor, CblasTranspose.None, 2, 3, 1f, a, 3, x, 1, 0f, y, 1);
        Assert.Equal([-2f, -2f], new ReadOnlySpan<float>(y, 2).ToArray());

        double* u = stackalloc double[] { 1, 2, 3 };
        double* v = stackalloc double[] { 4, 5, 6 };
        Assert.Equal(32.0, Cblas.Dot(3, u, 1, v, 1));
        Cblas.Axpy(3, 2.0, u, 1, v, 1);
        Assert.Equal([6.0, 9.0, 12.0], new ReadOnlySpan<double>(v, 3).ToArray());
    }

    [Fact]
    public void Lapack_solves_and_factors()
    {
        Assert.SkipUnless(OpenBlasLibrary.HasLapack, "needs an OpenBLAS with LAPACK");
        // Columns: A = [[4, 1], [1, 3]], b = A · [1, 2].
        double* a = stackalloc double[] { 4, 1, 1, 3 };
        double* b = stackalloc double[] { 6, 7 };
        int* pivots = stackalloc int[2];
        Assert.Equal(0, Lapack.Gesv(2, 1, a, 2, pivots, b, 2));
        Assert.Equal(1.0, b[0], 14);
        Assert.Equal(2.0, b[1], 14);

        float* s = stackalloc float[] { 4, 1, 1, 3 };
        float* r = stackalloc float[] { 6, 7 };
        Assert.Equal(0, Lapack.Potrf('L', 2, s, 2));
        Assert.Equal(2f, s[0]);
        Assert.Equal(0, Lapack.Potrs('L', 2, 1, s, 2, r, 2));
        Assert.Equal(1f, r[0], 5);
        Assert.Equal(2f, r[1], 5);
    }

    [Fact]
    public void Lapack_tells_a_singular_matrix_by_its_pivot()
    {
        Assert.SkipUnless(OpenBlasLibrary.HasLapack, "needs an OpenBLAS with LAPACK");
        double* a = stackalloc double[] { 1, 2, 2, 4 };
        int* pivots = stackalloc int[2];
        Assert.Equal(2, Lapack.Getrf(2, 2, a, 2, pivots));
    }

    [Fact]
    public void Lapack_asks_for_work_space_and_finds_eigenvalues_and_singular_values()
    {
        Assert.SkipUnless(OpenBlasLibrary.HasLapack, "needs an OpenBLAS with LAPACK");
        double* a = stackalloc double[] { 2, 1, 1, 2 };
        double* values = stackalloc double[2];
        double length;
        int intLength;
        Assert.Equal(0, Lapack.Syevd('V', 'L', 2, a, 2, values, &length, -1, &intLength, -1));
        double[] work = new double[(int)length];
        int[] integers = new int[intLength];
        fixed (double* w = work)
        fixed (int* i = integers)
        {
            Assert.Equal(0, Lapack.Syevd('V', 'L', 2, a, 2, values, w, work.Length, i, integers.Length));
        }

        Assert.Equal(1.0, values[0], 14);
        Assert.Equal(3.0, values[1], 14);

        double* m = stackalloc double[] { 3, 0, 0, 0, -5, 0 }; // columns of a 3×2 matrix
        double* s = stackalloc double[2];
        int* boxes = stackalloc int[16];
        Assert.Equal(0, Lapack.Gesdd('N', 3, 2, m, 3, s, null, 1, null, 1, &length, -1, boxes));
        work = new double[(int)length];
        fixed (double* w = work)
        {
            Assert.Equal(0, Lapack.Gesdd('N', 3, 2, m, 3, s, null, 1, null, 1, w, work.Length, boxes));
        }

        Assert.Equal(5.0, s[0], 14);
        Assert.Equal(3.0, s[1], 14);
    }

    [Fact]
    public void Several_threads_call_at_once_and_get_the_same_bits()
    {
        Assert.SkipUnless(OpenBlasLibrary.IsAvailable, "needs OpenBLAS");
        const int n = 96;
        float[] a = [.. Enumerable.Range(0, n * n).Select(i => MathF.Sin(i))];
        float[] expected = Square(a, n);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => Assert.Equal(expected, Square(a, n)));
        Assert.Equal(1, OpenBlasInfo.Threads);
    }

    private static float[] Square(float[] a, int n)
    {
        float[] c = new float[n * n];
        fixed (float* pa = a, pc = c)
        {
            Cblas.Gemm(CblasOrder.RowMajor, CblasTranspose.None, CblasTranspose.None, n, n, n, 1f, pa, n, pa, n, 0f, pc, n);
        }

        return c;
    }
}
