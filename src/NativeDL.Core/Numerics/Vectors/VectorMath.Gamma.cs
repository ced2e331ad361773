using System.Numerics;
using System.Runtime.CompilerServices;
using Vd = System.Numerics.Vector<double>;

namespace NativeDL.Numerics;

// The gamma function and what belongs to it, and the inverse of the error function.
internal static partial class VectorMath
{
    /// <summary>log|Γ(x)|; within an ULP of the larger of the result and 1 below 0, where it has zeros between the poles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Lgamma<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleGamma.Lgamma(low), DoubleGamma.Lgamma(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleGamma.Lgamma(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>ψ(x), the derivative of log|Γ(x)|; below 0 within an ULP of the larger of the result and π·cot πx.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Digamma<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleDigamma.Digamma(low), DoubleDigamma.Digamma(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleDigamma.Digamma(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>The number whose error function is x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Erfinv<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleErfinv.Erfinv(low), DoubleErfinv.Erfinv(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleErfinv.Erfinv(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>sin πx / πx.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sinc<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleHalfTurns.Sinc(low), DoubleHalfTurns.Sinc(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleHalfTurns.Sinc(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>The derivative of sin πx / πx.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> SincSlope<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleHalfTurns.SincSlope(low), DoubleHalfTurns.SincSlope(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleHalfTurns.SincSlope(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>The n-th derivative of ψ for n ≥ 1: one number at a time, since how many terms it takes depends on the number.</summary>
    public static Vector<T> Polygamma<T>(int n, Vector<T> x)
        where T : unmanaged
    {
        for (int lane = 0; lane < Vector<T>.Count; lane++)
        {
            x = typeof(T) == typeof(float)
                ? x.WithElement(lane, (T)(object)(float)NativeDL.Numerics.Polygamma.At(n, (float)(object)x[lane]))
                : x.WithElement(lane, (T)(object)NativeDL.Numerics.Polygamma.At(n, (double)(object)x[lane]));
        }

        return x;
    }
}
