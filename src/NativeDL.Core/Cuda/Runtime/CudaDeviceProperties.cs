using System.Runtime.InteropServices;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>What a CUDA device is and can do.</summary>
public sealed unsafe record CudaDeviceProperties
{
    /// <summary>The device's number.</summary>
    public required int DeviceId { get; init; }

    /// <summary>The device's name.</summary>
    public required string DeviceName { get; init; }

    /// <summary>The device's unique identifier.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>The compute capability.</summary>
    public required Version ComputeCapability { get; init; }

    /// <summary>All its memory in bytes.</summary>
    public required SizeT TotalGlobalMemory { get; init; }

    /// <summary>The number of multiprocessors.</summary>
    public required int MultiProcessorCount { get; init; }

    /// <summary>The most threads of a block.</summary>
    public required int MaxThreadsPerBlock { get; init; }

    /// <summary>The threads of a warp.</summary>
    public required int WarpSize { get; init; }

    /// <summary>Shared memory of a block without opting in to more.</summary>
    public required int SharedMemoryPerBlock { get; init; }

    /// <summary>Shared memory of a block when it opts in.</summary>
    public required int SharedMemoryPerBlockOptin { get; init; }

    /// <summary>The level-2 cache in bytes.</summary>
    public required int L2CacheSize { get; init; }

    /// <summary>The clock rate in kilohertz.</summary>
    public required int ClockRate { get; init; }

    /// <summary>The memory's clock rate in kilohertz.</summary>
    public required int MemoryClockRate { get; init; }

    /// <summary>The width of the memory's bus in bits.</summary>
    public required int GlobalMemoryBusWidth { get; init; }

    /// <summary>The capability as one number, such as 86.</summary>
    internal int Capability => ComputeCapability.Major * 10 + ComputeCapability.Minor;

    internal static void CheckOrdinal(int deviceId)
    {
        int count = CudaContext.GetDeviceCount();
        if (deviceId < 0 || deviceId >= count)
        {
            throw Error.Device($"Device(cuda:{deviceId})", "there is no such device", $"cuda:{deviceId}",
                count == 0 ? "no CUDA device at all" : count == 1 ? "cuda:0" : $"cuda:0 to cuda:{count - 1}");
        }
    }

    internal static CudaDeviceProperties Read(int deviceId)
    {
        CheckOrdinal(deviceId);
        var api = CudaStatus.Api;
        byte* name = stackalloc byte[256];
        CudaStatus.Check(api.DeviceGetName(name, 256, deviceId), "device name");
        nuint bytes;
        CudaStatus.Check(api.DeviceTotalMem(&bytes, deviceId), "device memory");
        byte* uuid = stackalloc byte[16];
        CudaStatus.Check(api.DeviceGetUuid(uuid, deviceId), "device identifier");
        return new CudaDeviceProperties
        {
            DeviceId = deviceId,
            DeviceName = Marshal.PtrToStringUTF8((nint)name)!,
            Uuid = new Guid(new ReadOnlySpan<byte>(uuid, 16), bigEndian: true),
            TotalGlobalMemory = (long)bytes,
            MaxThreadsPerBlock = Attribute(1),
            SharedMemoryPerBlock = Attribute(8),
            WarpSize = Attribute(10),
            ClockRate = Attribute(13),
            MultiProcessorCount = Attribute(16),
            MemoryClockRate = Attribute(36),
            GlobalMemoryBusWidth = Attribute(37),
            L2CacheSize = Attribute(38),
            ComputeCapability = new Version(Attribute(75), Attribute(76)),
            SharedMemoryPerBlockOptin = Attribute(97),
        };

        int Attribute(int attribute)
        {
            int value;
            CudaStatus.Check(api.DeviceGetAttribute(&value, attribute, deviceId), "device attribute");
            return value;
        }
    }
}
