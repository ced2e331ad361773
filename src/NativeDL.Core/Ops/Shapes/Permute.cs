
namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The dimensions in reverse order: a view. A matrix becomes its transpose.</summary>
    public Tensor Transpose() => Permute([.. Enumerable.Range(0, Rank).Reverse()]);

    /// <summary>Two dimensions exchanged: a view.</summary>
    public Tensor Transpose(int axis1, int axis2)
    {
        int[] order = [.. Enumerable.Range(0, Rank)];
        int a = Shape.Axis("transpose", axis1), b = Shape.Axis("transpose", axis2);
        (order[a], order[b]) = (order[b], order[a]);
        return Permute(order);
    }

    /// <summary>The dimensions in another order: a view. Result dimension i is dimension <paramref name="order"/>[i] of this tensor.</summary>
    /// <remarks>Also known as transpose of several axes.</remarks>
    /// <exception cref="ShapeMismatchException">The order does not name every axis once.</exception>
    public Tensor Permute(params ReadOnlySpan<int> order)
    {
        var axes = new int[order.Length];
        for (int i = 0; i < axes.Length; i++) axes[i] = Shape.Axis("permute", order[i]);
        if (axes.Length != Rank || axes.Distinct().Count() != Rank)
            throw Error.Shape("permute", "the order must name every axis once", $"[{string.Join(", ", order.ToArray())}] for shape {Shape}");
        return new PermuteOp(axes).Run(this);
    }

    // The view alone, for kernels that arrange their operands.
    internal Tensor PermuteView(ReadOnlySpan<int> order)
    {
        var dims = new int[order.Length];
        var viewStrides = new long[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            dims[i] = Shape[order[i]];
            viewStrides[i] = strides[order[i]];
        }
        return View(Shape.Of(dims), viewStrides, 0);
    }
}

/// <summary>y[i₀, i₁, …] = x with dimension order[k] in place k.</summary>
internal sealed partial class PermuteOp(int[] order) : ViewOp, IOp
{
    public override string Name => "permute";

    protected override Shape ShapeOf(Tensor x) => x.Shape.Only(order);

    protected override Tensor View(Tensor x, Shape shape) => x.PermuteView(order);

    protected override Tensor? ComputeMask(Operands x, Tensor y)
    {
        if (x[0].Mask is not { } mask) return null;
        for (int i = 0; i < mask.Rank; i++)
            if (order[i] != i) return null;
        return mask;
    }

    protected override Tensors Backward(BackwardCall call)
    {
        var inverse = new int[order.Length];
        for (int i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return [call.Gradient().Permute(inverse)];
    }

    public static OpSpec Spec => new("permute", "[…] -> […']", d =>
    {
        var x = d.Tensor(d.Shape(0, 4));
        int[] order = [.. Enumerable.Range(0, x.Rank)];
        if (order.Length > 1)
            for (int swaps = d.Int(0, 3); swaps > 0; swaps--)
            {
                int a = d.Int(0, order.Length - 1), b = d.Int(0, order.Length - 1);
                (order[a], order[b]) = (order[b], order[a]);
            }
        return new OpCase([x], t => [t[0].Permute(order)], $"order [{string.Join(", ", order)}]");
    })
    { Flops = _ => 0 };
}
