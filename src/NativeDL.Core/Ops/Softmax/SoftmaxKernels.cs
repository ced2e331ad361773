using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Cuda;
using NativeDL.Numerics;

namespace NativeDL;

/// <summary>
/// Row kernels of softmax and its relatives: a row is read from memory once and worked on in the cache. Sums go by the fixed lanes of
/// <see cref="RowReduction"/>.
/// </summary>
internal static unsafe class SoftmaxKernels
{
    /// <summary>The kernel of that name of <c>softmax.cu</c>.</summary>
    public static void Launch(CudaStream stream, string name, Tensor result, Tensor first, Tensor? second = null)
    {
        int n = result.Shape[^1];
        long rows = n == 0 ? 0 : result.ElementCount / n;
        if (second is null) stream.Device.LaunchHeldRows(name, result.DType, rows, n, first, result);
        else stream.Device.LaunchHeldRows(name, result.DType, rows, n, first, second, result);
    }

    public static void Forward<T>(Tensor x, Tensor y) where T : unmanaged, INumber<T>
    {
        using var openX = x.Open<T>();
        using var openY = y.Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        ForRows(x.Shape, (row, n) =>
        {
            var sum = Exponentials(px + row * n, py + row * n, n, Shift(px + row * n, n));
            // Without any weight (all −∞) the zeros stay.
            Scale(py + row * n, n, sum == T.Zero ? T.One : T.One / sum);
        });
    }

