using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Reduces the rows of a strip of columns, from the first to the last.</summary>
internal static unsafe class ColumnReduction
{
    /// <summary>y[c] = the join of map(x[r, c], shift[c]) over the rows.</summary>
    public static void Run<TR, TM, T>(T* x, long stride, long rows, T* y, long columns, T* shift) where TR : struct, IReducer where TM : struct, IReductionMap
        where T : unmanaged, INumber<T>
    {
        // Rows are read along their length, which the hardware foresees; four in one sweep share the visit of y.
        long whole = columns / Vector<T>.Count * Vector<T>.Count;
        for (long c = 0; c < whole; c += Vector<T>.Count) TM.Apply(Vector.Load(x + c), Shift<TM, T>(shift + c)).Store(y + c);
        long r = 1;
        for (; r <= rows - 4; r += 4)
        {
            T* r0 = x + r * stride, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
            for (long c = 0; c < whole; c += Vector<T>.Count)
            {
                var s = Shift<TM, T>(shift + c);
                var sum = TR.Join(Vector.Load(y + c), TM.Apply(Vector.Load(r0 + c), s));
                sum = TR.Join(sum, TM.Apply(Vector.Load(r1 + c), s));
                sum = TR.Join(sum, TM.Apply(Vector.Load(r2 + c), s));
                TR.Join(sum, TM.Apply(Vector.Load(r3 + c), s)).Store(y + c);
            }
        }
        for (; r < rows; r++)
        {
            var row = x + r * stride;
            for (long c = 0; c < whole; c += Vector<T>.Count) TR.Join(Vector.Load(y + c), TM.Apply(Vector.Load(row + c), Shift<TM, T>(shift + c))).Store(y + c);
        }
        if (whole < columns) Rest<TR, TM, T>(x + whole, stride, rows, y + whole, columns - whole, shift + whole);
    }

    // Fewer columns than a vector has lanes.
    private static void Rest<TR, TM, T>(T* x, long stride, long rows, T* y, long columns, T* shift) where TR : struct, IReducer where TM : struct,
        IReductionMap where T : unmanaged, INumber<T>
    {
        if (TM.IsIdentity)
        {
            for (long c = 0; c < columns; c++)
            {
                var sum = x[c];
                for (long r = 1; r < rows; r++) sum = TR.Join(sum, x[r * stride + c]);
                y[c] = sum;
            }
            return;
        }
        var s = Lanes.LoadPart(shift, columns);
        var a = TM.Apply(Lanes.LoadPart(x, columns), s);
        for (long r = 1; r < rows; r++) a = TR.Join(a, TM.Apply(Lanes.LoadPart(x + r * stride, columns), s));
        Lanes.StorePart(a, y, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Shift<TM, T>(T* at) where TM : struct, IReductionMap where T : unmanaged => TM.IsIdentity ? default : Vector.Load(at);
}
