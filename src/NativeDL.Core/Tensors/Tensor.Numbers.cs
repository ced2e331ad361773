namespace NativeDL;

/// <content>Numbers beside tensors, and tensors of one element as numbers. The operators with numbers are generated.</content>
public sealed partial class Tensor
{
    // The largest whole number up to which a double holds every one.
    private const long MostExact = 1L << 53;

    /// <summary>The larger of a and c; the number takes the tensor's element type. <c>[…] -> […]</c></summary>
    public static Tensor Maximum(Tensor a, double c) => Maximum(a, Number(c, a));

    /// <inheritdoc cref="Maximum(Tensor, double)"/>
    public static Tensor Maximum(double c, Tensor a) => Maximum(Number(c, a), a);

    /// <summary>The smaller of a and c; the number takes the tensor's element type. <c>[…] -> […]</c></summary>
    public static Tensor Minimum(Tensor a, double c) => Minimum(a, Number(c, a));

    /// <inheritdoc cref="Minimum(Tensor, double)"/>
    public static Tensor Minimum(double c, Tensor a) => Minimum(Number(c, a), a);

    /// <summary>a where the condition is true, else the number, which takes the tensor's element type. <c>[…c], […a] -> […c∨a]</c></summary>
    public static Tensor Where(Tensor condition, Tensor a, double b) => Where(condition, a, Number(b, a));

    /// <summary>The number, which takes the tensor's element type, where the condition is true, else b. <c>[…c], […b] -> […c∨b]</c></summary>
    public static Tensor Where(Tensor condition, double a, Tensor b) => Where(condition, Number(a, b), b);

    /// <summary>One number where the condition is true, the other where not, as Float32. <c>[…] -> […]</c></summary>
    public static Tensor Where(Tensor condition, double a, double b)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Where(condition, Scalar(a, device: condition.Device), Scalar(b, device: condition.Device));
    }

    /// <summary>A number to the power of each element; the number takes the tensor's element type. <c>[…] -> […]</c></summary>
    public static Tensor Pow(double @base, Tensor exponent) => Number(@base, exponent).Pow(exponent);

    /// <summary>The only element as a double; see <see cref="Item()"/>.</summary>
    /// <exception cref="ShapeMismatchException">There is not exactly one element.</exception>
    public static explicit operator double(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Item();
    }

    /// <summary>The only element as a float.</summary>
    /// <exception cref="ShapeMismatchException">There is not exactly one element.</exception>
    public static explicit operator float(Tensor x) => (float)(double)x;

    /// <summary>The only element as an int; a fraction is cut off.</summary>
    /// <exception cref="ShapeMismatchException">There is not exactly one element.</exception>
    /// <exception cref="InvalidInputException">An int cannot hold it.</exception>
    public static explicit operator int(Tensor x)
    {
        long whole = (long)x;
        return whole == (int)whole ? (int)whole : throw TooLarge("int", x);
    }

    /// <summary>The only element as a long; a fraction is cut off.</summary>
    /// <exception cref="ShapeMismatchException">There is not exactly one element.</exception>
    /// <exception cref="InvalidInputException">A long cannot hold it.</exception>
    public static explicit operator long(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.DType == DType.Int64) return x.Item<long>();
        double number = x.Item();
        return number is >= long.MinValue and < -(double)long.MinValue ? (long)number : throw TooLarge("long", x);
    }

    /// <summary>The only element as a bool.</summary>
    /// <exception cref="ShapeMismatchException">There is not exactly one element.</exception>
    /// <exception cref="DTypeMismatchException">The element is not <see cref="DType.Bool"/>.</exception>
    public static explicit operator bool(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Item<bool>();
    }

    /// <summary>The only element of a tensor of one element, in its own type.</summary>
    /// <typeparam name="T">The .NET type of <see cref="DType"/>.</typeparam>
    /// <exception cref="ShapeMismatchException">There is not exactly one element.</exception>
    /// <exception cref="DTypeMismatchException">The tensor's element type is another.</exception>
    public unsafe T Item<T>() where T : unmanaged
    {
        RequireType<T>();
        RequireOneElement();
        T element;
        Device.Download(Address, &element, sizeof(T));
        GC.KeepAlive(this);
        return element;
    }

    private void RequireOneElement()
    {
        ThrowIfFreed();
        if (ElementCount != 1) throw Error.Shape("Item", "only a tensor of one element is a number", $"{Shape}", "one element");
    }

    private static InvalidInputException TooLarge(string type, Tensor x) =>
        Error.Input("Tensor", $"the number does not fit into {(type == "int" ? "an int" : "a long")}", $"{x.Item()} of {x.DType}");

    // A number beside a tensor takes its element type and device.
    private static Tensor Number(double value, Tensor beside)
    {
        ArgumentNullException.ThrowIfNull(beside);
        return beside.Like(value);
    }

    private static Tensor Number(long value, Tensor beside)
    {
        ArgumentNullException.ThrowIfNull(beside);
        return beside.DType == DType.Int64 && value is < -MostExact or > MostExact
            ? FromSpan<long>([value], Shape.Scalar, beside.IsSymbolic ? Device.Default : beside.Device) : beside.Like(value);
    }
}
