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

    /// <summary>The only element of a tensor of one element, as a double: exact but for whole numbers beyond 2⁵³, which <see cref="ToArray"/> gives whole.</summary>
    /// <exception cref="ShapeMismatchException">There is not exactly one element.</exception>
    public double Item()
    {
        RequireOneElement();
        double element;
        switch (DType)
        {
            case DType.Float32: { float v; Device.Download(Address, &v, 4); element = v; break; }
            case DType.Float64: { double v; Device.Download(Address, &v, 8); element = v; break; }
            case DType.Int32: { int v; Device.Download(Address, &v, 4); element = v; break; }
            case DType.Int64: { long v; Device.Download(Address, &v, 8); element = v; break; }
            default: { byte v; Device.Download(Address, &v, 1); element = v; break; }
        }
        GC.KeepAlive(this);
        return element;
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

    /// <summary>The elements as NumPy prints them, long axes shortened.</summary>
    public override string ToString()
    {
        if (IsSymbolic) return $"Tensor {DType} {Shape} (a symbol)";
        if (address == 0 && !IsDeferred) return $"Tensor {DType} {Shape} (freed)";
        var text = TensorPrinter.Print(this);
        return DType == DType.Float32 && Device.IsCpu ? text : string.Create(CultureInfo.InvariantCulture, $"{text} ({DType}{(Device.IsCpu ? "" : $", {Device}")})");
    }

    private void RequireType<T>() where T : unmanaged
    {
        ThrowIfFreed();
        if (DTypes.Of<T>() != DType) throw Error.DType("Tensor", $"the elements are not read as {typeof(T).Name}", $"{DType} {Shape}", $"{DTypes.Of<T>()}", "convert with Cast first");
    }
}
