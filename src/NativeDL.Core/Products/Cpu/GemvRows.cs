using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeDL;

/// <summary>
/// Dot products of the rows of a matrix with a vector. A row's last, partial block is padded with zeros and takes
/// the same instructions. 256-bit registers are enough: the work is bound by memory.
/// </summary>
internal static unsafe class GemvRows<T>
    where T : unmanaged, INumberBase<T>
{
    private const int BytesOfLanes = 128;

    private static int Lanes => BytesOfLanes / sizeof(T);

    public static void Multiply(int m, int n, T alpha, T* a, nint lda, T* x, T beta, T* y)
    {
        if (Fma.IsSupported)
        {
            Multiply256(m, n, alpha, a, lda, x, beta, y);
        }
        else
        {
            Multiply128(m, n, alpha, a, lda, x, beta, y);
        }
    }

    /// <summary>Two rows at a time, in four registers each, to hide the latency of the multiply-add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply256(int m, int n, T alpha, T* a, nint lda, T* x, T beta, T* y)
    {
        var padded = stackalloc T[3 * Lanes];
        new Span<T>(padded, 3 * Lanes).Clear();
        int whole = n - (n % Lanes);
        Copy(x + whole, n - whole, padded);
        int v = Vector256<T>.Count;
        for (int i = 0; i < m; i += 2, a += 2 * lda)
        {
            // The last row of an odd number is computed twice.
            bool pair = i + 1 < m;
            T* p = a, q = pair ? a + lda : a, z = x;
            Vector256<T> p0 = default, p1 = default, p2 = default, p3 = default;
            Vector256<T> q0 = default, q1 = default, q2 = default, q3 = default;
            int left = whole;
            while (true)
            {
                for (; left > 0; left -= Lanes, p += Lanes, q += Lanes, z += Lanes)
                {
                    Vector256<T> z0 = Vector256.Load(z), z1 = Vector256.Load(z + v);
                    Vector256<T> z2 = Vector256.Load(z + (2 * v)), z3 = Vector256.Load(z + (3 * v));
                    p0 = Fma256<T>.MultiplyAdd(Vector256.Load(p), z0, p0);
                    p1 = Fma256<T>.MultiplyAdd(Vector256.Load(p + v), z1, p1);
                    p2 = Fma256<T>.MultiplyAdd(Vector256.Load(p + (2 * v)), z2, p2);
                    p3 = Fma256<T>.MultiplyAdd(Vector256.Load(p + (3 * v)), z3, p3);
                    q0 = Fma256<T>.MultiplyAdd(Vector256.Load(q), z0, q0);
                    q1 = Fma256<T>.MultiplyAdd(Vector256.Load(q + v), z1, q1);
                    q2 = Fma256<T>.MultiplyAdd(Vector256.Load(q + (2 * v)), z2, q2);
                    q3 = Fma256<T>.MultiplyAdd(Vector256.Load(q + (3 * v)), z3, q3);
                }

                if (whole == n || z == padded + Lanes)
                {
                    break;
                }

                // Once more, over the padded remainder.
                Copy(p, n - whole, padded + Lanes);
                Copy(q, n - whole, padded + (2 * Lanes));
                p = padded + Lanes;
                q = padded + (2 * Lanes);
                z = padded;
                left = Lanes;
            }

            Finish(Sum(p0, p1, p2, p3), alpha, beta, y + i);
            if (pair)
            {
                Finish(Sum(q0, q1, q2, q3), alpha, beta, y + i + 1);
            }
        }
    }

    /// <summary>The same lanes in eight registers, a row at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply128(int m, int n, T alpha, T* a, nint lda, T* x, T beta, T* y)
    {
        var padded = stackalloc T[2 * Lanes];
        new Span<T>(padded, 2 * Lanes).Clear();
        int whole = n - (n % Lanes);
        Copy(x + whole, n - whole, padded);
        int v = Vector128<T>.Count;
        for (int i = 0; i < m; i++, a += lda)
        {
            T* p = a, z = x;
            Vector128<T> s0 = default, s1 = default, s2 = default, s3 = default;
            Vector128<T> s4 = default, s5 = default, s6 = default, s7 = default;
            int left = whole;
            while (true)
            {
                for (; left > 0; left -= Lanes, p += Lanes, z += Lanes)
                {
                    s0 = Lanes128<T>.MultiplyAdd(Vector128.Load(p), Vector128.Load(z), s0);
                    s1 = Lanes128<T>.MultiplyAdd(Vector128.Load(p + v), Vector128.Load(z + v), s1);
                    s2 = Lanes128<T>.MultiplyAdd(Vector128.Load(p + (2 * v)), Vector128.Load(z + (2 * v)), s2);
                    s3 = Lanes128<T>.MultiplyAdd(Vector128.Load(p + (3 * v)), Vector128.Load(z + (3 * v)), s3);
                    s4 = Lanes128<T>.MultiplyAdd(Vector128.Load(p + (4 * v)), Vector128.Load(z + (4 * v)), s4);
                    s5 = Lanes128<T>.MultiplyAdd(Vector128.Load(p + (5 * v)), Vector128.Load(z + (5 * v)), s5);
                    s6 = Lanes128<T>.MultiplyAdd(Vector128.Load(p + (6 * v)), Vector128.Load(z + (6 * v)), s6);
                    s7 = Lanes128<T>.MultiplyAdd(Vector128.Load(p + (7 * v)), Vector128.Load(z + (7 * v)), s7);
                }

                if (whole == n || z == padded + Lanes)
                {
                    break;
                }

                Copy(p, n - whole, padded + Lanes);
                p = padded + Lanes;
                z = padded;
                left = Lanes;
            }

            Finish(Sum((s0 + s4) + (s2 + s6), (s1 + s5) + (s3 + s7)), alpha, beta, y + i);
        }
    }

    /// <summary>Into a buffer whose rest stays zero: the padding of a row's last block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* from, int count, T* to)
    {
        int j = 0;
        for (; j <= count - Vector128<T>.Count; j += Vector128<T>.Count)
        {
            Vector128.Load(from + j).Store(to + j);
        }

        for (; j < count; j++)
        {
            to[j] = from[j];
        }
    }

    /// <summary>The tree: lane l takes the lane half the lanes further, until one is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum(Vector256<T> s0, Vector256<T> s1, Vector256<T> s2, Vector256<T> s3)
    {
        var sum = (s0 + s2) + (s1 + s3);
        return Sum(sum.GetLower(), sum.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum(Vector128<T> low, Vector128<T> high)
    {
        var s = low + high;
        return sizeof(T) == sizeof(float) ? (s[0] + s[2]) + (s[1] + s[3]) : s[0] + s[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(T sum, T alpha, T beta, T* y)
        => *y = T.IsZero(beta)
            ? alpha * sum
            : Lanes128<T>.MultiplyAdd(Vector128.Create(alpha), Vector128.Create(sum), Vector128.Create(beta * *y)).ToScalar();
}
