using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeDL;

/// <summary>
/// The matrix product in C#, for machines without OpenBLAS: <c>C = alpha · op(A) · op(B) + beta · C</c>,
/// row-major.
/// <list type="bullet">
/// <item>op(A) is [m, k], op(B) is [k, n], C is [m, n]; a transposed operand is stored the other way round, with
/// leading dimensions at least the stored row's length. C may not overlap A or B.</item>
/// <item>beta = 0 never reads C; alpha = 0 or k = 0 never reads A and B.</item>
/// <item>One thread, re-entrant, no allocation but each thread's workspace on its first call.</item>
/// <item>An element of C is a sum over blocks of <see cref="GemmBlocking.Depth"/> along k, in order; each
/// block is one chain of fused multiply-adds. So its bits depend on its row of op(A), its column of op(B), alpha,
/// beta and k only: not on m, n, tiles, alignment, leading dimensions, transposition or vector width.</item>
/// </list>
/// 2·m·n·k FLOPs.
/// </summary>
internal static unsafe class ManagedGemm
{
    /// <summary>The product in single precision.</summary>
    public static void Multiply(
        bool transA, bool transB, int m, int n, int k,
        float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc)
    {
        var product = new GemmProduct<float>(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        if (IsOnlyScaling(product))
        {
            Scale(product);
        }
        else if (Avx512F.IsSupported)
        {
            GemmBlocking.Run<float, Vector512<float>, Avx512Single>(product);
        }
        else if (Fma.IsSupported)
        {
            GemmBlocking.Run<float, Vector256<float>, Fma256<float>>(product);
        }
        else
        {
            GemmBlocking.Run<float, Vector128<float>, Lanes128<float>>(product);
        }
    }

    /// <summary>The product in double precision.</summary>
    public static void Multiply(
        bool transA, bool transB, int m, int n, int k,
        double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc)
    {
        var product = new GemmProduct<double>(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        if (IsOnlyScaling(product))
        {
            Scale(product);
        }
        else if (Avx512F.IsSupported)
        {
            GemmBlocking.Run<double, Vector512<double>, Avx512Double>(product);
        }
        else if (Fma.IsSupported)
        {
            GemmBlocking.Run<double, Vector256<double>, Fma256<double>>(product);
        }
        else
        {
            GemmBlocking.Run<double, Vector128<double>, Lanes128<double>>(product);
        }
    }

    private static bool IsOnlyScaling<T>(in GemmProduct<T> p)
        where T : unmanaged, INumberBase<T>
        => p.M == 0 || p.N == 0 || p.K == 0 || T.IsZero(p.Alpha);

    private static void Scale<T>(in GemmProduct<T> p)
        where T : unmanaged, INumberBase<T>
    {
        for (nint i = 0; i < p.M; i++)
        {
            GemmMerge.Scale(p.C + (i * p.Ldc), p.N, p.Beta);
        }
    }
}

/// <summary>The arguments of one product, named as in BLAS.</summary>
internal readonly unsafe struct GemmProduct<T>
    where T : unmanaged
{
    public readonly bool TransA, TransB;
    public readonly int M, N, K;
    public readonly T Alpha, Beta;
    public readonly T* A, B, C;
    public readonly nint Lda, Ldb, Ldc;

    public GemmProduct(
        bool transA, bool transB, int m, int n, int k, T alpha, T* a, int lda, T* b, int ldb, T beta, T* c, int ldc)
    {
        Debug.Assert(m >= 0 && n >= 0 && k >= 0);
        Debug.Assert(lda >= (transA ? m : k) && ldb >= (transB ? k : n) && ldc >= n);
        (TransA, TransB, M, N, K, Alpha, Beta) = (transA, transB, m, n, k, alpha, beta);
        A = a;
        B = b;
        C = c;
        (Lda, Ldb, Ldc) = (lda, ldb, ldc);
    }
}
