namespace NativeDL.Tests.Names;

public sealed class RegistryTests
{
    [Fact]
    public void Every_name_makes_its_thing_in_any_case()
    {
        Check<Loss>();
        Check<Metric>();
        Check<Optimizer>();
        Check<Activation>();
        Check<Initializer>();
        Check<Regularizer>();
        Check<Constraint>();

        static void Check<T>() where T : class
        {
            var names = Registry.Names<T>();
            Assert.NotEmpty(names);
            Assert.All(names, name =>
            {
                var thing = Registry.Create<T>(name);
                Assert.Same(thing.GetType(), Registry.Create<T>(name.ToUpperInvariant()).GetType());
            });
        }
    }

    [Fact]
    public void An_unknown_name_lists_the_known_in_order()
    {
        string message = Assert.Throws<InvalidInputException>(() => Registry.Create<Constraint>("plum")).Message;
        Assert.Contains("'plum'", message, StringComparison.Ordinal);
        // Other tests enter constraints of their own beside the built-in ones.
        string[] known = message[(message.IndexOf("one of ", StringComparison.Ordinal) + "one of ".Length)..].TrimEnd('.').Split(", ");
        Assert.Equal(known.Order(StringComparer.Ordinal), known);
        Assert.Superset(new HashSet<string> { "max_norm", "min_max_norm", "non_neg", "unit_norm" }, known.ToHashSet());
    }

    [Fact]
    public void Names_are_those_of_Keras_and_the_short_ones()
    {
        Assert.Equal("mean_squared_error", ((Loss)"mse").Name);
        Assert.Equal("mean_squared_error", ((Metric)"MeanSquaredError").Name);
        Assert.Equal("rmsprop", ((Optimizer)"RMSprop").Name);
        Assert.Equal("glorot_uniform", ((Initializer)"xavier_uniform").Name);
        Assert.Equal("silu", ((Activation)"swish").Name);
        Assert.Equal("non_neg", ((Constraint)"non_neg").Name);
    }

    [Fact]
    public void Settings_may_stand_in_the_name()
    {
        Assert.Equal(0.1, Assert.IsType<NativeDL.Activations.LeakyRelu>((Activation)"leaky_relu(0.1)").NegativeSlope);
        Assert.True(Assert.IsType<NativeDL.Activations.Gelu>((Activation)"gelu(true)").Approximate);
        var scaling = Assert.IsType<NativeDL.Initializers.VarianceScaling>((Initializer)"variance_scaling(2, fan_out, uniform)");
        Assert.Equal((2.0, "FanOut", "Uniform"), (scaling.Scale, $"{scaling.Mode}", $"{scaling.Distribution}"));
        foreach (string wrong in new[] { "leaky_relu()", "leaky_relu(0.1", "leaky_relu(a)", "leaky_relu(1,2)", "relu(1)", "variance_scaling(1, fan, uniform)" })
            Assert.Throws<InvalidInputException>(() => wrong[0] == 'v' ? (object)(Initializer)wrong : (Activation)wrong);
    }

    [Fact]
    public void A_taken_name_and_a_second_name_of_a_class_are_refused()
    {
        string taken = Assert.Throws<InvalidInputException>(() => Registry.Add<Constraint, Own>("NonNeg", (_, _) => { }, _ => new Own())).Message;
        Assert.Contains("'NonNeg' is taken", taken, StringComparison.Ordinal);
        Registry.Add<Constraint, Own>("test.own_constraint", (_, _) => { }, _ => new Own());
        Assert.Contains("registered already", Assert.Throws<InvalidInputException>(() => Registry.Add<Constraint,
            Own>("test.other", (_, _) => { }, _ => new Own())).Message, StringComparison.Ordinal);
        Assert.IsType<Own>((Constraint)"test.own_constraint");
        Assert.Throws<ArgumentException>(() => Registry.Add<Constraint, Own>("", (_, _) => { }, _ => new Own()));
        Assert.Throws<ArgumentNullException>(() => Registry.Add<Constraint, Own>("test.another", null!, _ => new Own()));
    }

    [Fact]
    public void An_announced_class_whose_name_is_taken_is_refused_alone()
    {
        Registry.Announce<Constraint>(() =>
        {
            Registry.Add<Constraint, Taken>("non_neg", (_, _) => { }, _ => new Taken());
            Registry.Add<Constraint, Sound>("test.sound", (_, _) => { }, _ => new Sound());
        });
        Assert.IsType<Sound>((Constraint)"test.sound");
        Assert.IsNotType<Taken>((Constraint)"non_neg");
        Assert.Contains("test.sound", Registry.Names<Constraint>());
        using var folder = new TemporaryFolder();
        new Sequential { new NativeDL.Layers.Dense(2, kernelConstraint: new Sound()) }.Save(folder.File("sound.ndl"));
        // Whoever uses the class is told, each time anew.
        for (int i = 0; i < 2; i++)
        {
            string said = Assert.Throws<InvalidInputException>(() =>
                new Sequential { new NativeDL.Layers.Dense(2, kernelConstraint: new Taken()) }.Save(folder.File("taken.ndl"))).Message;
            Assert.StartsWith("Registry: the constraint name 'non_neg' is taken. Got ", said, StringComparison.Ordinal);
            Assert.Contains("with a dot", said, StringComparison.Ordinal);
            Assert.False(File.Exists(folder.File("taken.ndl")));
        }
    }

    private sealed class Taken : Constraint
    {
        public override Tensor Call(Tensor parameter) => parameter;
    }

    private sealed class Sound : Constraint
    {
        public override Tensor Call(Tensor parameter) => parameter;
    }

    private sealed class Own : Constraint
    {
        public override Tensor Call(Tensor parameter) => parameter;
    }

    [Fact]
    public void Things_print_as_what_has_to_be_written_for_them()
    {
        Assert.Equal("relu", $"{Activation.Relu}");
        Assert.Equal("leaky_relu(0.1)", $"{new NativeDL.Activations.LeakyRelu(0.1)}");
        Assert.Equal("l2(0.5)", $"{Regularizer.L2(0.5)}");
        Assert.Equal("random_normal(0,0.02)", $"{Initializer.RandomNormal(stddev: 0.02)}");
        Assert.Equal("he_normal", $"{Initializer.HeNormal()}");
        Assert.Equal("ExponentialDecay(0.1, 100, 0.5, true)", $"{new ExponentialDecay(0.1, 100, 0.5, staircase: true)}");
        Assert.Equal("CosineDecay(0.1, 100)", $"{new CosineDecay(0.1, 100)}");
    }
}
