using System.Numerics;

namespace NativeDL;

/// <summary>Runs a comparison over any broadcasting and strides; the result is one byte, 0 or 1, an element.</summary>
internal static unsafe class ComparisonLoop
{
    public static void Run<TFn>(Tensor a, Tensor b, Tensor y) where TFn : struct, IComparison
    {
        switch (a.DType)
        {
            case DType.Float32: Typed<TFn, float>(a, b, y); break;
            case DType.Float64: Typed<TFn, double>(a, b, y); break;
            case DType.Int32: Typed<TFn, int>(a, b, y); break;
            case DType.Int64: Typed<TFn, long>(a, b, y); break;
            default: Typed<TFn, byte>(a, b, y); break;
        }
    }

    private static void Typed<TFn, T>(Tensor a, Tensor b, Tensor y) where TFn : struct, IComparison where T : unmanaged, IEquatable<T>
    {
        using var openA = a.Open<T>();
        using var openB = b.Open<T>();
        using var openY = y.Open<byte>();
        T* pa = openA.Pointer, pb = openB.Pointer;
        byte* py = openY.Pointer;
        var walk = new StridedWalk(y.Shape, a, b);
        Workers.For(y.ElementCount, Workers.Grain, (start, end) =>
        {
            T* left = stackalloc T[Vector<T>.Count];
            T* right = stackalloc T[Vector<T>.Count];
            var cursor = walk.From(start);
            for (long at = start; at < end;)
            {
                long count = Math.Min(Math.Min(cursor.Run, end - at), Vector<T>.Count);
                Lanes.Gather(pa + cursor.Offset(0), walk.Inner(0), left, count);
                Lanes.Gather(pb + cursor.Offset(1), walk.Inner(1), right, count);
                TFn.Apply(Vector.Load(left), Vector.Load(right)).Store(left);
                // A true lane has all bits set, which as a number is never the zero of a false lane; as a float it is a NaN.
                for (long i = 0; i < count; i++) py[at + i] = left[i].Equals(default) ? (byte)0 : (byte)1;
                cursor.Advance(count);
                at += count;
            }
        });
    }
}
