using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeDL;

/// <summary>
/// The matrix-vector product <c>y = alpha · op(A) · x + beta · y</c>. A is [m, n], row-major with leading dimension
/// lda ≥ n; x and y are contiguous, and y overlaps nothing.
/// <list type="bullet">
/// <item>Not transposed (y is [m], x is [n]): each row is summed in 128 bytes of virtual lanes (32 floats or 16
/// doubles, element j in lane j mod 32 or 16) and those by one fixed tree: the same bits at any vector width.</item>
/// <item>Transposed (y is [n], x is [m]): each element is the fused chain of <see cref="ManagedGemm"/> in its
/// blocks, and has the bits of that product with a one-row matrix.</item>
/// <item>beta = 0 never reads y; alpha = 0 never reads A and x. One thread, re-entrant, no allocation but each
/// thread's workspace on its first call.</item>
/// </list>
/// Bound by memory: each element of A is read once. 2·m·n FLOPs.
/// </summary>
internal static unsafe class ManagedGemv
{
    /// <summary>The product in single precision.</summary>
    public static void Multiply(bool trans, int m, int n, float alpha, float* a, int lda, float* x, float beta, float* y)
    {
        Debug.Assert(m >= 0 && n >= 0 && lda >= n);
        if (IsOnlyScaling(trans, m, n, alpha, beta, y))
        {
            return;
        }

        if (!trans)
        {
            GemvRows<float>.Multiply(m, n, alpha, a, lda, x, beta, y);
        }
        else if (Avx512F.IsSupported)
        {
            GemvColumns<float, Vector512<float>, Avx512Single>.Multiply(m, n, alpha, a, lda, x, beta, y);
        }
        else if (Fma.IsSupported)
        {
            GemvColumns<float, Vector256<float>, Fma256<float>>.Multiply(m, n, alpha, a, lda, x, beta, y);
        }
        else
        {
            GemvColumns<float, Vector128<float>, Lanes128<float>>.Multiply(m, n, alpha, a, lda, x, beta, y);
        }
    }

    /// <summary>The product in double precision.</summary>
    public static void Multiply(bool trans, int m, int n, double alpha, double* a, int lda, double* x, double beta, double* y)
    {
        Debug.Assert(m >= 0 && n >= 0 && lda >= n);
        if (IsOnlyScaling(trans, m, n, alpha, beta, y))
        {
            return;
        }

        if (!trans)
        {
            GemvRows<double>.Multiply(m, n, alpha, a, lda, x, beta, y);
        }
        else if (Avx512F.IsSupported)
        {
            GemvColumns<double, Vector512<double>, Avx512Double>.Multiply(m, n, alpha, a, lda, x, beta, y);
        }
        else if (Fma.IsSupported)
        {
            GemvColumns<double, Vector256<double>, Fma256<double>>.Multiply(m, n, alpha, a, lda, x, beta, y);
        }
        else
        {
            GemvColumns<double, Vector128<double>, Lanes128<double>>.Multiply(m, n, alpha, a, lda, x, beta, y);
        }
    }

    /// <summary>Where A and x do not count: <c>y = beta · y</c> is done here.</summary>
    private static bool IsOnlyScaling<T>(bool trans, int m, int n, T alpha, T beta, T* y)
        where T : unmanaged, INumberBase<T>
    {
        if (m > 0 && n > 0 && !T.IsZero(alpha))
        {
            return false;
        }

        GemmMerge.Scale(y, trans ? n : m, beta);
        return true;
    }
}
