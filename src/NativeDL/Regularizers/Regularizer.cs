using System.Globalization;

namespace NativeDL;

/// <summary>A penalty on a parameter that <c>Fit</c> adds to the loss. Converts from its name: <c>"l2"</c>, or with a factor <c>"l2(0.001)"</c>.</summary>
public abstract class Regularizer
{
    /// <summary>The name with its factors, from which it converts back.</summary>
    public abstract string Name { get; }

    /// <summary>The penalty: a scalar.</summary>
    public abstract Tensor Call(Tensor parameter);

    /// <summary>The regularizer of that name; null stays null.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(name))]
    public static implicit operator Regularizer?(string? name)
    {
        if (name is null) return null;
        string[] parts = name.TrimEnd(')').Split('(', ',');
        var factors = new List<double>();
        foreach (string part in parts.Skip(1))
            factors.Add(double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double f) ? f : throw Error.Input("Regularizer", "a factor is not a number", $"'{name}'"));
        return (parts[0], factors.Count) switch
        {
            ("l1", <= 1) => new L1L2(factors.Count == 1 ? factors[0] : 0.01, 0),
            ("l2", <= 1) => new L1L2(0, factors.Count == 1 ? factors[0] : 0.01),
            ("l1_l2", 0) => new L1L2(0.01, 0.01),
            ("l1_l2", 2) => new L1L2(factors[0], factors[1]),
            _ => throw Error.UnknownName("Regularizer", name, ["l1", "l2", "l1_l2", "l1(factor)", "l2(factor)", "l1_l2(factor,factor)"]),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>l1·Σ|w| + l2·Σw², as Keras. The textbook's λ/(2n)·Σw² (spec 5.16) is <c>l2 = λ/(2n)</c>.</summary>
/// <param name="l1">Factor of the absolute values.</param>
/// <param name="l2">Factor of the squares.</param>
public sealed class L1L2(double l1 = 0, double l2 = 0) : Regularizer
{
    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"l1_l2({l1:R},{l2:R})");

    /// <inheritdoc/>
    public override Tensor Call(Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var squares = l2 == 0 ? null : parameter.Square().Sum() * l2;
        return l1 == 0 ? squares ?? parameter.Like(0) : squares is null ? parameter.Abs().Sum() * l1 : squares + parameter.Abs().Sum() * l1;
    }
}
