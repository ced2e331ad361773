namespace NativeDL;

public sealed partial class OpAttributes
{
    /// <summary>A truth value.</summary>
    /// <exception cref="InvalidInputException">It is missing, or of another kind; so with the others.</exception>
    public bool Flag(string name) => Read(name, v => v is bool b ? b : (bool?)null, "true or false");

    /// <summary>A whole number.</summary>
    public int Int(string name) => Read(name, v => v is long n && n is >= int.MinValue and <= int.MaxValue ? (int)n : (int?)null, "a whole number");

    /// <summary>A whole number.</summary>
    public long Long(string name) => Read(name, v => v is long n ? n : (long?)null, "a whole number");

    /// <summary>A number.</summary>
    public double Number(string name) => Read(name, NumberOf, "a number");

    /// <summary>A text.</summary>
    public string Text(string name) => this[name] as string ?? throw Fault(name, "a text");

    /// <summary>Whole numbers, or the sizes of a shape.</summary>
    public int[] Ints(string name) => [.. Longs(name).Select(n => n is >= int.MinValue and <= int.MaxValue ? (int)n : throw Fault(name, "whole numbers"))];

    /// <summary>Whole numbers.</summary>
    public long[] Longs(string name) => this[name] switch
    {
        long[] list => [.. list],
        double[] { Length: 0 } => [],
        _ => throw Fault(name, "whole numbers"),
    };

    /// <summary>Numbers.</summary>
    public double[] Numbers(string name) => this[name] switch
    {
        double[] list => [.. list],
        long[] list => [.. list.Select(n => (double)n)],
        _ => throw Fault(name, "numbers"),
    };

    /// <summary>A member of an enumeration, by its name.</summary>
    public T Enum<T>(string name) where T : struct, Enum =>
        System.Enum.TryParse(Text(name), out T value) && System.Enum.IsDefined(value) ? value
            : throw Fault(name, $"one of {string.Join(", ", System.Enum.GetNames<T>())}");

    /// <summary>A height and a width; none given where the attribute is missing.</summary>
    public Size2D Size2D(string name) =>
        !Has(name) ? default : Ints(name) is [var height, var width] ? new(height, width) : throw Fault(name, "a height and a width");

    private const string Paddings = "'valid', 'same', 'causal', or four or six numbers of 0 or more";

    /// <summary>A padding.</summary>
    public Padding Padding(string name) => this[name] switch
    {
        "same" or "valid" or "causal" => (NativeDL.Padding)(string)this[name],
        long[] => NativeDL.Padding.FromNumbers(Ints(name)) ?? throw Fault(name, Paddings),
        _ => throw Fault(name, Paddings),
    };

    internal Device Device(string name) => NativeDL.Device.Parse(Text(name));

    internal (int Before, int After)[] Pairs(string name)
    {
        int[] all = Ints(name);
        return all.Length % 2 == 0 ? [.. all.Chunk(2).Select(p => (p[0], p[1]))] : throw Fault(name, "pairs of numbers");
    }

    internal Epilogue? Epilogue(string name)
    {
        if (!Has(name)) return null;
        return (OpFile.Find(Text(name), this) as IActivation)?.AsEpilogue ?? throw Fault(name, "the name of an activation");
    }

    private T Read<T>(string name, Func<object, T?> read, string expected) where T : struct => read(this[name]) ?? throw Fault(name, expected);

    // Files have no infinities but as texts.
    internal static double? NumberOf(object value) => value switch
    {
        double d => d,
        long n => n,
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => null,
    };

    private InvalidInputException Fault(string name, string expected) => Error.Input("OpAttributes", $"the attribute '{name}' is not {expected}", $"{this}");
}
