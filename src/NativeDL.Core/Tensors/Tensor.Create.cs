using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed unsafe partial class Tensor
{
    /// <summary>A vector of the given numbers as Float32: <c>Tensor.Of(1, 2, 3)</c>.</summary>
    public static Tensor Of(params ReadOnlySpan<double> values)
    {
        var singles = new float[values.Length];
        for (int i = 0; i < singles.Length; i++) singles[i] = (float)values[i];
        return FromArray(singles);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{double})"/>
    public static Tensor Of(params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Of(values.AsSpan());
    }

    /// <summary>A tensor of the given shape with a copy of <paramref name="values"/>, in row-major order.</summary>
    /// <typeparam name="T">float, double, int, long, bool or byte.</typeparam>
    /// <exception cref="ShapeMismatchException">The number of values is not the number of elements.</exception>
    public static Tensor FromArray<T>(T[] values, Shape shape) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan<T>(values, shape);
    }

    /// <summary>A tensor of the given shape with a copy of <paramref name="values"/>, in row-major order, converted to <paramref name="dtype"/>.</summary>
    /// <exception cref="ShapeMismatchException">The number of values is not the number of elements.</exception>
    public static Tensor FromArray<T>(T[] values, Shape shape, DType dtype) where T : unmanaged => FromArray(values, shape).Cast(dtype);

    /// <summary>
    /// A vector with a copy of <paramref name="values"/>, converted to <paramref name="dtype"/>: C#'s 1.5 is a double, and so Float64 unless this says Float32.
    /// </summary>
    public static Tensor FromArray<T>(T[] values, DType dtype) where T : unmanaged => FromArray(values).Cast(dtype);

    /// <summary>A vector with a copy of <paramref name="values"/>.</summary>
    public static Tensor FromArray<T>(T[] values) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan<T>(values, [values.Length]);
    }

    /// <summary>A matrix with a copy of <paramref name="values"/>.</summary>
    public static Tensor FromArray<T>(T[,] values) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        fixed (T* first = values) return FromSpan(new ReadOnlySpan<T>(first, values.Length), [values.GetLength(0), values.GetLength(1)]);
    }

    /// <summary>A tensor of three axes with a copy of <paramref name="values"/>.</summary>
    public static Tensor FromArray<T>(T[,,] values) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        fixed (T* first = values) return FromSpan(new ReadOnlySpan<T>(first, values.Length), [values.GetLength(0), values.GetLength(1), values.GetLength(2)]);
    }

    /// <summary>A tensor of four axes, such as a batch of images, with a copy of <paramref name="values"/>.</summary>
    public static Tensor FromArray<T>(T[,,,] values) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        fixed (T* first = values) return FromSpan(new ReadOnlySpan<T>(first, values.Length),
            [values.GetLength(0), values.GetLength(1), values.GetLength(2), values.GetLength(3)]);
    }

    /// <summary>A tensor of the given shape with a copy of <paramref name="values"/>, in row-major order.</summary>
    /// <exception cref="ShapeMismatchException">The number of values is not the number of elements.</exception>
    public static Tensor FromSpan<T>(ReadOnlySpan<T> values, Shape shape, Device? device = null) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (values.Length != shape.ElementCount)
            throw Error.Shape("Tensor", "the number of values does not fit the shape", $"{values.Length} values", $"{shape.ElementCount} for shape {shape}");
        var result = new Tensor(shape, DTypeExtensions.Of<T>(), device ?? Device.Default);
        fixed (T* source = values) result.Device.Upload(source, result.address, values.Length * (long)sizeof(T));
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>A tensor of the given shape with a copy of <paramref name="values"/>, in row-major order.</summary>
    public static Tensor FromMemory<T>(ReadOnlyMemory<T> values, Shape shape) where T : unmanaged => FromSpan(values.Span, shape);

    /// <summary>A vector of the given values.</summary>
    public static Tensor FromEnumerable<T>(IEnumerable<T> values) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromArray([.. values]);
    }

    /// <summary>A single number: shape [].</summary>
    public static Tensor Scalar(double value, DType dtype = DType.Float32, Device? device = null) => Full(Shape.Scalar, value, dtype, device);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32, Device? device = null) => Full(shape, 0, dtype, device);

    /// <summary>A tensor of zeros, Float32: <c>Tensor.Zeros(2, 3)</c>.</summary>
    [OverloadResolutionPriority(-1)]
    public static Tensor Zeros(params int[] shape) => Zeros(Shape.Of(shape));

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float32, Device? device = null) => Full(shape, 1, dtype, device);

    /// <summary>A tensor of ones, Float32: <c>Tensor.Ones(2, 3)</c>.</summary>
    [OverloadResolutionPriority(-1)]
    public static Tensor Ones(params int[] shape) => Ones(Shape.Of(shape));

    /// <summary>A tensor with <paramref name="value"/> everywhere.</summary>
    /// <exception cref="DTypeMismatchException">The element type cannot hold the value.</exception>
    public static Tensor Full(Shape shape, double value, DType dtype = DType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var result = new Tensor(shape, dtype, device ?? Device.Default);
        result.Fill(value);
        return result;
    }

    /// <summary>
    /// The numbers start, start + step, … before <paramref name="stop"/>: shape [n]. Fractional arguments give Float32, whole ones Int32, if
    /// <paramref name="dtype"/> says nothing else.
    /// </summary>
    /// <exception cref="InvalidInputException">A number is not finite, the step is 0, or there are too many numbers.</exception>
    public static Tensor Arange(double start, double stop, double step = 1, DType dtype = DType.Float32)
    {
        if (step == 0 || !double.IsFinite(start) || !double.IsFinite(stop) || !double.IsFinite(step))
            throw Error.Input("Arange", "start, stop and step must be finite and the step not 0", $"{start}, {stop}, {step}");
        double count = Math.Max(0, Math.Ceiling((stop - start) / step));
        if (count > Array.MaxLength) throw Error.Input("Arange", "there are too many numbers between start and stop", $"{count}", $"at most {Array.MaxLength}");
        var values = new double[(int)count];
        for (int i = 0; i < values.Length; i++) values[i] = start + i * step;
        return FromArray(values).Cast(dtype);
    }

    /// <inheritdoc cref="Arange(double, double, double, DType)"/>
    public static Tensor Arange(int start, int stop, int step = 1, DType dtype = DType.Int32) => Arange((double)start, stop, step, dtype);

    /// <summary>The numbers 0 … stop − 1: shape [stop].</summary>
    public static Tensor Arange(int stop, DType dtype = DType.Int32) => Arange(0, stop, 1, dtype);

    /// <summary>The whole numbers from 0 that are below <paramref name="stop"/>, as Float32: shape [n].</summary>
    public static Tensor Arange(double stop, DType dtype = DType.Float32) => Arange(0.0, stop, 1, dtype);

    /// <summary><paramref name="count"/> numbers at even distances, both ends included to the bit: shape [count].</summary>
    public static unsafe Tensor Linspace(double start, double stop, int count, DType dtype = DType.Float32)
    {
        if (count < 0) throw Error.Input("Linspace", "the number of points is negative", $"{count}");
        var values = Empty([count], DType.Float64, Device.Cpu);
        using (var open = values.Open<double>())
            for (int i = 0; i < count; i++)
                open.Pointer[i] = i == 0 ? start : i == count - 1 ? stop : start + (stop - start) * (i / (count - 1.0));
        return values.To(Device.Default).Cast(dtype);
    }

    /// <summary>The identity matrix: shape [n, n].</summary>
    public static Tensor Eye(int n, DType dtype = DType.Float32)
    {
        if (n < 0) throw Error.Input("Eye", "the number of rows is negative", $"{n}");
        var numbers = Arange(n);
        return numbers.Reshape(n, 1).Equal(numbers).Cast(dtype);
    }

    /// <summary>Uninitialized memory, for kernels that write every element.</summary>
    internal static Tensor Empty(Shape shape, DType dtype, Device device) => new(shape, dtype, device);

    /// <summary>Writes one number everywhere; only for tensors that nobody else has seen yet, and for library state.</summary>
    internal void Fill(double value)
    {
        var (least, most) = DType switch
        {
            DType.Int32 => (int.MinValue, int.MaxValue),
            DType.Int64 => (long.MinValue, Math.BitDecrement(-(double)long.MinValue)),
            DType.UInt8 => (byte.MinValue, byte.MaxValue),
            _ => (double.NegativeInfinity, double.PositiveInfinity),
        };
        if (double.IsFinite(least) && !(value == Math.Truncate(value) && value >= least && value <= most))
            throw Error.DType("Tensor", "the number does not fit the element type", $"{value}", $"a whole number from {least} to {most} for {DType}");
        Device.Fill(this, value);
    }
}
