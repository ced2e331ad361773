using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using NativeDL.Numerics;

namespace NativeDL.Tests.Numerics;

/// <summary>One function of one variable, in both precisions, by name.</summary>
internal sealed record ElementaryFunction(
    string Name, Func<Vector<float>, Vector<float>> Single, Func<Vector<double>, Vector<double>> Double)
{
    public static IReadOnlyDictionary<string, ElementaryFunction> All { get; } = new ElementaryFunction[]
    {
        new("Exp", VectorMath.Exp, VectorMath.Exp),
        new("Exp2", VectorMath.Exp2, VectorMath.Exp2),
        new("Expm1", VectorMath.Expm1, VectorMath.Expm1),
        new("Log", VectorMath.Log, VectorMath.Log),
        new("Log1p", VectorMath.Log1p, VectorMath.Log1p),
        new("Log2", VectorMath.Log2, VectorMath.Log2),
        new("Log10", VectorMath.Log10, VectorMath.Log10),
        new("Sqrt", VectorMath.Sqrt, VectorMath.Sqrt),
        new("Rsqrt", VectorMath.Rsqrt, VectorMath.Rsqrt),
        new("Sin", VectorMath.Sin, VectorMath.Sin),
        new("Cos", VectorMath.Cos, VectorMath.Cos),
        new("Tan", VectorMath.Tan, VectorMath.Tan),
        new("Asin", VectorMath.Asin, VectorMath.Asin),
        new("Acos", VectorMath.Acos, VectorMath.Acos),
        new("Atan", VectorMath.Atan, VectorMath.Atan),
        new("Sinh", VectorMath.Sinh, VectorMath.Sinh),
        new("Cosh", VectorMath.Cosh, VectorMath.Cosh),
        new("Tanh", VectorMath.Tanh, VectorMath.Tanh),
        new("Asinh", VectorMath.Asinh, VectorMath.Asinh),
        new("Acosh", VectorMath.Acosh, VectorMath.Acosh),
        new("Atanh", VectorMath.Atanh, VectorMath.Atanh),
        new("Erf", VectorMath.Erf, VectorMath.Erf),
        new("Erfc", VectorMath.Erfc, VectorMath.Erfc),
        new("Erfinv", VectorMath.Erfinv, VectorMath.Erfinv),
        new("Cbrt", VectorMath.Cbrt, VectorMath.Cbrt),
        new("Lgamma", VectorMath.Lgamma, VectorMath.Lgamma),
        new("Digamma", VectorMath.Digamma, VectorMath.Digamma),
        new("Sinc", VectorMath.Sinc, VectorMath.Sinc),
        new("Sigmoid", VectorMath.Sigmoid, VectorMath.Sigmoid),
        new("Softplus", VectorMath.Softplus, VectorMath.Softplus),
    }.ToDictionary(f => f.Name);

    public float At(float x) => Single(new Vector<float>(x))[0];

    public double At(double x) => Double(new Vector<double>(x))[0];
}

/// <summary>A group of a data file: a function, a type, the allowed error, and rows of bits (the result last).</summary>
internal sealed record ReferenceGroup(string Function, string Type, long Limit, List<ulong[]> Rows)
{
    public static List<ReferenceGroup> Read(string file)
    {
        using var stream = typeof(ReferenceGroup).Assembly.GetManifestResourceStream($"NativeDL.Tests.Data.{file}")
            ?? throw new InvalidOperationException($"The test data '{file}' is not embedded.");
        using var reader = new StreamReader(stream);
        var groups = new List<ReferenceGroup>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            string[] parts = line.Split(' ');
            if (char.IsUpper(parts[0][0]))
            {
                groups.Add(new(parts[0], parts[1], long.Parse(parts[2], CultureInfo.InvariantCulture), []));
            }
            else
            {
                groups[^1].Rows.Add([.. parts.Select(p => ulong.Parse(p, NumberStyles.HexNumber, CultureInfo.InvariantCulture))]);
            }
        }

        return groups;
    }
}

/// <summary>Distances in units in the last place, and a checksum of bits.</summary>
internal static class Bits
{
    /// <summary>How many numbers lie between; 0 for two NaN, huge for one.</summary>
    public static long Distance(float a, float b)
        => float.IsNaN(a) || float.IsNaN(b)
            ? (float.IsNaN(a) && float.IsNaN(b) ? 0 : long.MaxValue)
            : Math.Abs((long)Rank(a) - Rank(b));

    /// <inheritdoc cref="Distance(float, float)"/>
    public static long Distance(double a, double b)
        => double.IsNaN(a) || double.IsNaN(b)
            ? (double.IsNaN(a) && double.IsNaN(b) ? 0 : long.MaxValue)
            : (long)Int128.Min(long.MaxValue, Int128.Abs((Int128)Rank(a) - Rank(b)));

    /// <summary>FNV-1a over the bytes.</summary>
    public static ulong Checksum<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in MemoryMarshal.AsBytes(values))
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }

    private static int Rank(float x)
    {
        int bits = BitConverter.SingleToInt32Bits(x);
        return bits < 0 ? int.MinValue - bits : bits;
    }

    private static long Rank(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        return bits < 0 ? long.MinValue - bits : bits;
    }
}
