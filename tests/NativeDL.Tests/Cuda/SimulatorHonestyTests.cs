using NativeDL.Cuda;

namespace NativeDL.Tests.Cuda;

/// <summary>Kernels with one planted mistake each: the simulator finds every one. On the spare device, as a fault ends its context.</summary>
[Collection(SpareDevice.Name)]
[Trait("needs", "simulator")]
public sealed unsafe class SimulatorHonestyTests : IDisposable
{
    private readonly PrimaryContext _context = new(CudaTest.Spare);

    public void Dispose()
    {
        CudaDevice.Reset(CudaTest.Spare);
        foreach (string option in (string[])["fail_allocation", "fail_launch", "lose_device"])
        {
            CudaTest.Simulator.SetOption(CudaTest.Spare, option, 0);
        }

        CudaTest.Simulator.SetOption(CudaTest.Spare, "order", 1);
        _context.Dispose();
    }

    private CudaKernel Planted(string name, int threads, int blocks = 1)
    {
        var kernel = CudaTest.Kernel(_context, "planted", name);
        kernel.BlockDimensions = threads;
        kernel.GridDimensions = blocks;
        return kernel;
    }

    private CudaDeviceVariable<float> Floats(int n)
    {
        _context.SetCurrent();
        return new CudaDeviceVariable<float>(n);
    }

    [Fact]
    public void A_removed_barrier_shows_in_the_result()
    {
        float[] x = [.. Enumerable.Range(0, 256).Select(i => (float)i)];
        CudaDeviceVariable<float> good = Floats(256), bad = Floats(256);
        good.CopyToDevice(x);
        bad.CopyToDevice(x);
        Planted("reverseRight", 256).Run(good);
        Planted("reverseWithoutBarrier", 256).Run(bad);
        Assert.Equal(x.Reverse(), (float[])good);
        Assert.NotEqual(x.Reverse(), (float[])bad);
        Assert.Contains((float[])bad, float.IsNaN);
    }

