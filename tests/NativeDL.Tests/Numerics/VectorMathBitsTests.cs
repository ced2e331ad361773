using System.Numerics;
using NativeDL.Numerics;

namespace NativeDL.Tests.Numerics;

/// <summary>
/// Checksums over many results. A failure here on one kind of machine only means that bits depend on the machine; after
/// a deliberate change of a kernel the test prints the new value.
/// </summary>
public sealed unsafe class VectorMathBitsTests
{
    private const int Count = 8192;

    public static TheoryData<string, ulong> Checksums => new()
    {
        { "Exp", 0x699EFAA14ED918C5 },
        { "Exp2", 0x37B59363C4A62040 },
        { "Expm1", 0x5024B88EF0165384 },
        { "Log", 0x2FD3D5C8F1C12F60 },
        { "Log1p", 0xDF8362A6F5BEE339 },
        { "Log2", 0xF3BEB4435B448B27 },
        { "Log10", 0x67989C1D1694C77A },
        { "Sqrt", 0x21AEF9E2CDEBDEEB },
        { "Rsqrt", 0x0DE078019C45DC68 },
        { "Sin", 0xABC8CEDAD7896565 },
        { "Cos", 0xD7CEA1530AE2CB90 },
        { "Tan", 0x748F30B609D2AC02 },
        { "Asin", 0x93292FE4D1CAB6A0 },
        { "Acos", 0x06EC53DC634190B7 },
        { "Atan", 0x75BB28D47CD81183 },
        { "Sinh", 0xF0564B6C14010BE4 },
        { "Cosh", 0xEE0788CDC2790B89 },
        { "Tanh", 0x0E6749A947461EBF },
        { "Asinh", 0x3A92CDD9C9E9EA28 },
        { "Acosh", 0xF3BE7032CD5A3A25 },
        { "Atanh", 0xB17C8058C48232B5 },
        { "Erf", 0x9E7ED23900043A22 },
        { "Erfc", 0x17D33A9D76025331 },
        { "Sigmoid", 0x71D2C7304EEB9D61 },
        { "Softplus", 0x6B0A27BF814B541D },
    };

    [Theory]
    [MemberData(nameof(Checksums))]
    public void Bits_are_the_same_on_every_machine(string name, ulong expected)
    {
        var f = ElementaryFunction.All[name];
        var single = new float[Count];
        var dbl = new double[Count];
        fixed (float* s = single)
        fixed (double* d = dbl)
        {
            Inputs(s, d);
            for (int i = 0; i < Count; i += Vector<float>.Count)
            {
                f.Single(Vector.Load(s + i)).Store(s + i);
            }

            for (int i = 0; i < Count; i += Vector<double>.Count)
            {
                f.Double(Vector.Load(d + i)).Store(d + i);
            }
        }

        Assert.Equal(expected, Combine(single, dbl));
    }

    [Fact]
    public void Bits_of_powers_are_the_same_on_every_machine()
    {
        float[] single = new float[Count], singleResult = new float[Count];
        double[] dbl = new double[Count], doubleResult = new double[Count];
        fixed (float* s = single)
        fixed (double* d = dbl)
        {
            Inputs(s, d);
        }

        for (int i = 0; i < Count; i++)
        {
            singleResult[i] = VectorMath.Pow(new Vector<float>(single[i]), new Vector<float>(single[Count - 1 - i]))[0];
            doubleResult[i] = VectorMath.Pow(new Vector<double>(dbl[i]), new Vector<double>(dbl[Count - 1 - i]))[0];
        }

        Assert.Equal(PowChecksum, Combine(singleResult, doubleResult));
    }

    private const ulong PowChecksum = 0xF63B844C66ED1C01;

    // Half of the inputs are any bits at all, half lie between −8 and 8.
    private static void Inputs(float* single, double* dbl)
    {
        var stream = new PhiloxStream(1, 0);
        Philox.Words((uint*)single, 0, Count, stream);
        Philox.Words((uint*)dbl, 0, 2 * Count, stream);
        RandomFill.Uniform(single, 0, Count / 2, stream, -8f, 8f);
        RandomFill.Uniform(dbl, 0, Count / 2, stream, -8d, 8d);
    }

    // Which NaN comes out is the one thing that processors do differently.
    private static ulong Combine(float[] single, double[] dbl)
    {
        for (int i = 0; i < Count; i++)
        {
            single[i] = float.IsNaN(single[i]) ? 12345 : single[i];
            dbl[i] = double.IsNaN(dbl[i]) ? 12345 : dbl[i];
        }

        return Bits.Checksum<float>(single) ^ Bits.Checksum<double>(dbl);
    }
}
