namespace NativeDL.Regularizers;

/// <summary>l1·Σ|w|.</summary>
/// <param name="factor">Factor of the absolute values.</param>
public sealed class L1(double factor = 0.01) : Regularizer
{
    /// <summary>Factor of the absolute values.</summary>
    public double Factor { get; } = Checked(factor, "L1", "factor");

    /// <inheritdoc/>
    public override Tensor Call(Tensor parameter) => Regularizers.L1L2.Penalty(parameter, Factor, 0);
}

/// <summary>l2·Σw². The textbook's λ/(2n)·Σw² (spec 5.16) is <c>factor = λ/(2n)</c>.</summary>
/// <param name="factor">Factor of the squares.</param>
public sealed class L2(double factor = 0.01) : Regularizer
{
    /// <summary>Factor of the squares.</summary>
    public double Factor { get; } = Checked(factor, "L2", "factor");

    /// <inheritdoc/>
    public override Tensor Call(Tensor parameter) => Regularizers.L1L2.Penalty(parameter, 0, Factor);
}

/// <summary>l1·Σ|w| + l2·Σw², as Keras.</summary>
/// <param name="l1">Factor of the absolute values.</param>
/// <param name="l2">Factor of the squares.</param>
[Registered("l1_l2")]
public sealed class L1L2(double l1 = 0, double l2 = 0) : Regularizer
{
    /// <summary>Factor of the absolute values.</summary>
    public new double L1 { get; } = Checked(l1, "L1L2", "l1");

    /// <summary>Factor of the squares.</summary>
    public new double L2 { get; } = Checked(l2, "L1L2", "l2");

    /// <inheritdoc/>
    public override Tensor Call(Tensor parameter) => Penalty(parameter, L1, L2);

    internal static Tensor Penalty(Tensor parameter, double l1, double l2)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var squares = l2 == 0 ? null : parameter.Square().Sum() * l2;
        return l1 == 0 ? squares ?? parameter.Like(0) : squares is null ? parameter.Abs().Sum() * l1 : squares + parameter.Abs().Sum() * l1;
    }
}
