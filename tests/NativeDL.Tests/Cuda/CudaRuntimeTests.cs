using System.Text;
using NativeDL.Cuda;
using NativeDL.Interop;
using NativeDL.Interop.Cuda;
using NativeDL.Interop.Nvrtc;

namespace NativeDL.Tests.Cuda;

/// <summary>Driver, devices, kernels by name and memory pool.</summary>
public sealed unsafe class CudaRuntimeTests
{
    private static CudaDevice Device => CudaTest.Device;

    [Fact]
    public void Devices_are_listed_and_a_missing_one_is_refused_with_those_there_are()
    {
        var all = NativeDL.Device.List();
        Assert.Equal("cpu", all[0].Name);
        Assert.Equal("cuda:0", all[1].Name);
        Assert.Same(all[1], NativeDL.Device.Cuda());
        var error = Assert.Throws<DeviceException>(() => NativeDL.Device.Cuda(99));
        Assert.Contains("Device(cuda:99): there is no such device. Got cuda:99; expected cuda:0", error.Message, StringComparison.Ordinal);
        var properties = CudaContext.GetDeviceInfo(0);
        Assert.Equal(32, properties.WarpSize);
        Assert.True(properties.ComputeCapability >= new Version(7, 0));
        Assert.True(CudaContext.GetDriverVersion() >= new Version(11, 8));
        Assert.Contains(NativeLibraryReport.All()[1].Details, line => line.StartsWith("cuda:0: " + properties.DeviceName, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_driver_is_a_reason_and_not_a_crash()
    {
        var driver = new CudaDriver([("test", "/nowhere/libcuda.so.1")]);
        Assert.Null(driver.Api);
        Assert.Contains("no CUDA driver was found: /nowhere/libcuda.so.1", driver.Problem, StringComparison.Ordinal);
        Assert.Single(driver.Report.Attempts);
        Assert.Contains("switched off", new CudaDriver(CudaDriver.Candidates("none")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("needs", "simulator")]
    public void Too_old_a_driver_is_refused_with_the_version_needed()
    {
        string path = CudaDriver.Instance.Report.Found!.Candidate;
        CudaTest.Simulator.SetOption(0, "driver_version", 11070);
        try
        {
            string problem = new CudaDriver([("test", path)]).Problem!;
            Assert.Contains("the driver is too old: it supports CUDA 11.7, and CUDA 11.8 is needed (NVIDIA driver 520 or newer)", problem,
                StringComparison.Ordinal);
        }
        finally
        {
            CudaTest.Simulator.SetOption(0, "driver_version", 12040);
        }
    }

    [Fact]
    public void Kernels_are_launched_by_name_and_their_arguments_checked()
    {
        var block = Device.Pool.Rent(400, Device.Stream.Handle);
        CudaKernels.LaunchOver(Device, "fill_f32", 100, block.Address, 0x40490fdbul, 100L);
        var result = new float[100];
        fixed (float* p = result)
        {
            Device.Download(block.Address, p, 400);
        }

        Assert.All(result, v => Assert.Equal(MathF.PI, v));
        Assert.Throws<DeviceException>(() => CudaKernels.LaunchOver(Device, "fill_f32", 100, block.Address, 1ul));
        Assert.Throws<DeviceException>(() => CudaKernels.LaunchOver(Device, "fill_f32", 100, block.Address, 1f, 100L));
        var unknown = Assert.Throws<DeviceException>(() => CudaKernels.LaunchOver(Device, "no_such_kernel", 1));
        Assert.Contains("Cuda(no_such_kernel): there is no such kernel", unknown.Message, StringComparison.Ordinal);
        block.Release();
    }

    [Fact]
    [Trait("needs", "simulator")]
    public void Every_embedded_kernel_is_in_the_simulator_with_the_same_parameters()
    {
        Dictionary<string, KernelSignature> simulated = CudaTest.Simulator.Manifest().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Select(KernelSignature.Parse).ToDictionary(k => k.Name);
        Assert.NotEqual(CudaKernels.Absent is null, CudaKernels.Embedded.Count == 0);
        Assert.SkipWhen(CudaKernels.Absent is not null, $"no kernels are embedded: {CudaKernels.Absent}");
        foreach ((string name, var kernel) in CudaKernels.Embedded)
        {
            Assert.True(simulated.TryGetValue(name, out var other), $"{name} is not in the simulator");
            Assert.Equal(kernel.Module, other.Module);
            Assert.Equal(kernel.Parameters.Select(p => p.Size), other.Parameters.Select(p => p.Size));
        }
    }

    [Fact]
    public void Names_of_kernels_are_lower_case_words() =>
        Assert.All(CudaKernels.Embedded.Keys, name => Assert.Matches(Names.OperationNameTests.Words(), name));

    [Fact]
    public void Embedded_kernels_take_less_than_6_megabytes()
    {
        using var archive = typeof(CudaKernels).Assembly.GetManifestResourceStream(CudaKernels.ResourceName);
        Assert.NotNull(archive);
        Assert.InRange(archive.Length, 1, 6_000_000);
    }

    [Fact]
    public void A_launch_allocates_nothing()
    {
        var block = Device.Pool.Rent(400, Device.Stream.Handle);
        CudaKernels.LaunchOver(Device, "fill_f32", 100, block.Address, 1ul, 100L);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            CudaKernels.LaunchOver(Device, "fill_f32", 100, block.Address, 1ul, 100L);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Device.Synchronize();
        block.Release();
    }

    [Fact]
    public void A_block_is_used_again_in_stream_order_and_its_size_rounded()
    {
        var pool = new CudaMemoryPool(Device.Context) { IsCaching = true };
        nint stream = Device.Stream.Handle;
        var first = pool.Rent(1000, stream);
        nint address = first.Address;
        Assert.Equal(1024, first.Bytes);
        first.Release();
        var second = pool.Rent(600, stream);
        Assert.Equal(address, second.Address);
        Assert.Same(first, second);
        var large = pool.Rent((3 << 20) + 5, stream);
        Assert.Equal(4 << 20, large.Bytes);
        Assert.Equal(new MemoryStats(1024 + (4 << 20), 0, 1024 + (4 << 20), 2), pool.Stats());
        large.Release();
        second.Release();
        Assert.Throws<DeviceException>(second.Release);
        Assert.Equal(1024 + (4 << 20), pool.Trim());
        Assert.Equal(0, pool.Stats().CachedBytes);
    }

    [Fact]
    public void Another_stream_gets_a_block_only_after_the_first_is_done_with_it()
    {
        var pool = new CudaMemoryPool(Device.Context) { IsCaching = true };
        using var first = new CudaStream(Device.Context, CUStreamFlags.NonBlocking);
        using var second = new CudaStream(Device.Context, CUStreamFlags.NonBlocking);
        var fill = CudaKernels.Find(Device, "fill_f32");
        var block = pool.Rent(512, first.Handle);
        fill.Launch(1, 128, 0, first.Handle, [block.Address, 1ul, 128L]);
        block.Release();
        var stolen = pool.Rent(512, second.Handle);
        Assert.Equal(block.Address, stolen.Address);
        fill.Launch(1, 128, 0, second.Handle, [stolen.Address, 2ul, 128L]);
        second.Synchronize();
        first.Synchronize();
        uint value;
        Device.Download(stolen.Address, &value, 4);
        Assert.Equal(2u, value);
        stolen.Release();
        pool.Forget(second.Handle, first.Handle);
        pool.Trim();
    }

    [Fact]
    public void Blocks_that_nobody_holds_come_back_through_the_collector()
    {
        var pool = new CudaMemoryPool(Device.Context) { IsCaching = true, SoftLimit = 4 << 20 };
        for (int i = 0; i < 50; i++)
        {
            pool.Rent(1 << 20, Device.Stream.Handle);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        var stats = pool.Stats();
        Assert.True(stats.SystemAllocations < 50, $"{stats}");
        Assert.True(stats.CachedBytes > 0, $"{stats}");
        pool.Trim();
    }

    [Fact]
    public void With_the_pool_off_every_allocation_is_the_drivers_own_and_of_exact_size()
    {
        var pool = new CudaMemoryPool(Device.Context) { IsCaching = false };
        var block = pool.Rent(100, Device.Stream.Handle);
        Assert.Equal(100, block.Bytes);
        block.Release();
        Assert.Equal(new MemoryStats(0, 0, 100, 1), pool.Stats());
    }

    [Fact]
    public void Uploads_and_downloads_of_any_size_arrive()
    {
        foreach (int count in (int[])[0, 1, 3, 1000, (1 << 18) + 1, 3_000_000])
        {
            int[] source = [.. Enumerable.Range(0, count)], back = new int[count];
            var block = Device.Pool.Rent(count * 4L, Device.Stream.Handle);
            fixed (int* from = source, to = back)
            {
                Device.Upload(from, block.Address, count * 4L);
                new Span<int>(from, count).Clear(); // the caller's memory is free again at once
                Device.Download(block.Address, to, count * 4L);
            }

            Assert.Equal(Enumerable.Range(0, count), back);
            block.Release();
        }
    }

    [Fact]
    public void Several_threads_use_one_device_at_once()
    {
        Parallel.For(0, 8, i =>
        {
            for (int round = 0; round < 20; round++)
            {
                var block = Device.Pool.Rent(4096, Device.Stream.Handle);
                CudaKernels.LaunchOver(Device, "fill_f32", 1024, block.Address, (ulong)i, 1024L);
                var values = new uint[1024];
                fixed (uint* p = values)
                {
                    Device.Download(block.Address, p, 4096);
                }

                Assert.All(values, v => Assert.Equal((uint)i, v));
                block.Release();
            }
        });
    }

    [Fact]
    public void Contexts_streams_and_memory_of_other_code_are_used_through_their_handles()
    {
        using var own = new PrimaryContext(0);
        using CudaContext shared = CudaContext.FromHandle(own.Handle);
        Assert.Equal(0, shared.DeviceId);
        using var stream = new CudaStream();
        CudaStream same = CudaStream.FromHandle(stream.Handle);
        using CudaDeviceVariable<int> memory = new[] { 1, 2, 3 };
        CudaDeviceVariable<int> view = CudaDeviceVariable<int>.FromHandle(memory.Handle, 3);
        view.MemsetAsync(7u, same.Stream);
        same.Synchronize();
        Assert.Equal([7, 7, 7], (int[])memory);
        same.Dispose();
        view.Dispose();
        stream.Synchronize();
        Assert.Equal(7, memory[2]);
    }

    [Fact]
    public void Copies_outside_of_a_variable_are_refused()
    {
        using var x = new CudaDeviceVariable<float>(4);
        Assert.Throws<DeviceException>(() => x.CopyToDevice(new float[5]));
        Assert.Throws<DeviceException>(() => x[4]);
        Assert.Throws<DeviceException>(() => x.CopyToHost(new float[4], 4, 0, 16));
        x.CopyToDevice([1, 2, 3, 4], 8, 0, 8);
        Assert.Equal(3f, x[0]);
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x[0]);
    }

    [Fact]
    public void Damaged_PTX_is_refused_with_the_compilers_words()
    {
        using var context = new PrimaryContext(0);
        var error = Assert.Throws<CudaException>(() =>
            context.LoadModulePTX(Encoding.ASCII.GetBytes(".version 7.0\n.target sm_70\n.address_size 64\n.visible .entry f(\n)\n{\n")));
        Assert.Equal("CUDA_ERROR_INVALID_PTX", error.Name);
        Assert.Throws<CudaException>(() => context.LoadModulePTX("not PTX at all"u8.ToArray()));
    }

    [Fact]
    public void A_damaged_kernel_archive_is_an_error_that_says_so()
    {
        const string ptx = ".version 7.8\n.target sm_70\n.address_size 64\n.visible .entry f(\n.param .u64 f_param_0,\n.param .align 8 .b8 f_param_1[72],\n.param .f32 f_param_2\n)\n{\nret;\n}\n";
        byte[] machine = [0x7f, 0x45, 0x4c, 0x46, .. Enumerable.Range(0, 200).Select(i => (byte)(i * i))];
        string newer = ptx.Replace("sm_70", "sm_90", StringComparison.Ordinal);
        byte[] bytes = KernelArchive.Write(new Dictionary<string, IReadOnlyList<KernelImage>>
        {
            ["family"] = [KernelImage.Of(70, false, Encoding.UTF8.GetBytes(ptx)), KernelImage.Of(80, true, machine),
                KernelImage.Of(90, false, Encoding.UTF8.GetBytes(newer))],
        });
        var archive = CudaKernels.ReadArchive(bytes);
        Assert.Equal("family f x8 s72 f4", archive.Kernels["f"].ToString());
        Assert.Null(archive.Image("family", 61));
        Assert.Contains("sm_70", Encoding.UTF8.GetString(archive.Image("family", 75)!), StringComparison.Ordinal);
        Assert.Equal(machine, archive.Image("family", 86));
        Assert.Contains("sm_90", Encoding.UTF8.GetString(archive.Image("family", 90)!), StringComparison.Ordinal);
        Assert.Contains("sm_90", Encoding.UTF8.GetString(archive.Image("family", 120)!), StringComparison.Ordinal);
        byte[][] images = [.. new[] { 70, 80, 90 }.Select(c => archive.Image("family", c)!)];

        int refused = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 0x10;
            Read(damaged);
            Read(bytes[..i]);
        }

        // What is not refused has lost names at most.
        Assert.InRange(refused, bytes.Length, 2 * bytes.Length);

        void Read(byte[] bytes)
        {
            try
            {
                var read = CudaKernels.ReadArchive(bytes);
                foreach (int capability in (int[])[70, 80, 90])
                {
                    byte[]? found = read.Image("family", capability);
                    Assert.True(found is null || images.Any(found.SequenceEqual));
                }
            }
            catch (Exception e) when (e is DeviceException or InvalidDataException)
            {
                Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }
    }

    [Fact]
    public void An_archive_without_kernels_says_why()
    {
        Assert.Equal("no NVRTC; looked here", CudaKernels.ReadArchive(KernelArchive.WriteAbsent("no NVRTC\nlooked here")).Absent);
    }

    [Fact]
    public void NVRTC_compiles_with_its_log_or_tells_where_it_was_looked_for()
    {
        var missing = new NvrtcLibrary(NvrtcLibrary.Candidates("/nowhere/libnvrtc.so", null));
        Assert.False(missing.IsAvailable);
        Assert.Contains("/nowhere/libnvrtc.so", missing.Report.ToString(), StringComparison.Ordinal);

        var nvrtc = NvrtcLibrary.Instance;
        Assert.NotEmpty(nvrtc.Report.Attempts);
        Assert.SkipUnless(nvrtc.IsAvailable, "needs NVRTC");
        var good = NvrtcCompiler.Compile(nvrtc, "extern \"C\" __global__ void f(float* x) { *x = 1; }", "f.cu", ["--gpu-architecture=compute_80"]);
        Assert.True(good.Succeeded, good.Log);
        Assert.Equal("m f x8", Assert.Single(KernelSignature.FromPtx("m", good.Ptx)).ToString());
        var bad = NvrtcCompiler.Compile(nvrtc, "extern \"C\" __global__ void f() { nonsense; }", "f.cu", ["--gpu-architecture=compute_80"]);
        Assert.False(bad.Succeeded);
        Assert.Contains("identifier \"nonsense\" is undefined", bad.Log, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("needs", "simulator")]
    public void Two_devices_have_their_own_memory_and_copy_between_each_other()
    {
        CudaDevice first = CudaDevice.Get(0), other = CudaDevice.Get(2);
        CudaBlock a = first.Pool.Rent(40, first.Stream.Handle), b = other.Pool.Rent(40, other.Stream.Handle);
        CudaKernels.LaunchOver(first, "fill_f32", 10, a.Address, 9ul, 10L);
        other.CopyFrom(first, a.Address, b.Address, 40);
        var values = new uint[10];
        fixed (uint* p = values)
        {
            other.Download(b.Address, p, 40);
        }

        Assert.All(values, v => Assert.Equal(9u, v));
        Assert.NotSame(first.Pool, other.Pool);
    }
}
