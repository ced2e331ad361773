namespace NativeDL;

/// <summary>The numbers that an operand is drawn from.</summary>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest.</param>
internal sealed record Domain(double Low, double High)
{
    /// <summary>From −3 to 3.</summary>
    public static Domain Real { get; } = new(-3, 3);

    /// <summary>From 0.1 to 3.</summary>
    public static Domain Positive { get; } = new(0.1, 3);

    /// <summary>From 0.05 to 0.95.</summary>
    public static Domain Unit { get; } = new(0.05, 0.95);

    /// <summary>Every two elements differ by at least 0.01, so that maxima and orders are never near a tie.</summary>
    public static Domain Distinct { get; } = new(-3, 3) { AllDistinct = true };

    /// <summary>Points of a kink or pole.</summary>
    public double[] Kinks { get; private init; } = [];

    /// <summary>Whether elements are a shuffled arithmetic progression.</summary>
    public bool AllDistinct { get; private init; }

    /// <summary>The same, staying 0.1 away from the given points.</summary>
    public Domain Away(params double[] kinks) => this with { Kinks = kinks };
}
