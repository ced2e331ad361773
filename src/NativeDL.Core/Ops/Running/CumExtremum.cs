using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The greatest of the elements up to and including each one along an axis. <c>[…, n, …] -> […, n, …]</c></summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="reverse">Whether to begin at the end of the axis instead.</param>
    /// <remarks>NaN goes on: it counts as greater than every number. The gradient goes to the one that was met first of equal elements.</remarks>
    public Tensor CumMax(int axis = -1, bool reverse = false) => Running("cummax", axis, reverse, rows => rows.TakeRunning(least: false));

    /// <summary>The smallest of the elements up to and including each one along an axis. <c>[…, n, …] -> […, n, …]</c></summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="reverse">Whether to begin at the end of the axis instead.</param>
    /// <remarks>NaN goes on. The gradient goes to the one that was met first of equal elements.</remarks>
    public Tensor CumMin(int axis = -1, bool reverse = false) => Running("cummin", axis, reverse, rows => rows.TakeRunning(least: true));

    private Tensor TakeRunning(bool least) => TakeAlongAxis(new RunningPlacesOp(least).Run(this), -1);
}

/// <summary>y[…, i] = the place of the greatest element up to i, or of the smallest; of equal ones, and of NaNs, the first.</summary>
internal sealed partial class RunningPlacesOp(bool least) : Op, IOp
{
    public override string Name => "running_places";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape, DType.Int32);

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        int n = x[0].Shape[^1];
        ByRows(y[0].ElementCount / n, x, y, rows =>
        {
            var from = rows.Operand<T>(0);
            var to = rows.Result<int>(0);
            for (int first = 0; first < to.Length; first += n)
            {
                int best = 0;
                for (int i = 0; i < n; i++)
                {
                    if (OrderKey.Beats(from[first + i], from[first + best], least)) best = i;
                    to[first + i] = best;
                }
            }
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        int n = x[0].Shape[^1];
        var keys = OrderKey.Extreme(stream.Device, x[0], least);
        stream.Device.LaunchRows(Name, DType.Int64, y[0].ElementCount / n, n, keys, y[0], n);
        keys.Free();
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("a place is a whole number and has no derivative");

    public static OpSpec Spec => new("running_places", "[…] -> Int32 […]", d =>
    {
        var x = OrderDraw.Tensor(d, d.Shape(1, 3));
        bool least = d.Flag();
        return new OpCase([x], t => [new RunningPlacesOp(least).Run(t)], $"least {least}");
    })
    { Differentiable = false, TwiceDifferentiable = false };
}

internal abstract class CumMaxSpec : IOp
{
    public static OpSpec Spec => CumSpec("cummax", (x, axis, reverse) => x.CumMax(axis, reverse));

    internal static OpSpec CumSpec(string name, Func<Tensor, int, bool, Tensor> run) => new(name, "[…a, n, …b] -> […a, n, …b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4), Domain.Distinct);
        int axis = d.Axis(x.Rank);
        bool reverse = d.Flag();
        return new OpCase([x], t => [run(t[0], axis, reverse)], $"axis {axis}, reverse {reverse}");
    })
    { ReductionLength = c => c.Elements };
}

internal abstract class CumMinSpec : IOp
{
    public static OpSpec Spec => CumMaxSpec.CumSpec("cummin", (x, axis, reverse) => x.CumMin(axis, reverse));
}
