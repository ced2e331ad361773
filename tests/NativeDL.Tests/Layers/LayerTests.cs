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
    public void A_layer_shared_by_two_models_keeps_its_name_which_must_be_free_in_both()
    {
        var shared = new Dense(4);
        _ = new Sequential { shared };
        string message = Assert.Throws<InvalidInputException>(() => new Sequential { new Dense(4), shared }).Message;
        Assert.Contains("'dense'", message, StringComparison.Ordinal);
        var named = new Dense(4, name: "shared");
        _ = new Sequential { named };
        var other = new Sequential { new Dense(4), named };
        other.Build(1, 4);
        Assert.Equal(["dense/kernel", "dense/bias", "shared/kernel", "shared/bias"], other.Parameters.Select(p => p.Name));
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

    private sealed class Silent : Layer
    {
        protected override Tensor Forward(Tensor x, bool training) => null!;
    }
}
