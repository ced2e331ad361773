namespace NativeDL.Layers;

/// <summary>
/// Masks the steps whose features all have one value, such as padding: layers that follow pass the mask on and leave
/// those steps out. The tensor itself goes on with zeros there. <c>[N, T, …] -> [N, T, …]</c>
/// </summary>
/// <param name="maskValue">The value of what does not count.</param>
/// <param name="name">The layer's name.</param>
/// <example><code>
/// new Sequential { new Masking(), new Dense(8, "tanh") };
/// </code></example>
public sealed class Masking(double maskValue = 0, string? name = null) : Layer(name), ILayer
{
    /// <summary>The value of what does not count.</summary>
    public double MaskValue => maskValue;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank < 3)
            throw Error.Shape("Masking", "the input must be steps of features", $"{x.Shape}", "[N, T, …]", "add the features' axis with ExpandDims(-1)");
        return x * Counts(x, keepDims: true).Cast(x.DType);
    }

    /// <inheritdoc/>
    protected override Tensor? ComputeMask(Tensors inputs, Tensor output, CallContext call) =>
        MaskRules.Both(inputs[0].Mask, Counts(inputs[0], keepDims: false));

    private Tensor Counts(Tensor x, bool keepDims) => (x.StopGradient() != maskValue).Any([.. Enumerable.Range(2, x.Rank - 2)], keepDims);

    static LayerSpec ILayer.Spec => new("Masking", d => new LayerCase(new Masking(d.OneOf(0, 0.5)), d.Tensor([d.Size(3), d.Size(4), d.Size(5)])));
}
