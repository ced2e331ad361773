using System.Numerics;
using NativeDL.Numerics;

namespace NativeDL.Tests.Numerics;

public sealed class VectorMathTests
{
    private static readonly double[] Awkward =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 2, -3, 0.1, 0.9, 10, -20, 88.5, -104, 710, -745, 1e-5, -1e-10, 1e-40, 5e-324, -1e-310,
        65536.5, 1e10, -1e22, 1e30, 3e38, 1e300, 1.5707963267948966, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    public static TheoryData<string> Functions => [.. ElementaryFunction.All.Keys];

    public static TheoryData<string> Odd => ["Sin", "Tan", "Asin", "Atan", "Sinh", "Tanh", "Asinh", "Atanh", "Erf", "Erfinv", "Cbrt"];

    [Fact]
    public void Every_function_has_a_reference_in_both_types()
    {
        string[] known = [.. new[] { "numpy-ufuncs.txt", "mpfr-reference.txt", "special-reference.txt" }.SelectMany(ReferenceGroup.Read)
            .Where(g => g.Rows.Count > 50).Select(g => $"{g.Function} {g.Type}")];
        foreach (string name in ElementaryFunction.All.Keys.Append("Pow").Except(["Sqrt", "Rsqrt"])) // which the processor's root proves
        {
            Assert.Contains($"{name} float32", known);
            Assert.Contains($"{name} float64", known);
        }
    }

