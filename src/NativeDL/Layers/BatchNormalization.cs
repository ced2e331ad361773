namespace NativeDL.Layers;

/// <summary>
/// Normalizes each channel to mean 0 and variance 1, then scales by γ and shifts by β. In training with the
/// statistics of the batch (variance divided by n), else with their moving averages. <c>[…, n] -> […, n]</c>
/// (Ioffe and Szegedy 2015; spec 7.8)
/// </summary>
/// <param name="momentum">Share of the old moving average that stays after each step.</param>
/// <param name="epsilon">Added to the variance before the root.</param>
/// <param name="center">Whether β is learned; else it is 0.</param>
/// <param name="scale">Whether γ is learned; else it is 1.</param>
/// <param name="name">The layer's name.</param>
/// <remarks>A frozen layer works in inference mode and keeps its statistics, as in Keras.</remarks>
public sealed class BatchNormalization(double momentum = 0.99, double epsilon = 1e-3, bool center = true, bool scale = true, string? name = null) : Layer(name), ILayer
{
    private readonly double momentum = momentum is >= 0 and <= 1 && epsilon >= 0 ? momentum : throw Error.Input("BatchNormalization", "momentum is a share and epsilon not negative", $"momentum {momentum}, epsilon {epsilon}");
    private Parameter? gamma, beta, movingMean, movingVariance;

    /// <summary>Moving average of the channels' means.</summary>
    public Parameter? MovingMean => movingMean;

    /// <summary>Moving average of the channels' variances.</summary>
    public Parameter? MovingVariance => movingVariance;

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input)
    {
        if (input.Rank < 2) throw Error.Shape("BatchNormalization", "the input needs a batch axis and channels", $"{input}", "[N, …, channels]");
        Shape channels = [input[^1]];
        gamma = AddWeight("gamma", channels, "ones", trainable: scale);
        beta = AddWeight("beta", channels, "zeros", trainable: center);
        movingMean = AddWeight("moving_mean", channels, "zeros", trainable: false);
        movingVariance = AddWeight("moving_variance", channels, "ones", trainable: false);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        RequireWidth(x, call, -1, gamma!.Shape[0], "channels");
        if (!call.Training || !Trainable) return x.BatchNormInference(gamma, beta!, movingMean!, movingVariance!, epsilon);
        var (y, mean, variance) = x.BatchNorm(gamma, beta!, epsilon);
        call.Update(movingMean!, average => Follow(average, mean));
        call.Update(movingVariance!, average => Follow(average, variance));
        return y;
    }

    // No gradient flows into the moving averages.
    private Tensor Follow(Tensor average, Tensor now) => average * momentum + now.StopGradient() * (1 - momentum);

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("momentum", momentum);
        config.Set("epsilon", epsilon);
        config.Set("center", center);
        config.Set("scale", scale);
    }

    static LayerSpec ILayer.Spec => new("BatchNormalization", c => new BatchNormalization(c.Number("momentum"), c.Number("epsilon"), c.Flag("center"), c.Flag("scale")),
        d => new LayerCase(new BatchNormalization(center: d.Flag()), d.Tensor([4 + d.Size(4), d.Int(1, 3), d.Size(3)])));
}
