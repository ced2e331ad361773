using NativeDL.Layers;

namespace NativeDL.Tests.Models;

/// <summary>
/// Files that could not be loaded, or that would load as something else. They seed the one default random source, so nothing else runs beside them.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ProvenSaveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("model.ndl");

    public void Dispose() => folder.Dispose();

    /// <summary>A class of one's own that takes a built-in name as its own.</summary>
    private sealed class ReLU : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call) => x.Clip(0, 6);
    }

    private sealed class Mirror : Activation
    {
        public override string Name => "relu";

        public override Tensor Call(Tensor x) => -x;
    }

    private static Tensor Rows(int count, int width) => Tensor.RandomNormal([count, width], random: new RandomState(9));

    private void RoundTrips(Model model, Tensor x)
    {
        float[] before = model.Predict(x).ToArray<float>();
        model.Save(Path);
        var again = Model.Load(Path);
        Assert.Equal(before, again.Predict(x).ToArray<float>());
        Assert.Equal(model.NamedParameters.Select(p => p.Key), again.NamedParameters.Select(p => p.Key));
    }

    [Fact]
    public void One_layer_in_two_places_of_nested_models_is_loaded_again()
    {
        Dense a = new(3), b = new(3), c = new(3);
        RoundTrips(new Sequential { a, new Sequential { a } }, Rows(2, 3));
        RoundTrips(new Sequential { new Sequential { b }, b }, Rows(2, 3));
        // Named by its own model before the one around it is made.
        var inner = new Sequential { c, new Dense(3, "tanh") };
        inner.Build(1, 3);
        RoundTrips(new Sequential { new Sequential { inner, c }, inner, new Dense(2) }, Rows(2, 3));
    }

    [Fact]
    public void A_head_that_was_added_to_a_built_model_is_not_lost()
    {
        var model = new Sequential { new Dense(4, "relu") };
        model.Build(1, 3);
        model.Add(new Dense(2));
        RoundTrips(model, Rows(5, 3));
        // Without parameters yet there is nothing to lose, or it is said.
        var unseen = new Sequential { new Dense(4) };
        unseen.Build(1, 3);
        unseen.Add(new Dense(2));
        try
        {
            unseen.Save(Path);
            Assert.Equal(Shape.Of(1, 2), Model.Load(Path).Predict(Rows(1, 3)).Shape);
        }
        catch (InvalidInputException told)
        {
            Assert.Contains("once the model is called", told.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_not_the_library_s_does_not_load_as_if_it_were()
    {
        foreach (Layer layer in (Layer[])[new ReLU(), new ActivationLayer(new Mirror()), new ActivationLayer(Activation.From(x => -x, "relu")),
            new Dense(2, activation: Activation.From(x => x, "leaky_relu"))])
        {
            var model = new Sequential { new Dense(2), layer };
            model.Predict(Rows(2, 2));
            string told = Assert.Throws<InvalidInputException>(() => model.Save(Path)).Message;
            Assert.Contains("could not be loaded", told, StringComparison.Ordinal);
            Assert.False(File.Exists(Path));
        }
    }
}
