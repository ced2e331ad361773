namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary><paramref name="a"/> where the condition is true, else <paramref name="b"/>; all three broadcast. <c>[…c], […a], […b] -> […c∨a∨b]</c></summary>
    /// <exception cref="DTypeMismatchException">The condition is not <see cref="DType.Bool"/>, or a and b have different element types.</exception>
    /// <exception cref="ShapeMismatchException">The shapes do not broadcast.</exception>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new WhereOp(condition).Run(a, b);
    }
}

/// <summary>y = c ? a : b; any element type. The condition is an attribute, so that nothing else is kept for the backward pass.</summary>
internal sealed class WhereOp(Tensor condition) : Op, IOp
{
    public override string Name => "where";

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor a = inputs[0], b = inputs[1];
        if (condition.DType != DType.Bool) throw Error.DType(Name, "the condition must hold truth values", $"{condition.DType} {condition.Shape}", "Bool", "make it by a comparison");
        if (condition.Device != a.Device) throw Error.Device(Name, "the condition lives on another device", $"{condition.Device} {condition.Shape} and {a.Device} {a.Shape}", "one device for all", "move one of them with To");
        RequireSameDType(inputs);
        var shape = Shape.Broadcast(Name, condition.Shape, Shape.Broadcast(Name, a.Shape, b.Shape));
        var y = outputs[0] = Tensor.Empty(shape, a.DType, a.Device);
        if (a.Device.IsCpu) WhereLoop.Run(condition, a, b, y);
        else a.Device.Elementwise(Name, [condition, a, b], y, []);
    }

    public override Tensor?[] Backward(in BackwardCall call)
    {
        Tensor dy = call.Gradient(), zero = dy.Like(0);
        return [call.Needs(0) ? Tensor.Where(condition, dy, zero) : null, call.Needs(1) ? Tensor.Where(condition, zero, dy) : null];
    }

    public static OpSpec Spec => new("where", "[…c], […a], […b] -> […c∨a∨b]", d =>
    {
        var (a, b) = d.BroadcastShapes();
        var condition = d.Indices(d.Flag() ? a : Shape.Broadcast("where", a, b), 2).Equal(1);
        return new OpCase([condition, d.Tensor(a), d.Tensor(b)], x => [Tensor.Where(x[0], x[1], x[2])]);
    })
    { PlainGradient = true };
}
