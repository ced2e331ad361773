using System.Numerics;
using System.Runtime.CompilerServices;
using Vd = System.Numerics.Vector<double>;

namespace NativeDL.Numerics;

// e^x and its kin: exponentials, logarithms, hyperbolic functions.
internal static partial class VectorMath
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
            Widen(x, out var low, out var high);
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
            Widen(x, out var low, out var high);
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
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleLog.Log10(low), DoubleLog.Log10(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleLog.Log10(Vector.As<T, double>(x)))
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
            Widen(x, out var low, out var high);
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
            Widen(x, out var low, out var high);
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
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleInverse.Atanh(low), DoubleInverse.Atanh(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleInverse.Atanh(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }
}
