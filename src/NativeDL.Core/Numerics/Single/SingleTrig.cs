using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vf = System.Numerics.Vector<float>;
using Vi = System.Numerics.Vector<int>;

namespace NativeDL.Numerics;

/// <summary>Sine and cosine for float32. Coefficients: minimax fits (Sollya, fpminimax) in float32.</summary>
internal static class SingleTrig
{
    private const float TwoOverPi = 0.63661977f;

    // π/2 in three float32 parts. x − n·Part1 is exact in a fused multiply-add while n < 2^22.
    private const float Part1 = 1.5707964f;
    private const float Part2 = -4.37113883e-08f;
    private const float Part3 = -1.71512451e-15f;
    private const float Magic = 12582912f;

    /// <summary>Beyond this the reduction goes through float64.</summary>
    private const float Large = 65536f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Sin(Vf x)
    {
        var a = Vector.Abs(x);
        var y = Quadrants(a, Vi.Zero) ^ SignBit(x);
        return Vector.LessThanOrEqualAll(a, C(Large)) ? y : SinFar(x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Cos(Vf x)
    {
        var a = Vector.Abs(x);
        var y = Quadrants(a, Vi.One);
        return Vector.LessThanOrEqualAll(a, C(Large)) ? y : CosFar(x, y);
    }

    // Only the far lanes are replaced, so a lane's bits do not depend on its neighbours.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vf SinFar(Vf x, Vf near)
    {
        Vector.Widen(x, out var low, out var high);
        var far = Vector.Narrow(DoubleTrig.Sin(low), DoubleTrig.Sin(high));
        return Select(Vector.LessThanOrEqual(Vector.Abs(x), C(Large)), near, far);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vf CosFar(Vf x, Vf near)
    {
        Vector.Widen(x, out var low, out var high);
        var far = Vector.Narrow(DoubleTrig.Cos(low), DoubleTrig.Cos(high));
        return Select(Vector.LessThanOrEqual(Vector.Abs(x), C(Large)), near, far);
    }

    // sin(a + shift·π/2) for a ≥ 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vf Quadrants(Vf a, Vi shift)
    {
        var shifted = Fma(a, TwoOverPi, C(Magic));
        var n = shifted - C(Magic);
        var quadrant = Vector.AsVectorInt32(shifted) + shift;
        var r = Fma(n, -Part1, a);
        r = Fma(n, -Part2, r);
        r = Fma(n, -Part3, r);
        var z = r * r;

        var s = C(-0.0001950554f);
        s = Fma(s, z, 0.008332095f);
        s = Fma(s, z, -0.16666654f);
        var sine = Fma(s, z * r, r);

        var c = C(2.4414254e-05f);
        c = Fma(c, z, -0.0013887142f);
        c = Fma(c, z, 0.04166664f);
        c = Fma(c, z, -0.5f);
        var cosine = Fma(c, z, 1f);

        var odd = Vector.Equals(quadrant & Vi.One, Vi.One);
        var sign = (quadrant & Vector.Create(2)) << 30;
        return Select(odd, cosine, sine) ^ Vector.AsVectorSingle(sign);
    }
}
