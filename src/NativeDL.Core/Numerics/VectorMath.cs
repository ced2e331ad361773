using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL.Numerics;

/// <summary>
/// Elementwise functions over vectors of float32 or float64.
/// <para>
/// Promise: within NumPy's ULP limits on NumPy's own validation sets; NaN in, NaN out; ±0, ±∞ and denormals as in C.
/// A lane's bits depend on that lane alone, never on its position, its neighbours, the vector width or the machine:
/// every step is exact or a correctly rounded IEEE operation (sum, product, quotient, root, fused multiply-add).
/// </para>
/// <para>The tests on typeof(T) are constants to the JIT, so a call costs nothing over the kernel itself.</para>
/// </summary>
internal static class VectorMath
{
    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleExp.Exp(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleExp.Exp(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>2^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp2<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleExp.Exp2(low), DoubleExp.Exp2(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleExp.Exp2(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>e^x − 1, exact near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Expm1<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleExp.Expm1(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleExp.Expm1(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Natural logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleLog.Log(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleLog.Log(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>log(1 + x), exact near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log1p<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleLog.Log1p(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleLog.Log1p(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Logarithm to base 2; exact for powers of 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log2<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleLog.Log2(low), DoubleLog.Log2(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleLog.Log2(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Logarithm to base 10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log10<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleLog.Log10(low), DoubleLog.Log10(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleLog.Log10(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Square root, correctly rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sqrt<T>(Vector<T> x)
        where T : unmanaged
        => Vector.SquareRoot(x);

    /// <summary>1/√x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Rsqrt<T>(Vector<T> x)
        where T : unmanaged
        => Vector<T>.One / Vector.SquareRoot(x);

    /// <summary>Sine, for any angle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sin<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleTrig.Sin(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleTrig.Sin(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Cosine, for any angle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Cos<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleTrig.Cos(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleTrig.Cos(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Tangent, for any angle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tan<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleTrig.Tan(low), DoubleTrig.Tan(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleTrig.Tan(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Arc sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Asin<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleInverse.Asin(low), DoubleInverse.Asin(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleInverse.Asin(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Arc cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Acos<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleInverse.Acos(low), DoubleInverse.Acos(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleInverse.Acos(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Arc tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Atan<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleInverse.Atan(low), DoubleInverse.Atan(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleInverse.Atan(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Hyperbolic sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sinh<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleExp.Sinh(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleExp.Sinh(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Hyperbolic cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Cosh<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleExp.Cosh(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleExp.Cosh(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tanh<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleExp.Tanh(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleExp.Tanh(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Inverse hyperbolic sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Asinh<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleInverse.Asinh(low), DoubleInverse.Asinh(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleInverse.Asinh(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Inverse hyperbolic cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Acosh<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleInverse.Acosh(low), DoubleInverse.Acosh(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleInverse.Acosh(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Inverse hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Atanh<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleInverse.Atanh(low), DoubleInverse.Atanh(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleInverse.Atanh(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>Error function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Erf<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleErf.Erf(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleErf.Erf(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>1 − erf x, with full precision in the tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Erfc<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd low, out Vd high);
            return Narrow<T>(DoubleErf.Erfc(low), DoubleErf.Erfc(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleErf.Erfc(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>1/(1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleExp.Sigmoid(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleExp.Sigmoid(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>log(1 + e^x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Softplus<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.As<float, T>(SingleExp.Softplus(Vector.As<T, float>(x)));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleExp.Softplus(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>x^y with C's rules for zeros, infinities, NaN and negative bases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Pow<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out Vd lowX, out Vd highX);
            Widen(y, out Vd lowY, out Vd highY);
            return Narrow<T>(DoublePow.PowForSingle(lowX, lowY), DoublePow.PowForSingle(highX, highY));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoublePow.Pow(Vector.As<T, double>(x), Vector.As<T, double>(y)))
            : throw Unsupported<T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen<T>(Vector<T> x, out Vd low, out Vd high)
        where T : unmanaged
        => Vector.Widen(Vector.As<T, float>(x), out low, out high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Narrow<T>(Vd low, Vd high)
        where T : unmanaged
        => Vector.As<float, T>(Vector.Narrow(low, high));

    private static NotSupportedException Unsupported<T>()
        => new($"VectorMath(T): only float and double have these functions. Got {typeof(T).Name}.");
}
