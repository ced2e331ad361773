using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// y[g] = x at place p[g] of group g: a group is what the axes (normalized, rising) span, its places are counted
/// row by row. <c>[…] , Int32 [… with ones] -> [… with ones]</c>
/// </summary>
internal sealed unsafe partial class PickOp(int[] axes) : Op, IOp
{
    public override string Name => "pick";

    protected override OpTraits Traits => OpTraits.Strided | OpTraits.Moves;

    protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape.KeepOnes(axes), x[0].DType);

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        var (source, outer, length, inner) = Reduction.Arrange(x[0], axes);
        stream.Device.LaunchOver("take_along_axis", x[0].DType, y[0].ElementCount, source, x[1].Packed(), y[0], outer, checked((int)length), 1, inner);
    }

    protected override Tensors Backward(BackwardCall call) =>
        [call.Needs(0) ? new SpreadOp(axes, call.InputShape(0)).Run(call.Gradient(), call.Input(1)) : null, null];

    protected override void Compute<T>(Operands x, Results y)
    {
        var (source, outer, length, inner) = Reduction.Arrange(x[0], axes);
        using var openX = source.Open<T>();
        using var openP = x[1].Packed().Open<int>();
        using var openY = y[0].Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        int* pp = openP.Pointer;
        for (long o = 0, g = 0; o < outer; o++)
            for (long i = 0; i < inner; i++, g++) py[g] = px[(o * length + pp[g]) * inner + i];
    }

    public static OpSpec Spec => new("pick", "[…a], Int32 […b] -> […b]", d =>
    {
        var (x, places, axes) = SpreadOp.Draw(d);
        return new OpCase([x, places], t => [new PickOp(axes).Run(t[0], t[1])], $"axes [{string.Join(", ", axes)}]");
    })
    { Flops = _ => 0 };
}

/// <summary>y = zeros of a shape, except place p[g] of group g, which is x[g]: the adjoint of <see cref="PickOp"/>.</summary>
internal sealed unsafe partial class SpreadOp(int[] axes, Shape shape) : Op, IOp
{
    public override string Name => "spread";

    protected override OpTraits Traits => OpTraits.Moves;

    protected override void Infer(Operands x, Results y) => y.Set(0, shape, x[0].DType);

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        var (groups, length, inner) = Begin(y[0]);
        if (x[0].ElementCount > 0)
            stream.Device.LaunchOver("spread_along_axis", x[0].DType.Bits(), x[0].ElementCount, x[0], x[1], groups, x[0].ElementCount / inner,
                checked((int)length), 1, inner);
        End(groups, y[0]);
    }

    // Zeros where the groups stand together: in the result itself, or beside it where other axes stand between the groups' own.
    private (Tensor Groups, long Length, long Inner) Begin(Tensor y)
    {
        long inner = 1;
        if (Together)
            for (int i = axes.Length == 0 ? shape.Rank : axes[^1] + 1; i < shape.Rank; i++) inner *= shape[i];
        var groups = Together ? y : Tensor.Empty([.. Order.Select(i => shape[i])], y.DType, y.Device);
        groups.Fill(0);
        return (groups, shape.CountOf(axes), inner);
    }

    private void End(Tensor groups, Tensor y)
    {
        if (Together) return;
        int[] order = Order, back = new int[order.Length];
        for (int i = 0; i < order.Length; i++) back[order[i]] = i;
        Tensor.CopyInto(groups.PermuteView(back), y);
        groups.Free();
    }

    private bool Together => axes.Length == 0 || axes[^1] - axes[0] == axes.Length - 1;

    private int[] Order => [.. Enumerable.Range(0, shape.Rank).Except(axes), .. axes];

    protected override Tensors Backward(BackwardCall call) =>
        [call.Needs(0) ? new PickOp(axes).Run(call.Gradient(), call.Input(1)) : null, null];

    protected override void Compute<T>(Operands x, Results y)
    {
        var (groups, length, inner) = Begin(y[0]);
        using (var openX = x[0].Open<T>())
        using (var openP = x[1].Open<int>())
        using (var openY = groups.Open<T>()) Place(openX.Pointer, openP.Pointer, openY.Pointer, x[0].ElementCount, length, inner);
        End(groups, y[0]);
    }

    private static void Place<T>(T* px, int* pp, T* py, long count, long length, long inner) where T : unmanaged
    {
        for (long g = 0; g < count; g++)
        {
            (long o, long i) = Math.DivRem(g, inner);
            py[(o * length + pp[g]) * inner + i] = px[g];
        }
    }

    public static OpSpec Spec => new("spread", "[…b], Int32 […b] -> […a]", d =>
    {
        var (x, places, axes) = Draw(d);
        return new OpCase([d.Tensor(places.Shape), places], t => [new SpreadOp(axes, x.Shape).Run(t[0], t[1])],
            $"axes [{string.Join(", ", axes)}] into {x.Shape}");
    })
    { Flops = _ => 0 };

    /// <summary>A tensor, axes of it, and a place for each group.</summary>
    internal static (Tensor X, Tensor Places, int[] Axes) Draw(Draw d)
    {
        var x = d.Tensor(d.Shape(1, 4));
        int[] axes = x.Shape.Axes("pick", d.Axes(x.Rank));
        return (x, d.Indices(x.Shape.KeepOnes(axes), checked((int)x.Shape.CountOf(axes))), axes);
    }
}
