namespace NativeDL.Losses;

/// <summary>
/// −(1 − pₜ)^γ·log pₜ, averaged over the outputs of a row, then over rows, with pₜ = p where the target is 1 and 1 − p where it is 0: what is
/// right already counts for little (Lin et al. 2017). From logits nothing cancels and nothing overflows; right behind a sigmoid it goes back to them.
/// </summary>
/// <param name="applyClassBalancing">Whether outputs of target 1 are weighed by α and those of 0 by 1 − α.</param>
/// <param name="alpha">α.</param>
/// <param name="gamma">γ; 0 gives binary cross-entropy.</param>
/// <param name="fromLogits">Whether predictions are logits.</param>
/// <param name="labelSmoothing">Share of the target that is spread evenly over both classes, 0 to 1.</param>
public sealed class BinaryFocalCrossentropy(bool applyClassBalancing = false, double alpha = 0.25, double gamma = 2, bool fromLogits = false,
    double labelSmoothing = 0) : Loss
{
    /// <summary>Whether outputs are weighed by their target.</summary>
    public bool ApplyClassBalancing => applyClassBalancing;

    /// <summary>α, the weight of target 1.</summary>
    public double Alpha { get; } = Focus.Weight(alpha, "BinaryFocalCrossentropy");

    /// <summary>γ, how little counts what is right already.</summary>
    public double Gamma { get; } = Focus.Exponent(gamma, "BinaryFocalCrossentropy");

    /// <summary>Share of the target that is spread evenly over both classes.</summary>
    public double LabelSmoothing { get; } = Losses.LabelSmoothing.Share(labelSmoothing, "BinaryFocalCrossentropy");

    /// <inheritdoc/>
    public override bool FromLogits => fromLogits;

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Losses.LabelSmoothing.Of(Fit(target, prediction), LabelSmoothing, 2);
        Tensor crossentropy, p, rest; // p and 1 − p
        if ((fromLogits ? prediction : Logits.BehindSigmoid(prediction)) is { } logits)
        {
            (p, rest) = (logits.Sigmoid(), (-logits).Sigmoid());
            crossentropy = logits.SigmoidCrossentropy(y);
        }
        else
        {
            p = Logits.RequireProbabilities(Name, prediction, sumTo1: false).Clip(1e-7, 1 - 1e-7);
            rest = 1 - p;
            crossentropy = -(y * p.Log() + (1 - y) * rest.Log());
        }
        var each = Focus.Of(y * rest + (1 - y) * p, Gamma) * crossentropy;
        return Rows(applyClassBalancing ? each * (y * Alpha + (1 - y) * (1 - Alpha)) : each, mean: true);
    }
}

/// <summary>
/// −α·Σ y·(1 − p)^γ·log p over classes, targets as rows of probabilities, averaged over rows: what is right already counts for
/// little (Lin et al. 2017). From logits nothing cancels and nothing overflows; right behind a softmax it goes back to them.
/// </summary>
/// <param name="alpha">α, which weighs all classes alike.</param>
/// <param name="gamma">γ; 0 gives α times categorical cross-entropy.</param>
/// <param name="fromLogits">Whether predictions are logits.</param>
/// <param name="labelSmoothing">Share of the target that is spread evenly over all classes, 0 to 1.</param>
public sealed class CategoricalFocalCrossentropy(double alpha = 0.25, double gamma = 2, bool fromLogits = false, double labelSmoothing = 0) : Loss
{
    /// <summary>α, which weighs all classes alike.</summary>
    public double Alpha { get; } = Focus.Weight(alpha, "CategoricalFocalCrossentropy");

    /// <summary>γ, how little counts what is right already.</summary>
    public double Gamma { get; } = Focus.Exponent(gamma, "CategoricalFocalCrossentropy");

    /// <summary>Share of the target that is spread evenly over all classes.</summary>
    public double LabelSmoothing { get; } = Losses.LabelSmoothing.Share(labelSmoothing, "CategoricalFocalCrossentropy");

    /// <inheritdoc/>
    public override bool FromLogits => fromLogits;

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Losses.LabelSmoothing.Of(Fit(target, prediction), LabelSmoothing, prediction.Shape[^1]);
        var logs = Logits.LogProbabilities(Name, prediction, fromLogits);
        return Rows((y * Focus.Of(-logs.Expm1(), Gamma) * logs).Sum(-1) * -Alpha, mean: true);
    }
}

/// <summary>What the focal losses share.</summary>
internal static class Focus
{
    /// <summary>missed^γ; at 0, where the slope of a root would be infinite, it stays where it is.</summary>
    public static Tensor Of(Tensor missed, double gamma) => gamma == 0 ? missed.Like(1) : missed.Clip(1e-30, 1).Pow(gamma);

    public static double Weight(double alpha, string loss) =>
        alpha is >= 0 and <= 1 ? alpha : throw Error.Input(loss, "alpha is a share", $"{alpha}", "0 to 1");

    public static double Exponent(double gamma, string loss) => gamma >= 0 && double.IsFinite(gamma) ? gamma
        : throw Error.Input(loss, "gamma is an exponent", $"{gamma}", "0 or more, finite");
}