    public static void Backward<T>(Tensor y, Tensor dy, Tensor dx) where T : unmanaged, INumber<T>
    {
        using var openY = y.Open<T>();
        using var openDy = dy.Open<T>();
        using var openDx = dx.Open<T>();
        T* py = openY.Pointer, pdy = openDy.Pointer, pdx = openDx.Pointer;
        ForRows(y.Shape, (row, n) =>
        {
            T* a = py + row * n, b = pdy + row * n, to = pdx + row * n;
            var along = new Vector<T>(Dot(a, b, n));
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(a + i) * (Vector.Load(b + i) - along)).Store(to + i);
            if (i < n) Lanes.StorePart(Lanes.LoadPart(a + i, n - i) * (Lanes.LoadPart(b + i, n - i) - along), to + i, n - i);
        });
    }

    public static void LogForward<T>(Tensor x, Tensor y) where T : unmanaged, INumber<T>
    {
        using var openX = x.Open<T>();
        using var openY = y.Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        ForRows(x.Shape, (row, n) =>
        {
            T* from = px + row * n, to = py + row * n;
            var (max, logSum) = LogSumExp(from, n);
            // −∞ − −∞ is no number; subtracting 0 leaves the −∞ of a row masked altogether.
            Vector<T> m = new(max), s = new(T.IsNegativeInfinity(logSum) ? T.Zero : logSum);
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(from + i) - m - s).Store(to + i);
            if (i < n) Lanes.StorePart(Lanes.LoadPart(from + i, n - i) - m - s, to + i, n - i);
        });
    }

    public static void LogBackward<T>(Tensor y, Tensor dy, Tensor dx) where T : unmanaged, INumber<T>
    {
        using var openY = y.Open<T>();
        using var openDy = dy.Open<T>();
        using var openDx = dx.Open<T>();
        T* py = openY.Pointer, pdy = openDy.Pointer, pdx = openDx.Pointer;
        ForRows(y.Shape, (row, n) =>
        {
            T* a = py + row * n, b = pdy + row * n, to = pdx + row * n;
            var sum = new Vector<T>(RowReduction.Run<SumReducer, AsItIs, T>(b, n, default));
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(b + i) - ShiftedExponential.Exp(Vector.Load(a + i)) * sum).Store(to + i);
            if (i < n) Lanes.StorePart(Lanes.LoadPart(b + i, n - i) - ShiftedExponential.Exp(Lanes.LoadPart(a + i, n - i)) * sum, to + i, n - i);
        });
    }

    /// <summary>Runs a row kernel (row number, length) over the last axis.</summary>
    public static void ForRows(Shape shape, Action<long, long> row)
    {
        if (shape.ElementCount == 0) return;
        long n = shape[^1];
        // A row costs its exponentials and something of its own: fewer elements are worth a task than with a sum.
        Workers.For(shape.ElementCount / n, Math.Max(1, Workers.Grain / 4 / (n + 16)), (start, end) =>
        {
            for (long r = start; r < end; r++) row(r, n);
        });
    }

    /// <summary>The greatest element, or 0 if that is −∞, which −∞ can do without; a row with +∞ becomes NaN.</summary>
    public static T Shift<T>(T* x, long n) where T : unmanaged, INumber<T>
    {
        var max = RowReduction.Run<MaxReducer, AsItIs, T>(x, n, default);
        return T.IsNegativeInfinity(max) ? T.Zero : max;
    }

    /// <summary>m and log Σ e^(x − m) of a row. Apart they are exact where their sum would lose the small one.</summary>
    public static (T Max, T LogSum) LogSumExp<T>(T* x, long n) where T : unmanaged, INumber<T>
    {
        T max = Shift(x, n), sum = RowReduction.Run<SumReducer, ShiftedExp, T>(x, n, max);
        // Where the greatest has nearly all, there is one, and beside its 1 the others would be rounded away.
        return (max, sum >= T.One && sum < T.CreateChecked(1.5)
            ? VectorMath.Log1p(new Vector<T>(RowReduction.Run<SumReducer, ShiftedExpOfOthers, T>(x, n, max)))[0]
            : Log(sum));
    }

    /// <summary>The logarithm of one number, of the vector function's bits.</summary>
    public static T Log<T>(T x) where T : unmanaged => VectorMath.Log(new Vector<T>(x))[0];

    // y = e^(x − shift); returns the sum.
    private static T Exponentials<T>(T* x, T* y, long n, T shift) where T : unmanaged, INumber<T>
    {
        int laneCount = RowReduction.LaneCount<T>(), w = Vector<T>.Count;
        var lanes = stackalloc T[laneCount];
        for (int lane = 0; lane < laneCount; lane += w) Vector<T>.Zero.Store(lanes + lane);
        var s = new Vector<T>(shift);
        long i = 0;
        for (; i <= n - w; i += w)
        {
            var e = ShiftedExponential.Exp(Vector.Load(x + i) - s);
            e.Store(y + i);
            var lane = lanes + (i & (laneCount - 1));
            (Vector.Load(lane) + e).Store(lane);
        }
        if (i < n)
        {
            Lanes.StorePart(ShiftedExponential.Exp(Lanes.LoadPart(x + i, n - i) - s), y + i, n - i);
            for (var lane = lanes + (i & (laneCount - 1)); i < n; i++, lane++) *lane += y[i];
        }
        return RowReduction.Tree<SumReducer, T>(lanes);
    }

    private static void Scale<T>(T* y, long n, T factor) where T : unmanaged, INumber<T>
    {
        var f = new Vector<T>(factor);
        long i = 0;
        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(y + i) * f).Store(y + i);
        for (; i < n; i++) y[i] *= factor;
    }

    // Σ a·b by the fixed lanes.
    private static T Dot<T>(T* a, T* b, long n) where T : unmanaged, INumber<T>
    {
        int laneCount = RowReduction.LaneCount<T>(), w = Vector<T>.Count;
        var lanes = stackalloc T[laneCount];
        for (int lane = 0; lane < laneCount; lane += w) Vector<T>.Zero.Store(lanes + lane);
        long i = 0;
        for (; i <= n - w; i += w)
        {
            var lane = lanes + (i & (laneCount - 1));
            (Vector.Load(lane) + Vector.Load(a + i) * Vector.Load(b + i)).Store(lane);
        }
        for (; i < n; i++) lanes[i & (laneCount - 1)] += a[i] * b[i];
        return RowReduction.Tree<SumReducer, T>(lanes);
    }
}
