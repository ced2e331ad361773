using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace NativeDL.Tests.Ops;

public sealed unsafe class ManagedGemmTests
{
    /// <summary>Around every edge of the register tiles (4, 6, 8, 12 rows; 8, 16, 32 columns).</summary>
    private static readonly int[] s_sizes = [1, 2, 3, 4, 5, 7, 8, 12, 13, 17, 25, 31, 33, 50];

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Equals_the_naive_product_on_odd_shapes(bool transA, bool transB)
    {
        int shape = 0;
        foreach (int m in s_sizes)
        {
            foreach (int n in s_sizes)
            {
                int k = s_sizes[shape++ % s_sizes.Length];
                (double alpha, double beta) = (shape % 5) switch
                {
                    0 => (1.0, 0.0),
                    1 => (1.0, 1.0),
                    2 => (-0.5, 0.0),
                    3 => (2.0, 0.25),
                    _ => (0.75, -1.0),
                };
                Check<float>(transA, transB, m, n, k, alpha, beta, shape);
                Check<double>(transA, transB, m, n, k, alpha, beta, shape);
            }
        }
    }

    /// <summary>k around the fixed depth of a block; m and n past the blocks of A and B for either type.</summary>
    [Theory]
    [InlineData(13, 33, 255)]
    [InlineData(13, 33, 256)]
    [InlineData(13, 33, 257)]
    [InlineData(30, 70, 600)]
    [InlineData(1150, 5, 9)]
    [InlineData(30, 1050, 9)]
    [InlineData(3, 1050, 300)]
    public void Equals_the_naive_product_across_blocks(int m, int n, int k)
    {
        for (int transposes = 0; transposes < 4; transposes++)
        {
            Check<float>((transposes & 1) != 0, (transposes & 2) != 0, m, n, k, -1.5, 0.5, m + n + k);
            Check<double>((transposes & 1) != 0, (transposes & 2) != 0, m, n, k, 1, 0, m + n + k);
        }
    }

    /// <summary>Rows 4 KB apart are copied first, because they would evict each other from the cache.</summary>
    [Theory]
    [InlineData(1024)]
    [InlineData(1030)]
    [InlineData(2048)]
    public void Equals_the_naive_product_where_rows_collide_in_the_cache(int ld)
    {
        using var a = new GuardedMatrix<float>(29, 300, padding: ld - 300).FillRandom(1);
        using var b = new GuardedMatrix<float>(300, 35).FillRandom(2);
        using var c = new GuardedMatrix<float>(29, 35);
        Multiply(false, false, 29, 35, 300, 1, a, b, 0, c);
        AssertProduct(a.ToArray(), b.ToArray(), new double[29 * 35], 1, 0, 29, 35, 300, c);
    }

    [Fact]
    public void Beta_zero_never_reads_C()
    {
        // A fresh matrix is all NaN.
        foreach (int n in s_sizes)
        {
            using var a = new GuardedMatrix<float>(14, 300).FillRandom(1);
            using var b = new GuardedMatrix<float>(300, n).FillRandom(2);
            using var c = new GuardedMatrix<float>(14, n, padding: 3);
            Multiply(false, false, 14, n, 300, 0.5, a, b, 0, c);
            Assert.DoesNotContain(c.ToArray(), float.IsNaN);
            c.Fill((_, _) => float.NaN);
            Multiply(false, false, 14, n, 300, 0, a, b, 0, c);
            Assert.All(c.ToArray(), value => Assert.Equal(0f, value));
        }
    }

    [Fact]
    public void Alpha_zero_and_an_empty_k_only_scale_C_and_never_read_A_and_B()
    {
        using var nan = new GuardedMatrix<float>(5, 5);
        using var c = new GuardedMatrix<float>(5, 5, padding: 2).Fill((i, j) => i + j);
        Multiply(false, false, 5, 5, 5, 0, nan, nan, 2, c);
        Assert.Equal(16f, c[4, 4]);
        Multiply(false, false, 5, 5, 0, 1, nan, nan, 0.5, c);
        Assert.Equal(8f, c[4, 4]);
        Multiply(false, false, 5, 5, 0, 1, nan, nan, 0, c);
        Assert.Equal(0f, c[4, 4]);
        c.AssertGuardsIntact();
    }

    [Fact]
    public void Empty_matrices_are_no_work()
    {
        using var a = new GuardedMatrix<float>(3, 3).FillRandom(1);
        using var c = new GuardedMatrix<float>(3, 3).Fill((_, _) => 7);
        Multiply(false, false, 0, 3, 3, 1, a, a, 0, c);
        Multiply(false, false, 3, 0, 3, 1, a, a, 0, c);
        Assert.All(c.ToArray(), value => Assert.Equal(7f, value));
    }

