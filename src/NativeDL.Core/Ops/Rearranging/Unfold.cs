namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The windows along an axis, their elements at the end: a view, in which elements that windows share stand once.
    /// <c>[…, n, …] -> […, (n − size) / step + 1, …, size]</c>
    /// </summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="size">How many elements a window has.</param>
    /// <param name="step">From the start of a window to that of the next.</param>
    /// <remarks>
    /// PyTorch's <c>Tensor.unfold</c>; windows of images are two of them, of height and of width. The gradient adds up what
    /// arrives for an element in each of its windows: <see cref="Fold(int, int, int)"/>.
    /// </remarks>
    /// <exception cref="ShapeMismatchException">The axis is shorter than a window.</exception>
    /// <exception cref="InvalidInputException">Size or step is less than 1.</exception>
    public Tensor Unfold(int axis, int size, int step = 1)
    {
        RequireWindow("unfold", size, step);
        return new UnfoldOp(Shape.Axis("unfold", axis), size, step).Run(this);
    }

    /// <summary>
    /// Windows added up where they stand: y[…, k·step + s, …] is the sum of x[…, k, …, s]. <c>[…, k, …, size] -> […, length, …]</c>
    /// </summary>
    /// <param name="axis">The axis of the windows, of the result.</param>
    /// <param name="length">Its size in the result: (k − 1)·step + size, or more, which is 0.</param>
    /// <param name="step">From the start of a window to that of the next.</param>
    /// <remarks>The adjoint of <see cref="Unfold(int, int, int)"/>, with which "fold after unfold" counts each element as often as it has windows.</remarks>
    /// <exception cref="ShapeMismatchException">There are no windows at the end, or they are longer than the result.</exception>
    /// <exception cref="InvalidInputException">The step is less than 1.</exception>
    public Tensor Fold(int axis, int length, int step = 1)
    {
        if (Rank < 2) throw Error.Shape("fold", "there are no windows", $"{Shape}", "[…, k, …, size]");
        var windows = Shape[..^1];
        int a = windows.Axis("fold", axis), size = Shape[^1];
        RequireWindow("fold", Math.Max(1, size), step);
        if (length < 0 || (windows[a] > 0 && (windows[a] - 1L) * step + size > length))
            throw Error.Shape("fold", "the windows are longer than the result", $"{Shape} by {step}, length {length}",
                $"{(windows[a] - 1L) * step + size} or more");
        var shape = windows.With(a, length);
        if (windows[a] == 0 || size == 0) return Like(0).BroadcastTo(shape);
        Tensor? sum = null;
        for (int s = 0; s < size; s++)
        {
            var part = new EmbedOp(a, s, step, shape).Run(Narrow(-1, s, 1).Squeeze(-1));
            sum = sum is null ? part : sum + part;
        }
        return sum!;
    }

    private static void RequireWindow(string name, int size, int step)
    {
        if (size < 1 || step < 1) throw Error.Input(name, "a window and its step are 1 or more", $"size {size}, step {step}");
    }
}

/// <summary>y[…, k, …, s] = x[…, k·step + s, …].</summary>
internal sealed partial class UnfoldOp(int axis, int size, int step) : ViewOp, IOp
{
    public override string Name => "unfold";

    protected override Shape ShapeOf(Tensor x)
    {
        int n = x.Shape.Dimension(axis);
        if (n != Shape.None && n < size) throw Error.Shape(Name, $"axis {axis} is shorter than a window", $"{x.Shape}, size {size}", $"{size} or more");
        return [.. x.Shape.With(axis, n == Shape.None ? n : (n - size) / step + 1).Dimensions, size];
    }

    protected override Tensor View(Tensor x, Shape shape)
    {
        long[] strides = [.. x.Strides, x.Strides[axis]];
        strides[axis] *= step;
        return x.View(shape, strides, 0);
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].Mask is { } mask && axis < mask.Rank ? null : x[0].Mask;

    protected override Tensors Backward(BackwardCall call) => [call.Gradient().Fold(axis, call.InputShape(0)[axis], step)];

    public static OpSpec Spec => new("unfold", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3));
        int axis = d.Int(0, x.Rank - 1), size = d.Int(1, Math.Min(4, x.Shape[axis])), step = d.Int(1, 3);
        return new OpCase([x], t => [t[0].Unfold(axis, size, step)], $"axis {axis}, size {size}, step {step}");
    })
    { Flops = _ => 0, Composed = true, ReductionLength = c => c.Elements };
}

internal abstract class FoldSpec : IOp
{
    public static OpSpec Spec => new("fold", "[…a] -> […b]", d =>
    {
        var windows = d.Shape(1, 3);
        int axis = d.Int(0, windows.Rank - 1), size = d.Int(1, 4), step = d.Int(1, 3), length = (windows[axis] - 1) * step + size + d.Int(0, 2);
        return new OpCase([d.Tensor([.. windows, size])], t => [t[0].Fold(axis, length, step)], $"axis {axis}, length {length}, step {step}");
    })
    { Composed = true, ReductionLength = c => c.Elements };
}
