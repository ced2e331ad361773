namespace NativeDL;

/// <summary>The same number everywhere.</summary>
/// <param name="value">The number.</param>
public sealed class Constant(double value = 0) : Initializer, INamedInitializer
{
    /// <inheritdoc/>
    public override string Name => value switch { 0 => "zeros", 1 => "ones", _ => "constant" };

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.Full(shape, value, dtype);

    static NamedSpec<Initializer> INamedInitializer.Spec => new(["zeros"], () => new Constant(0));
}

/// <summary>Ones.</summary>
public sealed class Ones : Initializer, INamedInitializer
{
    /// <inheritdoc/>
    public override string Name => "ones";

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.Ones(shape, dtype);

    static NamedSpec<Initializer> INamedInitializer.Spec => new(["ones"], () => new Ones());
}

/// <summary>Uniform numbers.</summary>
/// <param name="low">The smallest.</param>
/// <param name="high">All are below it.</param>
public sealed class RandomUniform(double low = -0.05, double high = 0.05) : Initializer, INamedInitializer
{
    /// <inheritdoc/>
    public override string Name => "uniform";

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.RandomUniform(shape, low, high, dtype, random);

    static NamedSpec<Initializer> INamedInitializer.Spec => new(["uniform", "random_uniform"], () => new RandomUniform());
}

/// <summary>Normal numbers.</summary>
/// <param name="mean">Their mean.</param>
/// <param name="deviation">Their standard deviation.</param>
public sealed class RandomNormal(double mean = 0, double deviation = 0.05) : Initializer, INamedInitializer
{
    /// <inheritdoc/>
    public override string Name => "normal";

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.RandomNormal(shape, mean, deviation, dtype, random);

    static NamedSpec<Initializer> INamedInitializer.Spec => new(["normal", "random_normal"], () => new RandomNormal());
}

/// <summary>Normal numbers of which none is more than two deviations from the mean.</summary>
/// <param name="mean">The mean.</param>
/// <param name="deviation">The deviation before the tails are cut.</param>
public sealed class TruncatedNormal(double mean = 0, double deviation = 0.05) : Initializer, INamedInitializer
{
    /// <inheritdoc/>
    public override string Name => "truncated_normal";

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.RandomTruncatedNormal(shape, mean, deviation, dtype, random);

    static NamedSpec<Initializer> INamedInitializer.Spec => new(["truncated_normal"], () => new TruncatedNormal());
}

/// <summary>The identity matrix, for parameters of two dimensions (spec 8.6).</summary>
/// <param name="gain">Stands on the diagonal.</param>
public sealed class Identity(double gain = 1) : Initializer, INamedInitializer
{
    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank != 2) throw Error.Shape("Identity", "an identity has two dimensions", $"{shape}", "[n, m]");
        var values = new double[shape.ElementCount];
        for (int i = 0; i < Math.Min(shape[0], shape[1]); i++) values[i * shape[1] + i] = gain;
        return Tensor.FromArray(values, shape).Cast(dtype);
    }

    static NamedSpec<Initializer> INamedInitializer.Spec => new(["identity"], () => new Identity());
}
