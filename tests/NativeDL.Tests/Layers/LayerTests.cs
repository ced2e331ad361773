using NativeDL.Layers;

namespace NativeDL.Tests;

public class LayerTests
{
    [Fact]
    public void Widths_that_do_not_fit_name_both_layers_and_both_shapes_also_across_blocks()
    {
        var wide = new Dense(2);
        wide.Build(1, 5);
        var model = new Sequential { new Sequential { new Dense(4) }, new Sequential { wide } };
        string message = Assert.Throws<ShapeMismatchException>(() => model.Call(Tensor.Ones([3, 7]))).Message;
        Assert.Contains("'sequential_1/dense'", message, StringComparison.Ordinal);
        Assert.Contains("input of shape [3, 4], which layer 'sequential' made as [3, 4]", message, StringComparison.Ordinal);
        Assert.Contains("expected 5 features", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_cannot_be_part_of_itself_at_any_depth()
    {
        var outer = new Sequential();
        var inner = new Sequential { new Sequential { outer } };
        Assert.Throws<InvalidInputException>(() => outer.Add(inner));
        Assert.Throws<InvalidInputException>(() => outer.Add(outer));
    }

    [Fact]
    public void A_path_belongs_to_the_model_that_is_asked()
    {
        var shared = new Dense(4);
        var first = new Sequential { shared };
        var second = new Sequential { new Dense(4), shared, new Sequential { first, shared } };
        second.Build(1, 4);
        Assert.Equal(["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"], second.NamedParameters.Select(p => p.Key));
        Assert.Equal(["dense/kernel", "dense/bias"], first.NamedParameters.Select(p => p.Key));
        Assert.Equal(["kernel", "bias"], shared.NamedParameters.Select(p => p.Key));
        Assert.Equal(40, second.CountParameters());
    }

    [Fact]
    public void Two_layers_that_were_given_the_same_name_do_not_fit_in_one_model()
    {
        var model = new Sequential { new Dense(4, name: "head") };
        Assert.Contains("'head'", Assert.Throws<InvalidInputException>(() => model.Add(new Dense(4, name: "head"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_without_a_forward_pass_says_so_and_so_does_one_of_one_tensor_given_two()
    {
        Assert.Contains("no forward pass", Assert.Throws<InvalidInputException>(() => new Nothing().Call(Tensor.Ones([1, 1]))).Message,
            StringComparison.Ordinal);
        var x = Tensor.Ones([1, 1]);
        string message = Assert.Throws<InvalidInputException>(() => new Sequential { new Dense(2) }.Call([x, x])).Message;
        Assert.Contains("the layer takes one tensor. Got (Float32 [1, 1], Float32 [1, 1]); expected one", message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => new Dense(2).Call(default(Tensors)));
    }

    [Fact]
    public void A_layer_follows_the_element_type_and_the_device_of_its_first_input()
    {
        var layer = new Dense(3);
        Assert.Equal(DType.Float64, layer.Call(Tensor.Ones([2, 4], DType.Float64)).DType);
        Assert.All(layer.Parameters, p => Assert.Equal(DType.Float64, p.DType));
        Assert.Throws<DTypeMismatchException>(() => layer.Call(Tensor.Ones([2, 4])));
        Assert.Equal(DType.Float64, new Dense(3) { DType = DType.Float64 }.Call(Tensor.Ones([2, 4])).DType);
    }

    [Fact]
    public void A_layer_whose_making_failed_starts_anew()
    {
        var layer = new Dense(3, biasInitializer: "orthogonal"); // which wants a matrix
        Assert.ThrowsAny<NativeDLException>(() => layer.Call(Tensor.Ones([2, 4])));
        Assert.ThrowsAny<NativeDLException>(() => layer.Call(Tensor.Ones([2, 5])));
        Assert.Empty(layer.Parameters);
        Assert.False(layer.IsBuilt);
    }

    [Fact]
    public void A_layer_that_gives_no_tensor_is_named()
    {
        string message = Assert.Throws<InvalidInputException>(() => new Sequential { new Silent() }.Call(Tensor.Ones([1, 1]))).Message;
        Assert.Contains("Silent", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_lists_layers_shapes_and_numbers_of_parameters()
    {
        var model = new Sequential { new Dense(128, "relu"), new BatchNormalization(), new Dense(10) };
        model.Build(0, 784);
        string text = model.Summary();
        foreach (string part in (string[])["dense", "batch_normalization", "dense_1", "100,480", "512", "1,290", "102,282", "102,026", "256"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    private sealed class Nothing : Layer;

    private sealed class Silent : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call) => null!;
    }
}
