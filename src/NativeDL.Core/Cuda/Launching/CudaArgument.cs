using System.Runtime.CompilerServices;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>One argument of a kernel: any number, a device address, or a pointer to a structure. Made by conversion.</summary>
public readonly unsafe struct CudaArgument
{
    private readonly ulong bits;
    private readonly void* structure;

    private CudaArgument(ulong bits, int size, KernelParameterKind kind)
    {
        this.bits = bits;
        Size = size;
        Kind = kind;
    }

    private CudaArgument(void* structure, int size)
    {
        this.structure = structure;
        Size = size;
        Kind = KernelParameterKind.Struct;
    }

    /// <summary>Its size in bytes.</summary>
    internal int Size { get; }

    /// <summary>What it is.</summary>
    internal KernelParameterKind Kind { get; }

    /// <summary>A structure passed by value. It must stay where it is until the launch returns: a local, or pinned.</summary>
    public static CudaArgument FromPointer<T>(T* structure)
        where T : unmanaged => new(structure, sizeof(T));

    /// <summary>A number of any kind, for callers that hold their arguments as objects.</summary>
    public static CudaArgument FromObject(object value) => value switch
    {
        CudaArgument argument => argument,
        CUdeviceptr pointer => pointer,
        int v => v,
        uint v => v,
        long v => v,
        ulong v => v,
        float v => v,
        double v => v,
        short v => v,
        ushort v => v,
        byte v => v,
        sbyte v => v,
        bool v => v,
        Half v => v,
        nint v => v,
        SizeT v => (long)v,
        _ => throw Error.Device("Cuda(argument)", "a kernel takes numbers and device addresses", value?.GetType().Name ?? "null"),
    };

    /// <summary>The number, where it is a whole one of 4 or 8 bytes; null else.</summary>
    internal long? Whole => Kind != KernelParameterKind.Integer ? null : Size == sizeof(long) ? (long)bits : Size == sizeof(int) ? (int)bits : null;

    /// <summary>The address of the value, given the address at which this argument stands.</summary>
    internal static void* AddressOf(CudaArgument* argument) => argument->structure != null ? argument->structure : &argument->bits;

    private static CudaArgument Of<T>(T value, KernelParameterKind kind)
        where T : unmanaged
    {
        ulong bits = 0;
        Unsafe.As<ulong, T>(ref bits) = value;
        return new CudaArgument(bits, sizeof(T), kind);
    }

    /// <summary>A device address.</summary>
    public static implicit operator CudaArgument(CUdeviceptr value) => Of(value.Pointer, KernelParameterKind.Pointer);

    /// <summary>A device address as a plain pointer-sized integer.</summary>
    public static implicit operator CudaArgument(nint value) => Of(value, KernelParameterKind.Pointer);

    /// <summary>An <c>int</c>.</summary>
    public static implicit operator CudaArgument(int value) => Of(value, KernelParameterKind.Integer);

    /// <summary>An <c>unsigned int</c>.</summary>
    public static implicit operator CudaArgument(uint value) => Of(value, KernelParameterKind.Integer);

    /// <summary>A <c>long long</c>.</summary>
    public static implicit operator CudaArgument(long value) => Of(value, KernelParameterKind.Integer);

    /// <summary>An <c>unsigned long long</c>.</summary>
    public static implicit operator CudaArgument(ulong value) => Of(value, KernelParameterKind.Integer);

    /// <summary>A <c>float</c>.</summary>
    public static implicit operator CudaArgument(float value) => Of(value, KernelParameterKind.Float);

    /// <summary>A <c>double</c>.</summary>
    public static implicit operator CudaArgument(double value) => Of(value, KernelParameterKind.Float);

    /// <summary>A <c>short</c>.</summary>
    public static implicit operator CudaArgument(short value) => Of(value, KernelParameterKind.Integer);

    /// <summary>An <c>unsigned short</c>.</summary>
    public static implicit operator CudaArgument(ushort value) => Of(value, KernelParameterKind.Integer);

    /// <summary>An <c>unsigned char</c>.</summary>
    public static implicit operator CudaArgument(byte value) => Of(value, KernelParameterKind.Integer);

    /// <summary>A <c>signed char</c>.</summary>
    public static implicit operator CudaArgument(sbyte value) => Of(value, KernelParameterKind.Integer);

    /// <summary>A <c>bool</c>, one byte.</summary>
    public static implicit operator CudaArgument(bool value) => Of(value ? (byte)1 : (byte)0, KernelParameterKind.Integer);

    /// <summary>A half-precision number, which kernels take as its 16 bits.</summary>
    public static implicit operator CudaArgument(Half value) => Of(value, KernelParameterKind.Integer);
}
