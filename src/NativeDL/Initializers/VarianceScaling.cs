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
public class VarianceScaling(double scale = 1, FanMode mode = FanMode.FanIn, Spread distribution = Spread.TruncatedNormal) : Initializer
{
    // Cutting a normal distribution at two deviations leaves this share of its deviation.
    private const double TruncatedDeviation = 0.87962566103423978;

    /// <summary>The scale.</summary>
    public double Scale { get; } = scale > 0 && double.IsFinite(scale) ? scale : throw Error.Input("VarianceScaling", "the scale must be above 0", $"{scale}");

    /// <summary>What the fan counts.</summary>
    public FanMode Mode => mode;

    /// <summary>How the numbers are spread.</summary>
    public Spread Distribution => distribution;

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (fanIn, fanOut) = Fans(shape);
        double variance = Scale / Math.Max(1, mode switch { FanMode.FanIn => fanIn, FanMode.FanOut => fanOut, _ => (fanIn + fanOut) / 2 });
        double limit = Math.Sqrt(3 * variance);
        return distribution switch
        {
            Spread.Uniform => Tensor.RandomUniform(shape, -limit, limit, dtype, random),
            Spread.UntruncatedNormal => Tensor.RandomNormal(shape, 0, Math.Sqrt(variance), dtype, random),
            _ => Tensor.RandomTruncatedNormal(shape, 0, Math.Sqrt(variance) / TruncatedDeviation, dtype, random),
        };
    }
}

/// <summary>Uniform in ±√(6 / (in + out)) (Glorot and Bengio 2010).</summary>
[Registered("glorot_uniform", "xavier_uniform")]
public sealed class GlorotUniform() : VarianceScaling(1, FanMode.FanAvg, Spread.Uniform);

/// <summary>Truncated normal of deviation √(2 / (in + out)) (Glorot and Bengio 2010).</summary>
[Registered("glorot_normal", "xavier_normal")]
public sealed class GlorotNormal() : VarianceScaling(1, FanMode.FanAvg);

/// <summary>Uniform in ±√(6 / in), for ReLU (He et al. 2015).</summary>
public sealed class HeUniform() : VarianceScaling(2, FanMode.FanIn, Spread.Uniform);

/// <summary>Truncated normal of deviation √(2 / in), for ReLU (He et al. 2015).</summary>
public sealed class HeNormal() : VarianceScaling(2);

/// <summary>Uniform in ±√(3 / in) (LeCun et al. 1998).</summary>
[Registered("lecun_uniform")]
public sealed class LecunUniform() : VarianceScaling(1, FanMode.FanIn, Spread.Uniform);

/// <summary>Truncated normal of deviation √(1 / in) (LeCun et al. 1998).</summary>
[Registered("lecun_normal")]
public sealed class LecunNormal() : VarianceScaling;
