using NativeDL.Tests.Numerics;

namespace NativeDL.Tests.Randomness;

public sealed unsafe class RandomFillTests
{
    private const int Many = 400_000;

    private delegate void Fill<T>(T* destination, long start, long count, PhiloxStream stream)
        where T : unmanaged;

    private static readonly PhiloxStream Stream = new(2024, 77);

    private static Dictionary<string, Fill<float>> Singles => new()
    {
        ["uniform"] = (d, s, n, p) => RandomFill.Uniform(d, s, n, p, 0f, 1f),
        ["normal"] = (d, s, n, p) => RandomFill.Normal(d, s, n, p, 0f, 1f),
        ["truncated"] = (d, s, n, p) => RandomFill.TruncatedNormal(d, s, n, p, 0f, 1f),
        ["bernoulli"] = (d, s, n, p) => RandomFill.Bernoulli(d, s, n, p, RandomFill.Threshold(0.3), 1f),
    };

    private static Dictionary<string, Fill<double>> Doubles => new()
    {
        ["uniform"] = (d, s, n, p) => RandomFill.Uniform(d, s, n, p, 0d, 1d),
        ["normal"] = (d, s, n, p) => RandomFill.Normal(d, s, n, p, 0d, 1d),
        ["truncated"] = (d, s, n, p) => RandomFill.TruncatedNormal(d, s, n, p, 0d, 1d),
        ["bernoulli"] = (d, s, n, p) => RandomFill.Bernoulli(d, s, n, p, RandomFill.Threshold(0.3), 1d),
    };

    [Theory]
    [InlineData("uniform")]
    [InlineData("normal")]
    [InlineData("truncated")]
    [InlineData("bernoulli")]
    public void A_fill_does_not_depend_on_where_the_range_is_split(string kind)
    {
        CheckSplits(Singles[kind]);
        CheckSplits(Doubles[kind]);
    }

    // Mean, variance and fourth moment of the distributions, within five standard errors of the sample.
    [Theory]
    [InlineData("uniform", 0.5, 1d / 12, 1d / 80)]
    [InlineData("normal", 0, 1, 3)]
    [InlineData("truncated", 0, 0.7737413, 1.4161907)]
    [InlineData("bernoulli", 0.3, 0.21, 0.0777)]
    public void Moments_are_those_of_the_distribution(string kind, double mean, double variance, double fourth)
    {
        double[] single = [.. Make(Singles[kind], Many).Select(x => (double)x)];
        foreach (double[] sample in new[] { single, Make(Doubles[kind], Many) })
        {
            foreach ((int power, double expected) in new[] { (1, 0), (2, variance), (4, fourth) })
            {
                double[] terms = [.. sample.Select(x => Math.Pow(x - mean, power))];
                double found = terms.Average(), error = Math.Sqrt(terms.Average(t => (t - found) * (t - found)) / terms.Length);
                Assert.Equal(expected, found, 5 * error);
            }
        }
    }

    // The fraction of a sample below a few points, against the distribution function.
    [Theory]
    [InlineData("normal", -2, 0.0227501)]
    [InlineData("normal", -1, 0.1586553)]
    [InlineData("normal", 0.5, 0.6914625)]
    [InlineData("normal", 1.5, 0.9331928)]
    [InlineData("truncated", -1.5, 0.0461548)]
    [InlineData("truncated", -0.5, 0.2994220)]
    [InlineData("truncated", 1, 0.8576185)]
    [InlineData("uniform", 0.25, 0.25)]
    [InlineData("uniform", 0.9, 0.9)]
    public void The_distribution_function_is_right(string kind, double point, double below)
    {
        Assert.Equal(below, Make(Singles[kind], Many).Count(x => x < point) / (double)Many, 0.003);
        Assert.Equal(below, Make(Doubles[kind], Many).Count(x => x < point) / (double)Many, 0.003);
    }

    [Fact]
    public void Neighbouring_elements_are_not_correlated()
    {
        double[] z = Make(Doubles["normal"], Many);
        float[] f = Make(Singles["normal"], Many);
        for (int lag = 1; lag <= 4; lag++)
        {
            double product = 0, squares = 0, single = 0;
            for (int i = lag; i < Many; i++)
            {
                product += z[i] * z[i - lag];
                squares += ((z[i] * z[i]) - 1) * ((z[i - lag] * z[i - lag]) - 1);
                single += f[i] * f[i - lag];
            }

            Assert.Equal(0, product / Many, 0.01);
            Assert.Equal(0, squares / Many, 0.02);
            Assert.Equal(0, single / Many, 0.01);
        }
    }

