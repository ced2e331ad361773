namespace NativeDL.Activations;

/// <summary>The first half along an axis times σ of the second.</summary>
/// <param name="axis">The axis that is halved; the last by default.</param>
public sealed class Glu(int axis = -1) : Activation
{
    /// <summary>The axis that is halved; the last by default.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Glu(axis);
}

/// <summary>The first half along an axis times GELU of the second.</summary>
/// <param name="axis">The axis that is halved; the last by default.</param>
public sealed class Geglu(int axis = -1) : Activation
{
    /// <summary>The axis that is halved; the last by default.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Geglu(axis);
}

/// <summary>The first half along an axis times SiLU of the second.</summary>
/// <param name="axis">The axis that is halved; the last by default.</param>
public sealed class Swiglu(int axis = -1) : Activation
{
    /// <summary>The axis that is halved; the last by default.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor Call(Tensor x) => Given(x).Swiglu(axis);
}
