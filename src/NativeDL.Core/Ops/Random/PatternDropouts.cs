namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Sets whole channels of a sample to 0, each with probability <paramref name="rate"/>, and multiplies the others by 1/(1 − rate): neighbouring pixels
    /// tell each other, so that dropping some of them alone would do little. <c>[N, …, C] -> [N, …, C]</c> (Tompson et al. 2015)
    /// </summary>
    /// <remarks>Also known as Dropout1d, 2d and 3d, SpatialDropout1D, 2D and 3D.</remarks>
    /// <inheritdoc cref="Dropout(double, RandomState)" path="/param"/>
    /// <exception cref="ShapeMismatchException">The tensor has no batch and channel axes.</exception>
    /// <inheritdoc cref="Dropout(double, RandomState)" path="/exception"/>
    public Tensor SpatialDropout(double rate, RandomState? random = null)
    {
        const string name = "spatial_dropout";
        if (!(rate is >= 0 and <= 1)) throw Error.Input(name, "the rate is the share of channels to drop", $"{rate}", "0 to 1");
        if (Rank < 2) throw Error.Shape(name, "samples and channels are two axes", $"{Shape}", "[N, …, C]");
        RequireData(name);
        return new SpatialDropoutOp(rate, (random ?? RandomState.Default).Reserve((long)Shape[0] * Shape[^1])).Run(this);
    }

    /// <summary>
    /// Sets each element with probability <paramref name="rate"/> to −λα, what SELU tends to, then scales and moves all so that mean 0 and variance 1
    /// stay. <c>[…] -> […]</c> (Klambauer et al. 2017)
    /// </summary>
    /// <param name="rate">The share that is dropped, from 0 to 1 (excluded).</param>
    /// <param name="random">Where the choice comes from; <see cref="RandomState.Default"/> unless given.</param>
    /// <exception cref="InvalidInputException">The rate is outside of 0 to 1, or the tensor is a symbol: each run of a graph would drop the same
    /// elements.</exception>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor AlphaDropout(double rate, RandomState? random = null)
    {
        const string name = "alpha_dropout";
        if (!(rate is >= 0 and < 1)) throw Error.Input(name, "the rate is the share of elements to drop", $"{rate}", "0 to 1, 1 excluded");
        RequireData(name);
        return new AlphaDropoutOp(rate, (random ?? RandomState.Default).Reserve(ElementCount)).Run(this);
    }

    private void RequireData(string op)
    {
        if (IsSymbolic) throw Error.Input(op, "a graph would drop the same elements in every run", $"{DType} {Shape}", "a tensor with data",
            "drop in a layer, whose Forward each run calls");
    }
}

/// <summary>y = x·m/(1 − rate) with one m for all pixels of a channel of a sample, made of a word of a stream.</summary>
internal sealed class SpatialDropoutOp(double rate, PhiloxStream stream) : ComposedOp, IOp
{
    public override string Name => "spatial_dropout";

    internal override string? WhyNotInFiles => "each run of the graph would drop the same elements";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y[0] = x[0];
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var mask = x[0].Shape.KeepOnes([.. Enumerable.Range(1, x[0].Rank - 2)]);
        return x[0] * new DropoutOp(rate, stream).Run(Tensor.Ones(mask, x[0].DType, x[0].Device));
    }

    public static OpSpec Spec => new("spatial_dropout", "[N, …, C] -> [N, …, C]", d =>
    {
        double rate = d.OneOf(0.2, 0.5, 0, 0.9);
        var stream = new PhiloxStream((ulong)d.Int(0, 9999), 0);
        return new OpCase([d.Tensor(d.Shape(2, 4))], x => [new SpatialDropoutOp(rate, stream).Run(x)], $"rate {rate}");
    });
}

/// <summary>
/// y = a·(m ? x : α′) + b with α′ = −λα, a = ((1 − rate)(1 + rate·α′²))^−½ and b = −a·rate·α′, where m is made of a word of a stream.
/// </summary>
internal sealed class AlphaDropoutOp(double rate, PhiloxStream stream) : ComposedOp, IOp
{
    // −λα of SELU.
    private const double Floor = -1.7580993408473766;

    public override string Name => "alpha_dropout";

    internal override string? WhyNotInFiles => "each run of the graph would drop the same elements";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y[0] = x[0];
    }

    protected override Tensors Compose(Tensor[] x)
    {
        double scale = 1 / Math.Sqrt((1 - rate) * (1 + rate * Floor * Floor));
        var kept = new RandomBernoulliOp(x[0].Shape, DType.Bool, stream, RandomFill.Threshold(1 - rate)).Make(x[0].Device);
        return Tensor.Where(kept, x[0], Floor) * scale - scale * rate * Floor;
    }

    public static OpSpec Spec => new("alpha_dropout", "[…] -> […]", d =>
    {
        double rate = d.OneOf(0.2, 0.5, 0, 0.9);
        var stream = new PhiloxStream((ulong)d.Int(0, 9999), 0);
        return new OpCase([d.Tensor(d.Shape(0, 4))], x => [new AlphaDropoutOp(rate, stream).Run(x)], $"rate {rate}");
    })
    { Flops = c => 3.0 * c.Elements };
}
