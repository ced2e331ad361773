namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Normally distributed numbers of the element type of <paramref name="x"/>, on its device: <c>mean + stddev * Tensor.RandomNormalLike(mean, random:
    /// call.Random)</c>.
    /// </summary>
    /// <param name="x">Floating-point; also one of open sizes: the result then has them too. A graph draws anew in each run.</param>
    /// <param name="shape">The dimensions, of which −1 stands for the size that <paramref name="x"/> has at that place; those of <paramref name="x"/> unless
    /// given.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="stddev">The standard deviation.</param>
    /// <param name="random">Where the numbers come from; <see cref="RandomState.Default"/> unless given.</param>
    /// <inheritdoc cref="RandomNormal(Shape, double, double, DType, RandomState, Device)" path="/exception"/>
    public static Tensor RandomNormalLike(Tensor x, Shape? shape = null, double mean = 0, double stddev = 1, RandomState? random = null)
    {
        RequireNormal("random_normal_like", mean, stddev);
        return Like<NormalNumbers>(x, shape, random, mean, stddev);
    }

    /// <summary>
    /// Numbers equally likely everywhere in [<paramref name="low"/>, <paramref name="high"/>), of the element type of <paramref name="x"/>, on its device.
    /// </summary>
    /// <param name="x">Floating-point; also one of open sizes: the result then has them too. A graph draws anew in each run.</param>
    /// <param name="shape">The dimensions, of which −1 stands for the size that <paramref name="x"/> has at that place; those of <paramref name="x"/> unless
    /// given.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="random">Where the numbers come from; <see cref="RandomState.Default"/> unless given.</param>
    /// <inheritdoc cref="RandomUniform(Shape, double, double, DType, RandomState, Device)" path="/exception"/>
    public static Tensor RandomUniformLike(Tensor x, Shape? shape = null, double low = 0, double high = 1, RandomState? random = null)
    {
        RequireEnds("random_uniform_like", low, high);
        return Like<UniformNumbers>(x, shape, random, low, high);
    }

    private static Tensor Like<TD>(Tensor x, Shape? shape, RandomState? random, double first, double second) where TD : struct, IDistribution
    {
        ArgumentNullException.ThrowIfNull(x);
        return new RandomLikeOp<TD>(shape, random, first, second).Run(x.IsSymbolic ? x : x.StopGradient());
    }
}

/// <summary>y = numbers of a distribution in the operand's shape, or one that takes open sizes from it; drawn when the operation runs.</summary>
internal sealed class RandomLikeOp<TD>(Shape? shape, RandomState? random, double first, double second) : Op where TD : struct, IDistribution
{
    public override string Name => $"{TD.Name}_like";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y.Set(0, FullLikeOp.Resolve(Name, shape, x[0].Shape), x[0].DType);
    }

    private protected override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if (ReferenceEquals(device, Device.Symbolic)) base.Execute(device, inputs, outputs);
        else outputs[0] = Tensor.Random<TD>(FullLikeOp.Resolve(Name, shape, inputs[0].Shape), inputs[0].DType, random, device, first, second);
    }

    protected override Tensors Backward(BackwardCall call) => Tensors.Of([null]);
}
