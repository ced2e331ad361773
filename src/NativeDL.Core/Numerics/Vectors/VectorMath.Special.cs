using System.Numerics;
using System.Runtime.CompilerServices;
using Vd = System.Numerics.Vector<double>;

namespace NativeDL.Numerics;

// Error functions and the smooth steps of deep learning.
internal static partial class VectorMath
{
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
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleErf.Erfc(low), DoubleErf.Erfc(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleErf.Erfc(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>The normal distribution Φ(x), with full precision in the tail, and e^(−x²/2), the density but for its 1/√(2π).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Normal<T>(Vector<T> x, out Vector<T> weight)
        where T : unmanaged
    {
        Vector<T> tail;
        if (typeof(T) == typeof(float))
        {
            tail = Vector.As<float, T>(SingleErf.NormalTail(Vector.As<T, float>(Vector.Abs(x)), out var e));
            weight = Vector.As<float, T>(e);
        }
        else if (typeof(T) == typeof(double))
        {
            tail = Vector.As<double, T>(DoubleErf.NormalTail(Vector.As<T, double>(Vector.Abs(x)), out var e));
            weight = Vector.As<double, T>(e);
        }
        else
        {
            throw Unsupported<T>();
        }

        return Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One - tail, tail);
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

    /// <summary>x − tanh x, exact near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> TanhShrink<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleShrink.TanhShrink(low), DoubleShrink.TanhShrink(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleShrink.TanhShrink(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }
}