    [Fact]
    public void A_store_one_past_the_end_is_found_and_named()
    {
        var y = Floats(100);
        var error = Assert.Throws<CudaException>(() => Planted("storeOneTooFar", 128).Run(y, 100));
        Assert.Equal("CUDA_ERROR_ILLEGAL_ADDRESS", error.Name);
        Assert.Contains("kernel 'storeOneTooFar' wrote 0 bytes past the end of the allocation of 400 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_of_one_element_too_many_is_found()
    {
        CudaDeviceVariable<float> x = Floats(100), y = Floats(100);
        x.Memset((byte)0);
        var error = Assert.Throws<CudaException>(() => Planted("copyOneTooFar", 128).Run(x, y, 100));
        Assert.Contains("past the end of the allocation of 400 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_before_the_start_is_found()
    {
        var y = Floats(32);
        var error = Assert.Throws<CudaException>(() => Planted("storeBefore", 32).Run(y));
        Assert.Contains("wrote up to 4 bytes before the allocation of 128 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unwritten_tail_stays_NaN()
    {
        CudaDeviceVariable<float> x = Floats(10), y = Floats(10);
        x.Memset((byte)0);
        Planted("forgetTail", 4).Run(x, y, 10);
        float[] result = y;
        Assert.All(result[..8], v => Assert.Equal(0f, v));
        Assert.All(result[8..], v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void Shared_memory_that_nobody_wrote_is_NaN()
    {
        var y = Floats(1);
        Planted("sumUnwrittenShared", 64).Run(y);
        Assert.True(float.IsNaN(y));
    }

    [Fact]
    public void A_wrong_argument_order_is_refused_before_the_launch()
    {
        CudaDeviceVariable<float> x = Floats(4), y = Floats(4);
        var scale = Planted("scale", 4);
        var error = Assert.Throws<DeviceException>(() => scale.Run(y, x, 4, 2f));
        Assert.Contains("Cuda(scale): argument 2 does not match the kernel's parameter. Got i4; expected f4", error.Message, StringComparison.Ordinal);
        Assert.Throws<DeviceException>(() => scale.Run(y, x, 2f));
        Assert.Throws<DeviceException>(() => scale.Run(y, 2f, x, 4));
        Assert.Throws<DeviceException>(() => scale.Run(y, x, 2f, 4L));
        Assert.Throws<DeviceException>(() => scale.Run(y, x, 2.0, 4));
        x.CopyToDevice([1f, 2f, 3f, 4f]);
        scale.Run(y, x, 2f, 4);
        Assert.Equal([2f, 4f, 6f, 8f], (float[])y);
    }

    [Fact]
    public void An_index_outside_of_a_shared_array_is_found_with_its_line()
    {
        var y = Floats(1);
        var error = Assert.Throws<CudaException>(() => Planted("sharedOutOfRange", 1).Run(y, 32));
        Assert.Matches(@"index 32 is outside of 'float \[32\]' \(.*planted\.cu:\d+\)", error.Message);
    }

    [Fact]
    public void A_store_past_dynamic_shared_memory_is_found()
    {
        var y = Floats(32);
        var kernel = Planted("dynamicSharedTooFar", 32);
        kernel.DynamicSharedMemory = 32 * sizeof(float);
        var error = Assert.Throws<CudaException>(() => kernel.Run(y));
        Assert.Contains("past its 128 bytes of dynamic shared memory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misaligned_vector_access_is_found_with_its_line()
    {
        var y = Floats(16);
        Planted("misaligned", 1).Run(y, 4);
        var error = Assert.Throws<CudaException>(() => Planted("misaligned", 1).Run(y, 1));
        Assert.Equal("CUDA_ERROR_MISALIGNED_ADDRESS", error.Name);
        Assert.Matches(@"misaligned address 0x[0-9a-f]+ used as .*float4.*planted\.cu:\d+", error.Message);
    }

    [Fact]
    public void A_wild_pointer_is_an_error_and_not_a_crash()
    {
        Floats(1);
        var error = Assert.Throws<CudaException>(() => Planted("storeNowhere", 1).Run(0x1234_5678_0000L));
        Assert.Contains("kernel 'storeNowhere' block (0,0,0) thread (0,0,0): illegal access to address 0x123456780000", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_that_points_to_freed_memory_is_found()
    {
        CudaDeviceVariable<float> x = Floats(4), y = Floats(4);
        y.Dispose();
        var error = Assert.Throws<CudaException>(() => Planted("scale", 4).Run(y.DevicePointer, x, 1f, 4));
        Assert.Contains("argument 0 points to no live allocation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_that_never_meet_are_an_error_and_not_a_hang()
    {
        var y = Floats(32);
        var error = Assert.Throws<CudaException>(() => Planted("barrierAgainstShuffle", 32).Run(y));
        Assert.Contains("of 32 threads 16 wait at __syncthreads and 16 in a warp function", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shuffle_whose_mask_leaves_out_its_caller_is_found()
    {
        var y = Floats(32);
        y.Memset((byte)0);
        var error = Assert.Throws<CudaException>(() => Planted("shuffleWithoutSelf", 32).Run(y));
        Assert.Contains("mask does not name the thread that calls it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Launch_bounds_and_shapes_are_kept_to()
    {
        var y = Floats(128);
        Planted("boundedTo64", 64).Run(y);
        var bounds = Assert.Throws<CudaException>(() => Planted("boundedTo64", 65).Run(y));
        Assert.Equal("CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", bounds.Name);
        Assert.Equal("boundedTo64", bounds.Kernel);
        Assert.Contains("grid (1, 1, 1), block (65, 1, 1)", bounds.Message, StringComparison.Ordinal);
        Assert.Throws<CudaException>(() => Planted("storeBefore", 1025).Run(y));
        Assert.Throws<CudaException>(() => Planted("storeBefore", 32, 0).Run(y));
    }

    [Fact]
    public void A_missing_synchronization_shows_every_time()
    {
        _context.SetCurrent();
        using var stream = new CudaStream(CUStreamFlags.NonBlocking);
        using var host = new CudaPageLockedHostMemory<float>(4);
        CudaDeviceVariable<float> x = Floats(4), y = Floats(4);
        x.CopyToDevice([1f, 2f, 3f, 4f]);
        host.AsSpan().Fill(-1);
        Planted("scale", 4).RunAsync(stream.Stream, y, x, 2f, 4);
        host.AsyncCopyFromDevice(y, stream.Stream);
        Assert.Equal(-1f, host[0]);
        stream.Synchronize();
        Assert.Equal(2f, host[0]);
    }

    [Fact]
    public void A_missing_event_between_streams_shows_every_time()
    {
        _context.SetCurrent();
        using var first = new CudaStream(CUStreamFlags.NonBlocking);
        using var second = new CudaStream(CUStreamFlags.NonBlocking);
        CudaDeviceVariable<float> x = Floats(4), y = Floats(4), z = Floats(4);
        x.CopyToDevice([1f, 2f, 3f, 4f]);
        Planted("scale", 4).RunAsync(first.Stream, y, x, 2f, 4);
        Planted("scale", 4).RunAsync(second.Stream, z, y, 2f, 4);
        second.Synchronize();
        Assert.True(float.IsNaN(z[0]));
        first.Synchronize();

        using var done = new CudaEvent(CUEventFlags.DisableTiming);
        Planted("scale", 4).RunAsync(first.Stream, y, x, 3f, 4);
        done.Record(first.Stream);
        second.WaitEvent(done);
        Planted("scale", 4).RunAsync(second.Stream, z, y, 2f, 4);
        second.Synchronize();
        Assert.Equal(6f, z[0]);
    }

    [Fact]
    public void A_launch_that_fails_later_is_reported_with_the_kernel_launched_last()
    {
        CudaTest.Simulator.SetOption(CudaTest.Spare, "fail_launch", 1);
        CudaDeviceVariable<float> x = Floats(4), y = Floats(4);
        using var stream = new CudaStream(CUStreamFlags.NonBlocking);
        Planted("scale", 4).RunAsync(stream.Stream, y, x, 2f, 4);
        var error = Assert.Throws<CudaException>(stream.Synchronize);
        Assert.Equal("CUDA_ERROR_LAUNCH_FAILED", error.Name);
        Assert.Equal(719, error.Code);
        Assert.Contains("injected: kernel 'scale' fails", error.Message, StringComparison.Ordinal);
        Assert.Throws<CudaException>(() => _ = y[0]);
    }

    [Fact]
    public void A_lost_device_is_named_so_and_works_again_after_a_reset()
    {
        CudaTest.Simulator.SetOption(CudaTest.Spare, "lose_device", 1);
        CudaDevice device = CudaDevice.Get(CudaTest.Spare);
        var block = device.Pool.Rent(64, device.Stream.Handle);
        CudaKernels.LaunchOver(device, "fill_f32", 16, block.Address, 7ul, 16L);
        var error = Assert.Throws<CudaException>(device.Synchronize);
        Assert.Contains("the device is lost", error.Message, StringComparison.Ordinal);

        CudaDevice.Reset(CudaTest.Spare);
        device = CudaDevice.Get(CudaTest.Spare);
        block = device.Pool.Rent(64, device.Stream.Handle);
        CudaKernels.LaunchOver(device, "fill_f32", 16, block.Address, 7ul, 16L);
        device.Synchronize();
    }

    [Fact]
    public void Out_of_memory_releases_the_cache_tries_again_and_leaves_the_device_usable()
    {
        CudaDevice device = CudaDevice.Get(CudaTest.Spare);
        nint stream = device.Stream.Handle;
        device.Pool.Rent(8 << 20, stream).Release();
        Assert.Equal(8 << 20, device.MemoryStats().CachedBytes);
        CudaTest.Simulator.SetOption(CudaTest.Spare, "fail_allocation", 1);
        var block = device.Pool.Rent(32 << 20, stream); // the first try fails, the second finds room
        Assert.Equal(0, device.MemoryStats().CachedBytes);

        var error = Assert.Throws<OutOfDeviceMemoryException>(() => device.Pool.Rent(1L << 40, stream));
        Assert.Contains("Cuda(allocate on cuda:1): the device has no memory left", error.Message, StringComparison.Ordinal);
        block.Release();
        var again = device.Pool.Rent(1024, stream);
        float value = 3, back = 0; // and the device works on
        device.Upload(&value, again.Address, 4);
        device.Download(again.Address, &back, 4);
        Assert.Equal(3f, back);
    }

    [Fact]
    public void Out_of_memory_names_the_largest_live_tensors()
    {
        CudaDevice device = CudaDevice.Get(CudaTest.Spare);
        Tensor large = Tensor.Empty([1024, 512], DType.Float32, device), larger = Tensor.Empty([1024, 513], DType.Float64, device),
            freed = Tensor.Empty([1 << 20], DType.Float64, device);
        freed.Free();
        var error = Assert.Throws<OutOfDeviceMemoryException>(() => Tensor.Empty([1 << 20, 1 << 20], DType.Float32, device));
        Assert.Contains("the largest live tensors are Float64 [1024, 513] (6,291,456 bytes); Float32 [1024, 512] (2,097,152 bytes)", error.Message,
            StringComparison.Ordinal);
        GC.KeepAlive((large, larger));
    }

    [Fact]
    public void A_kernel_that_fails_is_reported_with_its_operation_and_its_layer()
    {
        CudaDevice device = CudaDevice.Get(CudaTest.Spare);
        Tensor x = Tensor.Ones([2, 4], DType.Float32, device);
        device.Synchronize();
        CudaTest.Simulator.SetOption(CudaTest.Spare, "fail_launch", 1);
        _ = new Sequential("model") { new Layers.Softmax(name: "attention"), new Layers.Flatten() }.Call(x);

        var error = Assert.Throws<CudaException>(device.Synchronize);
        Assert.Matches(@"The kernel launched last is softmax_f32, grid \(\d+, 1, 1\), block \(\d+, 1, 1\), 0 bytes of dynamic shared memory, by the operation softmax in layer 'model/attention'", error.Message);
        Assert.Equal(("softmax_f32", "softmax", "'model/attention'"), (error.Kernel, error.Operation, error.Layer));
        Assert.Null(CudaDevice.Running);
    }

    [Fact]
    public void What_a_reset_device_left_behind_does_not_touch_what_comes_after()
    {
        var lost = Floats(100);
        nint address = lost.Handle;
        CudaDevice.Reset(CudaTest.Spare);
        using var context = new PrimaryContext(CudaTest.Spare);
        var next = FloatsIn(context, 100);
        next.Memset((byte)0);
        lost.Dispose();
        DeferredRelease.Enqueue(ReleaseKind.Memory, _context, address);
        DeferredRelease.Drain();
        Assert.All((float[])next, v => Assert.Equal(0f, v));
        Assert.Contains("was reset or destroyed", Assert.Throws<DeviceException>(_context.Synchronize).Message, StringComparison.Ordinal);
        next.Dispose();

        static CudaDeviceVariable<float> FloatsIn(CudaContext context, int n)
        {
            context.SetCurrent();
            return new CudaDeviceVariable<float>(n);
        }
    }
}
