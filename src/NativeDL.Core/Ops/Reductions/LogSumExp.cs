using System.Numerics;
using NativeDL.Cuda;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>log Σ e^x over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>
    /// Nothing overflows: the greatest element is taken out first. Of no elements, and where all are −∞, the result is −∞ and the gradient 0; with an element
    /// +∞ it is +∞ and the gradient NaN.
    /// </remarks>
    public Tensor LogSumExp(Axes axes = default, bool keepDims = false) => new LogSumExpOp(axes.In("logsumexp", Shape), keepDims).Run(this);

    // e^(x − y), and 0 where y is −∞.
    internal static Tensor ExpDifference(Tensor x, Tensor y) => BinaryOp<ExpDifferenceOp>.Instance.Run(x, y);
}

/// <summary>y = m + log Σ e^(x − m) with m = max x, over axes (normalized, rising).</summary>
internal sealed unsafe partial class LogSumExpOp(int[] axes, bool keepDims) : ReductionOp(axes, keepDims), IOp
{
    public override string Name => "logsumexp";

    protected override void Check(Tensor x) => RequireFloating(x);

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        var groups = Reduction.Arrange(x[0], Axes);
        var max = Tensor.Empty(y[0].Shape, y[0].DType, y[0].Device);
        stream.Device.Reduce("max", groups, max);
        stream.Device.Reduce(Name, groups, y[0], max);
        max.Free();
    }

    protected override Tensors Backward(BackwardCall call)
    {
        // The softmax over the axes: e^(x − y) would take the rounded maximum and log-sum out of the exponent in one number.
        var x = call.Input(0);
        int[] order = [.. Enumerable.Range(0, x.Rank).Except(Axes), .. Axes], back = new int[order.Length];
        for (int i = 0; i < order.Length; i++) back[order[i]] = i;
        var last = x.Permute(order);
        var softmax = last.Reshape([.. last.Shape.Dimensions[..^Axes.Length], checked((int)x.Shape.CountOf(Axes))]).Softmax().Reshape(last.Shape).Permute(back);
        return [call.Gradient().Reshape(x.Shape.KeepOnes(Axes)) * softmax];
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        var max = Tensor.Empty(y[0].Shape, y[0].DType, y[0].Device);
        Reduction.Run<MaxReducer, T>(x[0], Axes, max);
        Shifted<T>(x[0], max, y[0]);
        max.Free();
    }

    private void Shifted<T>(Tensor x, Tensor max, Tensor y) where T : unmanaged, INumber<T>
    {
        using var openMax = max.Open<T>();
        using var openY = y.Open<T>();
        T* pm = openMax.Pointer, py = openY.Pointer;
        // −∞ − (−∞) is no number; where all are −∞ the sum is 0 as it stands.
        for (long i = 0; i < y.ElementCount; i++)
            if (T.IsNegativeInfinity(pm[i])) pm[i] = T.Zero;
        Reduction.RunMapped<ShiftedExp, T>(x, Axes, max, y);
        var infinity = Lanes.Constant<T>(double.PositiveInfinity);
        for (long i = 0; i < y.ElementCount; i += Vector<T>.Count)
        {
            long count = Math.Min(Vector<T>.Count, y.ElementCount - i);
            var m = Lanes.LoadPart(pm + i, count);
            Lanes.StorePart(Vector.ConditionalSelect(Vector.Equals(m, infinity), m, m + VectorMath.Log(Lanes.LoadPart(py + i, count))), py + i, count);
        }
    }

    public static OpSpec Spec => new("logsumexp", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4));
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].LogSumExp(axes, keep)], $"axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { ReductionLength = c => c.Elements, Flops = c => 20.0 * c.Elements };
}

/// <summary>e^(a − b), and 0 where b is −∞: what a softmax's gradient is made of, given the log-sum-exp b.</summary>
internal readonly struct ExpDifferenceOp : IBinary, IOp
{
    public static string Name => "exp_difference";

    public static bool FloatingOnly => true;

    public static Saved Saves => Saved.Output;

    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.Equals(b, Lanes.Constant<T>(double.NegativeInfinity)), Vector<T>.Zero, VectorMath.Exp(a - b));

    public Tensor Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * y;

    public Tensor Right(Tensor a, Tensor b, Tensor y, Tensor dy) => -dy * y;

    public static OpSpec Spec => OpSpec.Binary(Name, Tensor.ExpDifference, Domain.Real, Domain.Real) with { Flops = c => 20.0 * c.Elements };
}
