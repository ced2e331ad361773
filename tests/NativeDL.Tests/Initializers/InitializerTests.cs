using NativeDL.Initializers;

namespace NativeDL.Tests.Initializers;

public sealed class InitializerTests
{
    private static double[] Values(Initializer initializer, Shape shape, ulong seed = 11) =>
        initializer.Create(shape, new RandomState(seed), DType.Float64).ToArray<double>();

    // Dense [200, 300], and a window of 3×3 from 20 to 40 channels: fans 180 and 360.
    [Theory]
    [InlineData("glorot_uniform", 2.0 / 500, 2.0 / 540, true)]
    [InlineData("glorot_normal", 2.0 / 500, 2.0 / 540, false)]
    [InlineData("he_uniform", 2.0 / 200, 2.0 / 180, true)]
    [InlineData("he_normal", 2.0 / 200, 2.0 / 180, false)]
    [InlineData("lecun_uniform", 1.0 / 200, 1.0 / 180, true)]
    [InlineData("lecun_normal", 1.0 / 200, 1.0 / 180, false)]
    public void Variance_follows_the_fans(string name, double dense, double window, bool uniform)
    {
        Check([200, 300], dense);
        Check([3, 3, 20, 40], window);

        void Check(Shape shape, double variance)
        {
            double[] values = Values(name, shape);
            int n = values.Length;
            double mean = values.Average(), spread = values.Sum(v => v * v) / n, largest = values.Max(Math.Abs);
            Assert.InRange(mean, -5 * Math.Sqrt(variance / n), 5 * Math.Sqrt(variance / n));
            Assert.InRange(spread / variance, 1 - 7 / Math.Sqrt(n), 1 + 7 / Math.Sqrt(n)); // its deviation is at most √(2/n)
            // Uniform numbers end at √3 deviations, cut normal ones at 2 of the deviation before the cut.
            double limit = Math.Sqrt(variance) * (uniform ? Math.Sqrt(3) : 2 / 0.87962566103423978);
            Assert.InRange(largest, 0.99 * limit, limit);
        }
    }

    [Theory]
    [InlineData("uniform", 0.05 * 0.05 / 3)]
    [InlineData("normal", 0.05 * 0.05)]
    [InlineData("truncated_normal", 0.05 * 0.05 * 0.7737413)]
    public void Plain_ones_have_their_variance(string name, double variance)
    {
        double[] values = Values(name, [50_000]);
        Assert.InRange(values.Average(), -0.001, 0.001);
        Assert.InRange(values.Sum(v => v * v) / values.Length / variance, 0.97, 1.03);
    }

    [Fact]
    public void Settings_are_heeded()
    {
        Assert.All(Values(new RandomUniform(2, 3), [1000]), v => Assert.InRange(v, 2, 3));
        Assert.InRange(Values(new RandomNormal(5, 0.001), [1000]).Average(), 4.999, 5.001);
        Assert.All(Values(new TruncatedNormal(1, 0.1), [1000]), v => Assert.InRange(v, 0.8, 1.2));
        Assert.All(Values(new Constant(0.25), [3, 4]), v => Assert.Equal(0.25, v));
        Assert.All(Values("zeros", [3, 4]), v => Assert.Equal(0, v));
        Assert.All(Values("ones", [3, 4]), v => Assert.Equal(1, v));
        Assert.Equal([2, 0, 0, 0, 2, 0], Values(new Identity(2), [2, 3]));
        Assert.Throws<ShapeMismatchException>(() => Values("identity", [2, 2, 2]));
    }

    [Theory]
    [InlineData(6, 6)]
    [InlineData(4, 9)]
    [InlineData(9, 4)]
    public void Orthogonal_rows_or_columns_have_length_1_and_right_angles(int rows, int columns)
    {
        var q = new Orthogonal().Create([rows, columns], new RandomState(4), DType.Float64);
        var product = rows <= columns ? q.MatMul(q.Transpose()) : q.Transpose().MatMul(q);
        Optimizers.Training.Near(Tensor.Eye(Math.Min(rows, columns), DType.Float64).ToArray<double>(), product.ToArray<double>(), 1e-13);
        Assert.Throws<ShapeMismatchException>(() => Values("orthogonal", [5]));
    }

    [Fact]
    public void Every_name_gives_the_shape_and_type_asked_for_and_the_same_numbers_for_the_same_seed()
    {
        Assert.All(Registry.Names<Initializer>(), name =>
        {
            Initializer initializer = name;
            foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            {
                var first = initializer.Create([7, 5], new RandomState(9), dtype);
                Assert.Equal([7, 5], first.Shape);
                Assert.Equal(dtype, first.DType);
                Assert.Equal(first.ToDoubles(), initializer.Create([7, 5], new RandomState(9), dtype).ToDoubles());
            }
            bool random = initializer is not (Constant or Zeros or Ones or Identity or Configurations.Halves);
            Assert.Equal(random, !Values(initializer, [7, 5], 1).SequenceEqual(Values(initializer, [7, 5], 2)));
        });
    }

    [Fact]
    public void A_seed_of_its_own_makes_the_same_numbers_whatever_was_drawn_before()
    {
        Initializer[] seeded = [new RandomUniform(seed: 5), new RandomNormal(seed: 5), new TruncatedNormal(seed: 5), new Orthogonal(seed: 5),
            new VarianceScaling(seed: 5), Initializer.GlorotUniform(5), Initializer.GlorotNormal(5), Initializer.HeUniform(5), Initializer.HeNormal(5),
            Initializer.LecunUniform(5), Initializer.LecunNormal(5)];
        foreach (var initializer in seeded)
        {
            Assert.Equal(Values(initializer, [7, 5], 1), Values(initializer, [7, 5], 2));
            Initializer again = $"{initializer}";
            Assert.Equal(Values(initializer, [7, 5]), Values(again, [7, 5]));
        }
        var given = new RandomState(3);
        new RandomNormal(seed: 5).Create([4], given);
        Assert.Equal(0UL, given.State.Position);
        Assert.Equal("random_normal(0,0.05,5)", $"{new RandomNormal(seed: 5)}");
        Assert.NotEqual(Values(Initializer.HeNormal(5), [7, 5]), Values(Initializer.HeNormal(6), [7, 5]));
    }

    [Fact]
    public void An_unknown_name_lists_the_known()
    {
        string message = Assert.Throws<InvalidInputException>(() => { Initializer i = "glorot"; }).Message;
        Assert.Contains("'glorot'", message, StringComparison.Ordinal);
        Assert.All(Registry.Names<Initializer>(), known => Assert.Contains(known, message, StringComparison.Ordinal));
    }
}
