namespace NativeDL;

/// <summary>The operands of an <see cref="Op"/>, for as long as it runs.</summary>
public readonly ref struct Operands
{
    private readonly ReadOnlySpan<Tensor> tensors;

    internal Operands(ReadOnlySpan<Tensor> tensors) => this.tensors = tensors;

    /// <summary>How many there are.</summary>
    public int Count => tensors.Length;

    /// <summary>Operand <paramref name="i"/>; while inferring, only its shape and element type may be looked at.</summary>
    public Tensor this[int i] => tensors[i];

    /// <summary>The elements of operand <paramref name="i"/>, in row-major order; within Compute.</summary>
    /// <typeparam name="T">The type that is computed with; byte for truth values.</typeparam>
    public unsafe ReadOnlySpan<T> Span<T>(int i) where T : unmanaged => new((void*)tensors[i].Address, OpMemory.Length<T>(tensors[i]));

    /// <summary>The address of the first element of operand <paramref name="i"/> on its device; within Launch.</summary>
    public nint Pointer(int i) => tensors[i].Address;

    internal ReadOnlySpan<Tensor> All => tensors;
}

/// <summary>The results of an <see cref="Op"/>: first their shapes and element types, then their memory.</summary>
public readonly ref struct Results
{
    private readonly Span<Tensor> tensors;

    internal Results(Span<Tensor> tensors) => this.tensors = tensors;

    /// <summary>How many there are.</summary>
    public int Count => tensors.Length;

    /// <summary>Result <paramref name="i"/>. Setting it, within Infer, says that it has the shape and element type of that tensor.</summary>
    public Tensor this[int i]
    {
        get => tensors[i];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Set(i, value.Shape, value.DType);
        }
    }

    /// <summary>Says shape and element type of result <paramref name="i"/>; within Infer.</summary>
    public void Set(int i, Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        tensors[i] = Tensor.Promised(shape, dtype);
    }

    /// <summary>The memory of result <paramref name="i"/>, to be written as a whole; within Compute.</summary>
    /// <typeparam name="T">The type that is computed with; byte for truth values.</typeparam>
    public unsafe Span<T> Span<T>(int i) where T : unmanaged => new((void*)tensors[i].Address, OpMemory.Length<T>(tensors[i]));

    /// <summary>The address of the first element of result <paramref name="i"/> on its device; within Launch.</summary>
    public nint Pointer(int i) => tensors[i].Address;
}

/// <summary>What spans of operands and results check.</summary>
internal static class OpMemory
{
    public static unsafe int Length<T>(Tensor x) where T : unmanaged
    {
        if (!x.Device.IsCpu) throw Error.Device("Op", "memory of a card has no span", $"{x.Device} {x.Shape}", null, "use Pointer, within Launch");
        if (!x.IsContiguous) throw Error.Shape("Op", "the elements do not stand side by side", $"{x.Shape}", null, "leave out OpTraits.Strided");
        if (sizeof(T) != x.DType.Size()) throw Error.DType("Op", $"the elements are not of the size of {typeof(T).Name}", $"{x.DType} {x.Shape}");
        return x.ElementCount <= int.MaxValue ? (int)x.ElementCount : throw Error.Shape("Op", "a span holds at most 2³¹ elements", $"{x.Shape}");
    }
}
