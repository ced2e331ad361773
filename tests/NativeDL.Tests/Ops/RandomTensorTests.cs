namespace NativeDL.Tests.Ops;

public sealed class RandomTensorTests
{
    [Fact]
    public void Random_tensors_depend_on_the_seed_alone()
    {
        int before = Threads.Count;
        try
        {
            foreach (var make in new Func<RandomState, Tensor>[]
            {
                r => Tensor.RandomUniform([50_000], -1, 1, DType.Float32, r),
                r => Tensor.RandomNormal([50_000], 0, 1, DType.Float64, r),
                r => Tensor.RandomTruncatedNormal([50_000], 0, 1, DType.Float32, r),
                r => Tensor.RandomBernoulli([50_000], 0.3, DType.Float32, r),
                r => Tensor.Ones([50_000]).Dropout(0.3, r),
            })
            {
                Threads.Count = 1;
                var one = make(new RandomState(3)).ToDoubles();
                Threads.Count = 3;
                Assert.Equal(one, make(new RandomState(3)).ToDoubles());
                Assert.NotEqual(one, make(new RandomState(4)).ToDoubles());
            }
        }
        finally
        {
            Threads.Count = before;
        }
    }

    [Fact]
    public void Moments_are_those_asked_for()
    {
        const int n = 200_000;
        var random = new RandomState(1);
        // Five standard errors.
        Check(Tensor.RandomUniform([n], 2, 5, random: random), 3.5, Math.Sqrt(9.0 / 12));
        Check(Tensor.RandomNormal([n], -1, 2, random: random), -1, 2);
        Check(Tensor.RandomTruncatedNormal([n], 0, 3, random: random), 0, 3 * 0.87962566);
        Check(Tensor.RandomBernoulli([n], 0.2, random: random), 0.2, 0.4);
        Assert.All(Tensor.RandomTruncatedNormal([1000], 1, 2, random: random).ToDoubles(), v => Assert.InRange(v, -3, 5));

        static void Check(Tensor x, double mean, double deviation)
        {
            var values = x.ToDoubles();
            double m = values.Average(), s = Math.Sqrt(values.Average(v => (v - m) * (v - m)));
            Assert.InRange(m, mean - 5 * deviation / Math.Sqrt(n), mean + 5 * deviation / Math.Sqrt(n));
            Assert.InRange(s, deviation * 0.98, deviation * 1.02);
        }
    }

    [Fact]
    public void Permutations_hold_every_number_once()
    {
        var order = Tensor.RandomPermutation(100, new RandomState(2));
        Assert.Equal(DType.Int32, order.DType);
        Assert.Equal(Enumerable.Range(0, 100), order.ToArray<int>().Order());
        Assert.Empty(Tensor.RandomPermutation(0).ToArray<int>());
    }

    [Fact]
    public void N25_dropout()
    {
        // Inverted dropout of 1…5 at the rate 0.2: a kept element is 1.25 times itself. Mask 1,0,1,1,1 is one of those drawn.
        var x = Tensor.FromArray([1.0, 2, 3, 4, 5]);
        bool seen = false;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var y = x.Dropout(0.2, new RandomState(seed)).ToDoubles();
            for (int i = 0; i < 5; i++) Assert.True(y[i] == 0 || y[i] == 1.25 * (i + 1));
            seen |= y.SequenceEqual([1.25, 0, 3.75, 5, 6.25]);
        }
        Assert.True(seen);

        // Of 1000 units at the rate 0.5 about 500 are dropped: mean 500, deviation 15.8.
        var counts = Enumerable.Range(0, 400).Select(s => Tensor.Ones([1000]).Dropout(0.5, new RandomState((ulong)s)).ToDoubles().Count(v => v == 0)).ToArray();
        Assert.InRange(counts.Average(), 500 - 5 * 15.8 / 20, 500 + 5 * 15.8 / 20);
        double mean = counts.Average();
        Assert.InRange(Math.Sqrt(counts.Average(c => (c - mean) * (c - mean))), 13, 19);
    }

    [Fact]
    public void The_backward_pass_of_dropout_uses_the_same_mask()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.RandomNormal([3000], random: new RandomState(5)));
        var y = x.Dropout(0.4, new RandomState(6));
        var gradient = tape.Gradient(y, x).ToDoubles();
        Assert.Equal(y.ToDoubles().Select(v => v == 0 ? 0.0 : 1 / 0.6f).Select(v => (float)v), gradient.Select(v => (float)v));
    }

    [Fact]
    public void Dropout_rates_zero_and_one_keep_all_and_nothing()
    {
        var x = Tensor.FromArray([1.0, -2, 3]);
        Assert.Equal([1.0, -2, 3], x.Dropout(0).ToDoubles());
        Assert.All(x.Dropout(1).ToDoubles(), v => Assert.Equal(0, v));
        foreach (double rate in new[] { -0.1, 1.1, double.NaN })
            Assert.Contains("0 to 1", Assert.Throws<InvalidInputException>(() => x.Dropout(rate)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_parameters_are_refused()
    {
        Assert.Throws<InvalidInputException>(() => Tensor.RandomUniform([2], 1, 0));
        Assert.Throws<InvalidInputException>(() => Tensor.RandomNormal([2], 0, -1));
        Assert.Throws<InvalidInputException>(() => Tensor.RandomTruncatedNormal([2], double.NaN));
        Assert.Throws<InvalidInputException>(() => Tensor.RandomBernoulli([2], 1.5));
        Assert.Contains("Int32 [2]", Assert.Throws<DTypeMismatchException>(() => Tensor.RandomUniform([2], dtype: DType.Int32)).Message,
            StringComparison.Ordinal);
    }
}
