namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Numbers that are equally likely everywhere in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="dtype">A floating-point type; half-precision numbers are Float32 numbers, rounded.</param>
    /// <param name="random">Where the numbers come from; <see cref="RandomState.Default"/> unless given.</param>
    /// <param name="device">Where the tensor lives; <see cref="Device.Default"/> unless given. The numbers are the same everywhere.</param>
    /// <exception cref="InvalidInputException">The ends are not finite or in the wrong order.</exception>
    /// <exception cref="DTypeMismatchException">The element type is not floating-point.</exception>
    public static Tensor RandomUniform(Shape shape, double low = 0, double high = 1, DType dtype = DType.Float32, RandomState? random = null,
        Device? device = null)
    {
        RequireEnds("random_uniform", low, high);
        return Random<UniformNumbers>(shape, dtype, random, device, low, high);
    }

    /// <summary>Normally distributed numbers.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="stddev">The standard deviation.</param>
    /// <param name="dtype">A floating-point type; half-precision numbers are Float32 numbers, rounded.</param>
    /// <param name="random">Where the numbers come from; <see cref="RandomState.Default"/> unless given.</param>
    /// <param name="device">Where the tensor lives; <see cref="Device.Default"/> unless given. The numbers are the same everywhere.</param>
    /// <exception cref="InvalidInputException">Mean or deviation is not finite, or the deviation is negative.</exception>
    /// <exception cref="DTypeMismatchException">The element type is not floating-point.</exception>
    public static Tensor RandomNormal(Shape shape, double mean = 0, double stddev = 1, DType dtype = DType.Float32, RandomState? random = null,
        Device? device = null)
    {
        RequireNormal("random_normal", mean, stddev);
        return Random<NormalNumbers>(shape, dtype, random, device, mean, stddev);
    }

    /// <summary>Normally distributed numbers, none more than two deviations away from the mean.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="stddev">The standard deviation before the ends are cut off; afterwards it is 0.8796 of that.</param>
    /// <param name="dtype">A floating-point type; half-precision numbers are Float32 numbers, rounded.</param>
    /// <param name="random">Where the numbers come from; <see cref="RandomState.Default"/> unless given.</param>
    /// <param name="device">Where the tensor lives; <see cref="Device.Default"/> unless given. The numbers are the same everywhere.</param>
    /// <exception cref="InvalidInputException">Mean or deviation is not finite, or the deviation is negative.</exception>
    /// <exception cref="DTypeMismatchException">The element type is not floating-point.</exception>
    public static Tensor RandomTruncatedNormal(Shape shape, double mean = 0, double stddev = 1, DType dtype = DType.Float32, RandomState? random = null,
        Device? device = null)
    {
        RequireNormal("random_truncated_normal", mean, stddev);
        return Random<TruncatedNormalNumbers>(shape, dtype, random, device, mean, stddev);
    }

    /// <summary>Ones with the given probability, else zeros.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="probability">The probability of a one, from 0 to 1.</param>
    /// <param name="dtype">Any element type.</param>
    /// <param name="random">Where the numbers come from; <see cref="RandomState.Default"/> unless given.</param>
    /// <param name="device">Where the tensor lives; <see cref="Device.Default"/> unless given. The numbers are the same everywhere.</param>
    /// <exception cref="InvalidInputException">The probability is outside of 0 to 1.</exception>
    public static Tensor RandomBernoulli(Shape shape, double probability = 0.5, DType dtype = DType.Float32, RandomState? random = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!(probability is >= 0 and <= 1)) throw Error.Input("random_bernoulli", "a probability is expected", $"{probability}", "0 to 1");
        var stream = (random ?? RandomState.Default).Reserve(shape.ElementCount);
        return new RandomBernoulliOp(shape, dtype, stream, RandomFill.Threshold(probability)).Make(device ?? Device.Default);
    }

    /// <summary>The numbers 0 … <paramref name="count"/> − 1 in random order, all orders equally likely: an Int32 tensor of shape [count].</summary>
    /// <exception cref="InvalidInputException">The count is negative.</exception>
    public static Tensor RandomPermutation(int count, RandomState? random = null, Device? device = null) =>
        FromSpan<int>((random ?? RandomState.Default).Permutation(count), [count], device);

    internal static Tensor Random<TD>(Shape shape, DType dtype, RandomState? random, Device? device, double first, double second) where TD : struct,
        IDistribution
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!dtype.IsFloating()) throw Error.DType(TD.Name, "the element type must be floating-point", $"{dtype} {shape}",
            "Float32, Float64, BFloat16 or Float16", "convert the result with Cast");
        var stream = (random ?? RandomState.Default).Reserve(RandomFill.WordsFor(dtype, shape.ElementCount));
        return new RandomOp<TD>(shape, dtype, stream, first, second).Make(device ?? Device.Default);
    }

    private static void RequireEnds(string what, double low, double high)
    {
        if (!(low <= high && double.IsFinite(high - low))) throw Error.Input(what, "the ends must be finite and in order", $"{low} and {high}");
    }

    private static void RequireNormal(string what, double mean, double stddev)
    {
        if (!(double.IsFinite(mean) && double.IsFinite(stddev) && stddev >= 0))
            throw Error.Input(what, "mean and deviation must be finite and the deviation not negative", $"mean {mean}, stddev {stddev}");
    }
}