    [Fact]
    public void Ranges_are_kept()
    {
        Assert.All(Make(Singles["uniform"], 5000), x => Assert.InRange(x, 0f, 0.99999994f));
        Assert.All(Make(Doubles["uniform"], 5000), x => Assert.InRange(x, 0d, 0.9999999999999999));
        Assert.All(Make(Singles["truncated"], 5000), x => Assert.InRange(x, -2f, 2f));
        Assert.All(Make(Doubles["truncated"], 5000), x => Assert.InRange(x, -2d, 2d));
        Assert.All(Make<float>((d, s, n, p) => RandomFill.Uniform(d, s, n, p, -3f, 5f), 5000), x => Assert.InRange(x, -3f, 5f));
    }

    // A normal number's bits are a function of the words alone; recomputed here with the library's own functions.
    [Fact]
    public void Normals_are_the_Box_Muller_transform_of_the_words()
    {
        var words = new uint[2000];
        fixed (uint* p = words)
        {
            Philox.Words(p, 0, words.Length, Stream);
        }

        float[] z = Make(Singles["normal"], words.Length);
        for (int i = 0; i < words.Length; i += 2)
        {
            double u = (words[i] * (1 / 4294967296d)) + (0.5 / 4294967296d);
            double angle = words[i + 1] * (2 * Math.PI / 4294967296d);
            double radius = Math.Sqrt(-2 * Math.Log(u));
            Assert.Equal(radius * Math.Cos(angle), z[i], 2e-5);
            Assert.Equal(radius * Math.Sin(angle), z[i + 1], 2e-5);
        }
    }

    [Fact]
    public void Bernoulli_is_the_comparison_of_the_word_in_every_type()
    {
        ulong threshold = RandomFill.Threshold(0.7);
        var words = new uint[3001];
        var mask = new byte[3001];
        fixed (uint* w = words)
        fixed (byte* m = mask)
        {
            Philox.Words(w, 0, words.Length, Stream);
            RandomFill.BernoulliMask(m, 0, mask.Length, Stream, threshold);
        }

        float[] single = Make<float>((d, s, n, p) => RandomFill.Bernoulli(d, s, n, p, threshold, 2.5f), 3001);
        double[] dbl = Make<double>((d, s, n, p) => RandomFill.Bernoulli(d, s, n, p, threshold, 2.5), 3001);
        for (int i = 0; i < words.Length; i++)
        {
            bool on = words[i] < threshold;
            Assert.Equal(on ? 1 : 0, mask[i]);
            Assert.Equal(on ? 2.5f : 0f, single[i]);
            Assert.Equal(on ? 2.5 : 0d, dbl[i]);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void Probabilities_0_and_1_are_certain(double probability, float value)
        => Assert.All(
            Make<float>((d, s, n, p) => RandomFill.Bernoulli(d, s, n, p, RandomFill.Threshold(probability), 1f), 10_000),
            x => Assert.Equal(value, x));

    [Theory]
    [InlineData("uniform", UniformSingle, UniformDouble)]
    [InlineData("normal", NormalSingle, NormalDouble)]
    [InlineData("truncated", TruncatedSingle, TruncatedDouble)]
    [InlineData("bernoulli", BernoulliSingle, BernoulliDouble)]
    public void Bits_are_the_same_on_every_machine(string kind, ulong single, ulong dbl)
    {
        Assert.Equal(single, Bits.Checksum<float>(Make(Singles[kind], 10_007)));
        Assert.Equal(dbl, Bits.Checksum<double>(Make(Doubles[kind], 10_007)));
    }

    private const ulong UniformSingle = 0x44D9B7A2850AF225, UniformDouble = 0xCC6721CCA13B7AA6, NormalSingle = 0x779FA20F7C3701B3,
        NormalDouble = 0x6CB23FDC130FD7F6;
    private const ulong TruncatedSingle = 0x160F452DEFA11CDC, TruncatedDouble = 0x3560FDB2B94D0677, BernoulliSingle = 0x3E97F14038246E85,
        BernoulliDouble = 0xAD3AE694786770E5;

    private static T[] Make<T>(Fill<T> fill, int count)
        where T : unmanaged
    {
        var values = new T[count];
        fixed (T* p = values)
        {
            fill(p, 0, count, Stream);
        }

        return values;
    }

    private static void CheckSplits<T>(Fill<T> fill)
        where T : unmanaged
    {
        var whole = Make(fill, 3000);
        foreach (int[] cuts in new int[][] { [1], [2, 3], [5, 1030, 1031], [4, 8, 512, 1024, 2999], [7, 1000, 2047] })
        {
            var parts = new T[whole.Length];
            int start = 0;
            foreach (int end in cuts.Append(whole.Length))
            {
                fixed (T* p = parts)
                {
                    fill(p + start, start, end - start, Stream);
                }

                start = end;
            }

            Assert.Equal(whole, parts);
        }
    }
}