    [Fact]
    public void Roots_are_the_processors_and_their_reciprocals_within_an_ULP()
    {
        (ElementaryFunction root, ElementaryFunction reciprocal) = (ElementaryFunction.All["Sqrt"], ElementaryFunction.All["Rsqrt"]);
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            double x = (1 + random.NextDouble()) * Math.Pow(2, random.Next(-1000, 1000));
            float single = (float)((1 + random.NextDouble()) * Math.Pow(2, random.Next(-120, 120)));
            Assert.Equal(Math.Sqrt(x), root.At(x));
            Assert.Equal(MathF.Sqrt(single), root.At(single));
            Assert.True(Bits.Distance((float)(1 / Math.Sqrt(single)), reciprocal.At(single)) <= 1, $"1/√{single:R}");
            Assert.True(Bits.Distance(1 / Math.Sqrt(x), reciprocal.At(x)) <= 1, $"1/√{x:R}");
        }
    }

    [Theory]
    [InlineData("numpy-ufuncs.txt")]
    [InlineData("mpfr-reference.txt")]
    public void Results_are_within_the_ULP_limits_of_the_reference(string file)
    {
        foreach (ReferenceGroup group in ReferenceGroup.Read(file).Where(g => g.Function != "Pow"))
        {
            ElementaryFunction f = ElementaryFunction.All[group.Function];
            Assert.NotEmpty(group.Rows);
            foreach (ulong[] row in group.Rows)
            {
                long distance;
                if (group.Type == "float32")
                {
                    float x = BitConverter.UInt32BitsToSingle((uint)row[0]);
                    distance = Bits.Distance(f.At(x), BitConverter.UInt32BitsToSingle((uint)row[1]));
                }
                else
                {
                    double x = BitConverter.UInt64BitsToDouble(row[0]);
                    distance = Bits.Distance(f.At(x), BitConverter.UInt64BitsToDouble(row[1]));
                }

                Assert.True(distance <= group.Limit, $"{group.Function} {group.Type} of 0x{row[0]:x} is {distance} ULP off; {group.Limit} allowed.");
            }
        }
    }

    [Fact]
    public void Powers_are_within_the_ULP_limits_of_the_reference()
    {
        foreach (ReferenceGroup group in ReferenceGroup.Read("mpfr-reference.txt").Where(g => g.Function == "Pow"))
        {
            foreach (ulong[] row in group.Rows)
            {
                long distance = group.Type == "float32"
                    ? Bits.Distance(
                        VectorMath.Pow(Singles(row[0]), Singles(row[1]))[0], BitConverter.UInt32BitsToSingle((uint)row[2]))
                    : Bits.Distance(
                        VectorMath.Pow(Doubles(row[0]), Doubles(row[1]))[0], BitConverter.UInt64BitsToDouble(row[2]));
                Assert.True(distance <= group.Limit, $"Pow {group.Type} of 0x{row[0]:x}, 0x{row[1]:x} is {distance} ULP off.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_lane_does_not_depend_on_its_place_or_its_neighbours(string name)
    {
        ElementaryFunction f = ElementaryFunction.All[name];
        foreach (double x in Awkward)
        {
            float alone = f.At((float)x);
            double aloneDouble = f.At(x);
            foreach (double neighbour in Awkward)
            {
                for (int lane = 0; lane < Vector<float>.Count; lane++)
                {
                    float result = f.Single(new Vector<float>((float)neighbour).WithElement(lane, (float)x))[lane];
                    Assert.Equal(BitConverter.SingleToInt32Bits(alone), BitConverter.SingleToInt32Bits(result));
                }

                for (int lane = 0; lane < Vector<double>.Count; lane++)
                {
                    double result = f.Double(new Vector<double>(neighbour).WithElement(lane, x))[lane];
                    Assert.Equal(BitConverter.DoubleToInt64Bits(aloneDouble), BitConverter.DoubleToInt64Bits(result));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void NaN_goes_through(string name)
    {
        ElementaryFunction f = ElementaryFunction.All[name];
        Assert.True(float.IsNaN(f.At(float.NaN)));
        Assert.True(double.IsNaN(f.At(double.NaN)));
    }

    [Theory]
    [InlineData("Expm1")]
    [InlineData("Log1p")]
    [InlineData("Sin")]
    [InlineData("Tan")]
    [InlineData("Asin")]
    [InlineData("Atan")]
    [InlineData("Sinh")]
    [InlineData("Tanh")]
    [InlineData("Asinh")]
    [InlineData("Atanh")]
    public void Functions_tangent_to_the_diagonal_keep_the_smallest_numbers_and_the_sign_of_zero(string name)
    {
        ElementaryFunction f = ElementaryFunction.All[name];
        foreach (float x in new[] { 0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, 1.5e-20f })
        {
            Assert.Equal(BitConverter.SingleToInt32Bits(x), BitConverter.SingleToInt32Bits(f.At(x)));
        }

        foreach (double x in new[] { 0d, -0d, double.Epsilon, -double.Epsilon, 1e-310, -1e-310, 1.5e-20 })
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(x), BitConverter.DoubleToInt64Bits(f.At(x)));
        }
    }

    [Fact]
    public void Values_at_zero_infinity_and_the_poles_are_those_of_C()
    {
        const double inf = double.PositiveInfinity;
        var expected = new (string Name, double X, double Y)[]
        {
            ("Exp", inf, inf), ("Exp", -inf, 0), ("Exp", 0, 1), ("Expm1", -inf, -1), ("Expm1", inf, inf), ("Exp2", 10, 1024),
            ("Log", 0, -inf), ("Log", -0.0, -inf), ("Log", 1, 0), ("Log", -1, double.NaN), ("Log", inf, inf),
            ("Log1p", -1, -inf), ("Log1p", -2, double.NaN), ("Log1p", inf, inf), ("Log2", 8, 3), ("Log10", 1000, 3),
            ("Sin", inf, double.NaN), ("Cos", -inf, double.NaN), ("Tan", inf, double.NaN), ("Cos", 0, 1),
            ("Asin", 1.5, double.NaN), ("Acos", 1, 0), ("Acos", -2, double.NaN), ("Sinh", -inf, -inf), ("Cosh", -inf, inf),
            ("Tanh", inf, 1), ("Tanh", -inf, -1), ("Asinh", -inf, -inf), ("Acosh", 1, 0), ("Acosh", 0.5, double.NaN),
            ("Acosh", inf, inf), ("Atanh", 1, inf), ("Atanh", -1, -inf), ("Atanh", 2, double.NaN), ("Erf", inf, 1),
            ("Erf", -inf, -1), ("Erfc", -inf, 2), ("Erfc", inf, 0), ("Sigmoid", inf, 1), ("Sigmoid", -inf, 0),
            ("Sigmoid", 0, 0.5), ("Softplus", inf, inf), ("Softplus", -inf, 0), ("Rsqrt", 0, inf), ("Rsqrt", 4, 0.5),
            ("Sqrt", -1, double.NaN), ("Sqrt", 2.25, 1.5), ("Cbrt", -inf, -inf), ("Cbrt", -27, -3), ("Erfinv", 1, inf),
            ("Erfinv", -1, -inf), ("Erfinv", 1.5, double.NaN), ("Lgamma", 0, inf), ("Lgamma", 1, 0), ("Lgamma", 2, 0), ("Lgamma", -3, inf),
            ("Lgamma", inf, inf), ("Lgamma", -inf, inf), ("Digamma", 0, -inf), ("Digamma", -0.0, inf), ("Digamma", -2, double.NaN),
            ("Digamma", inf, inf), ("Digamma", -inf, double.NaN), ("Sinc", 0, 1), ("Sinc", 7, 0), ("Sinc", inf, double.NaN),
        };
        foreach (var (name, x, y) in expected)
        {
            Assert.Equal(y, ElementaryFunction.All[name].At(x));
            Assert.Equal((float)y, ElementaryFunction.All[name].At((float)x));
        }
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public void Odd_functions_are_odd_to_the_bit(string name) => Mirrored(name, -1);

    [Theory]
    [InlineData("Cos")]
    [InlineData("Cosh")]
    [InlineData("Sinc")]
    public void Even_functions_are_even_to_the_bit(string name) => Mirrored(name, 1);

    private static void Mirrored(string name, int sign)
    {
        ElementaryFunction f = ElementaryFunction.All[name];
        double[] points = [.. Awkward.Where(x => !double.IsNaN(f.At(x)))];
        Assert.True(points.Length > 10);
        foreach (double x in points)
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(sign * f.At(x)), BitConverter.DoubleToInt64Bits(f.At(-x)));
            float single = f.At((float)x);
            if (!float.IsNaN(single)) Assert.Equal(BitConverter.SingleToInt32Bits(sign * single), BitConverter.SingleToInt32Bits(f.At(-(float)x)));
        }
    }

    private static Vector<float> Singles(ulong bits) => new(BitConverter.UInt32BitsToSingle((uint)bits));

    private static Vector<double> Doubles(ulong bits) => new(BitConverter.UInt64BitsToDouble(bits));
}
