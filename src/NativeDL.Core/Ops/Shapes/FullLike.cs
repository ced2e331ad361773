namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Zeros of the element type of <paramref name="x"/>, on its device: <c>Tensor.ZerosLike(x, [-1, units])</c> is a first state <c>[N, units]</c> for <c>x
    /// [N, …]</c>.
    /// </summary>
    /// <param name="x">Also one of open sizes: the result then has them too.</param>
    /// <param name="shape">The dimensions, of which −1 stands for the size that <paramref name="x"/> has at that place; those of <paramref name="x"/> unless
    /// given.</param>
    /// <exception cref="ShapeMismatchException">A −1 stands where <paramref name="x"/> has no dimension.</exception>
    public static Tensor ZerosLike(Tensor x, Shape? shape = null) => FullLike(x, 0, shape);

    /// <summary>Ones of the element type of <paramref name="x"/>, on its device.</summary>
    /// <inheritdoc cref="ZerosLike(Tensor, Shape)"/>
    public static Tensor OnesLike(Tensor x, Shape? shape = null) => FullLike(x, 1, shape);

    /// <summary>A tensor with <paramref name="value"/> everywhere, of the element type of <paramref name="x"/>, on its device.</summary>
    /// <inheritdoc cref="ZerosLike(Tensor, Shape)"/>
    /// <param name="x">Also one of open sizes: the result then has them too.</param>
    /// <param name="value">What each element is.</param>
    /// <param name="shape">The dimensions, of which −1 stands for the size that <paramref name="x"/> has at that place; those of <paramref name="x"/> unless
    /// given.</param>
    /// <exception cref="DTypeMismatchException">The element type cannot hold the value.</exception>
    public static Tensor FullLike(Tensor x, double value, Shape? shape = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        // Nothing flows back, so that nothing need be recorded.
        return new FullLikeOp(value, shape).Run(x.IsSymbolic ? x : x.StopGradient());
    }
}

/// <summary>y = a number everywhere, in the operand's shape or one that takes open sizes from it.</summary>
internal sealed partial class FullLikeOp(double value, Shape? shape) : Op, IOp
{
    public override string Name => "full_like";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided;

    /// <summary>The shape, where −1 is the operand's size at that place.</summary>
    public static Shape Resolve(string op, Shape? shape, Shape x)
    {
        if (shape is null) return x;
        if (shape.IsKnown) return shape;
        var dims = shape.ToArray();
        for (int i = 0; i < dims.Length; i++)
            if (dims[i] == Shape.None) dims[i] = i < x.Rank ? x.Dimension(i)
                : throw Error.Shape(op, $"dimension {i} is to be taken from a tensor that has none there", $"{shape} like {x}",
                    $"−1 within the first {x.Rank} dimensions");
        return dims;
    }

    protected override void Infer(Operands x, Results y) => y.Set(0, Resolve(Name, shape, x[0].Shape), x[0].DType);

    private protected override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if (ReferenceEquals(device, Device.Symbolic)) base.Execute(device, inputs, outputs);
        else outputs[0] = Tensor.Full(Resolve(Name, shape, inputs[0].Shape), value, inputs[0].DType, device);
    }

    protected override Tensors Backward(BackwardCall call) => Tensors.Of([null]);

    public static OpSpec Spec => new("full_like", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3));
        Shape? shape = d.Flag() ? null : [Shape.None, d.Size(5)];
        return new OpCase([x], t => [Tensor.FullLike(t[0], 0.5, shape)], $"as {shape}");
    })
    { Differentiable = false, Flops = _ => 0 };
}