    [Fact]
    public void A_NaN_stays_in_its_row_and_column()
    {
        using var a = new GuardedMatrix<float>(14, 20).FillRandom(1);
        using var b = new GuardedMatrix<float>(20, 37).FillRandom(2);
        using var c = new GuardedMatrix<float>(14, 37);
        (a[13, 3], b[5, 36]) = (float.NaN, float.PositiveInfinity);
        Multiply(false, false, 14, 37, 20, 1, a, b, 0, c);
        for (int i = 0; i < 14; i++)
        {
            for (int j = 0; j < 37; j++)
            {
                Assert.Equal(i != 13 && j != 36, float.IsFinite(c[i, j]));
            }
        }
    }

    /// <summary>Transposed or not, wherever in memory, at whatever distance of rows: the same bits.</summary>
    [Theory]
    [InlineData(1, 40, 300)]
    [InlineData(29, 75, 600)]
    [InlineData(65, 10, 128)]
    public void Bits_do_not_depend_on_layout_or_alignment(int m, int n, int k)
    {
        BitsDoNotDependOnLayout<float>(m, n, k);
        BitsDoNotDependOnLayout<double>(m, n, k);
    }

    /// <summary>A row band of C, computed on its own, has the bits it has in the whole.</summary>
    [Fact]
    public void Bits_do_not_depend_on_how_C_is_split()
    {
        const int M = 61, N = 83, K = 517;
        using var a = new GuardedMatrix<float>(M, K).FillRandom(1);
        using var b = new GuardedMatrix<float>(K, N).FillRandom(2);
        using var whole = new GuardedMatrix<float>(M, N).FillRandom(3);
        using var parts = new GuardedMatrix<float>(M, N).FillRandom(3);
        Multiply(false, false, M, N, K, 1.25, a, b, -0.5, whole);
        for (int i = 0; i < M; i += 19)
        {
            for (int j = 0; j < N; j += 27)
            {
                ManagedGemm.Multiply(
                    false, false, Math.Min(19, M - i), Math.Min(27, N - j), K,
                    1.25f, a.Pointer + (i * a.Ld), a.Ld, b.Pointer + j, b.Ld, -0.5f, parts.Pointer + (i * parts.Ld) + j, parts.Ld);
            }
        }

        Assert.Equal(whole.ToArray(), parts.ToArray());
    }

    /// <summary>The tiles of every register width that this machine has give the same bits.</summary>
    [Theory]
    [InlineData(false, false, 1, 0)]
    [InlineData(true, false, 1.5, 0)]
    [InlineData(false, true, 1, 1)]
    [InlineData(true, true, -0.75, 2)]
    public void Bits_do_not_depend_on_the_width_of_the_registers(bool transA, bool transB, double alpha, double beta)
    {
        Assert.SkipUnless(Fma.IsSupported, "there is one width of registers here, and nothing to compare");
        BitsDoNotDependOnWidth<float, Vector256<float>, Fma256<float>>(transA, transB, alpha, beta);
        BitsDoNotDependOnWidth<float, Vector128<float>, Lanes128<float>>(transA, transB, alpha, beta);
        BitsDoNotDependOnWidth<double, Vector256<double>, Fma256<double>>(transA, transB, alpha, beta);
        BitsDoNotDependOnWidth<double, Vector128<double>, Lanes128<double>>(transA, transB, alpha, beta);
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        using var a = new GuardedMatrix<float>(70, 300).FillRandom(1);
        using var b = new GuardedMatrix<float>(300, 90).FillRandom(2);
        using var expected = new GuardedMatrix<float>(70, 90);
        Multiply(false, false, 70, 90, 300, 1, a, b, 0, expected);
        float[] bits = expected.ToArray();
        Parallel.For(0, 64, _ =>
        {
            using var c = new GuardedMatrix<float>(70, 90);
            Multiply(false, false, 70, 90, 300, 1, a, b, 0, c);
            Assert.Equal(bits, c.ToArray());
        });
    }

