using System.Text.Json.Nodes;
using NativeDL.Activations;
using NativeDL.Formats;
using NativeDL.Initializers;
using NativeDL.Layers;
using NativeDL.Regularizers;

namespace NativeDL.Tests.Configurations;

/// <summary>They seed and watch the one default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("model.ndl");

    public void Dispose() => folder.Dispose();

    private static Tensor Rows(int count, int width, ulong seed = 1) => Tensor.RandomNormal([count, width], random: new RandomState(seed));

    private Model Again(Model model)
    {
        model.Save(Path);
        return Model.Load(Path);
    }

    [Fact]
    public void Settings_of_initializers_regularizers_constraints_and_activations_are_kept()
    {
        var dense = new Dense(3, new NativeDL.Activations.LeakyRelu(0.15), kernelInitializer: new Constant(0.5),
            biasInitializer: Initializer.RandomNormal(stddev: 0.3), kernelRegularizer: new L1L2(0.1, 0.2),
            biasRegularizer: "l1", kernelConstraint: Constraint.MaxNorm(3, axis: 1), biasConstraint: "non_neg");
        dense.Trainable = false;
        var loaded = (Dense)Again(new Sequential { dense }).Layers[0];
        Assert.Equal(0.15, Assert.IsType<NativeDL.Activations.LeakyRelu>(loaded.Activation).NegativeSlope);
        Assert.Equal(0.5, Assert.IsType<Constant>(loaded.KernelInitializer).Value);
        Assert.Equal(0.3, Assert.IsType<RandomNormal>(loaded.BiasInitializer).Stddev);
        Assert.Equal((0.1, 0.2), (Assert.IsType<L1L2>(loaded.KernelRegularizer).L1, ((L1L2)loaded.KernelRegularizer).L2));
        Assert.Equal(0.01, Assert.IsType<L1>(loaded.BiasRegularizer).Factor);
        Assert.Equal((3.0, 1), (Assert.IsType<NativeDL.Constraints.MaxNorm>(loaded.KernelConstraint).MaxValue,
            ((NativeDL.Constraints.MaxNorm)loaded.KernelConstraint).Axis));
        Assert.IsType<NativeDL.Constraints.NonNeg>(loaded.BiasConstraint);
        Assert.False(loaded.Trainable);
        Assert.Equal(dense.ToString(), loaded.ToString());
    }

    [Fact]
    public void Types_of_ones_own_take_part_in_everything()
    {
        var model = new Sequential { new Scale(2, 0.25, new Cubic(), [1, 2], Side.RightHand) { Limit = 1.5 },
            new Dense(2, kernelInitializer: "test.halves", kernelRegularizer: "test.to_zero(0.3)"), new Autoencoder(3, 2) };
        model.Compile(new SGD(new SlowDecay(0.1)), "test.shifted_loss(0.25)", ["test.largest"]);
        model.Fit(Rows(8, 4), Rows(8, 2, 2), epochs: 1);
        var loaded = Again(model);
        var x = Rows(3, 4, 5);
        Assert.Equal(model.Predict(x).ToArray<float>(), loaded.Predict(x).ToArray<float>());
        var scale = Assert.IsType<Scale>(loaded.Layers[0]);
        Assert.Equal((2.0, 0.25, Side.RightHand, 1.5), (scale.Factor, scale.Offset, scale.Side, scale.Limit));
        Assert.Equal([1, 2], scale.Axes!);
        Assert.IsType<Cubic>(scale.After);
        var dense = Assert.IsType<Dense>(loaded.Layers[1]);
        Assert.IsType<Halves>(dense.KernelInitializer);
        Assert.Equal(0.3, Assert.IsType<ToZero>(dense.KernelRegularizer).Strength);
        Assert.Equal((3, 2), (Assert.IsType<Autoencoder>(loaded.Layers[2]).Code, ((Autoencoder)loaded.Layers[2]).Width));
        Assert.True(((Metric)"test.largest").HigherIsBetter);
        Assert.Equal("Scale(2, 0.25, \"test.cubic\", [1, 2], \"right_hand\")", $"{new Scale(2, 0.25, new Cubic(), [1, 2], Side.RightHand)}");
    }

    [Fact]
    public void An_own_activation_that_fuses_is_the_same_in_one_pass()
    {
        Tensor x = Rows(4, 5), w = Rows(5, 3, 2), b = Tensor.FromArray([0.1f, 0.2f, 0.3f]);
        Activation own = "test.cubic";
        Assert.Equal(own.Call(x.Linear(w, b)).ToArray<float>(), Activation.LinearCall(x, w, b, own).ToArray<float>());
    }

    [Fact]
    public void What_could_not_be_loaded_is_not_saved()
    {
        var refused = new List<(Layer Layer, string Said)>
        {
            (new Nameless(), "Nameless"),
            (new ActivationLayer(Activation.From(x => x * x, "relu")), "FromFunction"),
            (new Dense(2, Activation.From(x => x, "linear")), "FromFunction"),
        };
        foreach (var (layer, said) in refused)
        {
            var error = Assert.Throws<InvalidInputException>(() => new Sequential { layer }.Save(Path));
            Assert.Contains(said, error.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(Path));
        }
        Assert.Contains("[Registered(\"my.nameless\")]", Assert.Throws<InvalidInputException>(() => new Sequential { new Nameless() }.Save(Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_random_state_handed_to_layers_goes_on_where_it_stood()
    {
        var random = new RandomState(5);
        var model = new Sequential { new Dropout(0.5, random), new Dropout(0.25, random) };
        model.Call(Tensor.Ones([4, 6]), training: true);
        var loaded = Again(model);
        Assert.Same(((Dropout)loaded.Layers[0]).Random, ((Dropout)loaded.Layers[1]).Random);
        Assert.Equal(model.Call(Tensor.Ones([4, 6]), training: true).ToArray<float>(), loaded.Call(Tensor.Ones([4, 6]), training: true).ToArray<float>());
    }

    [Fact]
    public void Layers_print_as_their_constructor_calls()
    {
        Assert.Equal("Dense(32, \"relu\")", $"{new Dense(32, "relu")}");
        Assert.Equal("Dense(3, useBias: false, kernelRegularizer: \"l2(0.5)\")", $"{new Dense(3, useBias: false, kernelRegularizer: "l2(0.5)")}");
        Assert.Equal("Conv2D(16, [3, 3], activation: \"relu\")", $"{new Conv2D(16, 3, activation: "relu")}");
        Assert.Equal("MaxPool2D()", $"{new MaxPool2D(2)}");
        Assert.Equal("MaxPool2D([3, 3], [3, 3], \"same\")", $"{new MaxPool2D(3, padding: "same")}");
        Assert.Equal("Dropout(0.2)", $"{new Dropout(0.2)}");
        Assert.Equal("BatchNormalization(momentum: 0.9)", $"{new BatchNormalization(momentum: 0.9)}");
        Assert.Equal("Reshape([4, -1])", $"{new Reshape(4, -1)}");
        Assert.Equal("Nameless", $"{new Nameless()}");
        Assert.Equal("Conv2D(8, [3, 5], [2, 1], \"same\", activation: \"tanh\", useBias: false, kernelInitializer: \"he_normal\", kernelConstraint: \"max_norm(3,0)\")",
            $"{new Conv2D(8, (3, 5), (2, 1), "same", activation: "tanh", useBias: false, kernelInitializer: "he_normal", kernelConstraint: "max_norm(3,0)")}");
        Assert.Equal("Embedding(10, 4, maskZero: true)", $"{new Embedding(10, 4, maskZero: true)}");
        Assert.Equal("Scale(2)", $"{new Scale(2)}");
        Assert.Equal("Scale(2, 0.5, \"relu\", [0, 1], \"right_hand\")", $"{new Scale(2, 0.5, "relu", [0, 1], Side.RightHand)}");
        Assert.Equal("Scale(2, axes: [1]) { Limit = 3 }", $"{new Scale(2, axes: [1]) { Limit = 3 }}");
        Assert.Equal("Scale(2) { Limit = 0.5 }", $"{new Scale(2) { Limit = 0.5 }}");
    }

    [Fact]
    public void A_size_that_was_not_given_is_refused_where_one_is_needed()
    {
        Assert.Equal("Conv2D: the window has no size. Got default; expected a number for both, or height and width: 3 or (3, 5).",
            Assert.Throws<InvalidInputException>(() => new Conv2D(8, default(Size2D))).Message);
        Assert.Contains("Got (0, 3)", Assert.Throws<InvalidInputException>(() => new Conv2D(8, (0, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("has no size", Assert.Throws<InvalidInputException>(() => Tensor.Ones([1, 4, 4, 1]).MaxPool2D(default)).Message,
            StringComparison.Ordinal);
        Assert.Contains("1 or more", Assert.Throws<InvalidInputException>(() => new MaxPool2D(2, strides: 0)).Message, StringComparison.Ordinal);
    }

    // As version 1 wrote it, with names and settings of then.
    private const string Old = """
        {"format":"NativeDL","version":1,"input":null,"model":{"type":"Sequential","number":0,"name":"sequential","trainable":true,"config":{"layers":[
        {"type":"Conv2D","number":1,"name":"conv2d","trainable":true,"config":{"filters":4,"kernelSize":[3,3],"strides":[2,1],"padding":[],"activation":"swish","useBias":false,"dilation":[1,1],"groups":1,"kernelRegularizer":"l1_l2(0,0.01)"}},
        {"type":"BatchNormalization","number":2,"name":"batch_normalization","trainable":false,"config":{"momentum":0.9,"epsilon":0.001,"center":true,"scale":true}},
        {"type":"MaxPool2D","number":3,"name":"max_pooling2d","trainable":true,"config":{"poolSize":2,"strides":1,"padding":[0,0,0,0]}},
        {"type":"AveragePooling2D","number":4,"name":"average_pooling2d","trainable":true,"config":{"poolSize":2,"strides":2,"padding":[1,0,0,1]}},
        {"type":"LeakyReLU","number":5,"name":"leaky_re_lu","trainable":true,"config":{"slope":0.1}},
        {"same":5},
        {"type":"ActivationLayer","number":6,"name":"tanh","trainable":true,"config":{"activation":"tanh"}},
        {"type":"GlobalAveragePooling2D","number":7,"name":"global_average_pooling2d","trainable":true,"config":{}},
        {"type":"GlobalMaxPooling2D","number":8,"name":"global_max_pooling2d","trainable":true,"config":{}},
        {"type":"Embedding","number":9,"name":"embedding","trainable":true,"config":{"inputs":7,"outputs":3}},
        {"type":"Reshape","number":10,"name":"reshape","trainable":true,"config":{"target":[3,-1]}},
        {"type":"Dropout","number":11,"name":"dropout","trainable":true,"config":{"rate":0.25}},
        {"type":"PReLU","number":12,"name":"p_re_lu","trainable":true,"config":{}},
        {"type":"Softmax","number":13,"name":"softmax","trainable":true,"config":{}},
        {"type":"Dense","number":14,"name":"head","trainable":true,"config":{"units":3,"activation":null,"useBias":true,"kernelRegularizer":null}}]}}}
        """;

    [Fact]
    public void Files_of_version_1_and_their_names_are_read()
    {
        NdlFile.Write(Path, file => file.AddText(NdlFile.Model, Old));
        var model = Model.Load(Path);
        Assert.Equal(["Conv2D", "BatchNormalization", "MaxPool2D", "AvgPool2D", "LeakyReLU", "LeakyReLU", "ActivationLayer", "GlobalAvgPool2D",
            "GlobalMaxPool2D", "Embedding", "Reshape", "Dropout", "PReLU", "Softmax", "Dense"],
            model.Layers.Select(l => l.GetType().Name));
        var conv = (Conv2D)model.Layers[0];
        Assert.Equal((4, (Size2D)3, (Size2D)(2, 1), Padding.Same, (Size2D)1), (conv.Filters, conv.KernelSize, conv.Strides, conv.Padding, conv.DilationRate));
        Assert.Equal((0.0, 0.01), (((L1L2)conv.KernelRegularizer!).L1, ((L1L2)conv.KernelRegularizer!).L2));
        Assert.IsType<Silu>(conv.Activation);
        Assert.False(model.Layers[1].Trainable);
        Assert.Equal(((Size2D)2, (Size2D)1), (((MaxPool2D)model.Layers[2]).PoolSize, ((MaxPool2D)model.Layers[2]).Strides));
        Assert.Equal(new Padding(1, 0, 0, 1), ((AvgPool2D)model.Layers[3]).Padding);
        Assert.Equal(0.1, ((LeakyReLU)model.Layers[4]).NegativeSlope);
        Assert.Same(model.Layers[4], model.Layers[5]);
        Assert.Equal((7, 3), (((Embedding)model.Layers[9]).InputDim, ((Embedding)model.Layers[9]).OutputDim));
        Assert.Equal([3, -1], ((Reshape)model.Layers[10]).TargetShape);
        Assert.Equal("head", model.Layers[14].Name);
    }

    [Theory]
    [InlineData("\"units\":3", "\"units\":\"three\"", "'units'")]
    [InlineData("\"units\":3,", "", "'units' is missing")]
    [InlineData("\"units\":3", "\"units\":3,\"unit\":3", "'unit'")]
    [InlineData("\"units\":3", "\"units\":3.5", "'units'")]
    [InlineData("\"units\":3", "\"units\":null", "'units'")]
    [InlineData("\"activation\":null", "\"activation\":\"rleu\"", "'rleu'")]
    [InlineData("\"activation\":null", "\"activation\":{\"type\":\"relu\",\"config\":{\"slope\":1}}", "'slope'")]
    [InlineData("\"kernelRegularizer\":null", "\"kernelRegularizer\":{\"config\":{}}", "no type")]
    [InlineData("\"padding\":[0,0,0,0]", "\"padding\":[0,0,0,-1]", "'padding'")]
    [InlineData("\"padding\":[0,0,0,0]", "\"padding\":\"full\"", "'padding'")]
    [InlineData("\"kernelSize\":[3,3]", "\"kernelSize\":[3,3,3]", "'kernelSize'")]
    [InlineData("\"type\":\"Dense\"", "\"type\":\"Dens\"", "'Dens'")]
    [InlineData("\"version\":1", "\"version\":99", "version")]
    public void Settings_that_no_class_takes_are_refused(string text, string instead, string said)
    {
        Assert.Contains(text, Old, StringComparison.Ordinal);
        NdlFile.Write(Path, file => file.AddText(NdlFile.Model, Old.Replace(text, instead, StringComparison.Ordinal)));
        Assert.Contains(said, Assert.Throws<ModelFormatException>(() => Model.Load(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_of_an_older_class_of_ones_own_is_read_under_its_new_name()
    {
        var graph = new ConfigurationGraph("memory");
        var layer = (Scale)graph.Read<Layer>(JsonNode.Parse("""{"type":"test.old_scale","config":{"factor":3,"shift":0.5}}""")!);
        Assert.Equal((3.0, 0.5), (layer.Factor, layer.Offset));
    }

    [Fact]
    public void A_constraint_holds_after_every_step()
    {
        var dense = new Dense(3, kernelConstraint: Constraint.MaxNorm(0.5), biasConstraint: "non_neg");
        var model = new Sequential { dense };
        model.Compile(new SGD(0.5), "mse");
        model.Fit(Rows(16, 4), Rows(16, 3, 2) * 5, epochs: 3, batchSize: 8);
        Assert.All(dense.Kernel!.Value.Square().Sum(0).Sqrt().ToArray<float>(), norm => Assert.InRange(norm, 0, 0.5001));
        Assert.Contains(dense.Kernel!.Value.Square().Sum(0).Sqrt().ToArray<float>(), norm => norm > 0.49);
        Assert.All(dense.Bias!.Value.ToArray<float>(), b => Assert.True(b >= 0));
    }
}
