namespace NativeDL.Cuda;

/// <summary>
/// One argument of a kernel of the library: a tensor (its address; null for none, which is the null pointer), a number
/// or a structure. A launch keeps the tensors, and so their memory, alive until it has been handed to the driver; from
/// there on the order of the stream does.
/// </summary>
internal readonly struct KernelArgument
{
    private KernelArgument(CudaArgument value, Tensor? tensor = null) => (Value, Tensor) = (value, tensor);

    public CudaArgument Value { get; }

    public Tensor? Tensor { get; }

    /// <summary>A structure passed by value; it must be a local of the caller.</summary>
    public static unsafe KernelArgument Structure<T>(T* structure) where T : unmanaged => new(CudaArgument.FromPointer(structure));

    public static implicit operator KernelArgument(Tensor? tensor) => new(tensor?.Address ?? 0, tensor);

    public static implicit operator KernelArgument(int value) => new(value);

    public static implicit operator KernelArgument(long value) => new(value);

    public static implicit operator KernelArgument(uint value) => new(value);

    public static implicit operator KernelArgument(ulong value) => new(value);

    public static implicit operator KernelArgument(double value) => new(value);
}
