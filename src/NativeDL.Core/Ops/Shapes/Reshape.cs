using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The same elements in row-major order under other dimensions: a view where strides allow.</summary>
    /// <param name="shape">One dimension may be −1: it takes what is left.</param>
    /// <exception cref="ShapeMismatchException">The number of elements would change.</exception>
    [OverloadResolutionPriority(1)] // of the two that a collection expression fits
    public Tensor Reshape(params ReadOnlySpan<int> shape) => Reshape(Resolve(shape));

    /// <inheritdoc cref="Reshape(ReadOnlySpan{int})"/>
    public Tensor Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape == Shape) return this;
        if (!shape.IsKnown) shape = Resolve(shape.Dimensions);
        if (shape.ElementCount != ElementCount) throw Error.Shape("reshape", "the number of elements would change", $"{Shape} with {ElementCount} elements", $"{shape} with {shape.ElementCount}");
        return new ReshapeOp(shape).Run(this);
    }

    private Shape Resolve(ReadOnlySpan<int> shape)
    {
        int hole = shape.IndexOf(-1);
        if (hole < 0) return Shape.Of(shape);
        int[] dims = shape.ToArray();
        dims[hole] = 1;
        long rest = dims.Contains(-1) ? 0 : Shape.Of(dims).ElementCount;
        if (rest == 0 || ElementCount % rest != 0)
            throw Error.Shape("reshape", "no size fits in place of −1", $"{Shape} to [{string.Join(", ", shape.ToArray())}]", "one −1, and the other sizes must divide the number of elements");
        dims[hole] = Shape.Dimension("reshape", ElementCount / rest);
        return Shape.Of(dims);
    }
}

/// <summary>y = x under another shape.</summary>
internal sealed class ReshapeOp(Shape shape) : Op, IOp
{
    public override string Name => "reshape";

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        outputs[0] = Strides(x, shape) is { } strides ? x.View(shape, strides, 0) : x.Copy().View(shape, shape.Strides, 0);
    }

    public override Tensor?[] Backward(in BackwardCall call) => [call.Gradient().Reshape(call.InputShape(0))];

    /// <summary>Strides of the reshaped view, or null if the elements must be moved: each group of old dimensions that a group of new ones replaces must be evenly spaced.</summary>
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
    { PlainGradient = true, Flops = _ => 0 };
}
