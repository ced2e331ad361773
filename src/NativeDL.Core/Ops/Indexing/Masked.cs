namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The tensor with a number where the mask is true; both broadcast. <c>[…a], Bool […m] -> […a∨m]</c></summary>
    /// <param name="mask">Truth values.</param>
    /// <param name="value">The number, which takes the tensor's element type.</param>
    /// <exception cref="DTypeMismatchException">The mask is not <see cref="DType.Bool"/>.</exception>
    /// <exception cref="ShapeMismatchException">The shapes do not broadcast.</exception>
    public Tensor MaskedFill(Tensor mask, double value) => Where(mask, value, this);

    /// <summary>The elements at which the mask is true, in their order; both broadcast. <c>[…a], Bool […m] -> [k]</c></summary>
    /// <param name="mask">Truth values.</param>
    /// <remarks>How many there are only the mask tells: reading it waits for its device. Slices of the first axes are <c>x[mask]</c>.</remarks>
    /// <exception cref="DTypeMismatchException">The mask is not <see cref="DType.Bool"/>.</exception>
    /// <exception cref="ShapeMismatchException">The shapes do not broadcast.</exception>
    public Tensor MaskedSelect(Tensor mask)
    {
        const string name = "masked_select";
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.DType != DType.Bool)
            throw Error.DType(name, "the mask must hold truth values", $"{mask.DType} {mask.Shape}", "Bool", "make it by a comparison");
        var shape = NativeDL.Shape.Broadcast(name, Shape, mask.Shape);
        return BroadcastTo(shape).Reshape(-1)[mask.BroadcastTo(shape).Reshape(-1)];
    }
}

internal abstract class MaskedFillSpec : IOp
{
    public static OpSpec Spec => new("masked_fill", "[…a], Bool […b] -> […a∨b]", d =>
    {
        var (a, b) = d.BroadcastShapes();
        return new OpCase([d.Tensor(a), d.Indices(b, 2).Equal(1)], x => [x[0].MaskedFill(x[1], 0.5)]);
    })
    { ReductionLength = c => c.Elements };
}
