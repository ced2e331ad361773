using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>A function of two numbers that has no vector form.</summary>
internal interface ILanePair
{
    static abstract T Floating<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>;

    static abstract T Whole<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>;
}

/// <summary>Applies a function of numbers to the lanes of vectors, one after the other.</summary>
internal static class LaneByLane
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector<T> Apply<TFn, T>(Vector<T> a, Vector<T> b) where TFn : ILanePair where T : unmanaged
    {
        T* left = stackalloc T[Vector<T>.Count], right = stackalloc T[Vector<T>.Count];
        a.Store(left);
        b.Store(right);
        for (int i = 0; i < Vector<T>.Count; i++)
        {
            if (typeof(T) == typeof(float)) ((float*)left)[i] = TFn.Floating(((float*)left)[i], ((float*)right)[i]);
            else if (typeof(T) == typeof(double)) ((double*)left)[i] = TFn.Floating(((double*)left)[i], ((double*)right)[i]);
            else if (typeof(T) == typeof(int)) ((int*)left)[i] = TFn.Whole(((int*)left)[i], ((int*)right)[i]);
            else ((long*)left)[i] = TFn.Whole(((long*)left)[i], ((long*)right)[i]);
        }
        return Vector.Load(left);
    }
}
