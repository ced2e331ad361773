using System.Numerics;
using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Optimizers;

/// <summary>Optimizers of one's own, by tensor operations and by elements; their slots, and the steps of each parameter.</summary>
public sealed class OwnOptimizerTests
{
    public static TheoryData<DType> Types => [DType.Float32, DType.Float64, DType.BFloat16, DType.Float16];

    // Sizes around a vector, a block of copies and a unit of work.
    private static readonly int[] Sizes = [1, 7, 8, 1000, 1024, 1025, 0, 40_000];

    private static Parameter[] Parameters(DType dtype) =>
        [.. Sizes.Select((n, i) => new Parameter($"p{i}", Tensor.RandomNormal([n], dtype: dtype, random: new RandomState((ulong)i))))];

    private static Tensor[] Gradients(Parameter[] parameters, int step) =>
        [.. parameters.Select((p, i) => Tensor.RandomNormal(p.Shape, dtype: p.DType, random: new RandomState((ulong)(100 * step + i))))];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_rule_of_three_slots_is_the_same_by_elements_and_by_tensors(DType dtype)
    {
        foreach (var set in new Action<Optimizer>[] { _ => { }, o => o.ClipValue = 0.5, o => o.ClipNorm = 2, o => o.GlobalClipNorm = 3, o =>
            o.WeightDecay = 0.1 })
        {
            Optimizer elements = new Three(0.1), tensors = new ThreeByTensors(0.1);
            set(elements);
            set(tensors);
            Parameter[] a = Parameters(dtype), b = Parameters(dtype);
            for (int step = 0; step < 3; step++)
            {
                elements.Apply(a, Gradients(a, step));
                tensors.Apply(b, Gradients(b, step));
            }
            for (int i = 0; i < a.Length; i++) Assert.Equal(b[i].Value.ToDoubles(), a[i].Value.ToDoubles());
            Assert.Equal(3 * a.Length, elements.State.Count);
            Assert.Equal(tensors.State.Select(s => (s.Key, s.Value.DType)), elements.State.Select(s => (s.Key, s.Value.DType)));
            Assert.All(elements.State.Zip(tensors.State), pair => Assert.Equal(pair.Second.Value.ToDoubles(), pair.First.Value.ToDoubles()));
            Assert.All(elements.State, slot => Assert.Equal(dtype.ComputeType(), slot.Value.DType));
        }
    }