    private static void Check<T>(bool transA, bool transB, int m, int n, int k, double alpha, double beta, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int padding = seed % 4, offset = seed % 3;
        using var a = new GuardedMatrix<T>(m, k, padding, offset).FillRandom(seed);
        using var b = new GuardedMatrix<T>(k, n, padding, offset).FillRandom(seed + 1);
        using var storedA = transA ? a.Transposed(padding, offset) : a;
        using var storedB = transB ? b.Transposed(padding, offset) : b;
        using var c = new GuardedMatrix<T>(m, n, seed % 5, offset);
        var before = new double[m * n];
        if (beta != 0)
        {
            c.FillRandom(seed + 2);
            before = Array.ConvertAll(c.ToArray(), double.CreateChecked);
        }

        Multiply(transA, transB, m, n, k, alpha, storedA, storedB, beta, c);
        AssertProduct(a.ToArray(), b.ToArray(), before, alpha, beta, m, n, k, c);
        c.AssertGuardsIntact();
    }

    /// <summary>Against the triple loop in double precision, within the error bound of a sum of k+3 terms.</summary>
    private static void AssertProduct<T>(
        T[] a, T[] b, double[] before, double alpha, double beta, int m, int n, int k, GuardedMatrix<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double unit = sizeof(T) == sizeof(float) ? Math.Pow(2, -24) : Math.Pow(2, -53);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double expected = beta * before[(i * n) + j], size = Math.Abs(expected);
                for (int p = 0; p < k; p++)
                {
                    double term = alpha * double.CreateChecked(a[(i * k) + p]) * double.CreateChecked(b[(p * n) + j]);
                    expected += term;
                    size += Math.Abs(term);
                }

                double actual = double.CreateChecked(c[i, j]), bound = 2 * (k + 3) * unit * size;
                Assert.True(
                    Math.Abs(actual - expected) <= bound,
                    $"[{m}, {k}] x [{k}, {n}], alpha {alpha}, beta {beta}: C[{i}, {j}] is {actual}, expected {expected} ± {bound}");
            }
        }
    }

    private static void BitsDoNotDependOnLayout<T>(int m, int n, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[]? bits = null;
        foreach ((int padding, int offset) in new[] { (0, 0), (1, 1), (7, 3), (1024 - k, 5), (1024, 8) })
        {
            using var a = new GuardedMatrix<T>(m, k, padding, offset).FillRandom(1);
            using var b = new GuardedMatrix<T>(k, n, padding, offset).FillRandom(2);
            using GuardedMatrix<T> transposedA = a.Transposed(padding, offset), transposedB = b.Transposed(padding, offset);
            for (int transposes = 0; transposes < 4; transposes++)
            {
                bool transA = (transposes & 1) != 0, transB = (transposes & 2) != 0;
                using var c = new GuardedMatrix<T>(m, n, padding, offset).FillRandom(3);
                Multiply(transA, transB, m, n, k, 1.5, transA ? transposedA : a, transB ? transposedB : b, 0.5, c);
                bits ??= c.ToArray();
                Assert.Equal(bits, c.ToArray());
                c.AssertGuardsIntact();
            }
        }
    }

    private static void BitsDoNotDependOnWidth<T, V, L>(bool transA, bool transB, double alpha, double beta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : unmanaged
        where L : struct, ILanes<T, V>
    {
        const int M = 47, N = 99, K = 530;
        using var a = new GuardedMatrix<T>(transA ? K : M, transA ? M : K).FillRandom(1);
        using var b = new GuardedMatrix<T>(transB ? N : K, transB ? K : N).FillRandom(2);
        using var expected = new GuardedMatrix<T>(M, N, 1).FillRandom(3);
        using var actual = new GuardedMatrix<T>(M, N, 1).FillRandom(3);
        Multiply(transA, transB, M, N, K, alpha, a, b, beta, expected);
        GemmBlocking.Run<T, V, L>(new GemmProduct<T>(
            transA, transB, M, N, K, T.CreateChecked(alpha), a.Pointer, a.Ld, b.Pointer, b.Ld, T.CreateChecked(beta), actual.Pointer, actual.Ld));
        Assert.Equal(expected.ToArray(), actual.ToArray());
        actual.AssertGuardsIntact();
    }

    private static void Multiply<T>(
        bool transA, bool transB, int m, int n, int k, double alpha, GuardedMatrix<T> a, GuardedMatrix<T> b, double beta, GuardedMatrix<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Unsafe.SizeOf<T>() == sizeof(float))
        {
            ManagedGemm.Multiply(
                transA, transB, m, n, k, (float)alpha, (float*)a.Pointer, a.Ld, (float*)b.Pointer, b.Ld, (float)beta, (float*)c.Pointer, c.Ld);
        }
        else
        {
            ManagedGemm.Multiply(
                transA, transB, m, n, k, alpha, (double*)a.Pointer, a.Ld, (double*)b.Pointer, b.Ld, beta, (double*)c.Pointer, c.Ld);
        }
    }
}
