using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The tensor with a border of <paramref name="value"/>: for each axis, elements before and after.</summary>
    /// <exception cref="ShapeMismatchException">Not one pair for each axis, or a negative width.</exception>
    public Tensor Pad(IReadOnlyList<(int Before, int After)> widths, double value = 0)
    {
        ArgumentNullException.ThrowIfNull(widths);
        RequireWidths(widths);
        return new PadOp([.. widths], value).Run(this);
    }

    private void RequireWidths(IReadOnlyList<(int Before, int After)> widths)
    {
        if (widths.Count != Rank || widths.Any(w => w.Before < 0 || w.After < 0))
            throw Error.Shape("pad", "each axis needs two widths of 0 or more", $"{string.Join(", ", widths)} for shape {Shape}");
    }
}

/// <summary>y = x inside of a border.</summary>
internal sealed partial class PadOp((int Before, int After)[] widths, double value) : Op, IOp
{
    public override string Name => "pad";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided | OpTraits.Moves;

    protected override void Infer(Operands x, Results y)
    {
        var dims = x[0].Shape.ToArray();
        for (int i = 0; i < dims.Length; i++) dims[i] = Shape.Sum(Name, dims[i], Shape.Sum(Name, widths[i].Before, widths[i].After));
        y.Set(0, dims, x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y) => Place(x[0], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => Place(x[0], y[0]);

    private void Place(Tensor x, Tensor y)
    {
        y.Fill(value);
        long offset = 0;
        for (int i = 0; i < widths.Length; i++) offset += widths[i].Before * y.Strides[i];
        if (x.ElementCount > 0) Tensor.CopyInto(x, y.View(x.Shape, y.Strides, offset));
    }

    protected override Tensors Backward(BackwardCall call)
    {
        var dx = call.Gradient();
        for (int i = 0; i < widths.Length; i++) dx = dx.Narrow(i, widths[i].Before, call.InputShape(0)[i]);
        return [dx];
    }

    public static OpSpec Spec => new("pad", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4));
        (int, int)[] widths = [.. x.Shape.Select(_ => (d.Int(0, 3), d.Int(0, 3)))];
        return new OpCase([x], t => [t[0].Pad(widths, 1.5)], $"widths {string.Join(", ", widths)}");
    })
    { Flops = _ => 0 };
}
