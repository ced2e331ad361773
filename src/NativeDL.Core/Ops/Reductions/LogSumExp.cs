using System.Numerics;
using NativeDL.Cuda;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>log Σ e^x over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>Nothing overflows: the greatest element is taken out first. Of no elements, and where all are −∞, the result is −∞ and the gradient 0; with an element +∞ it is +∞.</remarks>
    public Tensor LogSumExp(Axes axes = default, bool keepDims = false) => new LogSumExpOp(axes.In("logSumExp", Shape), keepDims).Run(this);

    // e^(x − y), and 0 where y is −∞.
    internal static Tensor ExpDifference(Tensor x, Tensor y) => BinaryOp<ExpDifferenceOp>.Instance.Run(x, y);
}

/// <summary>y = m + log Σ e^(x − m) with m = max x, over axes (normalized, rising).</summary>
internal sealed unsafe class LogSumExpOp(int[] axes, bool keepDims) : Op, IOp
{
    public override string Name => "logSumExp";

    public override Saved Saves => Saved.Both;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        RequireFloating(x);
        var y = outputs[0] = Tensor.Empty(keepDims ? x.Shape.KeepOnes(axes) : x.Shape.Without(axes), x.DType, x.Device);
        var max = Tensor.Empty(y.Shape, y.DType, y.Device);
        if (!x.Device.IsCpu)
        {
            var groups = Reduction.Arrange(x, axes);
            CudaDevice.Of(x).Reduce("max", groups, max);
            CudaDevice.Of(x).Reduce(Name, groups, y, max);
            max.Free();
            return;
        }
        Reduction.Run<MaxReducer>(Name, x, axes, max);
        if (x.DType == DType.Float32) Kernel<float>(x, max, y);
        else Kernel<double>(x, max, y);
    }

    public override Tensor?[] Backward(in BackwardCall call)
    {
        var kept = call.InputShape(0).KeepOnes(axes);
        return [call.Gradient().Reshape(kept) * Tensor.ExpDifference(call.Input(0), call.Output().Reshape(kept))];
    }

    private void Kernel<T>(Tensor x, Tensor max, Tensor y) where T : unmanaged, INumber<T>
    {
        using var openMax = max.Open<T>();
        using var openY = y.Open<T>();
        T* pm = openMax.Pointer, py = openY.Pointer;
        // −∞ − (−∞) is no number; where all are −∞ the sum is 0 as it stands.
        for (long i = 0; i < y.ElementCount; i++)
            if (T.IsNegativeInfinity(pm[i])) pm[i] = T.Zero;
        Reduction.RunMapped<ShiftedExp>(x, axes, max, y);
        var infinity = Lanes.Constant<T>(double.PositiveInfinity);
        for (long i = 0; i < y.ElementCount; i += Vector<T>.Count)
        {
            long count = Math.Min(Vector<T>.Count, y.ElementCount - i);
            var m = Lanes.LoadPart(pm + i, count);
            Lanes.StorePart(Vector.ConditionalSelect(Vector.Equals(m, infinity), m, m + VectorMath.Log(Lanes.LoadPart(py + i, count))), py + i, count);
        }
    }

    public static OpSpec Spec => new("logSumExp", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4));
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].LogSumExp(axes, keep)], $"axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { PlainGradient = true, ReductionLength = c => c.Elements, Flops = c => 20.0 * c.Elements };
}

/// <summary>e^(a − b), and 0 where b is −∞: what a softmax's gradient is made of, given the log-sum-exp b.</summary>
internal readonly struct ExpDifferenceOp : IBinary, IOp
{
    public static string Name => "expDifference";

    public static bool FloatingOnly => true;

    public static Saved Saves => Saved.Output;

    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.Equals(b, Lanes.Constant<T>(double.NegativeInfinity)), Vector<T>.Zero, VectorMath.Exp(a - b));

    public Tensor Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * y;

    public Tensor Right(Tensor a, Tensor b, Tensor y, Tensor dy) => -dy * y;

    public static OpSpec Spec => OpSpec.Binary(Name, Tensor.ExpDifference, Domain.Real, Domain.Real) with { Flops = c => 20.0 * c.Elements };
}
