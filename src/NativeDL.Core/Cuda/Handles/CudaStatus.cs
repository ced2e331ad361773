using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>Turns the driver's status codes into exceptions, and the absence of a driver into a reason.</summary>
internal static class CudaStatus
{
    // What was launched last, for errors that the driver only reports at a later call: by this thread, or else by any.
    [ThreadStatic] private static LaunchRecord? lastHere;
    private static volatile LaunchRecord? last;

    /// <summary>The driver's functions. Throws with the reason where there is no driver.</summary>
    internal static CudaApi Api => CudaDriver.Instance.Api ?? throw Absent();

    /// <summary>Whether to wait after every launch, so that an error names its own kernel.</summary>
    internal static bool Blocking { get; set; } = Environment.GetEnvironmentVariable("NATIVEDL_CUDA_BLOCKING") is "1";

    internal static DeviceException Absent() => Error.Device("Device(cuda)", CudaDriver.Instance.Problem!,
        hint: "a CUDA device needs NVIDIA's driver 520 or newer; everything runs on Device.Cpu without");

    internal static void Check(CudaResult result, string what)
    {
        if (result != CudaResult.Success)
        {
            throw Failure(result, what);
        }
    }

    /// <summary>
    /// For <c>Dispose</c>: a fault of the context is left to the calls that wait for its results, so that disposing after an
    /// error does not hide it.
    /// </summary>
    internal static void CheckRelease(CudaResult result, string what)
    {
        if (!IsFault(result))
        {
            Check(result, what);
        }
    }

    internal static void NoteLaunch(LaunchRecord record) => last = lastHere = record;

    /// <summary>What this thread launched last, unless it has a layer already, was launched in this one; null outside of any.</summary>
    internal static void NoteLayer(LayerPath? layer) => lastHere?.NoteLayer(layer);

    internal static Exception Failure(CudaResult result, string what, LaunchRecord? launch = null)
    {
        var driver = CudaDriver.Instance;
        string name = driver.NameOf(result), text = driver.TextOf(result);
        if (result == CudaResult.OutOfMemory)
        {
            return new OutOfDeviceMemoryException(Error.Message($"Cuda({what})", $"{name}: {text}", null, null, null));
        }

        bool later = launch is null && IsFault(result);
        if (later)
        {
            launch = lastHere ?? last;
        }

        string place = launch is null ? "" : later ? $". The kernel launched last is {launch.Kernel}, {launch.Shape}{launch.By}{launch.In}"
            : $". Launched with {launch.Shape}{launch.By}";
        string? hint = result is CudaResult.InvalidPtx or CudaResult.UnsupportedPtxVersion or CudaResult.NoBinaryForGpu
            ? $"the driver supports CUDA {CudaDriver.Describe(driver.Version)}; the kernels need {CudaDriver.Describe(CudaDriver.MinimumVersion)} (NVIDIA driver 520 or newer)"
            : IsLost(result) ? "the device is lost to this process; start the process again"
            : later && !Blocking ? "NATIVEDL_CUDA_BLOCKING=1 makes every launch report its own errors" : null;
        string reason = (IsLost(result) ? "the device is lost, " : "") + $"{name}: {text}{place}";
        return new CudaException(Error.Message($"Cuda({launch?.Kernel ?? what})", reason, null, null, hint), (int)result, name, text, launch);
    }

    // A fault stays with the context: every later call fails with it.
    internal static bool IsFault(CudaResult result) => result is CudaResult.IllegalAddress or CudaResult.LaunchFailed or CudaResult.MisalignedAddress
        or CudaResult.LaunchTimeout or CudaResult.Assert or CudaResult.HardwareStackError or CudaResult.IllegalInstruction
        or CudaResult.InvalidAddressSpace or CudaResult.InvalidProgramCounter or CudaResult.EccUncorrectable or CudaResult.Unknown || IsLost(result);

    internal static bool IsLost(CudaResult result) => result is CudaResult.DeviceUnavailable or CudaResult.ContextIsDestroyed or CudaResult.Deinitialized;
}

/// <summary>What a launch was: one per kernel, overwritten by each launch, so that noting it allocates nothing.</summary>
internal sealed class LaunchRecord(string kernel)
{
    private dim3 grid, block;
    private uint shared;
    private Op? operation;
    private LayerPath? layer;
    private bool knowsLayer;

    internal string Kernel => kernel;

    /// <summary>The operation that launched it, or null outside of any.</summary>
    internal string? Operation => operation?.Name;

    /// <summary>The layer that was called, such as <c>'model/dense'</c>, or null outside of any.</summary>
    internal string? Layer => layer?.ToString();

    internal string By => operation is null ? "" : $", by the operation {Operation}";

    internal string In => layer is null ? "" : $" in layer {Layer}";

    internal string Shape => $"grid {grid}, block {block}, {shared} bytes of dynamic shared memory";

    internal void Set(dim3 grid, dim3 block, uint shared)
    {
        (this.grid, this.block, this.shared) = (grid, block, shared);
        (operation, layer, knowsLayer) = (CudaDevice.Running, null, false);
    }

    // Layers tell as they are entered and left, so that a launch costs nothing for it.
    internal void NoteLayer(LayerPath? path)
    {
        if (!knowsLayer) (layer, knowsLayer) = (path, true);
    }
}
