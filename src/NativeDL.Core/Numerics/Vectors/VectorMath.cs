using System.Numerics;
using System.Runtime.CompilerServices;
using Vd = System.Numerics.Vector<double>;

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
internal static partial class VectorMath
{
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

    /// <summary>Cube root, of negative numbers too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Cbrt<T>(Vector<T> x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out var low, out var high);
            return Narrow<T>(DoubleRoot.Cbrt(low), DoubleRoot.Cbrt(high));
        }

        return typeof(T) == typeof(double)
            ? Vector.As<double, T>(DoubleRoot.Cbrt(Vector.As<T, double>(x)))
            : throw Unsupported<T>();
    }

    /// <summary>x^y with C's rules for zeros, infinities, NaN and negative bases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Pow<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Widen(x, out var lowX, out var highX);
            Widen(y, out var lowY, out var highY);
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
