using System.Numerics;

namespace NativeDL;

/// <summary>How numbers are spread, by two settings; the CUDA kernel of the same name takes the same two.</summary>
internal interface IDistribution
{
    static abstract string Name { get; }

    /// <summary>Fills elements <paramref name="start"/> … of a stream.</summary>
    static abstract unsafe void Fill<T>(T* target, long start, long count, PhiloxStream stream, T first, T second) where T : unmanaged, INumber<T>;
}

/// <summary>From the first up to, not including, the second number.</summary>
internal readonly unsafe struct UniformNumbers : IDistribution
{
    public static string Name => "random_uniform";

    public static void Fill<T>(T* target, long start, long count, PhiloxStream stream, T low, T high) where T : unmanaged, INumber<T> =>
        RandomFill.Uniform(target, start, count, stream, low, high);
}

/// <summary>By mean and deviation.</summary>
internal readonly unsafe struct NormalNumbers : IDistribution
{
    public static string Name => "random_normal";

    public static void Fill<T>(T* target, long start, long count, PhiloxStream stream, T mean, T deviation) where T : unmanaged, INumber<T> =>
        RandomFill.Normal(target, start, count, stream, mean, deviation);
}

/// <summary>By mean and deviation, cut off at two deviations.</summary>
internal readonly unsafe struct TruncatedNormalNumbers : IDistribution
{
    public static string Name => "random_truncated_normal";

    public static void Fill<T>(T* target, long start, long count, PhiloxStream stream, T mean, T deviation) where T : unmanaged, INumber<T> =>
        RandomFill.TruncatedNormal(target, start, count, stream, mean, deviation);
}
