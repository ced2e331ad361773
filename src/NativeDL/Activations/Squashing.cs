namespace NativeDL.Activations;

/// <summary>x itself.</summary>
public sealed class Linear : Activation
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => x;
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
public sealed class Sigmoid : Activation
{
    internal override Epilogue? Fused { get; } = Epilogue.Of<SigmoidOp>();

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).SigmoidOfLogits();
}

/// <summary>The hyperbolic tangent.</summary>
public sealed class Tanh : Activation
{
    internal override Epilogue? Fused { get; } = Epilogue.Of<TanhOp>();

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Tanh();
}

/// <summary>Probabilities along an axis.</summary>
/// <param name="axis">The axis; the last by default.</param>
public sealed class Softmax(int axis = -1) : Activation
{
    /// <summary>The axis.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).SoftmaxOfLogits(axis);
}

/// <summary>Logarithms of probabilities along an axis.</summary>
/// <param name="axis">The axis; the last by default.</param>
public sealed class LogSoftmax(int axis = -1) : Activation
{
    /// <summary>The axis.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).LogSoftmax(axis);
}

/// <summary>The nearest probabilities along an axis, most of them exactly 0.</summary>
/// <param name="axis">The axis; the last by default.</param>
public sealed class Sparsemax(int axis = -1) : Activation
{
    /// <summary>The axis.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Sparsemax(axis);
}
