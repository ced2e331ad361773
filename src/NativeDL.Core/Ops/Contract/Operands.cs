namespace NativeDL;

/// <summary>The operands of an <see cref="Op"/>, for as long as it runs.</summary>
public readonly ref struct Operands
{
    private readonly ReadOnlySpan<Tensor> tensors;

    internal Operands(ReadOnlySpan<Tensor> tensors) => this.tensors = tensors;

    /// <summary>How many there are.</summary>
    public int Count => tensors.Length;

    /// <summary>Operand <paramref name="i"/>; while inferring, only its shape and element type may be looked at.</summary>
    /// <exception cref="InvalidInputException">There are fewer operands.</exception>
    public Tensor this[int i] => (uint)i < (uint)tensors.Length ? tensors[i] : throw OperandFault.NoOperand(i);

    /// <summary>The elements of operand <paramref name="i"/>, in row-major order; within Compute.</summary>
    /// <typeparam name="T">The type that is computed with; byte for truth values.</typeparam>
    public unsafe ReadOnlySpan<T> Span<T>(int i) where T : unmanaged => new((void*)this[i].Address, OpMemory.Length<T>(this[i]));

    /// <summary>The address of the first element of operand <paramref name="i"/> on its device; within Launch.</summary>
    public nint Pointer(int i) => this[i].Address;

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
        get => (uint)i < (uint)tensors.Length ? tensors[i] : throw OperandFault.NoResult(i, tensors.Length);
        set => Set(i, value);
    }

    /// <summary>Says that result <paramref name="i"/> has the shape and element type of a tensor, <c>y[i] = like</c>; within Infer.</summary>
    public void Set(int i, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(like);
        Set(i, like.Shape, like.DType);
    }

    /// <summary>Says shape and element type of result <paramref name="i"/>; within Infer.</summary>
    public void Set(int i, Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if ((uint)i >= (uint)tensors.Length) throw OperandFault.NoResult(i, tensors.Length);
        tensors[i] = Tensor.Promised(shape, dtype);
    }

    /// <summary>The memory of result <paramref name="i"/>, to be written as a whole; within Compute.</summary>
    /// <typeparam name="T">The type that is computed with; byte for truth values.</typeparam>
    public unsafe Span<T> Span<T>(int i) where T : unmanaged => new((void*)this[i].Address, OpMemory.Length<T>(this[i]));

    /// <summary>The address of the first element of result <paramref name="i"/> on its device; within Launch.</summary>
    public nint Pointer(int i) => this[i].Address;

    internal ReadOnlySpan<Tensor> All => tensors;
}

/// <summary>What spans of operands and results check.</summary>
internal static class OpMemory
{
    public static int Length<T>(Tensor x) where T : unmanaged
    {
        Check<T>(x);
        return x.ElementCount <= int.MaxValue ? (int)x.ElementCount
            : throw OperandFault.Shape("a span holds at most 2³¹ elements", x, "take it by rows, with ByRows");
    }

    public static unsafe void Check<T>(Tensor x) where T : unmanaged
    {
        if (!x.Device.IsCpu) throw OperandFault.OnCard(x);
        if (!x.IsContiguous) throw OperandFault.Shape("the elements do not stand side by side", x, "leave out OpTraits.Strided");
        if (sizeof(T) != x.DType.Size()) throw OperandFault.OtherSize(typeof(T), x);
    }
}

/// <summary>
/// What operands and results refuse. They do not know whose they are, so that they stay as small as spans: the operation
/// they are of puts its name to it, in <see cref="Op"/>'s one place.
/// </summary>
internal sealed class OperandFault(Func<Op, int, NativeDLException> told) : Exception
{
    /// <summary>The error that the caller of the operation sees.</summary>
    public NativeDLException Of(Op op, int operands) => told(op, operands);

    public static OperandFault NoOperand(int i) =>
        new((op, count) => Error.Input(op.Name, $"there is no operand {i}", count == 1 ? "1 operand" : $"{count} operands", $"{i + 1} or more"));

    public static OperandFault NoResult(int i, int count) =>
        new((op, _) => Error.Input(op.Name, $"there is no result {i}", $"ResultCount {count}", $"{i + 1} or more", "override ResultCount"));

    public static OperandFault OnCard(Tensor x) =>
        new((op, _) => Error.Device(op.Name, "memory of a card has no span", $"{x.Device} {x.Shape}", null, "use Pointer, within Launch"));

    public static OperandFault OtherSize(Type type, Tensor x) =>
        new((op, _) => Error.DType(op.Name, $"the elements are not of the size of {type.Name}", $"{x.DType} {x.Shape}", null,
            "take Compute's own T, or the type of this operand"));

    public static OperandFault Shape(string reason, Tensor x, string hint) => new((op, _) => Error.Shape(op.Name, reason, $"{x.DType} {x.Shape}", null, hint));
}
