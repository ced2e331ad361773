namespace NativeDL.Activations;

/// <summary>x where |x| is above the threshold, else 0.</summary>
/// <param name="threshold">The threshold, not negative.</param>
public sealed class HardShrink(double threshold = 0.5) : Activation
{
    /// <summary>The threshold, not negative.</summary>
    public double Threshold => threshold;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).HardShrink(threshold);
}

/// <summary>x brought nearer to 0 by the threshold, and 0 where |x| is not above it.</summary>
/// <param name="threshold">The threshold, not negative.</param>
public sealed class SoftShrink(double threshold = 0.5) : Activation
{
    /// <summary>The threshold, not negative.</summary>
    public double Threshold => threshold;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).SoftShrink(threshold);
}

/// <summary>x − tanh x.</summary>
public sealed class TanhShrink : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).TanhShrink();
}

/// <summary>x where it is above the threshold, else another number.</summary>
/// <param name="threshold">What x must be above; 0 by default, with which it is ReLU.</param>
/// <param name="defaultValue">What stands for the others.</param>
[Registered("threshold")]
public sealed class Thresholded(double threshold = 0, double defaultValue = 0) : Activation
{
    /// <summary>What x must be above; 0 by default, with which it is ReLU.</summary>
    public double Threshold => threshold;

    /// <summary>What stands for the others.</summary>
    public double DefaultValue => defaultValue;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Threshold(threshold, defaultValue);
}
