using NativeDL.Cuda;

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
        return WhereOp.Instance.Run(condition, a, b);
    }
}

/// <summary>y = c ? a : b; any element type.</summary>
internal sealed class WhereOp : Op, IOp
{
    public static readonly WhereOp Instance = new();

    public override string Name => "where";

    protected override Saved Saves => Saved.FirstInput;

    protected override OpTraits Traits => OpTraits.Strided | OpTraits.Moves;

    protected override void Infer(Operands x, Results y)
    {
        var (condition, a, b) = (x[0], x[1], x[2]);
        if (condition.DType != DType.Bool)
            throw Error.DType(Name, "the condition must hold truth values", $"{condition.DType} {condition.Shape}", "Bool", "make it by a comparison");
        if (a.DType != b.DType) throw Mixed(a, b);
        y.Set(0, Shape.Broadcast(Name, condition.Shape, Shape.Broadcast(Name, a.Shape, b.Shape)), a.DType);
    }

    protected override void Compute<T>(Operands x, Results y) => WhereLoop.Run<T>(x[0], x[1], x[2], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => stream.Device.ElementwiseMove(Name, x.All, y[0]);

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor condition = call.Input(0), dy = call.Gradient(), zero = dy.Like(0);
        return [null, call.Needs(1) ? Tensor.Where(condition, dy, zero) : null, call.Needs(2) ? Tensor.Where(condition, zero, dy) : null];
    }

    public static OpSpec Spec => new("where", "[…c], […a], […b] -> […c∨a∨b]", d =>
    {
        var (a, b) = d.BroadcastShapes();
        var condition = d.Indices(d.Flag() ? a : Shape.Broadcast("where", a, b), 2).Equal(1);
        return new OpCase([condition, d.Tensor(a), d.Tensor(b)], x => [Tensor.Where(x[0], x[1], x[2])]);
    });
}
