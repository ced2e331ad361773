namespace NativeDL.Losses;

/// <summary>
/// (1/d)·Σ max(0, 1 − y·o) of each row, then the mean over rows. Targets are −1 or 1; 0 stands for −1. Gradient of an element: −y/d
/// where y·o &lt; 1, else 0. (spec 5.13; Keras' <c>hinge</c>)
/// </summary>
public sealed class Hinge : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows(Margin(Fit(target, prediction), prediction), mean: true);

    /// <summary>max(0, 1 − y·o), element by element.</summary>
    internal static Tensor Margin(Tensor y, Tensor prediction) => (1 - Tensor.Where(y.Equal(0), -1, y) * prediction).Relu();
}

/// <summary>
/// (1/d)·Σ max(0, 1 − y·o)² of each row, then the mean over rows. Targets are −1 or 1; 0 stands for −1. (Keras' <c>squared_hinge</c>)
/// </summary>
public sealed class SquaredHinge : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows(Losses.Hinge.Margin(Fit(target, prediction), prediction).Square(), mean: true);
}

/// <summary>
/// max(0, 1 + max over the wrong classes of o − o of the right one), targets as one-hot rows; averaged over rows. As in Keras a wrong class of a
/// negative score counts as 0. (Keras' <c>categorical_hinge</c>)
/// </summary>
public sealed class CategoricalHinge : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Fit(target, prediction);
        Tensor right = (y * prediction).Sum(-1), wrong = ((1 - y) * prediction).Max(-1);
        return Rows((wrong - right + 1).Relu(), mean: true);
    }
}
