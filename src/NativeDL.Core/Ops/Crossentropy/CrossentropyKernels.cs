using System.Numerics;
using NativeDL.Numerics;

namespace NativeDL;

/// <summary>Row kernels of the softmax cross-entropies. Operands are packed; labels are known to be classes.</summary>
internal static unsafe class CrossentropyKernels
{
    public static void Sparse<T>(Tensor x, Tensor labels, Tensor loss, Tensor shift, Tensor logSum, double smoothing) where T : unmanaged, INumber<T>
    {
        using var openX = x.Open<T>();
        using var openLabels = labels.Open<int>();
        using var openLoss = loss.Open<T>();
        using var openShift = shift.Open<T>();
        using var openRest = logSum.Open<T>();
        T* px = openX.Pointer, pLoss = openLoss.Pointer, pShift = openShift.Pointer, pRest = openRest.Pointer;
        int* pLabels = openLabels.Pointer;
        SoftmaxKernels.ForRows(x.Shape, (row, n) =>
        {
            var from = px + row * n;
            var (max, rest) = SoftmaxKernels.LogSumExp(from, n);
            (pShift[row], pRest[row]) = (max, rest);
            var own = max - from[pLabels[row]] + rest;
            if (smoothing > 0)
            {
                var mean = max - RowReduction.Run<SumReducer, AsItIs, T>(from, n, default) / T.CreateChecked(n) + rest;
                own = T.CreateChecked(1 - smoothing) * own + T.CreateChecked(smoothing) * mean;
            }
            pLoss[row] = own;
        });
    }

    public static void SparseGradient<T>(Tensor x, Tensor shift, Tensor logSum, Tensor labels, Tensor dy, Tensor dx, double smoothing) where T : unmanaged,
        INumber<T>
    {
        using var openX = x.Open<T>();
        using var openShift = shift.Open<T>();
        using var openRest = logSum.Open<T>();
        using var openLabels = labels.Open<int>();
        using var openDy = dy.Open<T>();
        using var openDx = dx.Open<T>();
        T* px = openX.Pointer, pShift = openShift.Pointer, pRest = openRest.Pointer, pdy = openDy.Pointer, pdx = openDx.Pointer;
        int* pLabels = openLabels.Pointer;
        SoftmaxKernels.ForRows(x.Shape, (row, n) =>
        {
            T* from = px + row * n, to = pdx + row * n;
            int label = pLabels[row];
            var even = T.CreateChecked(smoothing) / T.CreateChecked(n);
            Vector<T> m = new(pShift[row]), s = new(pRest[row]), d = new(pdy[row]), e = new(even);
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) (d * (Probability(Vector.Load(from + i) - m, s) - e)).Store(to + i);
            if (i < n) Lanes.StorePart(d * (Probability(Lanes.LoadPart(from + i, n - i) - m, s) - e), to + i, n - i);
            // p − 1 as one function: nothing is lost where p is near 1.
            var less = VectorMath.Expm1(new Vector<T>(from[label]) - m - s)[0];
            to[label] = pdy[row] * (less + T.CreateChecked(smoothing) - even);
        });
    }

    public static void Dense<T>(Tensor x, Tensor t, Tensor loss, Tensor shift, Tensor logSum) where T : unmanaged, INumber<T>
    {
        using var openX = x.Open<T>();
        using var openT = t.Open<T>();
        using var openLoss = loss.Open<T>();
        using var openShift = shift.Open<T>();
        using var openRest = logSum.Open<T>();
        T* px = openX.Pointer, pt = openT.Pointer, pLoss = openLoss.Pointer, pShift = openShift.Pointer, pRest = openRest.Pointer;
        SoftmaxKernels.ForRows(x.Shape, (row, n) =>
        {
            T* from = px + row * n, weights = pt + row * n;
            var (max, rest) = SoftmaxKernels.LogSumExp(from, n);
            (pShift[row], pRest[row]) = (max, rest);
            int laneCount = RowReduction.LaneCount<T>();
            var lanes = stackalloc T[laneCount];
            new Span<T>(lanes, laneCount).Clear();
            Vector<T> m = new(max), s = new(rest);
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
            {
                var lane = lanes + (i & (laneCount - 1));
                (Vector.Load(lane) + Share(m - Vector.Load(from + i) + s, Vector.Load(weights + i))).Store(lane);
            }
            for (; i < n; i++)
                if (weights[i] != T.Zero) lanes[i & (laneCount - 1)] += weights[i] * (max - from[i] + rest);
            pLoss[row] = RowReduction.Tree<SumReducer, T>(lanes);
        });
    }

    public static void DenseGradient<T>(Tensor x, Tensor shift, Tensor logSum, Tensor t, Tensor dy, Tensor dx) where T : unmanaged, INumber<T>
    {
        using var openX = x.Open<T>();
        using var openShift = shift.Open<T>();
        using var openRest = logSum.Open<T>();
        using var openT = t.Open<T>();
        using var openDy = dy.Open<T>();
        using var openDx = dx.Open<T>();
        T* px = openX.Pointer, pShift = openShift.Pointer, pRest = openRest.Pointer, pt = openT.Pointer, pdy = openDy.Pointer, pdx = openDx.Pointer;
        SoftmaxKernels.ForRows(x.Shape, (row, n) =>
        {
            T* from = px + row * n, weights = pt + row * n, to = pdx + row * n;
            Vector<T> m = new(pShift[row]), s = new(pRest[row]), d = new(pdy[row]), total = new(RowReduction.Run<SumReducer, AsItIs, T>(weights, n, default));
            // Where the greatest has more than half of all, p·Σt − t is (p − 1)·Σt + (Σt − t): nothing is lost where p is near 1.
            var less = VectorMath.Expm1(-s) * total;
            bool half = pRest[row] < T.CreateChecked(0.6931);
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) (d * Away(Vector.Load(from + i) - m, Vector.Load(weights + i))).Store(to + i);
            if (i < n) Lanes.StorePart(d * Away(Lanes.LoadPart(from + i, n - i) - m, Lanes.LoadPart(weights + i, n - i)), to + i, n - i);

            Vector<T> Away(Vector<T> z, Vector<T> t)
            {
                var away = Probability(z, s) * total - t;
                return half && Vector.EqualsAny(z, Vector<T>.Zero) ? Vector.ConditionalSelect(Vector.Equals(z, Vector<T>.Zero), less + (total - t), away)
                    : away;
            }
        });
    }

    // e^(z − rest), and 0 in a row of −∞ alone. The greatest logit is out of z already: with the small rest added to it in one
    // number the exponent would have lost its last digits.
    private static Vector<T> Probability<T>(Vector<T> z, Vector<T> rest) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.Equals(rest, Lanes.Constant<T>(double.NegativeInfinity)), Vector<T>.Zero, ShiftedExponential.Exp(z - rest));

    // t·loss, and 0 where t is 0: a class that does not count may have the logit −∞.
    private static Vector<T> Share<T>(Vector<T> loss, Vector<T> t) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.Equals(t, Vector<T>.Zero), Vector<T>.Zero, t * loss);
}
