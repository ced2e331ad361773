using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The nearest probabilities to the elements along an axis, most of them exactly 0 (Martins and Astudillo 2016): max(x − τ, 0) with
    /// the τ for which they sum to 1. <c>[…, n, …] -> […, n, …]</c>
    /// </summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <remarks>Where all elements are −∞ the result is 0 everywhere and so is the gradient; where one is +∞ or NaN it is NaN everywhere.</remarks>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Sparsemax(int axis = -1) => AlongLast(axis, "sparsemax", SparsemaxOp.Instance);
}

/// <summary>y = max(x − τ, 0) along the last axis; dx = dy less its mean over the elements that are not 0, and 0 at those that are.</summary>
internal sealed class SparsemaxOp : FloatingOp, IOp
{
    public static readonly SparsemaxOp Instance = new();

    public override string Name => "sparsemax";

    protected override Saved Saves => Saved.Output;

    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    protected override void Compute<T>(Operands x, Results y)
    {
        int n = x[0].Shape[^1];
        if (x[0].ElementCount == 0) return;
        ByRows(x[0].ElementCount / n, x, y, rows =>
        {
            var from = rows.Operand<T>(0);
            var to = rows.Result<T>(0);
            for (int r = 0; r < rows.Count; r++) Row(from.Slice(r * n, n), to.Slice(r * n, n));
        });
    }

    // τ by Michelot's steps from below: from the elements above it follows a τ that is not below it, until none leaves them.
    private static void Row<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var max = T.NegativeInfinity;
        foreach (var v in x) max = T.Max(max, v);
        if (T.IsNegativeInfinity(max))
        {
            y.Clear();
            return;
        }
        var tau = T.NegativeOne;
        for (int held = 0; ;)
        {
            var sum = T.Zero;
            int count = 0;
            foreach (var v in x)
            {
                if (!(v - max > tau)) continue;
                sum += v - max;
                count++;
            }
            if (count == held || count == 0) break;
            held = count;
            tau = (sum - T.One) / T.CreateTruncating(count);
        }
        for (int i = 0; i < x.Length; i++)
        {
            var above = x[i] - max - tau;
            y[i] = above <= T.Zero ? T.Zero : above;
        }
        if (!T.IsFinite(max)) y.Fill(T.NaN);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (x[0].ElementCount == 0) return;
        int n = x[0].Shape[^1];
        long rows = x[0].ElementCount / n;
        stream.Device.Launch(Name, x[0].DType, CudaKernels.Grid(rows, 1), 128, x[0], y[0], rows, n);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor dy = call.Gradient(), held = (call.Output() > 0).Cast(dy.DType);
        var mean = Tensor.DivideNoNan((dy * held).Sum([-1], keepDims: true), held.Sum([-1], keepDims: true));
        return held * (dy - mean);
    }

    public static OpSpec Spec => new("sparsemax", "[…a, n, …b] -> […a, n, …b]", d =>
    {
        // Elements of the highest step are near enough to each other to be held, all others far away.
        var shape = d.Shape(1, 4);
        int axis = d.Axis(shape.Rank);
        var x = (d.Tensor(shape).Round() * 2 + d.Tensor(shape, new Domain(0, 0.3 / shape[axis]))).Contiguous();
        return new OpCase([x], t => [t[0].Sparsemax(axis)], $"axis {axis}");
    })
    { Flops = c => 12.0 * c.Elements };
}
