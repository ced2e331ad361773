using System.Numerics;
using System.Runtime.CompilerServices;
using Vd = System.Numerics.Vector<double>;

namespace NativeDL.Numerics;

// Points of the plane.
internal static partial class VectorMath
{
    /// <summary>The angle of the point (x, y), from −π to π; ±0 and ±π on the axis by the signs of zeros, as in C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Atan2<T>(Vector<T> y, Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(y, out var lowY, out var highY);
            Widen(x, out var lowX, out var highX);
            return Narrow<T>(DoubleAngle.Atan2(lowY, lowX), DoubleAngle.Atan2(highY, highX));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleAngle.Atan2(Vector.As<T, double>(y), Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>√(x² + y²), without overflow on the way; ∞ where either is infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Hypot<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out var lowX, out var highX);
            Widen(y, out var lowY, out var highY);
            return Narrow<T>(DoubleAngle.Hypot(lowX, lowY), DoubleAngle.Hypot(highX, highY));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleAngle.Hypot(Vector.As<T, double>(x), Vector.As<T, double>(y)))
            : throw Unsupported<T>();
    }
}
