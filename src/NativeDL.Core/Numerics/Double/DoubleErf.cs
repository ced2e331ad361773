using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;

namespace NativeDL.Numerics;

/// <summary>The error functions for float64. Coefficients: minimax fits (Sollya, fpminimax) in float64.</summary>
internal static class DoubleErf
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Erf(Vd x)
    {
        var a = Vector.Abs(x);
        var large = C(1d) - Complement(Select(Vector.GreaterThan(a, C(6d)), C(6d), a));
        return Select(Vector.LessThan(a, C(1d)), Small(a), large) | SignBit(x);
    }

    // 1 − erf x below ½, the scaled complement beyond, 2 − erfc(−x) on the left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Erfc(Vd x)
    {
        var a = Vector.Abs(x);
        var tail = Complement(Select(Vector.GreaterThan(a, C(28d)), C(28d), a));
        var far = Select(Vector.LessThan(x, Vd.Zero), C(2d) - tail, tail);
        return Select(Vector.LessThan(a, C(0.5)), C(1d) - (Small(a) | SignBit(x)), far);
    }

    // Φ(−a) and e^(−a²/2) for a ≥ 0. The exponent is a² itself, in two numbers: that of erfc(a/√2) would make the
    // quotient's rounding a²/2 times as large.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd NormalTail(Vd a, out Vd weight)
    {
        a = Select(Vector.GreaterThan(a, C(39d)), C(39d), a); // Φ(−39) rounds to 0
        var z = a * C(0.7071067811865476);
        var (square, low) = TwoProduct(a, a);
        weight = DoubleExp.ExpTimes(square * C(-0.5), low * C(-0.5), Vd.One);
        var far = DoubleExp.ExpTimes(square * C(-0.5), low * C(-0.5), ScaledComplement(z)) * C(0.5);
        return Select(Vector.LessThan(z, C(0.5)), C(0.5) - (Small(z) * C(0.5)), far);
    }

    // erf a for 0 ≤ a ≤ 1, relative error 2^-56.3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Small(Vd a)
    {
        var z = a * a;
        var p = C(6.763673045041452e-11);
        p = Fma(p, z, -1.1877050408904304e-09);
        p = Fma(p, z, 1.4798478798208046e-08);
        p = Fma(p, z, -1.6372388792945085e-07);
        p = Fma(p, z, 1.6463248766607857e-06);
        p = Fma(p, z, -1.4925748260975493e-05);
        p = Fma(p, z, 0.00012055338164247336);
        p = Fma(p, z, -0.0008548327199419399);
        p = Fma(p, z, 0.005223977629246368);
        p = Fma(p, z, -0.02686617064563193);
        p = Fma(p, z, 0.11283791670958783);
        p = Fma(p, z, -0.37612638903183876);
        p = Fma(p, z, 0.1283791670955126);
        return Fma(p, a, a);
    }

    // erfc a for ½ ≤ a ≤ 28. a² is carried in two numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Complement(Vd a)
    {
        var (square, low) = TwoProduct(a, a);
        return DoubleExp.ExpTimes(-square, -low, ScaledComplement(a));
    }

    // e^(a²)·erfc a = P(t)/(1 + 2a) with t = (a − 4)/(a + 4), for ½ ≤ a ≤ 28 (after Shepherd and Laframboise 1981);
    // relative error of the fit 2^-54.6.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd ScaledComplement(Vd a)
    {
        var t = (a - C(4d)) / (a + C(4d));
        var p = C(-1.2390162333471174e-09);
        p = Fma(p, t, -1.0249681182657078e-08);
        p = Fma(p, t, -7.698124872657464e-09);
        p = Fma(p, t, 1.0501135138131025e-07);
        p = Fma(p, t, 5.986002625479128e-08);
        p = Fma(p, t, -8.217152518447345e-07);
        p = Fma(p, t, 3.0600683891519145e-07);
        p = Fma(p, t, 5.708046847620059e-06);
        p = Fma(p, t, -1.1228370991526511e-05);
        p = Fma(p, t, -2.4398726337641748e-05);
        p = Fma(p, t, 0.00015062383242354647);
        p = Fma(p, t, -0.00019925678346311036);
        p = Fma(p, t, -0.0007577737707454686);
        p = Fma(p, t, 0.005031969987474571);
        p = Fma(p, t, -0.01619773398843242);
        p = Fma(p, t, 0.03716751553699541);
        p = Fma(p, t, -0.0663303658183234);
        p = Fma(p, t, 0.09373283499835183);
        p = Fma(p, t, -0.10103906603600527);
        p = Fma(p, t, 0.06809705425469331);
        p = Fma(p, t, 0.015379652102612966);
        p = Fma(p, t, -0.13962111684056253);
        p = Fma(p, t, 1.2329951186255526);
        return p / Fma(a, 2d, C(1d));
    }
}
