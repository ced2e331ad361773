using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Optimizers;

public sealed class OptimizerTests
{
    public static TheoryData<string> Names => ["sgd", "rmsprop", "adam", "adamw"];

    [Fact]
    public void Defaults_are_those_of_Keras()
    {
        var sgd = new SGD();
        Assert.Equal((0.01, 0.0, false), (sgd.LearningRate.At(0), sgd.Momentum, sgd.Nesterov));
        var root = new RMSprop();
        Assert.Equal((0.001, 0.9, 0.0, 1e-7), (root.LearningRate.At(0), root.Rho, root.Momentum, root.Epsilon));
        var adam = new Adam();
        Assert.Equal((0.001, 0.9, 0.999, 1e-7), (adam.LearningRate.At(0), adam.Beta1, adam.Beta2, adam.Epsilon));
        var decaying = new AdamW();
        Assert.Equal((0.001, 0.004, 0.9, 0.999, 1e-7), (decaying.LearningRate.At(0), decaying.WeightDecay, decaying.Beta1, decaying.Beta2, decaying.Epsilon));
        Assert.Null(adam.ClipValue ?? adam.ClipNorm ?? adam.GlobalClipNorm);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_makes_the_optimizer_and_trains_as_the_object_does(string name)
    {
        Optimizer byName = name,
            same = name switch { "sgd" => new SGD(0.01f), "rmsprop" => new RMSprop(1e-3f), "adam" => new Adam(1e-3f), _ => new AdamW(1e-3f) };
        Assert.Equal(name, byName.Name);
        Assert.Equal(Run(same), Run(byName));

        static float[] Run(Optimizer optimizer)
        {
            var p = new Parameter("p", Tensor.Linspace(-1, 1, 50));
            for (int i = 0; i < 10; i++) Step(optimizer, [p], () => (p.Value - 0.3).Square().Sum());
            return p.Value.ToArray<float>();
        }
    }

    [Fact]
    public void An_unknown_name_lists_the_known()
    {
        string message = Assert.Throws<InvalidInputException>(() => { Optimizer o = "adagard"; }).Message;
        Assert.Contains("'adagard'", message, StringComparison.Ordinal);
        Assert.All(Registry.Names<Optimizer>(), known => Assert.Contains(known, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<InvalidInputException>(() => new SGD(momentum: 1));
        Assert.Throws<InvalidInputException>(() => new Adam(beta1: -0.1));
        Assert.Throws<InvalidInputException>(() => new Adam(beta2: double.NaN));
        Assert.Throws<InvalidInputException>(() => new AdamW(weightDecay: -1));
        Assert.Throws<InvalidInputException>(() => new RMSprop(epsilon: double.PositiveInfinity));
        Assert.Throws<InvalidInputException>(() => new Adam(-1e-3f));
        Assert.Throws<InvalidInputException>(() => new Adam(float.NaN));
    }

    [Fact]
    public void A_frozen_parameter_keeps_its_value_to_the_bit_also_from_decay()
    {
        Parameter frozen = new("frozen", Tensor.Full([5], 0.1), trainable: false), free = new("free", Tensor.Full([5], 0.1));
        var optimizer = new AdamW();
        optimizer.Apply([frozen, free], [Tensor.Ones([5]), Tensor.Ones([5])]);
        Assert.All(frozen.Value.ToArray<float>(), v => Assert.Equal(0.1f, v));
        Assert.All(free.Value.ToArray<float>(), v => Assert.NotEqual(0.1f, v));
        Assert.DoesNotContain(optimizer.State, s => s.Key.StartsWith("frozen/", StringComparison.Ordinal));

        // Thawed, it joins.
        frozen.Trainable = true;
        optimizer.Apply([frozen, free], [Tensor.Ones([5]), Tensor.Ones([5])]);
        Assert.All(frozen.Value.ToArray<float>(), v => Assert.NotEqual(0.1f, v));
    }

    [Fact]
    public void Gradients_of_any_layout_do_the_same()
    {
        var values = Tensor.RandomNormal([40, 30], 0, 1, DType.Float32, new RandomState(5));
        Parameter plain = new("plain", values), turned = new("turned", values), spread = new("spread", values), same = new("same", values);
        var gradient = Tensor.RandomNormal([40, 30], 0, 1, DType.Float32, new RandomState(6));
        new Adam().Apply([plain, turned], [gradient, gradient.Transpose().Contiguous().Transpose()]);
        Assert.Equal(plain.Value.ToArray<float>(), turned.Value.ToArray<float>());

        // What a sum gives back is one number broadcast over the shape.
        new SGD(0.5).Apply([spread, same], [Tensor.Ones([1, 1]).BroadcastTo([40, 30]), Tensor.Ones([40, 30])]);
        Assert.Equal(same.Value.ToArray<float>(), spread.Value.ToArray<float>());
    }

    [Fact]
    public void A_gradient_that_is_a_parameter_itself_is_taken_as_it_was()
    {
        // The gradient of a·b with respect to a is b, the very tensor.
        Parameter a = new("a", Tensor.Full([100_000], 2)), b = new("b", Tensor.Full([100_000], 3));
        new SGD(1.0).Apply([b, a], [a.Value, b.Value]);
        Assert.All(a.Value.ToArray<float>(), v => Assert.Equal(-1f, v));
        Assert.All(b.Value.ToArray<float>(), v => Assert.Equal(1f, v));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Results_are_the_same_to_the_bit_for_any_number_of_threads(string name)
    {
        int before = Threads.Count;
        try
        {
            Threads.Count = 1;
            var alone = Run();
            Threads.Count = 3;
            Assert.Equal(alone, Run());
        }
        finally
        {
            Threads.Count = before;
        }

        float[] Run()
        {
            Optimizer optimizer = name switch
            {
                "sgd" => new SGD(momentum: 0.9, nesterov: true) { GlobalClipNorm = 0.5 },
                "rmsprop" => new RMSprop(momentum: 0.5) { ClipNorm = 0.5 },
                "adam" => new Adam { ClipValue = 0.5 },
                _ => new AdamW(),
            };
            var random = new RandomState(3);
            Parameter[] all = [.. new[] { 70_001, 12, 5, 16_384, 33_000 }.Select((n, i) =>
                new Parameter($"p{i}", Tensor.RandomNormal([n], 0, 1, DType.Float32, random)))];
            for (int i = 0; i < 3; i++) optimizer.Apply(all, [.. all.Select(p => Tensor.RandomNormal(p.Shape, 0, 1, DType.Float32, random))]);
            return [.. all.SelectMany(p => p.Value.ToArray<float>())];
        }
    }

    [Fact]
    public void State_is_kept_outside_of_scopes()
    {
        var p = new Parameter("p", Tensor.Zeros([4]));
        var optimizer = new Adam();
        for (int i = 0; i < 3; i++)
        {
            using var step = TensorScope.Begin();
            optimizer.Apply([p], [Tensor.Ones([4])]);
        }
        Assert.Equal(2, optimizer.State.Count);
        Assert.All(optimizer.State, s => Assert.All(s.Value.ToArray<float>(), v => Assert.NotEqual(0, v)));
    }

    [Fact]
    public void A_step_makes_no_garbage_for_its_parameters()
    {
        Parameter[] parameters = [.. Enumerable.Range(0, 200).Select(i => new Parameter($"p{i}", Tensor.Zeros([20])))];
        Tensor[] gradients = [.. parameters.Select(p => Tensor.Ones(p.Shape))];
        var optimizer = new Adam();
        for (int i = 0; i < 3; i++) optimizer.Apply(parameters, gradients);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) optimizer.Apply(parameters, gradients);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * 200);
    }

    [Fact]
    public void A_step_makes_recorded_values_stale()
    {
        var p = new Parameter("p", Tensor.Full([3], 2));
        using var tape = new GradientTape(persistent: true);
        var y = p.Value.Square().Sum();
        new SGD(0.1).Apply([p], tape.Gradient(y, [p]));
        Assert.Contains("overwritten", Assert.Throws<GradientException>(() => tape.Gradient(y, [p])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_that_do_not_fit_are_refused_and_nothing_changes()
    {
        Parameter a = new("block/a", Tensor.Ones([2, 3])), b = new("b", Tensor.Ones([4]));
        var optimizer = new Adam();
        string shape = Assert.Throws<ShapeMismatchException>(() => optimizer.Apply([b, a], [Tensor.Ones([4]), Tensor.Ones([3, 2])])).Message;
        Assert.Contains("block/a", shape, StringComparison.Ordinal);
        Assert.Contains("[3, 2]", shape, StringComparison.Ordinal);
        Assert.Contains("[2, 3]", shape, StringComparison.Ordinal);
        Assert.Throws<DTypeMismatchException>(() => optimizer.Apply([b], [Tensor.Ones([4], DType.Float64)]));
        Assert.Contains("2 parameters and 1 gradients", Assert.Throws<InvalidInputException>(() => optimizer.Apply([a, b], [Tensor.Ones([2, 3])])).Message,
            StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<InvalidInputException>(() => optimizer.Apply([b, b], [Tensor.Ones([4]), Tensor.Ones([4])])).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, optimizer.Steps);
        Assert.All(b.Value.ToArray<float>(), v => Assert.Equal(1f, v));
    }

    [Fact]
    public void A_rate_that_is_not_finite_is_refused()
    {
        var p = new Parameter("p", Tensor.Ones([4]));
        Assert.Throws<InvalidInputException>(() => new SGD(new Broken()).Apply([p], [Tensor.Ones([4])]));
        Assert.All(p.Value.ToArray<float>(), v => Assert.Equal(1f, v));
    }

    private sealed class Broken : Schedule
    {
        public override double At(long step) => double.NaN;
    }

    [Fact]
    public void An_empty_parameter_and_an_empty_list_are_borne()
    {
        var empty = new Parameter("empty", Tensor.Zeros([0, 3]));
        var optimizer = new Adam { GlobalClipNorm = 1 };
        optimizer.Apply([empty], [Tensor.Zeros([0, 3])]);
        optimizer.Apply([], []);
        Assert.Equal(2, optimizer.Steps);
    }

    [Fact]
    public void Adam_lets_moments_whose_gradients_have_ended_become_0()
    {
        var p = new Parameter("p", Tensor.Zeros([9]));
        var optimizer = new Adam(1e-3, beta2: 0.5);
        optimizer.Apply([p], [Tensor.FromArray([1f, -1f, 1e-3f, 1e-9f, -1e-16f, 1e-20f, 1e-40f, 0f, 30f])]);
        for (int i = 0; i < 900; i++)
        {
            optimizer.Apply([p], [Tensor.Zeros([9])]);
            foreach (var (_, slot) in optimizer.State) Assert.DoesNotContain(slot.ToArray<float>(), v => float.IsSubnormal(v));
        }
        Assert.Equal(2, optimizer.State.Count);
        foreach (var (_, slot) in optimizer.State) Assert.All(slot.ToArray<float>(), v => Assert.Equal(0f, v));
    }

    [Fact]
    public void An_optimizer_of_ones_own()
    {
        Optimizer optimizer = "test.signed";
        var p = new Parameter("p", Tensor.Zeros([3]));
        for (int i = 0; i < 2; i++) optimizer.Apply([p], [Tensor.FromArray([5f, -0.1f, 0f])]);
        Near([-0.2, 0.2, 0], p.Value.ToDoubles(), 1e-6);
        Assert.Equal("p/count", Assert.Single(optimizer.State).Key);
        Assert.All(optimizer.State[0].Value.ToArray<float>(), v => Assert.Equal(2f, v));
    }

    [Registered("test.signed")]
    internal sealed class Signed() : Optimizer(0.1)
    {
        protected override IReadOnlyList<string> SlotNames => ["count"];

        protected override void Update(ParameterStep step)
        {
            step.Value -= step.Gradient.Sign() * step.Rate;
            step["count"] += 1;
        }
    }
}
