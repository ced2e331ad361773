using System.Numerics;
using System.Runtime.InteropServices;
using NativeDL.Cuda;

namespace NativeDL.Tests.Cuda;

/// <summary>The device functions that kernels use give what CUDA's documentation says, on whatever driver runs the tests.</summary>
public sealed class ShimTests : IDisposable
{
    private readonly PrimaryContext _context = new(0);

    public void Dispose() => _context.Dispose();

    private CudaKernel Kernel(string name, dim3 block, dim3 grid)
    {
        var kernel = CudaTest.Kernel(_context, "shim", name);
        kernel.BlockDimensions = block;
        kernel.GridDimensions = grid;
        return kernel;
    }

    [Fact]
    public void Warp_functions_exchange_values_between_lanes()
    {
        const int n = 96;
        using var result = new CudaDeviceVariable<int>(12 * n);
        Kernel("warpFunctions", n, 1).Run(result);
        int[] all = result;
        for (int i = 0; i < n; i++)
        {
            int lane = i % 32, same = 0;
            for (int other = 0; other < 32; other++)
            {
                same |= other % 4 == lane % 4 ? 1 << other : 0;
            }

            int ballot = Enumerable.Range(0, 32).Where(l => l % 3 == 0).Aggregate(0, (mask, l) => mask | 1 << l);
            int[] expected =
            [
                50, lane < 3 ? lane : lane - 3, lane % 16 + 7 > 15 ? lane : lane + 7, lane ^ 9, ballot, 1, 0, 496, -1,
                lane < 16 ? lane ^ 1 : lane == 31 ? 31 : lane + 1, same, 63,
            ];
            for (int row = 0; row < expected.Length; row++)
            {
                Assert.True(expected[row] == all[row * n + i], $"function {row}, thread {i}: {all[row * n + i]} instead of {expected[row]}");
            }
        }
    }

    [Fact]
    public void Block_functions_count_over_all_threads()
    {
        using var result = new CudaDeviceVariable<int>(100);
        Kernel("blockFunctions", 100, 1).Run(result, 100);
        Assert.All((int[])result, v => Assert.Equal(50 * 4 + 2 + 1, v));
        Kernel("blockFunctions", 100, 1).Run(result, 99);
        Assert.All((int[])result, v => Assert.Equal(50 * 4 + 1, v));
    }

    [Fact]
    public void Atomics_lose_no_update_between_blocks()
    {
        const int n = 100 * 256;
        using CudaDeviceVariable<int> ints = new int[4];
        using CudaDeviceVariable<float> floats = new float[1];
        using CudaDeviceVariable<ulong> longs = new ulong[1];
        using CudaDeviceVariable<uint> unsigneds = new uint[2];
        Kernel("atomics", 256, 100).Run(ints, floats, longs, unsigneds);
        Assert.Equal([n, n - 1, -(n - 1), Enumerable.Range(0, n).Aggregate(0, (x, i) => x ^ i)], (int[])ints);
        Assert.Equal(n * 0.5f, floats[0]);
        Assert.Equal((ulong)n << 33, longs[0]);
        Assert.Equal([n % 10, 77u], (uint[])unsigneds);
    }

