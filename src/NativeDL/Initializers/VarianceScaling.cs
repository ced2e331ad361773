namespace NativeDL.Initializers;

/// <summary>Which number of connections the variance is divided by.</summary>
public enum FanMode
{
    /// <summary>Inputs of a unit.</summary>
    FanIn,

    /// <summary>Outputs of a unit.</summary>
    FanOut,

    /// <summary>The mean of both.</summary>
    FanAvg,
}

/// <summary>How random numbers of a given variance are spread.</summary>
public enum Spread
{
    /// <summary>Normal numbers cut at two deviations, which are widened to have the variance all the same.</summary>
    TruncatedNormal,

    /// <summary>Normal numbers.</summary>
    UntruncatedNormal,

    /// <summary>Uniform numbers.</summary>
    Uniform,
}

/// <summary>Random numbers of variance scale / fan, so that signals keep their size from layer to layer.</summary>
/// <param name="scale">The scale: 1 for Glorot and LeCun, 2 for He.</param>
/// <param name="mode">What the fan counts.</param>
/// <param name="distribution">How the numbers are spread.</param>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
public class VarianceScaling(double scale = 1, FanMode mode = FanMode.FanIn, Spread distribution = Spread.TruncatedNormal, int? seed = null) : Initializer
{
    // Cutting a normal distribution at two deviations leaves this share of its deviation.
    private const double TruncatedDeviation = 0.87962566103423978;

    /// <summary>The scale.</summary>
    public double Scale { get; } = scale > 0 && double.IsFinite(scale) ? scale : throw Error.Input("VarianceScaling", "the scale must be above 0", $"{scale}");

    /// <summary>What the fan counts.</summary>
    public FanMode Mode => mode;

    /// <summary>How the numbers are spread.</summary>
    public Spread Distribution => distribution;

    /// <summary>A seed of its own, or null.</summary>
    public int? Seed => seed;

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (fanIn, fanOut) = Fans(shape);
        double variance = Scale / Math.Max(1, mode switch { FanMode.FanIn => fanIn, FanMode.FanOut => fanOut, _ => (fanIn + fanOut) / 2 });
        double limit = Math.Sqrt(3 * variance);
        random = From(seed, random);
        return distribution switch
        {
            Spread.Uniform => Tensor.RandomUniform(shape, -limit, limit, dtype, random),
            Spread.UntruncatedNormal => Tensor.RandomNormal(shape, 0, Math.Sqrt(variance), dtype, random),
            _ => Tensor.RandomTruncatedNormal(shape, 0, Math.Sqrt(variance) / TruncatedDeviation, dtype, random),
        };
    }
}

/// <summary>Uniform in ±√(6 / (in + out)) (Glorot and Bengio 2010).</summary>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
[Registered("glorot_uniform", "xavier_uniform")]
public sealed class GlorotUniform(int? seed = null) : VarianceScaling(1, FanMode.FanAvg, Spread.Uniform, seed);

/// <summary>Truncated normal of deviation √(2 / (in + out)) (Glorot and Bengio 2010).</summary>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
[Registered("glorot_normal", "xavier_normal")]
public sealed class GlorotNormal(int? seed = null) : VarianceScaling(1, FanMode.FanAvg, seed: seed);

/// <summary>Uniform in ±√(6 / in), for ReLU (He et al. 2015).</summary>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
public sealed class HeUniform(int? seed = null) : VarianceScaling(2, FanMode.FanIn, Spread.Uniform, seed);

/// <summary>Truncated normal of deviation √(2 / in), for ReLU (He et al. 2015).</summary>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
public sealed class HeNormal(int? seed = null) : VarianceScaling(2, seed: seed);

/// <summary>Uniform in ±√(3 / in) (LeCun et al. 1998).</summary>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
[Registered("lecun_uniform")]
public sealed class LecunUniform(int? seed = null) : VarianceScaling(1, FanMode.FanIn, Spread.Uniform, seed);

/// <summary>Truncated normal of deviation √(1 / in) (LeCun et al. 1998).</summary>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
[Registered("lecun_normal")]
public sealed class LecunNormal(int? seed = null) : VarianceScaling(seed: seed);
