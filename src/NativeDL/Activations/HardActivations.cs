namespace NativeDL.Activations;

/// <summary>min(max(x, 0), 6).</summary>
public sealed class Relu6 : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Relu6();
}

/// <summary>x limited to [−1, 1].</summary>
public sealed class HardTanh : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).HardTanh();
}

/// <summary>x/6 + ½ limited to [0, 1].</summary>
public sealed class HardSigmoid : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).HardSigmoid();
}

/// <summary>x·(x/6 + ½ limited to [0, 1]).</summary>
[Registered("hard_silu", "hard_swish")]
public sealed class HardSilu : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).HardSilu();
}

/// <summary>0 up to −1, (x + 1)²/4 up to 1, x from there on.</summary>
public sealed class SparsePlus : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).SparsePlus();
}

/// <summary>x/2 + ½ limited to [0, 1].</summary>
public sealed class SparseSigmoid : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).SparseSigmoid();
}

/// <summary>0 below 0, 1 above: Heaviside's step, through which no gradient flows.</summary>
/// <param name="atZero">The value at 0.</param>
[Registered("step", "heaviside")]
public sealed class Step(double atZero = 1) : Activation
{
    /// <summary>The value at 0.</summary>
    public double AtZero => atZero;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Step(atZero);
}
