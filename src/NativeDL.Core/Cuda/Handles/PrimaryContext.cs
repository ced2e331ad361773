using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>A device's primary context: the one that NativeDL's tensors, NVIDIA's runtime and other libraries share.</summary>
public sealed unsafe class PrimaryContext : CudaContext
{
    /// <summary>Retains a device's primary context and makes it current.</summary>
    public PrimaryContext(int deviceId = 0)
        : base(Retain(deviceId), deviceId, owned: false)
    {
    }

    /// <summary>Whether anybody holds the primary context of a device.</summary>
    public static bool IsActive(int deviceId)
    {
        CudaDeviceProperties.CheckOrdinal(deviceId);
        uint flags;
        int active;
        CudaStatus.Check(CudaStatus.Api.DevicePrimaryCtxGetState(deviceId, &flags, &active), "primary context state");
        return active != 0;
    }

    private protected override void Release()
    {
        // A context that is released while it is current stays so, dead, and every later call of this thread fails.
        nint current;
        if (CudaStatus.Api.CtxGetCurrent(&current) == CudaResult.Success && current == Handle)
        {
            CudaStatus.Api.CtxSetCurrent(0);
        }

        CudaStatus.Api.DevicePrimaryCtxRelease(DeviceId);
        ForgetCurrent();
    }

    private static nint Retain(int deviceId)
    {
        CudaDeviceProperties.CheckOrdinal(deviceId);
        nint context;
        CudaStatus.Check(CudaStatus.Api.DevicePrimaryCtxRetain(&context, deviceId), "primary context");
        return context;
    }
}
