namespace NativeDL.Layers;

/// <summary>
/// In training, sets each element to 0 with probability <c>rate</c> and scales the others by 1/(1 − rate), so that
/// the expectation stays; otherwise passes its input on. <c>[…] -> […]</c> (spec 7.2–7.5; Srivastava et al. 2014)
/// </summary>
/// <param name="rate">The share dropped, from 0 to 1, as in Keras; slides that speak of "keep p" mean 1 − rate.</param>
/// <param name="random">Where the masks come from; <see cref="RandomState.Default"/> unless named.</param>
/// <param name="name">The layer's name.</param>
public sealed class Dropout(double rate, RandomState? random = null, string? name = null) : Layer(name), ILayer
{
    /// <summary>The share dropped.</summary>
    public double Rate { get; } = rate is >= 0 and <= 1 ? rate : throw Error.Input("Dropout", "the rate is the share of elements dropped", $"{rate}", "0 to 1");

    /// <summary>Where the masks come from, if it is not the call's.</summary>
    public RandomState? Random => random;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => call.Training && Rate > 0 ? x.Dropout(Rate, random ?? call.Random) : x;

    static LayerSpec ILayer.Spec => new("Dropout", d => new LayerCase(new Dropout(d.OneOf(0.0, 0.2, 0.5)), d.Tensor(d.Shape(2, 3))));
}
