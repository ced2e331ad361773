using NativeDL.Cuda;
using NativeDL.Tests.Optimizers;

namespace NativeDL.Tests.Cuda;

/// <summary>Every optimizer on both devices: the same steps, the same parameters.</summary>
[Collection(SpareDevice.Name)] // for the parameters on two cards
public sealed class OptimizerCudaTests
{
    private const int Steps = 5;

    // Around a thread's and a block's share, nothing at all, and more tensors than a launch holds.
    private static readonly int[] Sizes = [1, 3, 1000, 0, 70_000, 4096, .. Enumerable.Repeat(5, 70)];

    public static TheoryData<string> Cases => [.. Known.Keys];

    private static Dictionary<string, Func<Optimizer>> Known => new()
    {
        ["sgd"] = () => new SGD(0.03),
        ["sgd momentum"] = () => new SGD(0.03, 0.9),
        ["sgd nesterov"] = () => new SGD(0.03, 0.9, nesterov: true),
        ["rmsprop"] = () => new RMSprop(0.01, 0.8, epsilon: 1e-3),
        ["rmsprop momentum"] = () => new RMSprop(0.01, 0.8, 0.7, 1e-3),
        ["adam"] = () => new Adam(0.01, 0.8, 0.95, 1e-3),
        ["adamw"] = () => new AdamW(0.01, 0.1, 0.8, 0.95, 1e-3),
        ["clip value"] = () => new SGD(0.03, 0.9) { ClipValue = 0.4 },
        ["clip norm"] = () => new Adam(0.01) { ClipNorm = 3 },
        ["global clip norm"] = () => new Adam(0.01) { GlobalClipNorm = 3 },
        ["a limit that is not met"] = () => new SGD(0.03) { GlobalClipNorm = 1e6 },
        ["weight decay"] = () => new SGD(0.03, 0.9) { WeightDecay = 0.2 },
        ["one of one's own"] = () => new OwnDescent(),
        ["one of one's own, clipped"] = () => new OwnDescent { ClipNorm = 2 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float64_follows_the_CPU(string name) => Near(Train(name, DType.Float64, Device.Cpu), Train(name, DType.Float64, CudaTest.Device), 1e-12);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float32_follows_the_CPUs_float64(string name) =>
        Near(Train(name, DType.Float64, Device.Cpu), Train(name, DType.Float32, CudaTest.Device), 1e-6);

    // A difference in float32's last digit can flip the rounding of a step.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Half_precision_follows_the_CPU(string name)
    {
        Near(Train(name, DType.BFloat16, Device.Cpu), Train(name, DType.BFloat16, CudaTest.Device), 4 * Math.Pow(2, -8));
        Near(Train(name, DType.Float16, Device.Cpu), Train(name, DType.Float16, CudaTest.Device), 4 * Math.Pow(2, -11));
    }

    [Fact]
    public void Parameters_of_two_types_make_one_step()
    {
        using var use = Device.Use(CudaTest.Device);
        Parameter[] parameters = [new("a", Tensor.FromArray([1.0, 2])), new("b", Tensor.FromArray([1f, 2])), new("c", Tensor.FromArray([3.0]))];
        new SGD(1) { GlobalClipNorm = 3 }.Apply(parameters, [Tensor.FromArray([1.0, 2]), Tensor.FromArray([2f, 0]), Tensor.FromArray([4.0])]);
        Assert.Equal([0.4, 0.8, -0.2, 2, 0.6], parameters.SelectMany(p => p.Value.ToDoubles()), (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void Gradients_that_overflow_are_scaled_as_on_the_CPU()
    {
        double[][] results = [.. new Device[] { Device.Cpu, CudaTest.Device }.Select(device =>
        {
            using var use = Device.Use(device);
            Parameter[] parameters = [new("a", Tensor.FromArray([1f, 2])), new("b", Tensor.FromArray([3f, 4])), new("c", Tensor.FromArray([5f, 6]))];
            new SGD(1) { ClipNorm = 2 }.Apply(parameters,
                [Tensor.FromArray([3e38f, 0]), Tensor.FromArray([float.NaN, 1]), Tensor.FromArray([float.PositiveInfinity, 1])]);
            return parameters.SelectMany(p => p.Value.ToDoubles()).ToArray();
        })];
        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public void Moments_that_die_out_become_zero()
    {
        using var use = Device.Use(CudaTest.Device);
        var parameter = new Parameter("p", Tensor.FromArray([1f, 1]));
        var adam = new Adam(0.01, 0.1, 0.1);
        adam.Apply([parameter], [Tensor.FromArray([1f, 1e-20f])]);
        for (int i = 0; i < 60; i++) adam.Apply([parameter], [Tensor.FromArray([0f, 0])]);
        Assert.Equal(2, adam.State.Count);
        Assert.All(adam.State, slot => Assert.Equal([0, 0], slot.Value.ToDoubles()));
    }

    [Fact]
    public void A_state_of_the_CPU_goes_on_on_the_device()
    {
        var gradient = Tensor.FromArray([0.5, -2, 1]);
        Parameter there = new("p", Tensor.FromArray([1.0, 2, 3])), here = new("p", there.Value);
        Adam first = new(0.1), second = new(0.1);
        first.Apply([there], [gradient]);
        second.Load(first.State, first.Steps);
        here.Assign(there.Value);
        here.MoveTo(CudaTest.Device);
        first.Apply([there], [gradient]);
        second.Apply([here], [gradient.To(CudaTest.Device)]);
        Assert.Equal(there.Value.ToDoubles(), here.Value.ToDoubles(), (x, y) => Math.Abs(x - y) < 1e-13);
    }

    [Fact]
    [Trait("needs", "simulator")]
    public void A_rule_of_three_slots_runs_by_its_kernel()
    {
        foreach (var dtype in new[] { DType.Float64, DType.Float32, DType.BFloat16, DType.Float16 })
        {
            double[][] runs = [.. new Device[] { Device.Cpu, CudaTest.Device }.Select(device =>
            {
                var optimizer = new OwnOptimizerTests.Three(0.1) { GlobalClipNorm = 20, WeightDecay = 0.05 };
                var parameters = Parameters(dtype, device);
                Parameter late = new("late", Tensor.Ones([300], dtype, device));
                // The late one has made fewer steps, and has other numbers.
                for (int t = 1; t <= Steps; t++) optimizer.Apply([.. parameters, .. t < 3 ? [] : new[] { late }],
                    [.. Gradients(t, dtype, device), .. t < 3 ? [] : new[] { Tensor.Ones([300], dtype, device) }]);
                return parameters.Append(late).SelectMany(p => p.Value.ToDoubles()).Concat(optimizer.State.SelectMany(s => s.Value.ToDoubles())).ToArray();
            })];
            Near(runs[0], runs[1], dtype switch { DType.Float64 => 1e-12, DType.Float32 => 1e-5, DType.BFloat16 => 8 * Math.Pow(2, -8), _ =>
                8 * Math.Pow(2, -11) });
        }
    }

    [Fact]
    public void A_rule_without_a_kernel_is_refused_with_the_way_out()
    {
        var p = new Parameter("p", Tensor.Ones([4], device: CudaTest.Device));
        string message = Assert.Throws<DeviceException>(() => new NoKernel().Apply([p], [Tensor.Ones([4], device: CudaTest.Device)])).Message;
        Assert.Contains("no_kernel", message, StringComparison.Ordinal);
        Assert.Contains("Update(ParameterStep)", message, StringComparison.Ordinal);
        Assert.All(p.Value.ToDoubles(), v => Assert.Equal(1, v));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parameters_on_several_devices_make_one_step(string name)
    {
        Device[] several = CudaDevice.Count > 1 ? [Device.Cpu, CudaTest.Device, Device.Cuda(CudaTest.Spare)] : [Device.Cpu, CudaTest.Device];
        Optimizer together = Known[name](), alone = Known[name]();
        Parameter[] spread = Parameters(DType.Float64, Device.Cpu), here = Parameters(DType.Float64, Device.Cpu);
        for (int i = 0; i < spread.Length; i++) spread[i].MoveTo(several[i % several.Length]);
        for (int t = 1; t <= Steps; t++)
        {
            var gradients = Gradients(t, DType.Float64, Device.Cpu);
            alone.Apply(here, gradients);
            together.Apply(spread, [.. gradients.Select((g, i) => g.To(spread[i].Value.Device))]);
        }
        Near([.. here.SelectMany(p => p.Value.ToDoubles())], [.. spread.SelectMany(p => p.Value.ToDoubles())], 1e-12);
        Assert.Equal(alone.State.Select(s => s.Key), together.State.Select(s => s.Key));
        Assert.All(spread.SelectMany(p => together.State.Where(s => s.Key.StartsWith($"{p.Name}/", StringComparison.Ordinal)), (p, s) =>
            (p.Value.Device, s.Value.Device)), pair => Assert.Equal(pair.Item1, pair.Item2));
    }

    private static Parameter[] Parameters(DType dtype, Device device) =>
        [.. Sizes.Select((n, i) => new Parameter($"p{i}", Values(n, dtype, e => Math.Cos(i + e)).To(device)))];

    private static Tensor[] Gradients(int step, DType dtype, Device device) =>
        [.. Sizes.Select((n, i) => Values(n, dtype, e => Math.Sin(1 + i * 0.7 + e * 0.37 + step * 1.3) + 0.1 * i).To(device))];

    // All types begin with numbers that float32 has.
    private static Tensor Values(int n, DType dtype, Func<int, double> of) =>
        Tensor.FromArray(Enumerable.Range(0, n).Select(e => (float)of(e)).ToArray()).Cast(dtype);

    private static double[] Train(string name, DType dtype, Device device)
    {
        using var use = Device.Use(device);
        using var scope = TensorScope.Begin();
        var optimizer = Known[name]();
        var parameters = Parameters(dtype, device);
        for (int t = 1; t <= Steps; t++) optimizer.Apply(parameters, Gradients(t, dtype, device));
        return [.. parameters.SelectMany(p => p.Value.ToDoubles())];
    }

    private static void Near(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
            if (!(Math.Abs(expected[i] - found[i]) <= tolerance * (1 + Math.Abs(expected[i]))))
                Assert.Fail($"element {i} is {found[i]}, on the CPU {expected[i]}");
    }

    private sealed class OwnDescent() : Optimizer(0.03)
    {
        protected override void Update(ParameterStep step) => step.Value -= step.Gradient * step.Rate;
    }

    private sealed class NoKernel() : ElementwiseOptimizer(0.1)
    {
        protected override string Kernel => "no_kernel";

        protected override void Update<T>(UpdateSpans<T> x) => x.Values.Clear();
    }
}
