using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Product of the elements up to and including each one along an axis. <c>[…, n, …] -> […, n, …]</c></summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="reverse">Whether to multiply from the end of the axis instead.</param>
    /// <returns>Of the element type; of Int32 it is Int64, in which whole numbers wrap.</returns>
    /// <remarks>The gradient is exact where elements are 0: nothing is divided. NaN goes on, as does an infinity that a product on the way becomes.</remarks>
    public Tensor CumProd(int axis = -1, bool reverse = false)
    {
        var x = DType == DType.Int32 ? Cast(DType.Int64) : this;
        return x.Running("cumprod", axis, reverse, rows => CumProdOp.Instance.Run(rows));
    }

    // A function of the elements up to each one along the last axis, along another axis or from its end.
    private Tensor Running(string name, int axis, bool reverse, Func<Tensor, Tensor> run)
    {
        int a = Shape.Axis(name, axis);
        var rows = Last(a);
        return (reverse ? run(rows.Flip(-1)).Flip(-1) : run(rows)).Back(a);
    }

    // Each row moved on by one, with a number before it.
    internal Tensor Delayed(double first)
    {
        int n = Shape[^1];
        if (n == 0) return this;
        var widths = new (int, int)[Rank];
        widths[^1] = (1, 0);
        return Narrow(-1, 0, n - 1).Pad(widths, first);
    }
}

/// <summary>y[…, i] = x[…, 0] · … · x[…, i].</summary>
internal sealed class CumProdOp : Op, IOp
{
    public static readonly CumProdOp Instance = new();

    public override string Name => "cumprod";

    protected override Saved Saves => Saved.Both;

    protected override void Infer(Operands x, Results y)
    {
        RequireNumber(x[0]);
        y[0] = x[0];
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        int n = x[0].Shape[^1];
        ByRows(y[0].ElementCount / n, x, y, rows =>
        {
            var from = rows.Operand<T>(0);
            var to = rows.Result<T>(0);
            for (int i = 0; i < from.Length; i++) to[i] = i % n == 0 ? from[i] : to[i - 1] * from[i];
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount > 0) stream.Device.LaunchRows(Name, x[0].DType, y[0].ElementCount / x[0].Shape[^1], x[0].Shape[^1], x[0], y[0], x[0].Shape[^1]);
    }

    // dx_j = (x_0 … x_j−1) · s_j with s_j = dy_j + x_j+1 · s_j+1: what is 0 is multiplied, not divided by.
    protected override Tensors Backward(BackwardCall call)
    {
        var after = RecurrenceOp.Instance.Run(call.Input(0).Flip(-1).Delayed(0), call.Gradient().Flip(-1)).Flip(-1);
        return [call.Output().Delayed(1) * after];
    }

    public static OpSpec Spec => new("cumprod", "[…a, n, …b] -> […a, n, …b]", d =>
    {
        // Of many factors even numbers near 1 give results of all sizes; some are 0.
        var x = d.Tensor(d.Shape(1, 4), new Domain(0.7, 1.3));
        if (d.Flag()) x *= (d.Tensor(x.Shape) > -2.5).Cast(DType.Float64);
        int axis = d.Axis(x.Rank);
        bool reverse = d.Flag();
        return new OpCase([x], t => [t[0].CumProd(axis, reverse)], $"axis {axis}, reverse {reverse}");
    })
    { ReductionLength = c => c.Elements * (double)c.Elements };
}

/// <summary>
/// y[…, i] = a[…, i]·y[…, i − 1] + b[…, i], beginning with b[…, 0]; a[…, 0] is not looked at. The gradients of what runs along rows are such.
/// </summary>
internal sealed class RecurrenceOp : FloatingOp, IOp
{
    public static readonly RecurrenceOp Instance = new();

    public override string Name => "recurrence";

    protected override Saved Saves => Saved.Both;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        if (!x[0].Shape.IsCompatible(x[1].Shape)) throw Error.Shape(Name, "slopes and heights have different shapes", $"{x[0].Shape} and {x[1].Shape}");
        y.Set(0, x[0].Shape.Merge(x[1].Shape), x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        int n = y[0].Shape[^1];
        ByRows(y[0].ElementCount / n, x, y, rows =>
        {
            var a = rows.Operand<T>(0);
            var b = rows.Operand<T>(1);
            var to = rows.Result<T>(0);
            for (int i = 0; i < to.Length; i++) to[i] = i % n == 0 ? b[i] : T.FusedMultiplyAdd(a[i], to[i - 1], b[i]);
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        int n = y[0].Shape[^1];
        stream.Device.LaunchRows(Name, y[0].DType, y[0].ElementCount / n, n, x[0], x[1], y[0], n);
    }

    // What arrives at the end of a row flows back through the same slopes.
    protected override Tensors Backward(BackwardCall call)
    {
        var db = Run(call.Input(0).Flip(-1).Delayed(0), call.Gradient().Flip(-1)).Flip(-1);
        return [call.Needs(0) ? db * call.Output().Delayed(0) : null, db];
    }

    public static OpSpec Spec => new("recurrence", "[…], […] -> […]", d =>
    {
        var b = d.Tensor(d.Shape(1, 3));
        return new OpCase([d.Tensor(b.Shape, new Domain(-1, 1)), b], t => [Instance.Run(t)]);
    })
    { ReductionLength = c => c.Elements };
}
