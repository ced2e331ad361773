using NativeDL.Layers;

namespace NativeDL.Tests.Models;

public sealed class GraphTests
{
    [Fact]
    public void What_goes_in_and_comes_out_is_told_by_name()
    {
        var (image, meta) = (Model.Input([4], name: "image"), Model.Input([2], name: "meta"));
        var joined = Tensor.Concat([new Dense(3, "relu", name: "body").Call(image), meta], axis: -1);
        var model = new Model([image, meta], [new Dense(1).Call(joined), new Dense(2).Call(joined), joined.Exp()]);
        Assert.Equal(["image", "meta"], model.Graph.Inputs.Select(x => x.Key));
        Assert.Equal(["dense", "dense_1", "exp"], model.Graph.Outputs.Select(y => y.Key));
        Assert.Equal(["image", "meta", "body", "concat", "dense", "dense_1", "exp"], model.Graph.Select(c => c.Name));
        Assert.Same(model.Graph["dense_1"].Outputs[0], model.Graph.Outputs[1].Value);
        Assert.Same(model.Graph["concat"].Outputs[0], model.Graph["exp"].Inputs[0]);
        Assert.Equal("body (Dense): image [None, 4] -> body [None, 3]",
            $"{model.Graph["body"]}: {model.Graph["body"].Inputs[0]} -> {model.Graph["body"].Outputs[0]}");
        Assert.Equal(["dense", "dense_1", "exp"], model.Outputs.Names);
        Assert.Contains("'dens'", Assert.Throws<InvalidInputException>(() => model.Graph["dens"]).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 6", Assert.Throws<InvalidInputException>(() => model.Graph[7]).Message, StringComparison.Ordinal);
        Assert.Equal($"Model(\"{model.Name}\", 2 inputs, 3 outputs, 3 layers)", model.ToString());
    }

    [Fact]
    public void A_value_has_the_symbol_from_which_another_model_may_begin_or_end()
    {
        var x = Model.Input(4);
        var model = new Model(x, new Dense(2).Call(new Dense(3, "tanh").Call(x).Exp() * 2));
        var rows = Rows(5, 4, 1);
        var features = new Model(model.Inputs, model.Graph["exp"].Outputs[0].Symbol);
        var rest = new Model(model.Graph["exp"].Outputs[0].Symbol, model.Outputs);
        Assert.Equal(model.GetLayer("dense").Call(rows).Exp().ToArray<float>(), features.Call(rows).ToArray<float>());
        Assert.Equal(model.Call(rows).ToArray<float>(), rest.Call(features.Call(rows)).ToArray<float>());
        Assert.Same(x, model.Graph.Inputs[0].Value.Symbol);

        var constant = new Model(x, x * Tensor.FromArray<float>([1, 2, 3, 4], [4])).Graph[1].Inputs[1];
        Assert.Equal((constant.Symbol, ""), (constant.Data, constant.From));
    }

    [Fact]
    public void Results_are_named_after_their_layers_where_nobody_named_them()
    {
        var x = Model.Input(4);
        var model = new Model(x, [new Dense(1, name: "price").Call(x), new Dense(2).Call(x)]);
        var rows = Rows(3, 4, 1);
        var results = model.Predict((Tensors)rows);
        Assert.Equal(["price", "dense"], results.Names);
        Assert.Equal(model.Call((Tensors)rows)[0].ToArray<float>(), results["price"].ToArray<float>());
        Assert.Equal(["price", "dense"], model.PredictOnBatch((Tensors)rows).Names);

        // Such a name tells where a tensor comes from, and is not looked for where it goes.
        var (a, b) = (Model.Input([1], name: "a"), Model.Input([2], name: "b"));
        var next = new Model([a, b], [new Dense(1).Call(a), new Dense(2).Call(b)]);
        next.Compile("sgd", loss: ["mse", "mse"]);
        next.Fit(results, results, epochs: 1, batchSize: 3);
        Assert.Equal(["dense", "dense_1"], next.Predict(results).Names);
        Assert.Equal(["a", "b"], next.Inputs.Names);
    }

    [Fact]
    public void Names_of_results_come_back_from_a_file()
    {
        using var folder = new TemporaryFolder();
        var x = Model.Input(4);
        var shared = new Dense(3, "tanh");
        var model = new Model(x, [new Dense(1).Call(shared.Call(x)), shared.Call(x).Sum(-1)]);
        model.Compile("sgd", loss: new PerOutput<Loss> { ["dense_1"] = "mse" });
        model.Fit(Rows(4, 4, 1), Rows(4, 1, 2), epochs: 1, batchSize: 2);
        model.Save(folder.File("model.ndl"));
        var loaded = Model.Load(folder.File("model.ndl"));
        Assert.Equal(["dense_1", "sum"], model.Outputs.Names);
        Assert.Equal(model.Outputs.Names, loaded.Outputs.Names);
        Assert.Equal(model.Predict((Tensors)Rows(2, 4, 3))["sum"].ToArray<float>(), loaded.Predict((Tensors)Rows(2, 4, 3))["sum"].ToArray<float>());
        loaded.Fit(Rows(4, 4, 1), Rows(4, 1, 2), epochs: 1, batchSize: 2);
    }

    private static Tensor Rows(int count, int width, ulong seed) => Tensor.RandomNormal([count, width], random: new RandomState(seed));
}
