using System.Numerics;
using System.Runtime.CompilerServices;
using Vd = System.Numerics.Vector<double>;

namespace NativeDL.Numerics;

// Circular functions and their inverses.
internal static partial class VectorMath
{
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
            Widen(x, out var low, out var high);
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
            Widen(x, out var low, out var high);
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
            Widen(x, out var low, out var high);
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
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleInverse.Atan(low), DoubleInverse.Atan(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleInverse.Atan(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }
}
