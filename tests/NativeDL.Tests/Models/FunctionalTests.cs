using NativeDL.Layers;

namespace NativeDL.Tests.Models;

public class FunctionalTests
{
    [Fact]
    public void Symbols_have_shapes_of_any_batch_and_no_data()
    {
        var image = Model.Input([28, 28, 1], name: "image");
        Assert.Equal([Shape.None, 28, 28, 1], image.Shape);
        Assert.Equal([Shape.None, 784], new Flatten().Call(image).Shape);
        string message = Assert.Throws<InvalidInputException>(() => image.ToArray<float>()).Message;
        Assert.Contains("'image'", message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => new Dense(3).Call(Model.Input(4)).Item());
    }

    [Fact]
    public void A_size_that_waits_for_data_is_no_number()
    {
        var x = Model.Input(Shape.None, 8);
        Assert.Contains("dimension 0 is not known. Got [None, None, 8]", Assert.Throws<ShapeMismatchException>(() => x.Reshape(x.Shape[0] * 2, 4)).Message,
            StringComparison.Ordinal);
        Assert.Contains("dimension 0", Assert.Throws<ShapeMismatchException>(() => { var (n, t, d) = x.Shape; }).Message, StringComparison.Ordinal);
        Assert.Contains("dimension 1", Assert.Throws<ShapeMismatchException>(() => x.Unstack(1)).Message, StringComparison.Ordinal);
        Assert.Contains("dimension 1", Assert.Throws<ShapeMismatchException>(() => x.Split(2, axis: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("my_layer", Assert.Throws<ShapeMismatchException>(() => new MyLayer().Call(x)).Message, StringComparison.Ordinal);
        var model = new Model(x, x.Reshape(-1, x.Shape[2] / 2));
        Assert.Equal([12, 4], model.Call(Tensor.Ones([2, 3, 8])).Shape);
    }

    private sealed class MyLayer : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call) => x / x.Shape[1];
    }

    [Fact]
    public void Two_inputs_two_outputs_and_a_shared_layer()
    {
        var (a, b) = (Model.Input([4], name: "a"), Model.Input([4], name: "b"));
        var shared = new Dense(3, "tanh");
        var (left, right) = (shared.Call(a), shared.Call(b));
        var model = new Model([a, b], Tensors.Named(("sum", new Dense(1).Call(left + right)), ("both", Tensor.Concat([left, right * 2], axis: -1))));
        Assert.Equal(["dense", "dense_1"], model.Layers.Select(l => l.Name));

        var (x, y) = (Rows(5, 4, 1), Rows(5, 4, 2));
        var (sum, both) = model.Call([x, y]);
        var (l, r) = (shared.Call(x), shared.Call(y));
        Assert.Equal(model.Layers[1].Call(l + r).ToArray<float>(), sum.ToArray<float>());
        Assert.Equal(Tensor.Concat([l, r * 2], axis: -1).ToArray<float>(), both.ToArray<float>());
        var named = model.Call(Tensors.Named(("b", y), ("a", x)));
        Assert.Equal(sum.ToArray<float>(), named["sum"].ToArray<float>());
    }

    [Fact]
    public void A_model_is_a_layer_of_another_and_its_inner_tensors_make_models()
    {
        var x = Model.Input(6);
        var inner = new Model(x, new Dense(3, "relu").Call(new Dense(4, "tanh", name: "middle").Call(x)), name: "inner");
        var z = Model.Input(6);
        var outer = new Model(z, new Dense(1).Call(inner.Call(z)));
        Assert.Equal(["inner/middle/kernel", "inner/middle/bias", "inner/dense/kernel", "inner/dense/bias", "dense/kernel", "dense/bias"],
            outer.NamedParameters.Select(p => p.Key));
        var rows = Rows(2, 6, 3);
        Assert.Equal([2, 1], outer.Call(rows).Shape);
        var features = new Model(inner.Inputs, inner.GetLayer("middle").Output);
        Assert.Equal(inner.Layers[0].Call(rows).ToArray<float>(), features.Call(rows).ToArray<float>());
        var rest = new Model(inner.GetLayer("middle").Output, inner.Outputs);
        Assert.Equal(inner.Call(rows).ToArray<float>(), rest.Call(features.Call(rows)).ToArray<float>());
        Assert.Same(inner.GetLayer("middle"), outer.GetLayer("inner/middle"));
    }

    [Fact]
    public void A_part_of_a_sequential_model_shares_its_layers()
    {
        var trained = new Sequential { new Dense(8, "tanh"), new Dense(5), "relu", new Dense(3) };
        trained.Build(0, 4);
        var body = trained[..^1];
        Assert.Equal((3, 4), (body.Count, trained.Count));
        Assert.Same(trained[^2], body[^1]);
        body.Trainable = false;
        var net = new Sequential { body, new Dense(2, name: "head") };
        var x = Rows(4, 4, 1);
        Assert.Equal([4, 2], net.Call(x).Shape);
        Assert.Equal(["head/kernel", "head/bias"], net.NamedParameters.Where(p => p.Value.Trainable).Select(p => p.Key));
        var features = new Model(trained.Input, trained.GetLayer("dense_1").Output);
        Assert.Equal(trained[1].Call(trained[0].Call(x)).ToArray<float>(), features.Call(x).ToArray<float>());
        Assert.Equal(body.Call(x).ToArray<float>(), new Model(body.Inputs, body.Outputs).Call(x).ToArray<float>());
        Assert.Throws<InvalidInputException>(() => trained[7]);
    }

    [Fact]
    public void What_is_not_connected_is_refused_with_both_ends()
    {
        var (a, b) = (Model.Input([4], name: "image"), Model.Input([4], name: "meta"));
        var y = new Dense(1).Call(a + b);
        string missing = Assert.Throws<InvalidInputException>(() => new Model(a, y)).Message;
        Assert.Contains("output 0, 'dense', and the input 'meta'; expected from the input 'image' alone", missing, StringComparison.Ordinal);
        string idle = Assert.Throws<InvalidInputException>(() => new Model([a, b], new Dense(1).Call(a))).Message;
        Assert.Contains("the input 'meta' and outputs 'dense'", idle, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => new Model(Tensor.Ones([1, 4]), y));
        Assert.Throws<InvalidInputException>(() => new Model([a, b], Tensor.Ones([1, 4])));
        Assert.Throws<InvalidInputException>(() => new Model([a, a], y));
        Assert.Throws<InvalidInputException>(() => new Model(default, y));
    }

    [Fact]
    public void Wrong_numbers_names_and_shapes_of_inputs_are_refused()
    {
        var (a, b) = (Model.Input([4], name: "image"), Model.Input([2], name: "meta"));
        var model = new Model([a, b], new Dense(1).Call(Tensor.Concat([a, b], axis: -1)));
        var (x, y) = (Rows(3, 4, 1), Rows(3, 2, 2));
        Assert.Contains("(image: Float32 [None, 4], meta: Float32 [None, 2])", Assert.Throws<InvalidInputException>(() => model.Call(x)).Message,
            StringComparison.Ordinal);
        Assert.Contains("photo", Assert.Throws<InvalidInputException>(() => model.Call(Tensors.Named(("photo", x), ("meta", y)))).Message,
            StringComparison.Ordinal);
        Assert.Contains("input meta", Assert.Throws<ShapeMismatchException>(() => model.Call([x, x])).Message, StringComparison.Ordinal);
        Assert.Contains("ExpandDims(0)", Assert.Throws<ShapeMismatchException>(() => model.Call([x[0], y])).Message, StringComparison.Ordinal);
        Assert.Contains("expected 6 features", Assert.Throws<ShapeMismatchException>(() => model.Layers[0].Call(Model.Input(9))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Constants_in_a_graph_are_part_of_it()
    {
        var x = Model.Input(3);
        var model = new Model(x, x * Tensor.FromArray<float>([1, 2, 3], [3]) + 1);
        Assert.Equal([2, 5, 10], model.Call(Tensor.FromArray<float>([1, 2, 3], [1, 3])).ToArray<float>());
    }

    [Fact]
    public void Parameters_have_values_as_soon_as_they_are_looked_at()
    {
        var x = Model.Input(3);
        var dense = new Dense(2);
        var model = new Model(x, dense.Call(x));
        Assert.All(dense.Kernel!.Value.ToArray<float>(), v => Assert.NotEqual(0, v));
        Assert.Equal(8, model.CountParameters());
    }

    [Fact]
    public void What_a_call_on_symbols_fixed_holds_for_data_too()
    {
        var dense = new Dense(2);
        _ = dense.Call(Model.Input(3));
        Assert.Contains("expected 3 features", Assert.Throws<ShapeMismatchException>(() => dense.Call(Tensor.Ones([1, 4]))).Message, StringComparison.Ordinal);
    }

    private static Tensor Rows(int count, int width, ulong seed) => Tensor.RandomNormal([count, width], random: new RandomState(seed));
}
