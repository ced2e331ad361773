using NativeDL.Layers;

namespace NativeDL.Tests.Randomness;

/// <summary>What a model draws is decided when it is made, whatever else the process does.</summary>
[Collection(nameof(Alone))] // the default source of all is seeded
public sealed class OwnStreamTests
{
    private const int Models = 4;

    private static readonly Tensor X = Tensor.RandomNormal([24, 5], random: new RandomState(1)), Y = Tensor.RandomNormal([24, 2], random: new RandomState(2));

    private static Sequential Net() => new() { new Dense(6, "tanh"), new Dropout(0.3), new BatchNormalization(), new Dense(2) };

    private static float[] Values(Model model) => [.. model.Parameters.SelectMany(p => p.Value.ToArray<float>())];

    // Every source of randomness with nothing named, and a data set that all share.
    private static readonly Batches Shared = new Dataset(X, Y).Shuffle().Batch(8)
        .Map((batch, random) => batch with { X = batch.X + Tensor.RandomNormal(batch.X.Shape, 0, 0.1, random: random) })
        .Map(batch => batch with { X = batch.X.Dropout(0.1) }).Prefetch(2);

    private static void Train(Model model, string how)
    {
        var optimizer = new Adam(0.01);
        if (how != "own loop") model.Compile(optimizer, "mse");
        if (how == "fit") model.Fit(X, Y, epochs: 2, batchSize: 8);
        else if (how == "fit on batches") model.Fit(Shared, epochs: 2);
        else for (int i = 0; i < 6; i++)
        {
            Tensor x = X.Narrow(0, 4 * i, 4), y = Y.Narrow(0, 4 * i, 4);
            if (how == "a batch") model.TrainOnBatch(x, y);
            else
            {
                using var tape = new GradientTape();
                var loss = (model.Call(x, training: true) - y).Square().Mean();
                optimizer.Apply(model.TrainableParameters, tape.Gradient(loss, model.TrainableParameters));
            }
        }
    }

    private static void Together(int count, Action<int> act)
    {
        var errors = new List<Exception>();
        using var start = new Barrier(count);
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                act(i);
            }
            catch (Exception e)
            {
                lock (errors) errors.Add(e);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Empty(errors);
    }

    private static Model[] Made()
    {
        RandomState.SetSeed(3);
        return [.. Enumerable.Range(0, Models).Select(_ => (Model)Net())];
    }

    [Theory]
    [InlineData("fit")]
    [InlineData("fit on batches")]
    [InlineData("a batch")]
    [InlineData("own loop")]
    public void Models_on_several_threads_train_to_the_bits_that_they_train_to_alone(string how)
    {
        var alone = Made();
        foreach (var model in alone) Train(model, how);
        float[][] expected = [.. alone.Select(Values)];
        Assert.Equal(Models, expected.Select(v => v[0]).Distinct().Count());
        for (int round = 0; round < 50; round++)
        {
            var models = Made();
            Together(Models + 1, i =>
            {
                if (i < Models) Train(models[i], how);
                else for (int n = 0; n < 100; n++) _ = Tensor.RandomNormal([10]); // what has nothing to do with them
            });
            for (int i = 0; i < Models; i++) Assert.Equal(expected[i], Values(models[i]));
        }
    }

    [Fact]
    public void Threads_that_make_their_models_themselves_seed_them_by_Use()
    {
        float[] Alone(int seed)
        {
            using var use = RandomState.Use(seed);
            var model = Net();
            Train(model, "fit on batches");
            return [.. Values(model), (float)Tensor.RandomNormal([]).Item()];
        }
        float[][] expected = [.. Enumerable.Range(0, Models).Select(Alone)];
        for (int round = 0; round < 10; round++)
        {
            var found = new float[Models][];
            Together(Models, i => found[i] = Alone(i));
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void First_values_do_not_depend_on_when_they_are_made()
    {
        float[] First(Action<Model> make)
        {
            RandomState.SetSeed(5);
            var model = Net();
            _ = RandomState.Default.NextDouble();
            make(model);
            return model.Parameters[0].Value.ToArray<float>();
        }
        float[] built = First(m => m.Build(1, 5));
        Assert.Equal(built, First(m => m.Predict(X)));
        Assert.Equal(built, First(m => m.Call(X, training: true)));
        Assert.Equal(built, First(m =>
        {
            m.Compile(new SGD(0), "mse");
            m.Fit(X, Y, random: 99);
        }));
        Assert.NotEqual(built, First(m => { RandomState.SetSeed(6); Net(); var other = Net(); other.Build(1, 5); m.CopyFrom(other); }));
    }

    [Fact]
    public void Saving_loading_and_checking_draw_nothing()
    {
        using var folder = new TemporaryFolder();
        RandomState.SetSeed(5);
        var model = Net();
        Train(model, "fit");
        var (ofAll, own) = (RandomState.Default.State, model.OwnRandom.State);
        Assert.NotEqual(0ul, own.Position);
        model.Save(folder.File("model.ndl"));
        var loaded = Model.Load(folder.File("model.ndl"));
        Assert.True(model.CheckGradients(X[..8].Cast(DType.Float64), training: true).Passed);
        Assert.Throws<NumericException>(() => new Sequential { model, new Dense(2) } is var bad && Compile(bad) && bad.TrainOnBatch(X / 0, Y) > 0);
        Assert.Equal(own, model.OwnRandom.State);
        Assert.Equal(ofAll with { Forks = ofAll.Forks + 1 }, RandomState.Default.State); // the model that was made here
        Assert.Equal(own, loaded.OwnRandom.State);

        static bool Compile(Model model)
        {
            model.Compile("sgd", "mse");
            return true;
        }
    }

    [Fact]
    public void Maps_draw_the_same_prefetched_or_not()
    {
        float[] Pass(Batches batches)
        {
            using var use = RandomState.Use(4);
            return [.. batches.SelectMany(b =>
            {
                _ = RandomState.Default.NextDouble();
                return b.X.ToArray<float>();
            })];
        }
        var mapped = new Dataset(X, Y).Batch(8).Map(b => b with { X = b.X.Dropout(0.5) });
        Assert.Equal(Pass(mapped), Pass(mapped.Prefetch(3)));
    }

    [Fact]
    public void A_source_in_use_is_that_of_its_flow_alone()
    {
        var before = RandomState.Default;
        using (RandomState.Use(7))
        {
            var used = RandomState.Default;
            Together(1, _ => Assert.Same(used, RandomState.Default));
            using (RandomState.Use(8)) Assert.NotSame(used, RandomState.Default);
            Assert.Equal(new RandomState(7).NextDouble(), RandomState.Default.NextDouble());
            RandomState.SetSeed(9);
            Assert.Equal(new RandomState(9).NextDouble(), RandomState.Default.NextDouble());
        }
        Assert.Same(before, RandomState.Default);
        Assert.Throws<ArgumentNullException>(() => RandomState.Use(null!));
    }

    [Fact]
    public void A_fork_leaves_the_numbers_of_its_source_as_they_are()
    {
        RandomState forked = new(3), not = new(3);
        var (first, second) = (forked.Fork(), forked.Fork());
        Assert.Equal(not.NextDouble(), forked.NextDouble());
        Assert.NotEqual(first.NextDouble(), second.NextDouble());
        Assert.Equal(new RandomState(forked.State).Fork().State, forked.Fork().State);
    }
}
