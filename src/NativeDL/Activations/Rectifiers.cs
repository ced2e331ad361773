namespace NativeDL.Activations;

/// <summary>max(0, x).</summary>
public sealed class Relu : Activation
{
    internal override Epilogue? Fused { get; } = Epilogue.Of<ReluOp>();

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Relu();
}

/// <summary>x where x > 0, else slope·x.</summary>
/// <param name="negativeSlope">The slope below 0: 0.2, as Keras' activation has it; its layer has 0.3 and its operation 0.01 by default.</param>
public sealed class LeakyRelu(double negativeSlope = 0.2) : Activation
{
    /// <summary>The slope below 0.</summary>
    public double NegativeSlope => negativeSlope;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).LeakyRelu(negativeSlope);
}

/// <summary>x where x > 0, else α·(eˣ − 1).</summary>
/// <param name="alpha">α, how far down it goes.</param>
public sealed class Elu(double alpha = 1) : Activation
{
    /// <summary>α, how far down it goes.</summary>
    public double Alpha => alpha;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Elu(alpha);
}

/// <summary>log(1 + eˣ).</summary>
public sealed class Softplus : Activation
{
    internal override Epilogue? Fused { get; } = Epilogue.Of<SoftplusOp>();

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Softplus();
}

/// <summary>x·Φ(x) with the normal distribution Φ.</summary>
/// <param name="approximate">Whether Φ is approximated by a hyperbolic tangent, as in GPT-2 and BERT.</param>
public sealed class Gelu(bool approximate = false) : Activation
{
    /// <summary>Whether Φ is approximated by a hyperbolic tangent.</summary>
    public bool Approximate => approximate;

    internal override Epilogue? Fused { get; } = approximate ? null : Epilogue.Of<GeluOp>();

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Gelu(approximate);
}

/// <summary>x·σ(x).</summary>
[Registered("silu", "swish")]
public sealed class Silu : Activation
{
    internal override Epilogue? Fused { get; } = Epilogue.Of<SiluOp>();

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Silu();
}
