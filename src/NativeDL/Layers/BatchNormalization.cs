namespace NativeDL.Layers;

/// <summary>
/// Normalizes each channel to mean 0 and variance 1, then scales by γ and shifts by β. In training with the
/// statistics of the batch (variance divided by n), else with their moving averages. <c>[…, n] -> […, n]</c>
/// (Ioffe and Szegedy 2015; spec 7.8)
/// </summary>
/// <param name="axis">The axis of the channels; the last by default.</param>
/// <param name="momentum">Share of the old moving average that stays after each step.</param>
/// <param name="epsilon">Added to the variance before the root.</param>
/// <param name="center">Whether β is learned; else it is 0.</param>
/// <param name="scale">Whether γ is learned; else it is 1.</param>
/// <param name="betaInitializer">First values of β; zeros by default.</param>
/// <param name="gammaInitializer">First values of γ; ones by default.</param>
/// <param name="movingMeanInitializer">First moving means; zeros by default.</param>
/// <param name="movingVarianceInitializer">First moving variances; ones by default.</param>
/// <param name="betaRegularizer">A penalty on β.</param>
/// <param name="gammaRegularizer">A penalty on γ.</param>
/// <param name="betaConstraint">What β must be after each step.</param>
/// <param name="gammaConstraint">What γ must be after each step.</param>
/// <param name="name">The layer's name.</param>
/// <remarks>
/// A frozen layer works in inference mode and keeps its statistics, as in Keras. So does a step of training with one number a
/// channel, such as a last batch of one row, which has no variance. Moving averages of a half-precision layer are Float32.
/// </remarks>
public sealed class BatchNormalization(int axis = -1, double momentum = 0.99, double epsilon = 1e-3, bool center = true, bool scale = true,
    Initializer? betaInitializer = null, Initializer? gammaInitializer = null, Initializer? movingMeanInitializer = null,
        Initializer? movingVarianceInitializer = null,
    Regularizer? betaRegularizer = null, Regularizer? gammaRegularizer = null, Constraint? betaConstraint = null, Constraint? gammaConstraint = null,
        string? name = null) : Layer(name), ILayer
{
    private Parameter? gamma, beta, movingMean, movingVariance;

    /// <summary>The axis of the channels.</summary>
    public int Axis => axis;

    /// <summary>Share of the old moving average that stays after each step.</summary>
    public double Momentum { get; } = momentum is >= 0 and <= 1 ? momentum
        : throw Error.Input("BatchNormalization", "the momentum is a share", $"{momentum}", "0 to 1");

    /// <summary>Added to the variance before the root.</summary>
    public double Epsilon { get; } = epsilon >= 0 ? epsilon : throw Error.Input("BatchNormalization", "epsilon is negative", $"{epsilon}");

    /// <summary>Whether β is learned.</summary>
    public bool Center => center;

    /// <summary>Whether γ is learned.</summary>
    public bool Scale => scale;

    /// <summary>First values of β.</summary>
    public Initializer BetaInitializer { get; } = betaInitializer ?? "zeros";

    /// <summary>First values of γ.</summary>
    public Initializer GammaInitializer { get; } = gammaInitializer ?? "ones";

    /// <summary>First moving means.</summary>
    public Initializer MovingMeanInitializer { get; } = movingMeanInitializer ?? "zeros";

    /// <summary>First moving variances.</summary>
    public Initializer MovingVarianceInitializer { get; } = movingVarianceInitializer ?? "ones";

    /// <summary>A penalty on β.</summary>
    public Regularizer? BetaRegularizer => betaRegularizer;

    /// <summary>A penalty on γ.</summary>
    public Regularizer? GammaRegularizer => gammaRegularizer;

    /// <summary>What β must be after each step.</summary>
    public Constraint? BetaConstraint => betaConstraint;

    /// <summary>What γ must be after each step.</summary>
    public Constraint? GammaConstraint => gammaConstraint;

    /// <summary>γ, <c>[channels]</c>; null before the first call.</summary>
    public Parameter? Gamma => gamma;

    /// <summary>β, <c>[channels]</c>; null before the first call.</summary>
    public Parameter? Beta => beta;

    /// <summary>Moving average of the channels' means; null before the first call.</summary>
    public Parameter? MovingMean => movingMean;

    /// <summary>Moving average of the channels' variances; null before the first call.</summary>
    public Parameter? MovingVariance => movingVariance;

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank < 2) throw Error.Shape("BatchNormalization", "the input needs a batch axis and channels", $"{input}", "[N, …, channels]");
        Shape channels = [input[Place(input)]];
        gamma = AddWeight("gamma", channels, GammaInitializer, scale, gammaRegularizer, gammaConstraint);
        beta = AddWeight("beta", channels, BetaInitializer, center, betaRegularizer, betaConstraint);
        // An average that moves by a hundredth would stand still in half precision.
        movingMean = AddWeight("moving_mean", channels, MovingMeanInitializer, trainable: false, dtype: DType.ComputeType());
        movingVariance = AddWeight("moving_variance", channels, MovingVarianceInitializer, trainable: false, dtype: DType.ComputeType());
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        RequireWidth(x, call, axis, gamma!.Shape[0], "channels");
        int channels = Place(x.Shape);
        if (channels == x.Rank - 1) return Normalized(x, call);
        // The operation has its channels last.
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(d => d != channels), channels], back = new int[order.Length];
        for (int d = 0; d < order.Length; d++) back[order[d]] = d;
        return Normalized(x.Permute(order), call).Permute(back);
    }

    private Tensor Normalized(Tensor x, CallContext call)
    {
        // One number a channel is its own mean, with the variance 0: the averages would follow that to nonsense.
        bool alone = x.Shape.IsKnown && x.ElementCount == x.Shape[^1];
        if (!call.Training || !Trainable || alone) return x.BatchNormInference(gamma!, beta!, movingMean!, movingVariance!, Epsilon);
        var (y, mean, variance) = x.BatchNorm(gamma!, beta!, Epsilon);
        call.Update(movingMean!, average => Follow(average, mean));
        call.Update(movingVariance!, average => Follow(average, variance));
        return y;
    }

    // No gradient flows into the moving averages.
    private Tensor Follow(Tensor average, Tensor now) => average * Momentum + now.StopGradient() * (1 - Momentum);

    private int Place(Shape input) => axis >= -input.Rank && axis < input.Rank && axis != 0 && axis != -input.Rank ? (axis + input.Rank) % input.Rank
        : throw Error.Shape("BatchNormalization", $"the input has no axis {axis} of channels", $"{input}");

    static LayerSpec ILayer.Spec => new("BatchNormalization", d => new LayerCase(
        new BatchNormalization(d.OneOf(-1, 1), d.OneOf(0.99, 0.5), center: d.Flag(), gammaInitializer: d.OneOf<Initializer?>(null, "random_uniform(0.5,1.5)"),
            betaRegularizer: d.OneOf<Regularizer?>(null, "l2")),
        d.Tensor([4 + d.Size(4), d.Int(1, 3), d.Size(3)])));
}
