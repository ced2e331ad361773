using System.Text.Json.Nodes;
using NativeDL.Formats;
using NativeDL.Layers;

namespace NativeDL.Tests.Models;

/// <summary>They seed and watch the one default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class SaveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("model.ndl");

    public void Dispose() => folder.Dispose();

    private static Tensor Rows(int count, int width, ulong seed = 1) => Tensor.RandomNormal([count, width], random: new RandomState(seed));

    private static Sequential Small() => new() { new Dense(5, "tanh"), new BatchNormalization(), new Dense(2) };

    private static Sequential Trained(int epochs = 2)
    {
        RandomState.SetSeed(3);
        var model = Small();
        model.Compile(new Adam(0.01), "mse");
        model.Fit(Rows(40, 4), Rows(40, 2, 2), epochs: epochs, random: new RandomState(5));
        return model;
    }

    [Fact]
    public void A_loaded_model_predicts_the_same_bits()
    {
        var model = Trained();
        model.Save(Path);
        var x = Rows(7, 4, 9);
        Assert.Equal(model.Predict(x).ToArray<float>(), Model.Load(Path).Predict(x).ToArray<float>());
    }

    [Fact]
    public void Loading_draws_no_random_numbers()
    {
        Trained().Save(Path);
        RandomState.SetSeed(8);
        var before = RandomState.Default.State;
        Model.Load(Path);
        Assert.Equal(before, RandomState.Default.State);
    }

    [Fact]
    public void A_resumed_training_equals_one_never_stopped_to_the_bit()
    {
        var (x, y) = (Rows(40, 4), Rows(40, 2, 2));
        RandomState.SetSeed(3);
        var (order, model) = (new RandomState(5), Small());
        model.Compile(new Adam(0.01), "mse");
        model.Fit(x, y, epochs: 2, random: order, callbacks: [new ModelCheckpoint(folder.File("{epoch}.ndl"))]);
        var orderThen = order.State;
        model.Fit(x, y, epochs: 4, initialEpoch: 2, random: order);

        RandomState.SetSeed(77);
        var again = Small();
        again.Build(1, 4);
        again.Compile(new Adam(0.01), "mse");
        int done = again.Resume(folder.File("2.ndl"));
        Assert.Equal(2, done);
        again.Fit(x, y, epochs: 4, initialEpoch: done, random: new RandomState(1) { State = orderThen });
        Assert.Equal(model.Predict(x).ToArray<float>(), again.Predict(x).ToArray<float>());
    }

    [Fact]
    public void A_layer_used_twice_is_one_layer_again()
    {
        var shared = new Dense(4, "tanh");
        var model = new Sequential { shared, new Dense(4), shared };
        model.Build(1, 4);
        model.Save(Path);
        var loaded = Model.Load(Path);
        Assert.Same(loaded.Layers[0], loaded.Layers[2]);
        Assert.Equal(model.NamedParameters.Select(p => p.Key), loaded.NamedParameters.Select(p => p.Key));
        var x = Rows(3, 4);
        Assert.Equal(model.Predict(x).ToArray<float>(), loaded.Predict(x).ToArray<float>());
    }

    [Fact]
    public void A_model_that_was_never_called_is_saved_as_it_is()
    {
        Small().Save(Path);
        var loaded = Model.Load(Path);
        Assert.Empty(loaded.Parameters);
        Assert.Equal([7, 2], loaded.Predict(Rows(7, 9)).Shape);
    }

    [Fact]
    public void Weights_of_another_model_are_refused_and_change_nothing()
    {
        Trained().SaveWeights(folder.File("w.safetensors"));
        var other = new Sequential { new Dense(5, "tanh"), new Dense(2) };
        other.Build(1, 4);
        var before = other.Parameters.Select(p => p.Value.ToArray<float>()).ToList();
        var error = Assert.Throws<ModelFormatException>(() => other.LoadWeights(folder.File("w.safetensors")));
        Assert.Contains("batch_normalization/gamma", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, other.Parameters.Select(p => p.Value.ToArray<float>()));

        var same = Small();
        same.Build(1, 4);
        same.LoadWeights(folder.File("w.safetensors"));
        Assert.Equal(Trained().Predict(Rows(3, 4)).ToArray<float>(), same.Predict(Rows(3, 4)).ToArray<float>());
    }

    public static TheoryData<string, string> DamagedStates => new()
    {
        { NdlFile.State, "{}" },
        { NdlFile.State, """{"epoch":-7,"steps":0,"seed":1,"position":0}""" },
        { NdlFile.State, """{"epoch":1,"steps":-1,"seed":1,"position":0}""" },
        { NdlFile.State, """{"epoch":1,"epoch":2,"steps":1,"seed":1,"position":0}""" },
        { NdlFile.State, """{"epoch":1,"steps":1,"seed":1,"position":0,"optimizer":"sgd"}""" },
        { NdlFile.State, "[]" },
    };

    [Theory]
    [MemberData(nameof(DamagedStates))]
    public void A_resumption_that_fails_changes_nothing(string entry, string text)
    {
        Trained().Save(Path, 2);
        Replace(Path, entry, text);
        var model = Trained(epochs: 1);
        var weights = model.Parameters.Select(p => p.Value.ToArray<float>()).ToList();
        var (steps, random) = (model.Optimizer!.Steps, RandomState.Default.State);
        Assert.Throws<ModelFormatException>(() => model.Resume(Path));
        Assert.Equal(weights, model.Parameters.Select(p => p.Value.ToArray<float>()));
        Assert.Equal(steps, model.Optimizer.Steps);
        Assert.Equal(random, RandomState.Default.State);
    }

    [Fact]
    public void The_optimizers_state_of_another_model_is_refused()
    {
        Trained().Save(Path);
        var other = new Sequential { new Dense(5, "tanh"), new BatchNormalization(), new Dense(3) };
        other.Compile(new Adam(0.01), "mse");
        other.Build(1, 4);
        Assert.Throws<ModelFormatException>(() => other.Resume(Path));
    }

    public static TheoryData<string, string> HostileModels => new()
    {
        { "\"units\":5", "\"units\":50000000" },
        { "\"input\":[1,4]", "\"input\":[30000000,4]" },
        { "\"input\":[1,4]", "\"input\":[1,2000000000,2000000000,2000000000]" },
        { "\"input\":[1,4]", "\"input\":[1,1073741824,1073741824,4]" },
        { "\"input\":[1,4]", "\"input\":[1,-4]" },
        { "\"input\":[1,4]", "\"input\":[1,0,2147483647,2147483647,2147483647]" },
        { "\"version\":2", "\"version\":2,\"version\":2" },
        { "\"units\":5", "\"units\":5,\"units\":5" },
        { "\"number\":1", "\"same\":1" },
        { "\"type\":\"BatchNormalization\"", "\"type\":\"Dropout\"" },
        { "\"type\":\"BatchNormalization\"", "\"type\":\"Nothing\"" },
    };

    [Theory]
    [MemberData(nameof(HostileModels))]
    public void A_file_that_asks_for_what_it_does_not_hold_is_refused(string text, string instead)
    {
        Trained().Save(Path);
        string json;
        using (var file = NdlFile.Open(Path)) json = file.ReadText(NdlFile.Model);
        Assert.Contains(text, json, StringComparison.Ordinal);
        Replace(Path, NdlFile.Model, json.Replace(text, instead, StringComparison.Ordinal));
        // The batch's size is not the file's business; with 1 in its place the file is sound.
        if (instead.Contains("30000000", StringComparison.Ordinal)) Assert.Equal([2, 2], Model.Load(Path).Predict(Rows(2, 4)).Shape);
        else Assert.Contains(Path, Assert.Throws<ModelFormatException>(() => Model.Load(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_over_a_file_keeps_it_whole_when_it_fails()
    {
        var model = Trained();
        model.Save(Path);
        byte[] before = File.ReadAllBytes(Path);
        model.Layers[2].Parameters[0].Value.Free(); // what was freed cannot be saved
        Assert.Throws<ObjectDisposedException>(() => model.Save(Path));
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Equal(["model.ndl"], folder.Names);
    }

    // The same file with another text in one entry; its checksums are right.
    internal static void Replace(string path, string entry, string text)
    {
        var texts = new Dictionary<string, string>();
        var tensors = new Dictionary<string, List<KeyValuePair<string, Tensor>>>();
        using (var file = NdlFile.Open(path))
            foreach (string name in file.Entries)
            {
                if (name.EndsWith(".json", StringComparison.Ordinal)) texts[name] = name == entry ? text : file.ReadText(name);
                else using (var stored = file.ReadTensors(name)) tensors[name] = [.. stored.Names.Select(n => KeyValuePair.Create(n, stored.Read(n)))];
            }
        NdlFile.Write(path, writer =>
        {
            foreach (var (name, value) in texts) writer.AddText(name, value);
            foreach (var (name, values) in tensors) writer.AddTensors(name, values);
        });
    }
}
