using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// y[g] = x at place p[g] of group g: a group is what the axes (normalized, rising) span, its places are counted
/// row by row. <c>[…] , Int32 [… with ones] -> [… with ones]</c>
/// </summary>
internal sealed unsafe class PickOp(int[] axes) : Op, IOp
{
    public override string Name => "pick";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], places = inputs[1];
        var y = outputs[0] = Tensor.Empty(x.Shape.KeepOnes(axes), x.DType, x.Device);
        var (source, outer, length, inner) = Reduction.Arrange(x, axes);
        var where = places.Packed();
        if (!x.Device.IsCpu)
        {
            CudaDevice.Of(x).LaunchOver(Name, x.DType, y.ElementCount, source, where, y, y.ElementCount, length, inner);
            return;
        }
        switch (x.DType.Size())
        {
            case 4: Kernel<int>(source, where, y, outer, length, inner); break;
            case 8: Kernel<long>(source, where, y, outer, length, inner); break;
            default: Kernel<byte>(source, where, y, outer, length, inner); break;
        }
    }

    public override Tensor?[] Backward(in BackwardCall call) =>
        [call.Needs(0) ? new SpreadOp(axes, call.InputShape(0)).Run(call.Gradient(), call.Input(1)) : null, null];

    private static void Kernel<T>(Tensor x, Tensor places, Tensor y, long outer, long length, long inner) where T : unmanaged
    {
        using var openX = x.Open<T>();
        using var openP = places.Open<int>();
        using var openY = y.Open<T>();
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
    { PlainGradient = true, Flops = _ => 0 };
}

/// <summary>y = zeros of a shape, except place p[g] of group g, which is x[g]: the adjoint of <see cref="PickOp"/>.</summary>
internal sealed unsafe class SpreadOp(int[] axes, Shape shape) : Op, IOp
{
    public override string Name => "spread";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], places = inputs[1];
        // Written as the groups stand together and then seen in the order of the shape.
        bool together = axes.Length == 0 || axes[^1] - axes[0] == axes.Length - 1;
        int[] order = together ? [.. Enumerable.Range(0, shape.Rank)] : [.. Enumerable.Range(0, shape.Rank).Except(axes), .. axes];
        var y = Tensor.Zeros([.. order.Select(i => shape[i])], x.DType, x.Device);
        long length = shape.CountOf(axes), inner = 1;
        if (together)
            for (int i = axes.Length == 0 ? shape.Rank : axes[^1] + 1; i < shape.Rank; i++) inner *= shape[i];
        Tensor source = x.Packed(), where = places.Packed();
        if (!x.Device.IsCpu) CudaDevice.Of(x).LaunchOver(Name, x.DType, x.ElementCount, source, where, y, x.ElementCount, length, inner);
        else
        {
            switch (x.DType.Size())
            {
                case 4: Kernel<int>(source, where, y, length, inner); break;
                case 8: Kernel<long>(source, where, y, length, inner); break;
                default: Kernel<byte>(source, where, y, length, inner); break;
            }
        }
        var back = new int[order.Length];
        for (int i = 0; i < order.Length; i++) back[order[i]] = i;
        outputs[0] = together ? y : y.PermuteView(back);
    }

    public override Tensor?[] Backward(in BackwardCall call) =>
        [call.Needs(0) ? new PickOp(axes).Run(call.Gradient(), call.Input(1)) : null, null];

    private static void Kernel<T>(Tensor x, Tensor places, Tensor y, long length, long inner) where T : unmanaged
    {
        using var openX = x.Open<T>();
        using var openP = places.Open<int>();
        using var openY = y.Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        int* pp = openP.Pointer;
        for (long g = 0; g < x.ElementCount; g++)
        {
            (long o, long i) = Math.DivRem(g, inner);
            py[(o * length + pp[g]) * inner + i] = px[g];
        }
    }

    public static OpSpec Spec => new("spread", "[…b], Int32 […b] -> […a]", d =>
    {
        var (x, places, axes) = Draw(d);
        return new OpCase([d.Tensor(places.Shape), places], t => [new SpreadOp(axes, x.Shape).Run(t[0], t[1])], $"axes [{string.Join(", ", axes)}] into {x.Shape}");
    })
    { PlainGradient = true, Flops = _ => 0 };

    /// <summary>A tensor, axes of it, and a place for each group.</summary>
    internal static (Tensor X, Tensor Places, int[] Axes) Draw(Draw d)
    {
        var x = d.Tensor(d.Shape(1, 4));
        int[] axes = x.Shape.Axes("pick", d.Axes(x.Rank));
        return (x, d.Indices(x.Shape.KeepOnes(axes), checked((int)x.Shape.CountOf(axes))), axes);
    }
}
