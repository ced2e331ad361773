namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The same elements as a constant: no gradient flows back through the result. <c>[…] -> […]</c></summary>
    /// <remarks>Also known as detach.</remarks>
    public Tensor StopGradient() => IsSymbolic ? StopGradientOp.Instance.Run(this) : Node is null ? this : Detached();

    private Tensor Detached()
    {
        var view = View(Shape, strides, 0);
        if (isMasked) view.SetMask(Mask);
        return view;
    }

    /// <summary>
    /// The same elements with a backward pass of one's own: <paramref name="gradient"/> gets what arrives and gives what goes on,
    /// of the same shape. <c>[…] -> […]</c>
    /// </summary>
    /// <remarks>For functions with a custom derivative: compute under <see cref="StopGradient()"/>, or reverse, clip or watch gradients on their way.</remarks>
    public Tensor CustomGradient(Func<Tensor, Tensor> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return new CustomGradientOp(gradient).Run(this);
    }
}

public abstract partial class Op
{
    /// <summary>A function with a backward pass of one's own.</summary>
    /// <example><code>
    /// static Tensor Swish(Tensor x) => Op.Custom([x], t => t[0] * t[0].Sigmoid(), (t, y, g) => [g * (y + t[0].Sigmoid() * (1 - y))]);
    /// </code></example>
    /// <param name="inputs">The operands.</param>
    /// <param name="forward">Computes the result; what happens inside is not recorded.</param>
    /// <param name="backward">Gets operands, result and the result's gradient; gives one gradient for each operand, null for none.</param>
    public static Tensor Custom(IReadOnlyList<Tensor> inputs, Func<IReadOnlyList<Tensor>, Tensor> forward,
        Func<IReadOnlyList<Tensor>, Tensor, Tensor, IReadOnlyList<Tensor?>> backward)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        return new CustomFunctionOp(forward, backward).Run([.. inputs]);
    }
}

/// <summary>y = x, and nothing flows back: how <see cref="Tensor.StopGradient()"/> stands in a graph.</summary>
internal sealed class StopGradientOp : ViewOp
{
    public static readonly StopGradientOp Instance = new();

    public override string Name => "stop_gradient";

    protected override Shape ShapeOf(Tensor x) => x.Shape;

    protected override Tensor View(Tensor x, Shape shape) => x.View(shape, x.Strides, 0);

    protected override Tensors Backward(BackwardCall call) => Tensors.Of([null]);
}

/// <summary>y = x; dx = gradient(dy).</summary>
internal sealed class CustomGradientOp(Func<Tensor, Tensor> gradient) : ViewOp, IOp
{
    public override string Name => "custom_gradient";

    internal override string? WhyNotInFiles => "its derivative is a function of the program";

    protected override Shape ShapeOf(Tensor x) => x.Shape;

    protected override Tensor View(Tensor x, Shape shape) => x.View(shape, x.Strides, 0);

    protected override Tensors Backward(BackwardCall call)
    {
        var dx = gradient(call.Gradient());
        return dx.Shape == call.InputShape(0) ? [dx]
            : throw Error.Shape(Name, "the gradient must have the operand's shape", $"{dx.Shape}", $"{call.InputShape(0)}");
    }

    public static OpSpec Spec =>
        new("custom_gradient", "[…] -> […]", d => new OpCase([d.Tensor(d.Shape(0, 3))], x => [x[0].CustomGradient(dy => dy * 1)])) { Flops = _ => 0 };
}

/// <summary>y = forward(x…); dx… = backward(x…, y, dy).</summary>
internal sealed class CustomFunctionOp(Func<IReadOnlyList<Tensor>, Tensor> forward, Func<IReadOnlyList<Tensor>, Tensor, Tensor,
    IReadOnlyList<Tensor?>> backward) : Op, IOp
{
    public override string Name => "custom";

    internal override string? WhyNotInFiles => "it is a function of the program";

    protected override Saved Saves => Saved.Both;

    // Without data the shape is that of what the function makes of symbols.
    protected override void Infer(Operands x, Results y) => y[0] = Made([.. x.All]);

    private protected override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if (ReferenceEquals(device, Device.Symbolic)) base.Execute(device, inputs, outputs);
        else outputs[0] = Made([.. inputs.ToArray().Select(x => x.StopGradient())]).StopGradient();
    }

    private Tensor Made(Tensor[] inputs) => forward(inputs) ?? throw Error.Input("Op.Custom(forward)", "the function gives null");

    protected override Tensors Backward(BackwardCall call)
    {
        var inputs = new Tensor[call.Count];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = call.Input(i);
        var gradients = backward(inputs, call.Output(), call.Gradient());
        if (gradients?.Count != inputs.Length) throw Error.Gradient(Name,
            $"the backward pass gave {(gradients is null ? "no list of" : $"{gradients.Count}")} gradients for {inputs.Length} operands");
        for (int i = 0; i < inputs.Length; i++)
            if (gradients[i] is { } g && (g.Shape != inputs[i].Shape || g.DType != inputs[i].DType))
                throw Error.Shape(Name, $"gradient {i} is not of its operand's shape and element type", $"{g.DType} {g.Shape}",
                    $"{inputs[i].DType} {inputs[i].Shape}");
        return [.. gradients];
    }

    public static OpSpec Spec => new("custom", "[…], […] -> […]", d =>
    {
        var shape = d.Shape(0, 3);
        return new OpCase([d.Tensor(shape), d.Tensor(shape)], x =>
            [Op.Custom(x, t => t[0] * t[1].Square(), (t, y, dy) => [dy * t[1].Square(), dy * t[0] * t[1] * 2])]);
    })
    { Composed = true };
}
