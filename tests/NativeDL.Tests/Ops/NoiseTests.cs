namespace NativeDL.Tests.Ops;

/// <summary>Dropouts by channels and to what SELU tends, and Gaussian noise.</summary>
public sealed class NoiseTests
{
    private static readonly RandomState Seed = new(5);

    [Fact]
    public void Whole_channels_of_a_sample_are_dropped_together()
    {
        var y = Tensor.Ones([20, 6, 10]).SpatialDropout(0.25, new RandomState(3)).ToArray<float>();
        int dropped = 0;
        for (int n = 0; n < 20; n++)
            for (int c = 0; c < 10; c++)
            {
                float[] pixels = [.. Enumerable.Range(0, 6).Select(p => y[(n * 6 + p) * 10 + c])];
                Assert.All(pixels, v => Assert.Equal(pixels[0], v));
                Assert.True(pixels[0] is 0 || Math.Abs(pixels[0] - 1 / 0.75f) < 1e-6f);
                if (pixels[0] == 0) dropped++;
            }
        Assert.InRange(dropped, 30, 70);
    }

    [Fact]
    public void Alpha_dropout_keeps_mean_0_and_variance_1()
    {
        var x = Tensor.RandomNormal([200, 200], random: new RandomState(1));
        var y = x.AlphaDropout(0.3, new RandomState(2));
        Assert.Equal(0, y.Mean().Item(), 0.02);
        Assert.Equal(1, y.Var().Item(), 0.03);
        // By hand at rate ½: a = (½·(1 + α′²/2))^−½ and the dropped become a·α′ + b = a·α′/2.
        double floor = -1.7580993408473766, a = 1 / Math.Sqrt(0.5 * (1 + 0.5 * floor * floor));
        var half = Tensor.Zeros([1000], DType.Float64).AlphaDropout(0.5, new RandomState(4)).ToArray<double>();
        Assert.All(half, v => Assert.Equal(a * Math.Abs(floor) / 2, Math.Abs(v), 12));
        Assert.InRange(half.Count(v => v < 0), 400, 600);
    }

    [Fact]
    public void Noise_has_the_deviation_that_is_asked_for()
    {
        var x = Tensor.Full([300, 300], 2);
        var plus = x.GaussianNoise(0.5, new RandomState(1));
        Assert.Equal(2, plus.Mean().Item(), 0.01);
        Assert.Equal(0.5, plus.Std().Item(), 0.01);
        // √(0.2 / 0.8) = ½, times 2.
        var times = x.GaussianDropout(0.2, new RandomState(1));
        Assert.Equal(2, times.Mean().Item(), 0.02);
        Assert.Equal(1, times.Std().Item(), 0.02);
        Assert.Equal(x.ToArray<float>(), x.GaussianDropout(0).ToArray<float>());
    }

    [Fact]
    public void Noise_is_constant_to_gradients()
    {
        var x = Tensor.Of(1, -2, 3, 4);
        using var tape = new GradientTape(persistent: true);
        tape.Watch(x);
        Tensor plus = x.GaussianNoise(0.5, new RandomState(9)), times = x.GaussianDropout(0.5, new RandomState(9));
        Assert.Equal([1, 1, 1, 1], tape.Gradient(plus.Sum(), x).ToArray<float>());
        float[] factors = (times / x).ToArray<float>(), slopes = tape.Gradient(times.Sum(), x).ToArray<float>();
        for (int i = 0; i < 4; i++) Assert.Equal(factors[i], slopes[i], 1e-6f);
    }

    [Fact]
    public void A_graph_draws_noise_anew_and_refuses_what_it_would_drop_again()
    {
        var x = Tensor.Symbolic([Shape.None, 4, 3], DType.Float32);
        Assert.Equal([Shape.None, 4, 3], x.GaussianNoise(0.1).Shape);
        Assert.Contains("every run", Assert.Throws<InvalidInputException>(() => x.SpatialDropout(0.5)).Message);
        Assert.Contains("every run", Assert.Throws<InvalidInputException>(() => x.AlphaDropout(0.5)).Message);
    }

    [Fact]
    public void Bad_rates_are_named()
    {
        var x = Tensor.Ones([2, 3]);
        Assert.Throws<InvalidInputException>(() => x.SpatialDropout(1.1, Seed));
        Assert.Throws<InvalidInputException>(() => x.AlphaDropout(1, Seed));
        Assert.Throws<InvalidInputException>(() => x.GaussianDropout(1, Seed));
        Assert.Throws<InvalidInputException>(() => x.GaussianNoise(-1, Seed));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([2]).SpatialDropout(0.5, Seed));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Ones([2, 3], DType.Int32).AlphaDropout(0.5, Seed));
    }
}
