using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>√(Σ x²) over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>The gradient is x / norm, and 0 where the norm is 0. No square overflows or vanishes on the way.</remarks>
    public Tensor Norm(Axes axes = default, bool keepDims = false) => new NormOp(axes.In("norm", Shape), keepDims).Run(this);

    // a / b, and 0 where b is 0.
    internal static Tensor DivideNoNan(Tensor a, Tensor b) => BinaryOp<DivideNoNanOp>.Instance.Run(a, b);
}

/// <summary>y = √(Σ x²) over axes (normalized, rising).</summary>
internal sealed partial class NormOp(int[] axes, bool keepDims) : ReductionOp(axes, keepDims), IOp
{
    public override string Name => "norm";

    protected override Saved Saves => Saved.Both;

    protected override void Check(Tensor x) => RequireFloating(x);

    protected override void Compute<T>(Operands x, Results y)
    {
        var zeros = Tensor.Zeros(y[0].Shape, y[0].DType, y[0].Device);
        RootOfSquares.Run<T>(x[0], Axes, zeros, 1, y[0]);
        zeros.Free();
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) => stream.Device.Reduce(Name, Reduction.Arrange(x[0], Axes), y[0]);

    protected override Tensors Backward(BackwardCall call)
    {
        var kept = call.InputShape(0).KeepOnes(Axes);
        return [call.Input(0) * Tensor.DivideNoNan(call.Gradient().Reshape(kept), call.Output().Reshape(kept))];
    }

    public static OpSpec Spec => new("norm", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4), Domain.Real.Away(0));
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].Norm(axes, keep)], $"axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { ReductionLength = c => c.Elements, Flops = c => 2.0 * c.Elements };
}

/// <summary>a / b, and 0 where b is 0: the slope of a norm, which has none at 0.</summary>
internal readonly struct DivideNoNanOp : IBinary, IOp
{
    public static string Name => "divide_no_nan";

    public static bool FloatingOnly => true;

    public static Saved Saves => Saved.Both;

    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.Equals(b, Vector<T>.Zero), Vector<T>.Zero, a / b);

    public Tensor Left(Tensor a, Tensor b, Tensor y, Tensor dy) => Tensor.DivideNoNan(dy, b);

    public Tensor Right(Tensor a, Tensor b, Tensor y, Tensor dy) => -dy * Tensor.DivideNoNan(y, b);

    public static OpSpec Spec => OpSpec.Binary(Name, Tensor.DivideNoNan, Domain.Real, Domain.Real.Away(0));
}
