using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The same elements in row-major order under other dimensions: a view where strides allow.</summary>
    /// <remarks>Also known as view.</remarks>
    /// <param name="shape">One dimension may be −1: it takes what is left.</param>
    /// <exception cref="ShapeMismatchException">The number of elements would change.</exception>
    [OverloadResolutionPriority(1)] // of the two that a collection expression fits
    public Tensor Reshape(params ReadOnlySpan<int> shape) => Reshape(Shape.Of(shape));

    /// <inheritdoc cref="Reshape(ReadOnlySpan{int})"/>
    public Tensor Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape == Shape && shape.IsKnown ? this : ReshapeOp.Of(Shape, shape).Run(this);
    }
}

/// <summary>y = x under another shape.</summary>
internal sealed partial class ReshapeOp : ViewOp, IOp
{
    private readonly Shape shape;
    private readonly int[]? unknown;

    // `unknown`: the axes of the operand whose sizes go, in this order, where the shape says None.
    internal ReshapeOp(Shape shape, int[]? unknown) => (this.shape, this.unknown) = (shape, unknown);

    public override string Name => "reshape";

    /// <summary>The operation for operands of a shape, in which dimensions may be unknown: it then holds for all that fit.</summary>
    public static ReshapeOp Of(Shape from, Shape to)
    {
        if (from.IsKnown || to.IsKnown) return new(to, null);
        int[] gaps = [.. Enumerable.Range(0, from.Rank).Where(i => from.Dimension(i) == Shape.None)];
        bool inOrder = to.Count(d => d == Shape.None) == gaps.Length && Known(from).ElementCount == Known(to).ElementCount;
        return new(to, inOrder ? gaps : null);
    }

    protected override Shape ShapeOf(Tensor x)
    {
        var to = x.Shape.IsKnown ? Resolve(x.Shape) : shape;
        if (!x.Shape.IsKnown && unknown is null && to.Count(d => d == Shape.None) > 1)
            throw Error.Shape(Name, "which sizes go where is not known", $"{x.Shape} to {to}",
                "one unknown dimension at most, or the operand's own ones in their order");
        if (x.Shape.IsKnown && to.ElementCount != x.ElementCount)
            throw Error.Shape(Name, "the number of elements would change", $"{x.Shape} with {x.ElementCount} elements", $"{to} with {to.ElementCount}");
        return to;
    }

    protected override Tensor View(Tensor x, Shape to) => Strides(x, to) is { } strides ? x.View(to, strides, 0) : x.Copy().View(to, to.Strides, 0);

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].Mask is { } mask && MaskRules.IsOf(mask, y) ? mask : null;

    private Shape Resolve(Shape from)
    {
        if (shape.IsKnown) return shape;
        int[] dims = shape.ToArray();
        if (unknown is not null)
        {
            for (int i = 0, k = 0; i < dims.Length; i++)
                if (dims[i] == Shape.None) dims[i] = from[unknown[k++]];
            return dims;
        }
        int hole = Array.IndexOf(dims, Shape.None);
        dims[hole] = 1;
        long rest = dims.Contains(Shape.None) ? 0 : Shape.Of(dims).ElementCount;
        if (rest == 0 || from.ElementCount % rest != 0)
            throw Error.Shape(Name, "no size fits in place of −1", $"{from} to {shape}", "one −1, and the other sizes must divide the number of elements");
        dims[hole] = Shape.Dimension(Name, from.ElementCount / rest);
        return dims;
    }

    private static Shape Known(Shape shape) => Shape.Of([.. shape.Where(d => d != Shape.None)]);

    protected override Tensors Backward(BackwardCall call) => [call.Gradient().Reshape(call.InputShape(0))];

    /// <summary>
    /// Strides of the reshaped view, or null if the elements must be moved: each group of old dimensions that a group of new ones replaces must be evenly
    /// spaced.
    /// </summary>
    private static long[]? Strides(Tensor x, Shape to)
    {
        if (x.IsContiguous || x.ElementCount == 0) return to.Strides;
        var result = new long[to.Rank];
        int i = 0, j = 0;
        while (i < x.Rank || j < to.Rank)
        {
            int firstOld = i, firstNew = j;
            long old = i < x.Rank ? x.Shape[i++] : 1, fresh = j < to.Rank ? to[j++] : 1;
            while (old != fresh)
            {
                if (old < fresh) old *= x.Shape[i++];
                else fresh *= to[j++];
            }
            // Sizes of 1 have no say in the spacing.
            long spacing = 0, expected = 0;
            for (int d = i - 1; d >= firstOld; d--)
            {
                if (x.Shape[d] == 1) continue;
                if (spacing == 0) spacing = expected = x.Strides[d];
                if (x.Strides[d] != expected) return null;
                expected *= x.Shape[d];
                if (spacing == 0 && old > 1 && x.Shape[d] != old) return null;
            }
            long stride = spacing;
            for (int d = j - 1; d >= firstNew; d--)
            {
                result[d] = stride;
                stride *= to[d];
            }
        }
        return result;
    }

    public static OpSpec Spec => new("reshape", "[…] -> […']", d =>
    {
        int a = d.Size(17), b = d.Size(17);
        int[] shape = d.OneOf<int[]>([a * b], [b, a], [a, 1, b], [1, -1]);
        return new OpCase([d.Tensor([a, b])], x => [x[0].Reshape(shape)], $"to [{string.Join(", ", shape)}]");
    })
    { Flops = _ => 0 };
}
