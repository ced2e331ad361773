using System.Numerics;
using System.Runtime.CompilerServices;
using Vd = System.Numerics.Vector<double>;
using Vf = System.Numerics.Vector<float>;
using Vi = System.Numerics.Vector<int>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>
/// The few lane operations that every kernel here is made of. Each is exact or correctly rounded and treats every
/// lane alone, so what is built of them gives equal bits on every machine, vector width and lane position.
/// </summary>
internal static class LaneMath
{
    /// <summary>x·y + z, rounded once (never split into two roundings, whatever the hardware).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Fma(Vf x, Vf y, Vf z) => Vector.FusedMultiplyAdd(x, y, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Fma(Vf x, Vf y, float z) => Vector.FusedMultiplyAdd(x, y, Vector.Create(z));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Fma(Vf x, float y, Vf z) => Vector.FusedMultiplyAdd(x, Vector.Create(y), z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Fma(Vd x, Vd y, Vd z) => Vector.FusedMultiplyAdd(x, y, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Fma(Vd x, Vd y, double z) => Vector.FusedMultiplyAdd(x, y, Vector.Create(z));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Fma(Vd x, double y, Vd z) => Vector.FusedMultiplyAdd(x, Vector.Create(y), z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf C(float value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd C(double value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Select(Vi mask, Vf yes, Vf no) => Vector.ConditionalSelect(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Select(Vl mask, Vd yes, Vd no) => Vector.ConditionalSelect(mask, yes, no);

    /// <summary>Limits x to [low, high]; a NaN stays the NaN it was (hardware minimum and maximum disagree on it).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Clamp(Vf x, float low, float high)
    {
        x = Select(Vector.LessThan(x, C(low)), C(low), x);
        return Select(Vector.GreaterThan(x, C(high)), C(high), x);
    }

    /// <inheritdoc cref="Clamp(Vf, float, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Clamp(Vd x, double low, double high)
    {
        x = Select(Vector.LessThan(x, C(low)), C(low), x);
        return Select(Vector.GreaterThan(x, C(high)), C(high), x);
    }

    /// <summary>The sign bit of every lane, all other bits zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf SignBit(Vf x) => x & C(-0f);

    /// <inheritdoc cref="SignBit(Vf)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd SignBit(Vd x) => x & C(-0d);

    /// <summary>a + b as sum and rounding error, exact whichever is larger.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vd Sum, Vd Error) TwoSum(Vd a, Vd b)
    {
        var sum = a + b;
        var part = sum - a;
        return (sum, (a - (sum - part)) + (b - part));
    }

    /// <summary>a + b as sum and rounding error, where |a| ≥ |b| or a = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vd Sum, Vd Error) FastTwoSum(Vd a, Vd b)
    {
        var sum = a + b;
        return (sum, b - (sum - a));
    }

    /// <summary>a · b as product and rounding error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vd Product, Vd Error) TwoProduct(Vd a, Vd b)
    {
        var product = a * b;
        return (product, Fma(a, b, -product));
    }
}
