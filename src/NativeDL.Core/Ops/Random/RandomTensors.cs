using NativeDL.Cuda;

namespace NativeDL;

public sealed unsafe partial class Tensor
{
    /// <summary>Numbers that are equally likely everywhere in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="random">Where the numbers come from; <see cref="RandomState.Default"/> unless given.</param>
    /// <param name="device">Where the tensor lives; <see cref="Device.Default"/> unless given. The numbers are the same everywhere.</param>
    /// <exception cref="InvalidInputException">The ends are not finite or in the wrong order.</exception>
    /// <exception cref="DTypeMismatchException">The element type is not floating-point.</exception>
    public static Tensor RandomUniform(Shape shape, double low = 0, double high = 1, DType dtype = DType.Float32, RandomState? random = null, Device? device = null)
    {
        if (!(low <= high && double.IsFinite(high - low))) throw Error.Input("RandomUniform", "the ends must be finite and in order", $"{low} and {high}");
        return dtype == DType.Float64
            ? Random("RandomUniform", shape, dtype, random, device, low, high - low, (double* p, long start, long count, PhiloxStream s) => RandomFill.Uniform(p, start, count, s, low, high))
            : Random("RandomUniform", shape, dtype, random, device, low, (float)high - (float)low, (float* p, long start, long count, PhiloxStream s) => RandomFill.Uniform(p, start, count, s, (float)low, (float)high));
    }

    /// <summary>Normally distributed numbers.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="stddev">The standard deviation.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="random">Where the numbers come from; <see cref="RandomState.Default"/> unless given.</param>
    /// <param name="device">Where the tensor lives; <see cref="Device.Default"/> unless given. The numbers are the same everywhere.</param>
    /// <exception cref="InvalidInputException">Mean or deviation is not finite, or the deviation is negative.</exception>
    /// <exception cref="DTypeMismatchException">The element type is not floating-point.</exception>
    public static Tensor RandomNormal(Shape shape, double mean = 0, double stddev = 1, DType dtype = DType.Float32, RandomState? random = null, Device? device = null)
    {
        RequireNormal("RandomNormal", mean, stddev);
        return dtype == DType.Float64
            ? Random("RandomNormal", shape, dtype, random, device, mean, stddev, (double* p, long start, long count, PhiloxStream s) => RandomFill.Normal(p, start, count, s, mean, stddev))
            : Random("RandomNormal", shape, dtype, random, device, mean, stddev, (float* p, long start, long count, PhiloxStream s) => RandomFill.Normal(p, start, count, s, (float)mean, (float)stddev));
    }

    /// <summary>Normally distributed numbers, none more than two deviations away from the mean.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="stddev">The standard deviation before the ends are cut off; afterwards it is 0.8796 of that.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="random">Where the numbers come from; <see cref="RandomState.Default"/> unless given.</param>
    /// <param name="device">Where the tensor lives; <see cref="Device.Default"/> unless given. The numbers are the same everywhere.</param>
    /// <exception cref="InvalidInputException">Mean or deviation is not finite, or the deviation is negative.</exception>
    /// <exception cref="DTypeMismatchException">The element type is not floating-point.</exception>
    public static Tensor RandomTruncatedNormal(Shape shape, double mean = 0, double stddev = 1, DType dtype = DType.Float32, RandomState? random = null, Device? device = null)
    {
        RequireNormal("RandomTruncatedNormal", mean, stddev);
        return dtype == DType.Float64
            ? Random("RandomTruncatedNormal", shape, dtype, random, device, mean, stddev, (double* p, long start, long count, PhiloxStream s) => RandomFill.TruncatedNormal(p, start, count, s, mean, stddev))
            : Random("RandomTruncatedNormal", shape, dtype, random, device, mean, stddev, (float* p, long start, long count, PhiloxStream s) => RandomFill.TruncatedNormal(p, start, count, s, (float)mean, (float)stddev));
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
        if (dtype.IsHalf()) return RandomBernoulli(shape, probability, DType.Float32, random, device).Cast(dtype);
        if (!(probability is >= 0 and <= 1)) throw Error.Input("RandomBernoulli", "a probability is expected", $"{probability}", "0 to 1");
        var stream = (random ?? RandomState.Default).Reserve(shape.ElementCount);
        ulong threshold = RandomFill.Threshold(probability);
        var place = device ?? Device.Default;
        if (!place.IsCpu)
        {
            var result = new Tensor(shape, dtype, place);
            CudaDevice.Of(result).LaunchOver("RandomBernoulli", dtype, shape.ElementCount, result, stream.Key, stream.Offset, threshold, shape.ElementCount);
            return result;
        }
        var ones = new Tensor(shape, DType.Bool, place);
        using (var open = ones.Open<byte>())
        {
            byte* p = open.Pointer;
            Workers.For(shape.ElementCount, Workers.Grain, (start, end) => RandomFill.BernoulliMask(p + start, start, end - start, stream, threshold));
        }
        return ones.Cast(dtype);
    }

    /// <summary>The numbers 0 … <paramref name="count"/> − 1 in random order, all orders equally likely: an Int32 tensor of shape [count].</summary>
    /// <exception cref="InvalidInputException">The count is negative.</exception>
    public static Tensor RandomPermutation(int count, RandomState? random = null, Device? device = null) =>
        FromSpan<int>((random ?? RandomState.Default).Permutation(count), [count], device);

    private delegate void FillRange<T>(T* target, long start, long count, PhiloxStream stream) where T : unmanaged;

    // Shift and scale, as the CUDA kernel of the name takes them, are part of `fill`.
    private static Tensor Random<T>(string what, Shape shape, DType dtype, RandomState? random, Device? device, double shift, double scale, FillRange<T> fill) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!dtype.IsFloating()) throw Error.DType(what, "the element type must be floating-point", $"{dtype} {shape}", "Float32 or Float64", "convert the result with Cast");
        var result = new Tensor(shape, dtype, device ?? Device.Default);
        var stream = (random ?? RandomState.Default).Reserve(RandomFill.WordsFor<T>(shape.ElementCount));
        if (!result.Device.IsCpu)
        {
            CudaDevice.Of(result).LaunchOver(what, dtype, shape.ElementCount, result, stream.Key, stream.Offset, shift, scale, shape.ElementCount);
            return result;
        }
        using var open = result.Open<T>();
        T* p = open.Pointer;
        Workers.For(shape.ElementCount, Workers.Grain, (start, end) => fill(p + start, start, end - start, stream));
        return result;
    }

    private static void RequireNormal(string what, double mean, double stddev)
    {
        if (!(double.IsFinite(mean) && double.IsFinite(stddev) && stddev >= 0))
            throw Error.Input(what, "mean and deviation must be finite and the deviation not negative", $"mean {mean}, stddev {stddev}");
    }
}
