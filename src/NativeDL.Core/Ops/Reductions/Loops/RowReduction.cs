using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Reduces contiguous elements to one.</summary>
internal static unsafe class RowReduction
{
    /// <summary>Element i goes to lane i mod this; a multiple of every vector's length.</summary>
    public static int LaneCount<T>() where T : unmanaged => sizeof(T) == 1 ? 128 : 32;

    /// <summary>Joins <paramref name="n"/> mapped elements in the fixed order of the lanes.</summary>
    public static T Run<TR, TM, T>(T* x, long n, T shift) where TR : struct, IReducer where TM : struct, IReductionMap where T : unmanaged, INumber<T>
    {
        int laneCount = LaneCount<T>(), w = Vector<T>.Count;
        var lanes = stackalloc T[laneCount];
        var identity = new Vector<T>(TR.Identity<T>());
        var s = new Vector<T>(shift);
        long whole = n / laneCount * laneCount;
        if (TM.IsLong)
        {
            for (int lane = 0; lane < laneCount; lane += w) identity.Store(lanes + lane);
            for (long i = 0; i < whole; i += w)
            {
                var lane = lanes + (i & (laneCount - 1));
                TR.Join(Vector.Load(lane), TM.Apply(Vector.Load(x + i), s)).Store(lane);
            }
        }
        else if (laneCount == 4 * w)
        {
            // The usual width for float: the four accumulators stay in registers.
            Vector<T> a = identity, b = identity, c = identity, d = identity;
            for (long i = 0; i < whole; i += laneCount)
            {
                a = TR.Join(a, TM.Apply(Vector.Load(x + i), s));
                b = TR.Join(b, TM.Apply(Vector.Load(x + i + w), s));
                c = TR.Join(c, TM.Apply(Vector.Load(x + i + 2 * w), s));
                d = TR.Join(d, TM.Apply(Vector.Load(x + i + 3 * w), s));
            }
            a.Store(lanes);
            b.Store(lanes + w);
            c.Store(lanes + 2 * w);
            d.Store(lanes + 3 * w);
        }
        else
        {
            // Two at a time: a row of the usual length is still in the first cache when it is read again.
            for (int lane = 0; lane < laneCount; lane += 2 * w)
            {
                Vector<T> a = identity, b = identity;
                for (long i = lane; i < whole; i += laneCount)
                {
                    a = TR.Join(a, TM.Apply(Vector.Load(x + i), s));
                    b = TR.Join(b, TM.Apply(Vector.Load(x + i + w), s));
                }
                a.Store(lanes + lane);
                b.Store(lanes + lane + w);
            }
        }
        AddRest<TR, TM, T>(x + whole, n - whole, s, lanes);
        return Tree<TR, T>(lanes);
    }

    /// <summary>Joins fewer elements than there are lanes into the first lanes.</summary>
    public static void AddRest<TR, TM, T>(T* x, long n, Vector<T> shift, T* lanes) where TR : struct, IReducer where TM : struct, IReductionMap
        where T : unmanaged, INumber<T>
    {
        int w = Vector<T>.Count;
        long i = 0;
        for (; i <= n - w; i += w) TR.Join(Vector.Load(lanes + i), TM.Apply(Vector.Load(x + i), shift)).Store(lanes + i);
        if (i == n) return;
        var rest = stackalloc T[w];
        if (!TM.IsIdentity)
        {
            TM.Apply(Lanes.LoadPart(x + i, n - i), shift).Store(rest);
            x = rest - i;
        }
        for (; i < n; i++) lanes[i] = TR.Join(lanes[i], x[i]);
    }

    /// <summary>Joins the lanes, halves onto halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tree<TR, T>(T* lanes) where TR : struct, IReducer where T : unmanaged, INumber<T>
    {
        int half = LaneCount<T>() / 2;
        for (; half >= Vector<T>.Count; half /= 2)
            for (int i = 0; i < half; i += Vector<T>.Count) TR.Join(Vector.Load(lanes + i), Vector.Load(lanes + i + half)).Store(lanes + i);
        for (; half > 0; half /= 2)
            for (int i = 0; i < half; i++) lanes[i] = TR.Join(lanes[i], lanes[i + half]);
        return lanes[0];
    }
}
