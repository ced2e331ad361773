namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Each element over a power of its neighbours' squares in the other channels: x / (k + α/size · Σ x²)^β, the sum over the channels from
    /// c − ⌊size/2⌋ on, <paramref name="size"/> of them as far as there are any. <c>[…, c] -> […, c]</c> (Krizhevsky et al. 2012)
    /// </summary>
    /// <remarks>As in PyTorch, whose defaults these are. TensorFlow's depth radius r is the size 2r + 1, and its α is our α/size.</remarks>
    /// <param name="size">How many channels are summed over.</param>
    /// <param name="alpha">α.</param>
    /// <param name="beta">β.</param>
    /// <param name="k">k.</param>
    /// <exception cref="ShapeMismatchException">There is no channel axis.</exception>
    /// <exception cref="InvalidInputException">The size is less than 1.</exception>
    public Tensor LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1)
    {
        if (size < 1) throw Error.Input("local_response_norm", "the number of channels must be 1 or more", $"{size}");
        return new LocalResponseNormOp(size, alpha, beta, k).Run(this);
    }
}

/// <summary>y = x · (k + α/size · Σ x²)^−β over neighbouring channels.</summary>
internal sealed partial class LocalResponseNormOp(int size, double alpha, double beta, double k) : ComposedOp, IOp
{
    public override string Name => "local_response_norm";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y.Set(0, Channels.Require(Name, x), x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var shape = x[0].Shape;
        if (shape.IsEmpty) return x[0].Clone();
        // A pool down the channels, as if they were the rows of images.
        var squares = x[0].Square().Reshape(shape.Rows(Name), shape[^1], 1, 1);
        var sums = squares.SumPool2D((size, 1), 1, new Padding(size / 2, (size - 1) / 2, 0, 0)).Reshape(shape);
        return x[0] * (sums * (alpha / size) + k).Pow(-beta);
    }

    public static OpSpec Spec => new("local_response_norm", "[…, c] -> […, c]", d =>
    {
        var x = d.Tensor([.. d.Shape(0, 2), d.Int(1, 7)]);
        int size = d.Int(1, 5);
        double beta = d.OneOf(0.75, 0.5);
        return new OpCase([x], t => [t[0].LocalResponseNorm(size, 0.5, beta, 1.5)], $"size {size}, beta {beta}");
    })
    { ReductionLength = _ => 5, Flops = c => 25.0 * c.Elements };
}
