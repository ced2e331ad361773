namespace NativeDL.Cuda;

/// <summary>An address in device memory.</summary>
/// <param name="Pointer">The address.</param>
public readonly record struct CUdeviceptr(nint Pointer)
{
    /// <summary>The address <paramref name="bytes"/> further on.</summary>
    public static CUdeviceptr operator +(CUdeviceptr pointer, long bytes) => new(pointer.Pointer + (nint)bytes);

    /// <summary>The address <paramref name="bytes"/> before.</summary>
    public static CUdeviceptr operator -(CUdeviceptr pointer, long bytes) => new(pointer.Pointer - (nint)bytes);
}

/// <summary>The driver's handle of a context.</summary>
/// <param name="Pointer">The handle.</param>
public readonly record struct CUcontext(nint Pointer);

/// <summary>The driver's handle of a device, which is its number.</summary>
/// <param name="Pointer">The number.</param>
public readonly record struct CUdevice(int Pointer);

/// <summary>The driver's handle of a stream; 0 is the default stream.</summary>
/// <param name="Pointer">The handle.</param>
public readonly record struct CUstream(nint Pointer)
{
    /// <summary>The default stream.</summary>
    public static CUstream NullStream => default;
}

/// <summary>The driver's handle of an event.</summary>
/// <param name="Pointer">The handle.</param>
public readonly record struct CUevent(nint Pointer);

/// <summary>The driver's handle of a module.</summary>
/// <param name="Pointer">The handle.</param>
public readonly record struct CUmodule(nint Pointer);

/// <summary>The driver's handle of a kernel.</summary>
/// <param name="Pointer">The handle.</param>
public readonly record struct CUfunction(nint Pointer);

#pragma warning disable CA1711 // CUDA's names, which programs for CUDA use
/// <summary>How a stream behaves towards the default stream.</summary>
[Flags]
public enum CUStreamFlags
{
    /// <summary>Waits for the default stream and is waited for by it.</summary>
    Default = 0,

    /// <summary>Independent of the default stream.</summary>
    NonBlocking = 1,
}

/// <summary>What an event is for.</summary>
[Flags]
public enum CUEventFlags
{
    /// <summary>Ordering and timing.</summary>
    Default = 0,

    /// <summary>Waiting for it blocks the thread instead of spinning.</summary>
    BlockingSync = 1,

    /// <summary>Ordering only, which is cheaper.</summary>
    DisableTiming = 2,
}
#pragma warning restore CA1711

/// <summary>A size in bytes or elements, from any integer.</summary>
/// <param name="Value">The size.</param>
public readonly record struct SizeT(long Value)
{
    /// <summary>From an <c>int</c>.</summary>
    public static implicit operator SizeT(int value) => new(value);

    /// <summary>From a <c>uint</c>.</summary>
    public static implicit operator SizeT(uint value) => new(value);

    /// <summary>From a <c>long</c>.</summary>
    public static implicit operator SizeT(long value) => new(value);

    /// <summary>From a <c>ulong</c>.</summary>
    public static implicit operator SizeT(ulong value) => new(checked((long)value));

    /// <summary>To a <c>long</c>.</summary>
    public static implicit operator long(SizeT value) => value.Value;

    /// <summary>To an <c>int</c>; throws when it does not fit.</summary>
    public static explicit operator int(SizeT value) => checked((int)value.Value);

    /// <summary>To a <c>ulong</c>.</summary>
    public static implicit operator ulong(SizeT value) => (ulong)value.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
