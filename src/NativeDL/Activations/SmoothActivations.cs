namespace NativeDL.Activations;

/// <summary>eˣ.</summary>
public sealed class Exponential : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Exp();
}

/// <summary>log σ(x) = −log(1 + e⁻ˣ).</summary>
public sealed class LogSigmoid : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).LogSigmoid();
}

/// <summary>x/(1 + |x|).</summary>
public sealed class Softsign : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Softsign();
}

/// <summary>x·tanh(log(1 + eˣ)).</summary>
public sealed class Mish : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Mish();
}

/// <summary>λ·x above 0, λ·α·(eˣ − 1) below, with which deep nets keep mean 0 and variance 1; initialize with <c>lecun_normal</c>.</summary>
public sealed class Selu : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Selu();
}

/// <summary>x above 0, α·(e^(x/α) − 1) below.</summary>
/// <param name="alpha">α, how far down it goes.</param>
public sealed class Celu(double alpha = 1) : Activation
{
    /// <summary>α, how far down it goes.</summary>
    public double Alpha => alpha;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Celu(alpha);
}

/// <summary>(x + √(x² + b))/2, a smooth ReLU without exponentials.</summary>
/// <param name="b">How round the corner is.</param>
public sealed class Squareplus(double b = 4) : Activation
{
    /// <summary>How round the corner is.</summary>
    public double B => b;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Squareplus(b);
}

/// <summary>The Gaussian e^(−γ·x²) of a distance.</summary>
/// <param name="gamma">γ, how fast it falls.</param>
[Registered("radial_basis", "gaussian")]
public sealed class RadialBasis(double gamma = 1) : Activation
{
    /// <summary>γ, how fast it falls.</summary>
    public double Gamma => gamma;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).RadialBasis(gamma);
}
