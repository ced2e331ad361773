namespace NativeDL.Losses;

/// <summary>
/// −log(exp(s(i,i)/τ) / Σⱼ exp(s(i,j)/τ)): each row shall be most like the row of its own number among those of the other view, all others being negatives;
/// s is the cosine of the angle (van den Oord et al. 2018; with both directions CLIP's loss). Targets are the other view's vectors <c>[N, D]</c>, to which no
/// gradient flows, as from a momentum encoder; where both views are trained, a hand-written loop calls <see cref="Of"/>.
/// </summary>
/// <param name="temperature">τ: the smaller, the more the nearest negatives count.</param>
/// <param name="symmetric">Whether the other view's rows are sought among these too, and the mean of both counts.</param>
[Registered("info_nce")]
public sealed class InfoNCE(double temperature = 0.07, bool symmetric = false) : Loss
{
    /// <summary>τ.</summary>
    public double Temperature { get; } = Checked(temperature);

    /// <summary>Whether both directions count.</summary>
    public bool Symmetric => symmetric;

    /// <inheritdoc/>
    public override bool RowsMeet => true;

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Of(Fit(target, prediction), prediction, Temperature, symmetric);

    /// <summary>The loss of each row of the second view: <c>[N, D], [N, D] -> [N]</c>; gradients flow to both.</summary>
    /// <param name="first">A vector for each row, among which is sought.</param>
    /// <param name="second">Its like of the other view, row by row.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="symmetric">Whether both directions count.</param>
    /// <exception cref="ShapeMismatchException">The two are not <c>[N, D]</c> both.</exception>
    public static Tensor Of(Tensor first, Tensor second, double temperature = 0.07, bool symmetric = false)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Rank != 2 || first.Shape != second.Shape)
            throw Error.Shape("InfoNCE", "the two views do not fit", $"{first.Shape} and {second.Shape}", "twice [N, D]");
        var scores = Losses.CosineSimilarity.Direction(second, -1).MatMul(Losses.CosineSimilarity.Direction(first, -1), transposeB: true)
            * (1 / Checked(temperature));
        var own = Tensor.Arange(first.Shape[0]).To(first.Device);
        var each = scores.SoftmaxCrossentropy(own);
        return symmetric ? (each + scores.Transpose().SoftmaxCrossentropy(own)) * 0.5 : each;
    }

    private static double Checked(double temperature) => temperature > 0 && double.IsFinite(temperature) ? temperature
        : throw Error.Input("InfoNCE", "the temperature is out of range", $"{temperature}", "above 0, finite");
}
