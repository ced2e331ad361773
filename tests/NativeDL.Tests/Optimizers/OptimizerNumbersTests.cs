using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Optimizers;

/// <summary>Worked numbers of optimizers and of clipping.</summary>
public sealed class OptimizerNumbersTests
{
    // (x − 1)² from 0.
    private static double[] Walk(Optimizer optimizer, int steps)
    {
        var x = new Parameter("x", Tensor.Scalar(0, DType.Float64));
        var path = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            Step(optimizer, [x], () => (x.Value - 1).Square());
            path[i] = x.Value.Item();
        }
        return path;
    }

    [Fact]
    public void N36_momentum() => Near([0.2, 0.54, 0.938], Walk(new SGD(0.1, momentum: 0.9), 3), 1e-14);

    [Fact]
    public void N36_adam() => Near([0.0999999995, 0.199587771308, 0.298413727054], Walk(new Adam(0.1, epsilon: 1e-8), 3), 1e-12);

    [Fact]
    public void N36_ascent_with_halving_reaches_the_maximum()
    {
        // −(x − 2)² rises towards 2; a step that would go lower is not taken and the rate is halved.
        var x = new Parameter("x", Tensor.Scalar(-3, DType.Float64));
        var rate = new Halving(1.5);
        var optimizer = new SGD(rate);
        double height = Height(x).Item();
        for (int i = 0; i < 200; i++)
        {
            using var step = TensorScope.Begin();
            using var tape = new GradientTape();
            var before = x.Value.Clone();
            optimizer.Apply([x], [-tape.Gradient(Height(x), x.Value)]);
            double now = Height(x).Item();
            if (now > height) height = now;
            else
            {
                x.Assign(before);
                rate.Halve();
            }
        }
        Near([2], [x.Value.Item()], 1e-7);

        static Tensor Height(Tensor at) => -(at - 2).Square();
    }

    private sealed class Halving(double rate) : Schedule
    {
        private double rate = rate;

        public void Halve() => rate /= 2;

        public override double At(long step) => rate;
    }

    // What plain descent of rate 1 takes off is the clipped gradient.
    private static double[] Seen(Optimizer optimizer, params double[][] gradients)
    {
        Parameter[] parameters = [.. gradients.Select((g, i) => new Parameter($"p{i}", Tensor.Zeros([g.Length], DType.Float64)))];
        optimizer.Apply(parameters, [.. gradients.Select(g => Tensor.FromArray(g))]);
        return [.. parameters.SelectMany(p => p.Value.ToArray<double>()).Select(v => -v)];
    }

    [Fact]
    public void N30_clipping_by_norm()
    {
        Near([0.6, 0.8], Seen(new SGD(1.0) { ClipNorm = 1 }, [3, 4]), 1e-15);
        Assert.Equal([3, 4], Seen(new SGD(1.0) { ClipNorm = 10 }, [3, 4])); // scaled down only, never up
        Assert.Equal([3, 4], Seen(new SGD(1.0) { ClipNorm = 5 }, [3, 4]));
        Near([1, 1, 0.5], Seen(new SGD(1.0) { ClipNorm = 1 }, [3], [4], [0.5]), 1e-15);
    }

    [Fact]
    public void N30_clipping_by_global_norm()
    {
        Near([0.6, 0.8], Seen(new SGD(1.0) { GlobalClipNorm = 1 }, [3], [4]), 1e-15);
        Assert.Equal([3, 4], Seen(new SGD(1.0) { GlobalClipNorm = 10 }, [3], [4]));
    }

    [Fact]
    public void N30_clipping_by_value()
    {
        Assert.Equal([100, -100], Seen(new SGD(1.0) { ClipValue = 100 }, [250, -1000]));
        Assert.Equal([10, -10], Seen(new SGD(1.0) { ClipValue = 10 }, [250, -1000]));
        Assert.Equal([7, -10], Seen(new SGD(1.0) { ClipValue = 10 }, [7, -1000]));
    }

    [Fact]
    public void Squares_of_large_gradients_do_not_overflow()
    {
        var p = new Parameter("p", Tensor.Zeros([40]));
        new SGD(1.0) { ClipNorm = 1 }.Apply([p], [Tensor.Full([40], 1e30)]);
        Assert.All(p.Value.ToArray<float>(), v => Assert.Equal(-1 / Math.Sqrt(40), v, 1e-6));
    }

    [Fact]
    public void Only_one_clip_may_be_set_and_it_must_be_positive()
    {
        Assert.Contains("another clip", Assert.Throws<InvalidInputException>(() => new Adam { ClipNorm = 1, ClipValue = 2 }).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => new Adam { GlobalClipNorm = 0 });
        Assert.Throws<InvalidInputException>(() => new Adam { ClipValue = double.NaN });
    }

    // The first step is g / (|g| + ε) of the rate, however small both are.
    [Theory]
    [InlineData(1e-18f, 1e-20, -0.0990099)]
    [InlineData(1e-18f, 1e-12, -1e-7)]
    [InlineData(1e-18f, 0, -0.1)]
    [InlineData(0f, 0, 0)]
    [InlineData(1e-21f, 1e-12, -1e-10)]
    [InlineData(1e-3f, 1e-7, -0.09999)]
    public void Adams_thresholds_follow_its_epsilon(float gradient, double epsilon, double expected)
    {
        foreach (var device in (Device[])[Device.Cpu, Cuda.CudaTest.Device])
            foreach (var optimizer in (Optimizer[])[new Adam(0.1, epsilon: epsilon), new AdamW(0.1, 0, epsilon: epsilon)])
            {
                var p = new Parameter("p", Tensor.Zeros([3]).To(device));
                optimizer.Apply([p], [Tensor.Full([3], gradient).To(device)]);
                Assert.All(p.Value.ToDoubles(), found => Assert.Equal(expected, found, Math.Abs(expected) * 1e-3));
            }
    }
}
