using System.Collections.Concurrent;
using System.Globalization;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>
/// One CUDA device as tensors see it: its primary context, one stream that all operations follow, its pool and its
/// kernels. Made at first use and kept.
/// </summary>
internal sealed unsafe partial class CudaDevice : Device
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, CudaDevice> Devices = [];

    private readonly CudaStaging staging;
    private readonly ConcurrentDictionary<(string, DType), CudaLauncher> launchers = [];

    private CudaDevice(int ordinal)
        : base(string.Create(CultureInfo.InvariantCulture, $"cuda:{ordinal}"))
    {
        Ordinal = ordinal;
        Properties = CudaDeviceProperties.Read(ordinal);
        Context = new PrimaryContext(ordinal);
        Stream = new CudaStream(Context, CUStreamFlags.Default) { Device = this };
        Pool = new CudaMemoryPool(Context);
        staging = new CudaStaging(Stream.Handle);
    }

    /// <summary>The device's number.</summary>
    internal int Ordinal { get; }

    internal CudaDeviceProperties Properties { get; }

    internal PrimaryContext Context { get; }

    /// <summary>The stream that every operation on tensors of this device follows.</summary>
    internal CudaStream Stream { get; }

    internal CudaMemoryPool Pool { get; }

    /// <summary>The kernels that this device has loaded, by name.</summary>
    internal ConcurrentDictionary<string, CudaLauncher> Kernels { get; } = new(StringComparer.Ordinal);

    /// <summary>The modules that this device has loaded.</summary>
    internal Dictionary<string, CudaModule> Modules { get; } = new(StringComparer.Ordinal);

    /// <summary>The device with this number; throws with the reason when there is none.</summary>
    internal static CudaDevice Get(int ordinal)
    {
        lock (Gate)
        {
            if (!Devices.TryGetValue(ordinal, out var device))
            {
                CudaDeviceProperties.CheckOrdinal(ordinal);
                Devices[ordinal] = device = new CudaDevice(ordinal);
            }

            return device;
        }
    }

    /// <summary>How many devices there are; 0 without a driver.</summary>
    internal static int Count => CudaDriver.Instance.Api is null ? 0 : CudaDriver.Instance.DeviceCount;

    /// <summary>
    /// Forgets a device and all that lives on it, also after it failed; the next use starts it anew. Tensors that were on it
    /// are lost. Other libraries that share the primary context lose theirs as well.
    /// </summary>
    internal static void Reset(int ordinal)
    {
        lock (Gate)
        {
            using var context = new PrimaryContext(ordinal);
            CudaContext.End(context.Handle);
            Devices.Remove(ordinal, out var device);
            device?.Stream.Abandon();
            CudaStatus.Check(CudaStatus.Api.DevicePrimaryCtxReset(ordinal), "reset");
            device?.Context.Dispose();
        }
    }

    public override MemoryStats MemoryStats() => Pool.Stats();

    public override long TrimPool() => Pool.Trim();

    public override void Synchronize()
    {
        RefuseWhileCapturing("synchronize", "wait after the capture");
        Context.MakeCurrent();
        CudaStatus.Check(CudaStatus.Api.StreamSynchronize(Stream.Handle), "synchronize");
    }

    internal override Storage Allocate(long bytes, out nint address)
    {
        var block = Pool.Rent(bytes, Stream.Handle);
        address = block.Address;
        return block;
    }

    internal override void Upload(void* source, nint target, long bytes)
    {
        RefuseWhileCapturing("upload", "move tensors to the device before it, and copy new values to where they stand between replays");
        Context.MakeCurrent();
        staging.Upload((byte*)source, target, bytes);
    }

    /// <summary>How often the host has waited for something of the device's memory.</summary>
    internal long Downloads => Interlocked.Read(ref downloads);

    private long downloads;

    internal override void Download(nint source, void* target, long bytes)
    {
        Interlocked.Increment(ref downloads);
        RefuseWhileCapturing("download", "read results after a replay");
        Context.MakeCurrent();
        staging.Download(source, (byte*)target, bytes);
    }

    internal override void CopyFrom(Tensor source, nint target, long bytes)
    {
        if (source.Device is CudaDevice other) CopyFrom(other, source.Address, target, bytes);
        else Upload((void*)source.Address, target, bytes);
    }

    /// <summary>Copies within the device, or from another one, in this device's stream order.</summary>
    internal void CopyFrom(CudaDevice sourceDevice, nint source, nint target, long bytes)
    {
        if (sourceDevice == this)
        {
            Context.MakeCurrent();
            CudaStatus.Check(CudaStatus.Api.MemcpyDtoDAsync(target, source, (nuint)bytes, Stream.Handle), "copy on device");
            return;
        }

        // The other device's stream must be done with the source; an event of that device carries the order over.
        using var done = new CudaEvent(sourceDevice.Context, CUEventFlags.DisableTiming);
        done.Record(sourceDevice.Stream.Stream);
        Stream.WaitEvent(done);
        CudaStatus.Check(CudaStatus.Api.MemcpyPeerAsync(target, Context.Handle, source, sourceDevice.Context.Handle, (nuint)bytes, Stream.Handle),
            "copy between devices");
        // And the source may not be written before it was read.
        using var read = new CudaEvent(Context, CUEventFlags.DisableTiming);
        read.Record(Stream.Stream);
        sourceDevice.Stream.WaitEvent(read);
    }

    // What passes through the host happens once, and a replay would not do it again.
    private void RefuseWhileCapturing(string what, string hint)
    {
        if (Pool.IsCapturing)
        {
            throw Error.Device($"Cuda({what})", $"a CudaGraph is being captured on {Name}, and a graph holds only work of the device", null, null, hint);
        }
    }

    /// <summary>Sets bytes to 0 in stream order.</summary>
    internal void Clear(nint target, long bytes)
    {
        Context.MakeCurrent();
        CudaStatus.Check(CudaStatus.Api.MemsetD8Async(target, 0, (nuint)bytes, Stream.Handle), "clear");
    }
}
