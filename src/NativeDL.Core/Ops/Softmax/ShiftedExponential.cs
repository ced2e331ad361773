using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

/// <summary>The exponential that softmax and its relatives use.</summary>
internal static class ShiftedExponential
{
    /// <summary>
    /// e^x for x ≤ 0 (and up to 87), of which the part below the least normal number is 0. In float32 this is much
    /// quicker than the full function, which must reach infinity and the denormals; the rest has the same bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x) where T : unmanaged
    {
        if (typeof(T) != typeof(float)) return VectorMath.Exp(x);
        var v = Vector.As<T, float>(x);
        var tiny = Vector.As<int, float>(Vector.LessThan(v, Vector.Create(-87f)));
        return Vector.As<float, T>(Vector.AndNot(SingleExp.ExpInRange(v), tiny));
    }
}
