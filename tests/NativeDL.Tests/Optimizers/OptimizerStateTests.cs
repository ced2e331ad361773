namespace NativeDL.Tests.Optimizers;

public sealed class OptimizerStateTests
{
    public static TheoryData<string> Cases => ["sgd", "sgd momentum", "rmsprop", "rmsprop momentum", "adam", "adamw"];

    private static Optimizer Make(string name)
    {
        var rate = new CosineDecay(0, 15, warmupTarget: 0.01, warmupSteps: 5);
        return name switch
        {
            "sgd" => new SGD(rate),
            "sgd momentum" => new SGD(rate, 0.9, nesterov: true),
            "rmsprop" => new RMSprop(rate),
            "rmsprop momentum" => new RMSprop(rate, momentum: 0.9),
            "adam" => new Adam(rate),
            _ => new AdamW(rate),
        };
    }

    private static Parameter[] Parameters(IReadOnlyList<Tensor>? values = null) =>
        [.. Enumerable.Range(0, 3)
            .Select(i => new Parameter($"layer_{i}/kernel", values?[i] ?? Tensor.RandomNormal([7, i + 2], 0, 1, DType.Float32, new RandomState((ulong)i))))];

    private static Tensor[] Gradients(Parameter[] parameters, int step) =>
        [.. parameters.Select((p, i) => Tensor.RandomNormal(p.Shape, 0, 1, DType.Float32, new RandomState((ulong)(100 * step + i))))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_resumed_training_equals_one_never_stopped_to_the_bit(string name)
    {
        var (whole, all) = (Make(name), Parameters());
        for (int step = 0; step < 10; step++) whole.Apply(all, Gradients(all, step));

        var (first, before) = (Make(name), Parameters());
        for (int step = 0; step < 4; step++) first.Apply(before, Gradients(before, step));
        // Through a second object that never steps, as a file saved again would be.
        var between = Make(name);
        between.Load(first.State, first.Steps);
        var (second, after) = (Make(name), Parameters([.. before.Select(p => p.Value)]));
        second.Load(between.State, between.Steps);
        for (int step = 4; step < 10; step++) second.Apply(after, Gradients(after, step));

        Assert.Equal(10, second.Steps);
        for (int i = 0; i < all.Length; i++) Assert.Equal(all[i].Value.ToArray<float>(), after[i].Value.ToArray<float>());
        Assert.Equal(whole.State.Select(s => s.Key).Order(), second.State.Select(s => s.Key).Order());
    }

    [Fact]
    public void State_is_named_by_parameter_and_slot()
    {
        var (optimizer, parameters) = (new Adam(), Parameters());
        Assert.Empty(optimizer.State);
        optimizer.Apply(parameters, Gradients(parameters, 0));
        Assert.Equal(["layer_0/kernel/momentum", "layer_0/kernel/velocity"], optimizer.State.Take(2).Select(s => s.Key));
        Assert.Equal(6, optimizer.State.Count);
    }

    [Fact]
    public void A_loaded_state_is_a_copy()
    {
        var (first, a) = (new SGD(0.1, 0.9), Parameters());
        first.Apply(a, Gradients(a, 0));
        var second = new SGD(0.1, 0.9);
        second.Load(first.State, first.Steps);
        var kept = second.State[0].Value.ToArray<float>();
        first.Apply(a, Gradients(a, 1));
        Assert.Equal(kept, second.State[0].Value.ToArray<float>());
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused()
    {
        var optimizer = new SGD(0.1, 0.9);
        optimizer.Load([KeyValuePair.Create("p/momentum", Tensor.Zeros([2, 5]))], 3);
        string message = Assert.Throws<ShapeMismatchException>(() => optimizer.Apply([new Parameter("p", Tensor.Zeros([5, 2]))], [Tensor.Zeros([5, 2])]))
            .Message;
        Assert.Contains("[2, 5]", message, StringComparison.Ordinal);
        Assert.Contains("[5, 2]", message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => optimizer.Load([], -1));
        Assert.Throws<InvalidInputException>(() =>
            optimizer.Load([KeyValuePair.Create("a", Tensor.Zeros([1])), KeyValuePair.Create("a", Tensor.Zeros([1]))], 1));
    }

    [Fact]
    public void Two_parameters_of_one_name_train_but_have_no_state_to_save()
    {
        Parameter a = new("w", Tensor.Zeros([2])), b = new("w", Tensor.Zeros([3]));
        var optimizer = new Adam();
        optimizer.Apply([a, b], [Tensor.Ones([2]), Tensor.Ones([3])]);
        Assert.Contains("'w/momentum'", Assert.Throws<InvalidInputException>(() => optimizer.State).Message, StringComparison.Ordinal);
    }
}
