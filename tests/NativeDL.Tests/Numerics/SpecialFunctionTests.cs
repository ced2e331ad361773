using System.Numerics;
using NativeDL.Numerics;

namespace NativeDL.Tests.Numerics;

/// <summary>Functions of special-reference.txt, whose numbers have an origin of their own.</summary>
public sealed class SpecialFunctionTests
{
    private static readonly List<ReferenceGroup> Groups = ReferenceGroup.Read("special-reference.txt");

    public static TheoryData<string, string> OfOne => [.. Groups.Where(g => g.Rows[0].Length == 2).Select(g => (g.Function, g.Type))];

    public static TheoryData<string, string> OfTwo => [.. Groups.Where(g => g.Rows[0].Length == 3).Select(g => (g.Function, g.Type))];

    [Theory, MemberData(nameof(OfOne))]
    public void Results_are_within_the_ULP_limits_of_the_reference(string name, string type)
    {
        var group = Groups.Single(g => g.Function == name && g.Type == type);
        bool below = name.EndsWith("Below0", StringComparison.Ordinal);
        var f = ElementaryFunction.All[below ? name[..^6] : name];
        foreach (ulong[] row in group.Rows)
        {
            double x = Number(row[0], type), expected = Number(row[1], type), found = type == "float32" ? f.At((float)x) : f.At(x);
            double ulps = Ulps(found, expected, type, below ? Math.Max(1, Part(f.Name, x)) : 0);
            Assert.True(ulps <= group.Limit, $"{name} {type} of {x:R} is {found:R}, {ulps} ULP off {expected:R}; {group.Limit} allowed.");
        }
    }

    [Theory, MemberData(nameof(OfTwo))]
    public void Results_of_two_operands_are_within_the_ULP_limits_of_the_reference(string name, string type)
    {
        var group = Groups.Single(g => g.Function == name && g.Type == type);
        foreach (ulong[] row in group.Rows)
        {
            double x = Number(row[0], type), y = Number(row[1], type), expected = Number(row[2], type), found = At(name, type, x, y);
            double ulps = Ulps(found, expected, type, 0);
            Assert.True(ulps <= group.Limit, $"{name} {type} of {x:R}, {y:R} is {found:R}, {ulps} ULP off {expected:R}; {group.Limit} allowed.");
        }
    }

    [Fact]
    public void Angles_and_lengths_at_zeros_and_infinities_are_those_of_C()
    {
        double[] specials = [0, -0.0, 1, -1, double.Epsilon, -1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        foreach (double y in specials)
            foreach (double x in specials)
            {
                Assert.True(Ulps(At("Atan2", "float64", y, x), Math.Atan2(y, x), "float64", 0) <= 1, $"atan2({y}, {x})");
                double length = double.IsInfinity(x) || double.IsInfinity(y) ? double.PositiveInfinity : double.Hypot(x, y);
                Assert.True(Ulps(At("Hypot", "float64", y, x), length, "float64", 0) <= 1, $"hypot({y}, {x})");
                if (y == 0) Assert.Equal(double.IsNegative(Math.Atan2(y, x)), double.IsNegative(At("Atan2", "float32", y, x)));
            }
    }

    // ψ⁽ⁿ⁾ from its series' own definition: differences of neighbours are single terms.
    [Fact]
    public void Polygamma_steps_by_its_terms_on_both_sides_of_0()
    {
        for (int n = 1; n <= 6; n++)
            foreach (double x in new[] { 0.25, 1.5, 3.75, 15.5, 40.25, -0.25, -0.75, -3.5, -8.125 })
            {
                double factorial = Enumerable.Range(1, n).Aggregate(1.0, (a, b) => a * b);
                double term = (n % 2 == 1 ? 1 : -1) * factorial / Math.Pow(x, n + 1), a = Polygamma.At(n, x), b = Polygamma.At(n, x + 1);
                Assert.True(Math.Abs(a - b - term) <= 1e-13 * (Math.Abs(a) + Math.Abs(b) + Math.Abs(term)), $"order {n} at {x}: {a:R} − {b:R} is not {term:R}");
            }
        Assert.Equal(Math.PI * Math.PI / 6, Polygamma.At(1, 1), 1e-15);
        Assert.Equal(-2.4041138063191886, Polygamma.At(2, 1), 1e-15);
    }

    private static double At(string name, string type, double x, double y) => (name, type) switch
    {
        ("Atan2", "float32") => VectorMath.Atan2(new Vector<float>((float)x), new Vector<float>((float)y))[0],
        ("Atan2", _) => VectorMath.Atan2(new Vector<double>(x), new Vector<double>(y))[0],
        (_, "float32") => VectorMath.Hypot(new Vector<float>((float)x), new Vector<float>((float)y))[0],
        _ => VectorMath.Hypot(new Vector<double>(x), new Vector<double>(y))[0],
    };

    // The part of a result below 0 that may be larger than it.
    private static double Part(string name, double x) => name == "Lgamma" ? ElementaryFunction.All[name].At(-x) : Math.PI / Math.Abs(Math.Tan(Math.PI * x));

    private static double Number(ulong bits, string type) =>
        type == "float32" ? BitConverter.UInt32BitsToSingle((uint)bits) : BitConverter.UInt64BitsToDouble(bits);

    private static double Ulps(double found, double expected, string type, double least)
    {
        if (found.Equals(expected)) return 0;
        double size = Math.Max(Math.Abs(expected), least);
        return Math.Abs(found - expected) / (type == "float32" ? MathF.BitIncrement((float)size) - (float)size : Math.BitIncrement(size) - size);
    }
}
