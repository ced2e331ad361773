using System.Text.Json.Nodes;
using NativeDL.Tests.Cuda;

namespace NativeDL.Tests.Optimizers;

/// <summary>What every optimizer promises, alone and with all that can stand around it.</summary>
public sealed class EveryOptimizerTests
{
    private const string Around = " with averages, a look ahead, gathered gradients and groups";

    public static TheoryData<string> Cases =>
        [.. Family<Optimizer>.All.Where(r => r.Type.Assembly == typeof(Optimizer).Assembly).SelectMany(r => new[] { r.Name, r.Name + Around }),
            "adam amsgrad", "rmsprop centered"];

    private static Optimizer Make(string name)
    {
        Optimizer optimizer = name switch
        {
            "adam amsgrad" => new Adam(amsgrad: true),
            "rmsprop centered" => new RMSprop(momentum: 0.5, centered: true),
            _ => name.Replace(Around, "", StringComparison.Ordinal),
        };
        optimizer.LearningRate = new PolynomialFall();
        if (!name.EndsWith(Around, StringComparison.Ordinal)) return optimizer;
        (optimizer.GradientAccumulationSteps, optimizer.Ema, optimizer.Lookahead) = (2, 0.8, 3);
        (optimizer.WeightDecay, optimizer.GlobalClipNorm) = (0.1, 2);
        optimizer.Groups = [new NamedGroup("layer_1/*", rateFactor: 0.5, weightDecay: 0), new RankGroup(1, weightDecay: 0)];
        return optimizer;
    }

    private sealed class PolynomialFall : Schedule
    {
        public override double At(long step) => 0.05 / (1 + step);
    }

    private static Parameter[] Parameters(IReadOnlyList<Tensor>? values = null, DType dtype = DType.Float64, Device? device = null)
    {
        Shape[] shapes = [[7, 3], [3], [2, 2, 3, 4]];
        Parameter[] all = [.. shapes.Select((s, i) => new Parameter($"layer_{i}/kernel",
            values?[i] ?? Tensor.RandomNormal(s, 0, 1, DType.Float64, new RandomState((ulong)i)).Cast(dtype)))];
        foreach (var p in all) p.MoveTo(device ?? Device.Cpu);
        return all;
    }

    private static void Walk(Optimizer optimizer, Parameter[] parameters, int from, int to)
    {
        for (int step = from; step < to; step++)
            optimizer.Apply(parameters, [.. parameters.Select((p, i) =>
                Tensor.RandomNormal(p.Shape, 0, 1, DType.Float64, new RandomState((ulong)(100 * step + i))).Cast(p.DType).To(p.Value.Device))]);
    }

    private static double[] All(Parameter[] parameters, Optimizer optimizer) =>
        [.. parameters.SelectMany(p => p.Value.ToDoubles()),
            .. optimizer.State.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => s.Value.ToDoubles())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_resumed_training_equals_one_never_stopped_to_the_bit(string name)
    {
        var (whole, all) = (Make(name), Parameters());
        Walk(whole, all, 0, 9);
        for (int stop = 1; stop < 9; stop += 3)
        {
            var (first, before) = (Make(name), Parameters());
            Walk(first, before, 0, stop);
            // Through a second object that never steps, as a file saved again would be.
            var between = Make(name);
            between.Load(first.State, first.Steps);
            var (second, after) = (Make(name), Parameters([.. before.Select(p => p.Value)]));
            second.Load(between.State, between.Steps);
            Walk(second, after, stop, 9);
            Assert.Equal(All(all, whole), All(after, second));
            Assert.Equal(whole.Steps, second.Steps);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void On_a_device_it_does_the_same(string name)
    {
        var (here, a) = (Make(name), Parameters());
        var (there, b) = (Make(name), Parameters(device: CudaTest.Device));
        Walk(here, a, 0, 5);
        Walk(there, b, 0, 5);
        Training.Near(All(a, here), All(b, there), 1e-11);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float32_and_half_precision_follow_float64(string name)
    {
        foreach (var (dtype, tolerance) in new[] { (DType.Float32, 1e-4), (DType.BFloat16, 0.1) })
        {
            var (exact, a) = (Make(name), Parameters());
            var (rough, b) = (Make(name), Parameters(dtype: dtype));
            Walk(exact, a, 0, 3);
            Walk(rough, b, 0, 3);
            Assert.All(rough.State.Where(s => s.Value.DType != DType.Int64), s => Assert.Equal(DType.Float32, s.Value.DType));
            Training.Near([.. a.SelectMany(p => p.Value.ToDoubles())], [.. b.SelectMany(p => p.Value.ToDoubles())], tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_that_was_not_good_changes_nothing(string name)
    {
        var (optimizer, parameters) = (Make(name), Parameters(device: CudaTest.Device));
        Walk(optimizer, parameters, 0, 3);
        double[] before = All(parameters, optimizer);
        long steps = optimizer.Steps;
        var bad = Tensor.Zeros([], device: CudaTest.Device).Greater(0);
        for (int i = 0; i < 3; i++) optimizer.Apply(parameters, [.. parameters.Select(p => Tensor.Full(p.Shape, double.NaN, p.DType, CudaTest.Device))], bad);
        optimizer.Rewind(steps);
        Assert.Equal(before, All(parameters, optimizer));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_finds_its_way_down_a_bowl(string name)
    {
        var optimizer = Make(name);
        optimizer.LearningRate = name.StartsWith("adadelta", StringComparison.Ordinal) ? 5 : 0.05;
        var x = new Parameter("x", Tensor.FromArray(new[,] { { 1.0, -2 }, { 0.5, 3 } }));
        double first = 0, last = 0;
        for (int i = 0; i < 200; i++)
        {
            last = Training.Step(optimizer, [x], () => (x.Value * Tensor.FromArray(new[,] { { 1.0, 2 }, { 3, 0.5 } })).Square().Sum());
            if (i == 0) first = last;
        }
        Assert.InRange(last, 0, 0.7 * first);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Its_settings_are_kept(string name)
    {
        var optimizer = Make(name);
        optimizer.LearningRate = 0.25;
        string text = new ConfigurationGraph("memory").Write(optimizer).ToJsonString();
        var again = new ConfigurationGraph("memory").Read<Optimizer>(JsonNode.Parse(text)!);
        Assert.Equal(text, new ConfigurationGraph("memory").Write(again).ToJsonString());
        Assert.Equal(optimizer.ToString(), again.ToString());
        Assert.Equal(optimizer.Groups.Count, again.Groups.Count);
    }
}
