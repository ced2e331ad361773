namespace NativeDL;

/// <summary>Which number of connections the variance is divided by.</summary>
public enum FanMode
{
    /// <summary>Inputs of a unit.</summary>
    In,

    /// <summary>Outputs of a unit.</summary>
    Out,

    /// <summary>The mean of both.</summary>
    Average,
}

/// <summary>Random numbers of variance scale / fan, so that signals keep their size from layer to layer.</summary>
/// <param name="scale">The scale: 1 for Glorot and LeCun, 2 for He.</param>
/// <param name="mode">What the fan counts.</param>
/// <param name="uniform">Uniform numbers, or normal ones cut at two deviations, with the same variance.</param>
/// <param name="name">The Keras name.</param>
public abstract class VarianceScaling(double scale, FanMode mode, bool uniform, string name) : Initializer
{
    // Cutting a normal distribution at two deviations leaves this share of its deviation.
    private const double TruncatedDeviation = 0.87962566103423978;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (fanIn, fanOut) = Fans(shape);
        double variance = scale / Math.Max(1, mode switch { FanMode.In => fanIn, FanMode.Out => fanOut, _ => (fanIn + fanOut) / 2 });
        double limit = Math.Sqrt(3 * variance);
        return uniform ? Tensor.RandomUniform(shape, -limit, limit, dtype, random)
            : Tensor.RandomTruncatedNormal(shape, 0, Math.Sqrt(variance) / TruncatedDeviation, dtype, random);
    }
}

/// <summary>Uniform in ±√(6 / (in + out)) (Glorot and Bengio 2010).</summary>
public sealed class GlorotUniform() : VarianceScaling(1, FanMode.Average, true, "glorot_uniform"), INamedInitializer
{
    static NamedSpec<Initializer> INamedInitializer.Spec => new(["glorot_uniform", "xavier_uniform"], () => new GlorotUniform());
}

/// <summary>Truncated normal of deviation √(2 / (in + out)) (Glorot and Bengio 2010).</summary>
public sealed class GlorotNormal() : VarianceScaling(1, FanMode.Average, false, "glorot_normal"), INamedInitializer
{
    static NamedSpec<Initializer> INamedInitializer.Spec => new(["glorot_normal", "xavier_normal"], () => new GlorotNormal());
}

/// <summary>Uniform in ±√(6 / in), for ReLU (He et al. 2015).</summary>
public sealed class HeUniform() : VarianceScaling(2, FanMode.In, true, "he_uniform"), INamedInitializer
{
    static NamedSpec<Initializer> INamedInitializer.Spec => new(["he_uniform"], () => new HeUniform());
}

/// <summary>Truncated normal of deviation √(2 / in), for ReLU (He et al. 2015).</summary>
public sealed class HeNormal() : VarianceScaling(2, FanMode.In, false, "he_normal"), INamedInitializer
{
    static NamedSpec<Initializer> INamedInitializer.Spec => new(["he_normal"], () => new HeNormal());
}

/// <summary>Uniform in ±√(3 / in) (LeCun et al. 1998).</summary>
public sealed class LeCunUniform() : VarianceScaling(1, FanMode.In, true, "lecun_uniform"), INamedInitializer
{
    static NamedSpec<Initializer> INamedInitializer.Spec => new(["lecun_uniform"], () => new LeCunUniform());
}

/// <summary>Truncated normal of deviation √(1 / in) (LeCun et al. 1998).</summary>
public sealed class LeCunNormal() : VarianceScaling(1, FanMode.In, false, "lecun_normal"), INamedInitializer
{
    static NamedSpec<Initializer> INamedInitializer.Spec => new(["lecun_normal"], () => new LeCunNormal());
}