    [Fact]
    public void Vector_types_have_the_layout_of_CUDA()
    {
        const int n = 37;
        float[] x = [.. Enumerable.Range(0, 4 * n).Select(i => (float)i)];
        double[] u = [.. Enumerable.Range(0, 2 * n).Select(i => (double)i)];
        int[] p = [.. Enumerable.Range(0, 4 * n)];
        using CudaDeviceVariable<float> dx = x, dy = new float[4 * n];
        using CudaDeviceVariable<double> du = u, dv = new double[2 * n];
        using CudaDeviceVariable<int> dp = p, dq = new int[4 * n];
        Kernel("vectors", 32, 2).Run(dx, dy, du, dv, dp, dq, n);
        Assert.Equal(x.Chunk(4).SelectMany(c => c.Reverse()), (float[])dy);
        Assert.Equal(u.Chunk(2).SelectMany(c => c.Reverse()), (double[])dv);
        Assert.Equal(p.Chunk(4).SelectMany(c => new[] { c[0] + c[1], c[2], c[3], -c[0] }), (int[])dq);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Shape
    {
        public Values4 Extents;
        public long S0, S1, S2, S3;
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Values4
    {
        private int _first;
    }

    [Fact]
    public unsafe void A_structure_is_passed_by_value()
    {
        using var result = new CudaDeviceVariable<long>(4);
        var shape = new Shape { S0 = 1000, S1 = 100, S2 = 10, S3 = 1L << 40 };
        for (int i = 0; i < 4; i++)
        {
            shape.Extents[i] = i + 1;
        }

        Kernel("structure", 4, 1).Run(CudaArgument.FromPointer(&shape), result);
        Assert.Equal([1000, 200, 30, 4L << 40], (long[])result);
    }

    [Fact]
    public void Bit_and_math_functions_agree_with_the_host()
    {
        float[] x = [2f, 0.1f, -0.2f, float.NaN, 1.0009765f];
        using CudaDeviceVariable<float> dx = x, f = new float[8];
        using CudaDeviceVariable<uint> u = new uint[7];
        using CudaDeviceVariable<double> d = new double[2];
        Kernel("bitsAndMath", 1, 1).Run(f, u, d, dx);
        float[] floats = f;
        Assert.Equal(1 / Math.Sqrt(2), floats[0], 1e-7);
        Assert.Equal(MathF.FusedMultiplyAdd(2f, 0.1f, -0.2f), floats[1]);
        Assert.Equal(MathF.BitIncrement(2f), floats[2]);
        Assert.Equal(2f, floats[3]);
        Assert.Equal(1f, floats[4]);
        Assert.Equal((float)(Half)x[4], floats[5]);
        Assert.Equal(1f, floats[6]);
        Assert.Equal(13f, floats[7]);
        uint[] expected =
        [
            (uint)(0x80000001ul * 0x40000003ul >> 32), 8 + 3100 + 40000, 0x80000000u, 0x77225500u, unchecked((uint)(2 - 2)),
            (uint)(ulong)(((BigInteger)1 << 63) * 6 >> 64), 0x18u,
        ];
        Assert.Equal(expected, (uint[])u);
        Assert.Equal(0.2 + 0.5, ((double[])d)[0], 1e-7);
        Assert.Equal(0.1f, ((double[])d)[1]);
    }

    [Fact]
    public void Grids_and_blocks_have_three_dimensions()
    {
        const int width = 37, height = 11, depth = 4;
        using CudaDeviceVariable<int> result = new int[width * height * depth];
        Kernel("twoDimensions", (8, 4, 2), new dim3(5, 3, 2)).Run(result, width, height);
        int[] all = result;
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal(i % width + 100 * (i / width % height) + 10000 * (i / width / height), all[i]);
        }
    }

    [Fact]
    public void Threads_that_left_are_not_waited_for()
    {
        using var result = new CudaDeviceVariable<float>(40);
        Kernel("earlyLeave", 64, 1).Run(result, 40);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (float)(39 - i)), (float[])result);
    }

    [Fact]
    public void More_than_48_KiB_of_dynamic_shared_memory_are_asked_for()
    {
        using var result = new CudaDeviceVariable<float>(32);
        var kernel = Kernel("bigShared", 32, 1);
        kernel.DynamicSharedMemory = 12000 * sizeof(double);
        kernel.Run(result);
        Assert.All((float[])result, v => Assert.Equal(3f, v));
    }

    [Fact]
    public unsafe void Constants_and_device_variables_of_a_module_can_be_written()
    {
        using var module = _context.LoadModule(CudaTest.KernelFile("shim"));
        (var pointer, var bytes) = module.GetGlobal("adjustable");
        Assert.Equal(8, (long)bytes);
        using var view = new CudaDeviceVariable<float>(pointer, bytes);
        Assert.Equal([3f, 5f], (float[])view);
    }

    [Fact]
    public void Half_precision_conversions_round_as_the_host()
    {
        float[] values = [0f, -0f, 1f, 65504f, 65519f, 65520f, 1e-8f, 6e-8f, 5.9604645e-8f, 2.98e-8f, 6.1e-5f, -3.14159f, 1e30f, float.NegativeInfinity];
        foreach (float v in values)
        {
            using CudaDeviceVariable<float> dx = new[] { 2f, 0.1f, -0.2f, float.NaN, v };
            using CudaDeviceVariable<float> f = new float[8];
            using CudaDeviceVariable<uint> u = new uint[7];
            using CudaDeviceVariable<double> d = new double[2];
            Kernel("bitsAndMath", 1, 1).Run(f, u, d, dx);
            Assert.Equal((float)(Half)v, f[5]);
        }
    }
}
