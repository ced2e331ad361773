using System.Buffers;
using System.Globalization;

namespace NativeDL;

public sealed unsafe partial class Tensor
{
    /// <summary>A copy of the elements in row-major order.</summary>
    /// <typeparam name="T">The .NET type of <see cref="DType"/>.</typeparam>
    /// <exception cref="DTypeMismatchException">The tensor's element type is another.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        RequireType<T>();
        var result = new T[ElementCount];
        var source = Packed();
        fixed (T* target = result) Device.Download(source.Address, target, ElementCount * sizeof(T));
        GC.KeepAlive(source);
        return result;
    }

    /// <summary>The elements as float64, whatever the element type.</summary>
    internal double[] ToDoubles() => Cast(DType.Float64).ToArray<double>();

    /// <summary>
    /// The only element of a tensor of one element, as a double: exact but for whole numbers beyond 2⁵³, which <see cref="ToArray"/> gives whole.
    /// </summary>
    /// <exception cref="ShapeMismatchException">There is not exactly one element.</exception>
    public double Item()
    {
        RequireOneElement();
        ulong bits = 0;
        Device.Download(Address, &bits, DType.Size());
        GC.KeepAlive(this);
        return DType.NumberOf(bits);
    }

    /// <summary>Lets <paramref name="reader"/> look at the elements in row-major order, without a copy where they stand so on the CPU.</summary>
    /// <param name="state">Handed to the reader.</param>
    /// <param name="reader">Must not keep the span.</param>
    /// <exception cref="DTypeMismatchException">The tensor's element type is another.</exception>
    public void Read<T, TState>(TState state, ReadOnlySpanAction<T, TState> reader) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reader);
        RequireType<T>();
        if (ElementCount > int.MaxValue) throw Error.Shape("Read", "a span holds at most 2³¹ elements", $"{Shape}", null, "read a slice at a time");
        if (Device.IsCpu)
        {
            using var memory = Contiguous().Open<T>();
            reader(new ReadOnlySpan<T>(memory.Pointer, (int)ElementCount), state);
        }
        else reader(ToArray<T>(), state);
    }

    /// <inheritdoc cref="Read{T, TState}"/>
    public void Read<T>(Action<ReadOnlySpan<T>> reader) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reader);
        Read<T, Action<ReadOnlySpan<T>>>(reader, static (span, action) => action(span));
    }

    /// <summary>A copy of the elements of a matrix, rows first.</summary>
    /// <inheritdoc cref="ToArray{T}"/>
    /// <exception cref="ShapeMismatchException">The tensor is no matrix.</exception>
    public T[,] ToArray2D<T>() where T : unmanaged
    {
        if (Rank != 2) throw Error.Shape("ToArray2D", "the tensor is no matrix", $"{Shape}", "two dimensions");
        var flat = ToArray<T>();
        var result = new T[Shape[0], Shape[1]];
        fixed (T* target = result) flat.AsSpan().CopyTo(new Span<T>(target, flat.Length));
        return result;
    }

    /// <summary>
    /// Whether every element is as near to <paramref name="other"/>'s as |a − b| ≤ atol + rtol · |b|; the shapes broadcast. Infinities must be equal, NaN is
    /// near nothing.
    /// </summary>
    /// <param name="other">What is compared with; it may live on another device.</param>
    /// <param name="rtol">The difference allowed for each unit of b.</param>
    /// <param name="atol">The difference that is always allowed.</param>
    /// <exception cref="DTypeMismatchException">The element types differ.</exception>
    /// <exception cref="ShapeMismatchException">The shapes do not broadcast.</exception>
    public bool AllClose(Tensor other, double rtol = 1e-5, double atol = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!(rtol >= 0 && atol >= 0)) throw Error.Input("AllClose", "a tolerance is negative or no number", $"rtol {rtol}, atol {atol}", "0 or more");
        if (DType != other.DType) throw Error.DType("AllClose", "the element types differ", $"{DType} {Shape} and {other.DType} {other.Shape}",
            "one type for both", "convert one of them with Cast");
        var shape = Shape.Broadcast("AllClose", Shape, other.Shape);
        double[] a = BroadcastTo(shape).ToDoubles(), b = other.BroadcastTo(shape).ToDoubles();
        for (int i = 0; i < a.Length; i++)
            if (a[i] != b[i] && !(double.IsFinite(a[i]) && double.IsFinite(b[i]) && Math.Abs(a[i] - b[i]) <= atol + rtol * Math.Abs(b[i]))) return false;
        return true;
    }

    /// <summary>The elements as NumPy prints them, long axes shortened.</summary>
    public override string ToString() => ToString(null, null);

    /// <summary>The elements, long axes shortened, each written by a format of numbers: <c>$"{x:F3}"</c>.</summary>
    /// <param name="format">A .NET format, such as <c>F3</c>; NumPy's way of writing when null.</param>
    /// <param name="formatProvider">The culture for the format; none, so that 1.5 has a point everywhere, when null.</param>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        if (IsSymbolic) return $"Tensor {DType} {Shape} (a symbol)";
        if (address == 0 && !IsDeferred) return $"Tensor {DType} {Shape} (freed)";
        var text = TensorPrinter.Print(this, format, formatProvider);
        return !string.IsNullOrEmpty(format) || (DType == DType.Float32 && Device.IsCpu) ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text} ({DType}{(Device.IsCpu ? "" : $", {Device}")})");
    }

    private void RequireType<T>() where T : unmanaged
    {
        ThrowIfFreed();
        if (DTypeExtensions.Of<T>() != DType) throw Error.DType("Tensor", $"the elements are not read as {typeof(T).Name}", $"{DType} {Shape}",
            $"{DTypeExtensions.Of<T>()}", "convert with Cast first");
    }
}
