namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Windows along an axis as a new axis behind it: y[…, o, k, …] = x[…, o·stride + k·dilation, …], a view in which windows share what they have in
    /// common. <c>[…a, n, …b] -> […a, results, window, …b]</c>
    /// </summary>
    internal Tensor SlidingWindows(int axis, in WindowAxis way, int window) =>
        new SlidingWindowsOp(axis, way.Results, window, way.Stride, way.Dilation).Run(this);
}

/// <summary>y[…, o, k, …] = x[…, o·stride + k·dilation, …].</summary>
internal sealed partial class SlidingWindowsOp(int axis, int results, int window, int stride, int dilation) : ViewOp, IOp
{
    public override string Name => "sliding_windows";

    protected override Shape ShapeOf(Tensor x)
    {
        int size = x.Shape.Dimension(axis);
        if (size != Shape.None && (results - 1L) * stride + (window - 1L) * dilation >= size)
            throw Error.Shape(Name, "the windows are not inside of the tensor",
                $"{results} of {window}, stride {stride}, dilation {dilation}, axis {axis} of {x.Shape}");
        var dims = x.Shape.Dimensions;
        return [.. dims[..axis], results, window, .. dims[(axis + 1)..]];
    }

    protected override Tensor View(Tensor x, Shape shape)
    {
        long own = x.Strides[axis];
        return x.View(shape, [.. x.Strides[..axis], own * stride, own * dilation, .. x.Strides[(axis + 1)..]], 0);
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].Mask is { } mask && mask.Rank <= axis ? mask : null;

    protected override Tensors Backward(BackwardCall call) => [new OverlapAddOp(axis, call.InputShape(0)[axis], stride, dilation).Run(call.Gradient())];

    public static OpSpec Spec => new("sliding_windows", "[…a] -> […b]", d =>
    {
        int window = d.Int(1, 3), stride = d.Int(1, 3), dilation = d.Int(1, 2), results = d.Int(1, 5), axis = d.Int(0, 1);
        int size = (results - 1) * stride + (window - 1) * dilation + 1 + d.Int(0, 2);
        var x = d.Tensor(axis == 0 ? [size, d.Int(1, 5)] : [d.Int(1, 3), size, d.Int(1, 5)]);
        return new OpCase([x], t => [new SlidingWindowsOp(axis, results, window, stride, dilation).Run(t)],
            $"{results} of {window} by {stride}, {dilation} apart");
    })
    { Flops = _ => 0 };
}

/// <summary>y[…, i, …] = the sum of x[…, o, k, …] over o·stride + k·dilation = i: the adjoint of <see cref="SlidingWindowsOp"/>.</summary>
internal sealed partial class OverlapAddOp(int axis, int size, int stride, int dilation) : ComposedOp, IOp
{
    public override string Name => "overlap_add";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        var shape = x[0].Shape;
        int results = shape.Dimension(axis), window = shape.Dimension(axis + 1);
        if (results > 0 && window > 0 && (results - 1L) * stride + (window - 1L) * dilation >= size)
            throw Error.Shape(Name, "the windows reach beyond the axis", $"{shape}, stride {stride}, dilation {dilation}", $"inside of {size}");
        y.Set(0, shape.Without([axis + 1]).With(axis, size), x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var shape = x[0].Shape.Without([axis + 1]);
        int window = x[0].Shape[axis + 1];
        var sum = Part(0);
        for (int k = 1; k < window; k++) sum += Part(k);
        return sum;

        // What the places k of all windows give, with zeros between.
        Tensor Part(int k) => new EmbedOp(axis, k * dilation, stride, shape.With(axis, size)).Run(x[0].Narrow(axis + 1, k, 1).Reshape(shape));
    }

    public static OpSpec Spec => new("overlap_add", "[…a] -> […b]", d =>
    {
        int window = d.Int(1, 3), stride = d.Int(1, 3), dilation = d.Int(1, 2), results = d.Int(1, 5), axis = d.Int(0, 1);
        int size = (results - 1) * stride + (window - 1) * dilation + 1 + d.Int(0, 2);
        var x = d.Tensor(axis == 0 ? [results, window, d.Int(1, 5)] : [d.Int(1, 3), results, window, d.Int(1, 5)]);
        return new OpCase([x], t => [new OverlapAddOp(axis, size, stride, dilation).Run(t)], $"into {size} by {stride}, {dilation} apart");
    })
    { ReductionLength = _ => 3 };
}
