using NativeDL.Cuda;

namespace NativeDL.Tests.Cuda;

/// <summary>Programs in the manner of ManagedCuda's users: only the namespace and the kernel's file are NativeDL's.</summary>
public sealed class ManagedCudaProgramTests
{
    [Fact]
    public void Vector_addition_runs_as_written_for_ManagedCuda()
    {
        const int N = 50_000;
        var ctx = new PrimaryContext(0);
        var kernel = ctx.LoadKernel(CudaTest.KernelFile("vector_add"), "vectorAdd");
        kernel.BlockDimensions = 256;
        kernel.GridDimensions = (N + 255) / 256;

        var h_A = new float[N];
        var h_B = new float[N];
        for (int i = 0; i < N; i++)
        {
            h_A[i] = i;
            h_B[i] = 0.5f * i;
        }

        CudaDeviceVariable<float> d_A = h_A;
        CudaDeviceVariable<float> d_B = h_B;
        var d_C = new CudaDeviceVariable<float>(N);
        float milliseconds = kernel.Run(d_A.DevicePointer, d_B.DevicePointer, d_C.DevicePointer, N);
        float[] h_C = d_C;

        Assert.True(milliseconds >= 0);
        Assert.Equal(h_A.Zip(h_B, (a, b) => a + b), h_C);
        kernel.Run([d_C.DevicePointer, d_B.DevicePointer, d_A.DevicePointer, 10]);
        Assert.Equal(h_C[9] + h_B[9], d_A[9]);
        Assert.Equal(h_A[10], d_A[10]);

        d_A.Dispose();
        d_B.Dispose();
        d_C.Dispose();
        ctx.Dispose();
    }

    [Fact]
    public void Reduction_in_shared_memory_runs_as_written_for_ManagedCuda()
    {
        const int n = 10_007, threads = 128, blocks = 20;
        using var ctx = new CudaContext(0);
        var kernel = ctx.LoadKernelPTX(CudaTest.KernelFile("reduction"), "reduceSum");
        kernel.BlockDimensions = new dim3(threads, 1, 1);
        kernel.GridDimensions = new dim3(blocks, 1, 1);
        kernel.DynamicSharedMemory = threads * sizeof(float);

        float[] data = [.. Enumerable.Range(0, n).Select(i => (float)(i % 7))];
        using CudaDeviceVariable<float> x = data;
        using var sums = new CudaDeviceVariable<float>(blocks);
        sums.Memset((byte)0);
        kernel.Run(x.DevicePointer, sums.DevicePointer, n);

        var partial = new float[blocks];
        sums.CopyToHost(partial);
        Assert.Equal(data.Sum(), partial.Sum());
    }

    [Fact]
    public void Matrix_products_on_two_streams_run_as_written_for_ManagedCuda()
    {
        const int n = 40, bytes = n * n * sizeof(float);
        using var ctx = new PrimaryContext(0);
        var module = ctx.LoadModulePTX(CudaTest.KernelFile("matrix_product"));
        var kernel = new CudaKernel("matrixProduct", module, new dim3(16, 16), new dim3(3, 3));
        using var first = new CudaStream();
        using var second = new CudaStream(CUStreamFlags.NonBlocking);
        using var ready = new CudaEvent(CUEventFlags.DisableTiming);
        using var a = new CudaPageLockedHostMemory<float>(n * n);
        using var result = new CudaPageLockedHostMemory<float>(n * n);
        using var d_a = new CudaDeviceVariable<float>(n * n);
        using var d_square = new CudaDeviceVariable<float>(n * n);
        using var d_cube = new CudaDeviceVariable<float>(n * n);
        for (int i = 0; i < n * n; i++)
        {
            a[i] = i % n == i / n ? 2 : 0;
        }

        a[1] = 1;

        a.AsyncCopyToDevice(d_a, first.Stream);
        kernel.RunAsync(first.Stream, d_a.DevicePointer, d_a.DevicePointer, d_square.DevicePointer, n);
        ready.Record(first.Stream);
        second.WaitEvent(ready.Event);
        kernel.RunAsync(second.Stream, d_square.DevicePointer, d_a.DevicePointer, d_cube.DevicePointer, n);
        result.AsyncCopyFromDevice(d_cube, second.Stream);
        second.Synchronize();

        Assert.Equal(8f, result[0]);
        Assert.Equal(12f, result[1]);   // ((2,1),(0,2)) cubed
        Assert.Equal(0f, result[2]);
        Assert.Equal(8f, result[n * n - 1]);
        Assert.Equal(bytes, (int)d_cube.SizeInBytes);
        CudaContext.UnloadModule(module);
    }
}
