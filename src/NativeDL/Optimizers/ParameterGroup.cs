namespace NativeDL;

/// <summary>Parameters for which an optimizer has a rate or a weight decay of their own.</summary>
/// <remarks>One of one's own derives from this class and is marked with <see cref="RegisteredAttribute"/>.</remarks>
[Family]
public abstract class ParameterGroup
{
    /// <param name="rateFactor">What the optimizer's rate is multiplied with.</param>
    /// <param name="weightDecay">The group's weight decay; null for the optimizer's.</param>
    protected ParameterGroup(double rateFactor, double? weightDecay)
    {
        RateFactor = double.IsFinite(rateFactor) && rateFactor >= 0 ? rateFactor
            : throw Error.Input("ParameterGroup", "the factor of the rate is out of range", $"{rateFactor}", "0 or more");
        WeightDecay = weightDecay is not { } decay || double.IsFinite(decay) && decay >= 0 ? weightDecay
            : throw Error.Input("ParameterGroup", "the weight decay is out of range", $"{weightDecay}", "0 or more");
    }

    /// <summary>What the optimizer's rate is multiplied with.</summary>
    public double RateFactor { get; }

    /// <summary>The group's weight decay, or null for the optimizer's.</summary>
    public double? WeightDecay { get; }

    /// <summary>Whether a parameter is of the group.</summary>
    /// <param name="path">Its path in the model, such as <c>dense/kernel</c>; of one that is in none its name.</param>
    /// <param name="parameter">The parameter.</param>
    public abstract bool Has(string path, Parameter parameter);

    /// <inheritdoc/>
    public override string ToString() => Describe.Call(this);
}

/// <summary>Parameters by their names: <c>new NamedGroup("*/bias", weightDecay: 0)</c>.</summary>
/// <param name="pattern">The path, in which <c>*</c> stands for any characters, slashes too, and <c>?</c> for one.</param>
/// <param name="rateFactor">What the optimizer's rate is multiplied with.</param>
/// <param name="weightDecay">The group's weight decay; null for the optimizer's.</param>
public sealed class NamedGroup(string pattern, double rateFactor = 1, double? weightDecay = null) : ParameterGroup(rateFactor, weightDecay)
{
    /// <summary>The path, in which <c>*</c> stands for any characters.</summary>
    public string Pattern { get; } = string.IsNullOrEmpty(pattern) ? throw Error.Input("NamedGroup", "the pattern is empty") : pattern;

    /// <inheritdoc/>
    public override bool Has(string path, Parameter parameter) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Pattern, path, ignoreCase: false);
}

/// <summary>Parameters of few axes, as biases and the scales of normalizations are: <c>new RankGroup(1, weightDecay: 0)</c>.</summary>
/// <param name="rank">Parameters of so many axes or fewer.</param>
/// <param name="rateFactor">What the optimizer's rate is multiplied with.</param>
/// <param name="weightDecay">The group's weight decay; null for the optimizer's.</param>
public sealed class RankGroup(int rank, double rateFactor = 1, double? weightDecay = null) : ParameterGroup(rateFactor, weightDecay)
{
    /// <summary>Parameters of so many axes or fewer.</summary>
    public int Rank { get; } = rank >= 0 ? rank : throw Error.Input("RankGroup", "the number of axes is negative", $"{rank}");

    /// <inheritdoc/>
    public override bool Has(string path, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Shape.Rank <= Rank;
    }
}

/// <summary>What holds for a parameter alone.</summary>
/// <param name="RateFactor">What the rate is multiplied with.</param>
/// <param name="WeightDecay">Its weight decay, or null for the optimizer's.</param>
internal readonly record struct ParameterChoice(double RateFactor, double? WeightDecay);
