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
}
