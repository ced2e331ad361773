using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace NativeDL.Tests.Ops;

public sealed unsafe class ManagedGemvTests
{
    private static readonly int[] s_sizes = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 100, 257];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Equals_the_naive_product_on_odd_shapes(bool trans)
    {
        int shape = 0;
        foreach (int m in s_sizes)
        {
            foreach (int n in s_sizes)
            {
                (double alpha, double beta) = (shape++ % 3) switch
                {
                    0 => (1.0, 0.0),
                    1 => (-0.5, 0.0),
                    _ => (1.5, 0.75),
                };
                Check<float>(trans, m, n, alpha, beta, shape);
                Check<double>(trans, m, n, alpha, beta, shape);
            }
        }
    }

    /// <summary>Columns past one stretch of sums, for either type.</summary>
    [Theory]
    [InlineData(300, 2100)]
    [InlineData(3, 4099)]
    public void Equals_the_naive_product_on_wide_matrices(int m, int n)
    {
        foreach (bool trans in new[] { false, true })
        {
            Check<float>(trans, m, n, 1, 0, n);
            Check<double>(trans, m, n, 1, 1, n);
        }
    }

    [Fact]
    public void Alpha_zero_and_empty_sums_only_scale_y()
    {
        using var nan = new GuardedMatrix<float>(4, 6);
        using var y = new GuardedMatrix<float>(1, 6).Fill((_, j) => j);
        Multiply(true, 4, 6, 0, nan, nan, 2, y);
        Assert.Equal(10f, y[0, 5]);
        Multiply(true, 0, 6, 1, nan, nan, 0.5, y);
        Assert.Equal(5f, y[0, 5]);
        Multiply(false, 4, 0, 1, nan, nan, 0, y);
        Assert.Equal([0f, 0f, 0f, 0f, 4f, 5f], y.ToArray());
        y.AssertGuardsIntact();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bits_do_not_depend_on_alignment_or_leading_dimension(bool trans)
    {
        float[]? bits = null;
        foreach ((int padding, int offset) in new[] { (0, 0), (1, 1), (7, 3), (1024, 5) })
        {
            using var a = new GuardedMatrix<float>(293, 117, padding, offset).FillRandom(1);
            using var x = new GuardedMatrix<float>(1, 293, 0, offset).FillRandom(2);
            using var y = new GuardedMatrix<float>(1, trans ? 117 : 293, 0, offset).FillRandom(3);
            Multiply(trans, 293, 117, 1.5, a, x, 0.5, y);
            bits ??= y.ToArray();
            Assert.Equal(bits, y.ToArray());
        }
    }

    [Fact]
    public void Bits_of_row_sums_do_not_depend_on_the_width_of_the_registers()
    {
        Assert.SkipUnless(Fma.IsSupported, "there is one width of registers here, and nothing to compare");
        RowBitsDoNotDependOnWidth<float>();
        RowBitsDoNotDependOnWidth<double>();
    }

    /// <summary>…of any register width, since those of the matrix product do not.</summary>
    [Fact]
    public void A_transposed_product_has_the_bits_of_a_one_row_matrix_product()
    {
        const int M = 700, N = 2077;
        using var a = new GuardedMatrix<float>(M, N, 3).FillRandom(1);
        using var x = new GuardedMatrix<float>(1, M).FillRandom(2);
        using var expected = new GuardedMatrix<float>(1, N).FillRandom(3);
        using var actual = new GuardedMatrix<float>(1, N).FillRandom(3);
        ManagedGemm.Multiply(false, false, 1, N, M, 1.5f, x.Pointer, M, a.Pointer, a.Ld, 0.5f, expected.Pointer, N);
        Multiply(true, M, N, 1.5, a, x, 0.5, actual);
        Assert.Equal(expected.ToArray(), actual.ToArray());
        if (Fma.IsSupported)
        {
            actual.FillRandom(3);
            GemvColumns<float, Vector128<float>, Lanes128<float>>.Multiply(M, N, 1.5f, a.Pointer, a.Ld, x.Pointer, 0.5f, actual.Pointer);
            Assert.Equal(expected.ToArray(), actual.ToArray());
        }
    }

    private static void RowBitsDoNotDependOnWidth<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int n in s_sizes)
        {
            using var a = new GuardedMatrix<T>(5, n, 3).FillRandom(1);
            using var x = new GuardedMatrix<T>(1, n).FillRandom(2);
            using var wide = new GuardedMatrix<T>(1, 5).FillRandom(3);
            using var narrow = new GuardedMatrix<T>(1, 5).FillRandom(3);
            T alpha = T.CreateChecked(1.5), beta = T.CreateChecked(0.5);
            GemvRows<T>.Multiply256(5, n, alpha, a.Pointer, a.Ld, x.Pointer, beta, wide.Pointer);
            GemvRows<T>.Multiply128(5, n, alpha, a.Pointer, a.Ld, x.Pointer, beta, narrow.Pointer);
            Assert.Equal(wide.ToArray(), narrow.ToArray());
        }
    }

    private static void Check<T>(bool trans, int m, int n, double alpha, double beta, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int inner = trans ? m : n, outer = trans ? n : m;
        using var a = new GuardedMatrix<T>(m, n, seed % 4, seed % 3).FillRandom(seed);
        using var x = new GuardedMatrix<T>(1, inner, 0, seed % 3).FillRandom(seed + 1);
        using var y = new GuardedMatrix<T>(1, outer, 0, seed % 5);
        if (beta != 0)
        {
            y.FillRandom(seed + 2);
        }

        double[] before = Array.ConvertAll(y.ToArray(), double.CreateChecked);
        Multiply(trans, m, n, alpha, a, x, beta, y);
        y.AssertGuardsIntact();
        double unit = sizeof(T) == sizeof(float) ? Math.Pow(2, -24) : Math.Pow(2, -53);
        for (int i = 0; i < outer; i++)
        {
            double expected = beta == 0 ? 0 : beta * before[i], size = Math.Abs(expected);
            for (int p = 0; p < inner; p++)
            {
                double term = alpha * double.CreateChecked(trans ? a[p, i] : a[i, p]) * double.CreateChecked(x[0, p]);
                expected += term;
                size += Math.Abs(term);
            }

            double actual = double.CreateChecked(y[0, i]), bound = 2 * (inner + 3) * unit * size;
            Assert.True(
                Math.Abs(actual - expected) <= bound,
                $"[{m}, {n}]{(trans ? " transposed" : "")}, alpha {alpha}, beta {beta}: y[{i}] is {actual}, expected {expected} ± {bound}");
        }
    }

    private static void Multiply<T>(
        bool trans, int m, int n, double alpha, GuardedMatrix<T> a, GuardedMatrix<T> x, double beta, GuardedMatrix<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Unsafe.SizeOf<T>() == sizeof(float))
        {
            ManagedGemv.Multiply(trans, m, n, (float)alpha, (float*)a.Pointer, a.Ld, (float*)x.Pointer, (float)beta, (float*)y.Pointer);
        }
        else
        {
            ManagedGemv.Multiply(trans, m, n, alpha, (double*)a.Pointer, a.Ld, (double*)x.Pointer, beta, (double*)y.Pointer);
        }
    }
}
