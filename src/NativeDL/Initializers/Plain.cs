namespace NativeDL.Initializers;

/// <summary>The same number everywhere.</summary>
/// <param name="value">The number.</param>
public sealed class Constant(double value = 0) : Initializer
{
    /// <summary>The number.</summary>
    public double Value => value;

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.Full(shape, value, dtype);
}

/// <summary>Zeros.</summary>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.Zeros(shape, dtype);
}

/// <summary>Ones.</summary>
public sealed class Ones : Initializer
{
    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.Ones(shape, dtype);
}

/// <summary>Uniform numbers.</summary>
/// <param name="minval">The smallest.</param>
/// <param name="maxval">All are below it.</param>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
[Registered("random_uniform", "uniform")]
public sealed class RandomUniform(double minval = -0.05, double maxval = 0.05, int? seed = null) : Initializer
{
    /// <summary>The smallest.</summary>
    public double Minval => minval;

    /// <summary>All are below it.</summary>
    public double Maxval => maxval;

    /// <summary>A seed of its own, or null.</summary>
    public int? Seed => seed;

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) =>
        Tensor.RandomUniform(shape, minval, maxval, dtype, From(seed, random));
}

/// <summary>Normal numbers.</summary>
/// <param name="mean">Their mean.</param>
/// <param name="stddev">Their standard deviation.</param>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
[Registered("random_normal", "normal")]
public sealed class RandomNormal(double mean = 0, double stddev = 0.05, int? seed = null) : Initializer
{
    /// <summary>The mean.</summary>
    public double Mean => mean;

    /// <summary>The standard deviation.</summary>
    public double Stddev => stddev;

    /// <summary>A seed of its own, or null.</summary>
    public int? Seed => seed;

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) =>
        Tensor.RandomNormal(shape, mean, stddev, dtype, From(seed, random));
}

/// <summary>Normal numbers of which none is more than two deviations from the mean.</summary>
/// <param name="mean">The mean.</param>
/// <param name="stddev">The deviation before the tails are cut.</param>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
public sealed class TruncatedNormal(double mean = 0, double stddev = 0.05, int? seed = null) : Initializer
{
    /// <summary>The mean.</summary>
    public double Mean => mean;

    /// <summary>The standard deviation before the tails are cut.</summary>
    public double Stddev => stddev;

    /// <summary>A seed of its own, or null.</summary>
    public int? Seed => seed;

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) =>
        Tensor.RandomTruncatedNormal(shape, mean, stddev, dtype, From(seed, random));
}

/// <summary>The identity matrix, for parameters of two dimensions (spec 8.6).</summary>
/// <param name="gain">Stands on the diagonal.</param>
public sealed class Identity(double gain = 1) : Initializer
{
    /// <summary>Stands on the diagonal.</summary>
    public double Gain => gain;

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank != 2) throw Error.Shape("Identity", "an identity has two dimensions", $"{shape}", "[n, m]");
        var isDiagonal = Tensor.Arange(shape[0]).Reshape(shape[0], 1).Equal(Tensor.Arange(shape[1]));
        return Tensor.Where(isDiagonal, Tensor.Scalar(gain, DType.Float64), 0).Cast(dtype);
    }
}