    [Fact]
    public void Each_parameter_counts_its_own_steps()
    {
        Parameter early = new("early", Tensor.Zeros([3])), late = new("late", Tensor.Zeros([3])), fresh = new("late", Tensor.Zeros([3]));
        Tensor g = Tensor.Of(1, -2, 3);
        var optimizer = new Adam(0.1);
        optimizer.Apply([early], [g]);
        optimizer.Apply([early], [g]);
        optimizer.Apply([early, late], [g, g]);
        Assert.Equal(3, optimizer.Steps);
        // The late one's first step is any parameter's first step.
        new Adam(0.1).Apply([fresh], [g]);
        Assert.Equal(fresh.Value.ToArray<float>(), late.Value.ToArray<float>());
        Assert.Equal(["early/momentum", "early/velocity", "late/momentum", "late/velocity", "late/step"], optimizer.State.Select(s => s.Key));
        Assert.Equal(1, optimizer.State[^1].Value.Item());
        Assert.Equal(DType.Int64, optimizer.State[^1].Value.DType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_resumption_keeps_the_steps_of_each_parameter_to_the_bit(bool byTensors)
    {
        Optimizer Make() => byTensors ? new ThreeByTensors(0.1) : new Three(0.1);
        Optimizer whole = Make(), first = Make(), between = Make(), second = Make();
        Parameter[] a = Parameters(DType.Float32), b = Parameters(DType.Float32);
        Walk(whole, a, 0, 7);
        Walk(first, b, 0, 4);
        between.Load(first.State, first.Steps);
        // Only some are seen before the state is kept again.
        Walk(between, b[..2], 4, 5);
        Walk(whole, a[..0], 5, 5);
        second.Load(between.State, between.Steps);
        Parameter[] c = [.. b.Select(p => new Parameter(p.Name, p.Value))];
        Assert.Equal(5, second.Steps);
        Assert.Equal(between.State.Select(s => s.Key).Order(), second.State.Select(s => s.Key).Order());

        // The same, uninterrupted.
        var straight = Make();
        var d = Parameters(DType.Float32);
        Walk(straight, d, 0, 4);
        Walk(straight, d[..2], 4, 5);
        Walk(straight, d, 5, 7);
        Walk(second, c, 5, 7);
        for (int i = 0; i < c.Length; i++) Assert.Equal(d[i].Value.ToArray<float>(), c[i].Value.ToArray<float>());
        Assert.Equal(straight.State.Where(s => s.Key.EndsWith("/step", StringComparison.Ordinal)).Select(s => (s.Key, s.Value.Item())).Order(),
            second.State.Where(s => s.Key.EndsWith("/step", StringComparison.Ordinal)).Select(s => (s.Key, s.Value.Item())).Order());

        static void Walk(Optimizer optimizer, Parameter[] parameters, int from, int to)
        {
            for (int step = from; step < to; step++) optimizer.Apply(parameters, Gradients(parameters, step));
        }
    }

    [Fact]
    public void Weight_decay_is_every_optimizers_and_that_of_AdamW()
    {
        Parameter[] a = Parameters(DType.Float64), b = Parameters(DType.Float64);
        Optimizer plain = new Adam(0.1) { WeightDecay = 0.02 }, named = new AdamW(0.1, 0.02);
        Parameter p = new("p", Tensor.Of(1, -2).Cast(DType.Float64));
        for (int step = 0; step < 3; step++)
        {
            plain.Apply(a, Gradients(a, step));
            named.Apply(b, Gradients(b, step));
        }
        for (int i = 0; i < a.Length; i++) Assert.Equal(a[i].Value.ToDoubles(), b[i].Value.ToDoubles());
        // p ← (1 − η·λ)·p − η·g
        new SGD(0.5) { WeightDecay = 0.1 }.Apply([p], [Tensor.Of(1, 1).Cast(DType.Float64)]);
        Near([0.95 - 0.5, -1.9 - 0.5], p.Value.ToDoubles(), 1e-15);
        Assert.Equal("SGD { WeightDecay = 0.1 }", new SGD { WeightDecay = 0.1 }.ToString());
        Assert.Equal("AdamW(weightDecay: 0.02)", new AdamW(weightDecay: 0.02).ToString());
        Assert.Contains("weightDecay", Assert.Throws<InvalidInputException>(() => new SGD { WeightDecay = -1 }).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => new SGD { WeightDecay = double.NaN });
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var p = new Parameter("p", Tensor.Zeros([3]));
        Tensor[] g = [Tensor.Ones([3])];
        Assert.Contains("'b'", Assert.Throws<InvalidInputException>(() => new Own(["a"], s => s["b"] += 1).Apply([p], g)).Message, StringComparison.Ordinal);
        Assert.Contains("one of first", Assert.Throws<InvalidInputException>(() => new Own(["first"], s => s["b"] += 1).Apply([p], g)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => new Own([], s => s.Value = Tensor.Zeros([4])).Apply([p], g));
        Assert.Throws<DTypeMismatchException>(() => new Own([], s => s.Value = Tensor.Zeros([3], DType.Float64)).Apply([p], g));
        Assert.Throws<ArgumentNullException>(() => new Own([], s => s.Value = null!).Apply([p], g));
        Assert.Throws<ShapeMismatchException>(() => new Own(["a"], s => s["a"] = Tensor.Zeros([4])).Apply([p], g));
        Assert.Throws<InvalidInputException>(() => new Own(["a", "a"], _ => { }).Apply([p], g));
        Assert.Contains("'step'", Assert.Throws<InvalidInputException>(() => new Own(["step"], _ => { }).Apply([p], g)).Message, StringComparison.Ordinal);
        Assert.Contains("ElementwiseOptimizer", Assert.Throws<InvalidInputException>(() => new Nothing().Apply([p], g)).Message, StringComparison.Ordinal);
        Assert.All(p.Value.ToArray<float>(), v => Assert.Equal(0, v));
    }

    /// <summary>Three running means, the slowest of which is followed; the numbers depend on the parameter's step.</summary>
    internal sealed class Three(double rate) : ElementwiseOptimizer(rate)
    {
        protected override IReadOnlyList<string> SlotNames { get; } = ["fast", "slow", "square"];

        protected override string Kernel => "test_three";

        protected override double[] Numbers(double rate, long step) => [rate / step, 0.5, 0.25];

        protected override void Update<T>(UpdateSpans<T> x)
        {
            Vector<T> rate = x.Number(0), half = x.Number(1), quarter = x.Number(2);
            Span<Vector<T>> p = x.Values, fast = x.Slot(0), slow = x.Slot(1), square = x.Slot(2);
            for (int i = 0; i < p.Length; i++)
            {
                fast[i] = half * fast[i] + x.Gradients[i];
                slow[i] += quarter * fast[i];
                square[i] += fast[i] * fast[i];
                p[i] -= rate * slow[i] / (square[i] + half);
            }
        }
    }

    /// <summary>The same in tensor operations.</summary>
    internal sealed class ThreeByTensors(double rate) : Optimizer(rate)
    {
        protected override IReadOnlyList<string> SlotNames { get; } = ["fast", "slow", "square"];

        protected override void Update(ParameterStep step)
        {
            step["fast"] = 0.5 * step["fast"] + step.Gradient;
            step["slow"] += 0.25 * step["fast"];
            step["square"] += step["fast"] * step["fast"];
            step.Value -= step.Rate / step.Number * step["slow"] / (step["square"] + 0.5);
        }
    }

    private sealed class Own(string[] names, Action<ParameterStep> rule) : Optimizer(0.1)
    {
        protected override IReadOnlyList<string> SlotNames => names;

        protected override void Update(ParameterStep step) => rule(step);
    }

    private sealed class Nothing() : Optimizer(0.1);
}
