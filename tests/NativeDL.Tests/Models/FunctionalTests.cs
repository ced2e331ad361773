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
    }

    [Fact]
    public void Constants_in_a_graph_are_part_of_it()
    {
        var x = Model.Input(3);
        var model = new Model(x, x * Tensor.FromArray<float>([1, 2, 3], [3]) + 1);
        Assert.Equal([2, 5, 10], model.Call(Tensor.FromArray<float>([1, 2, 3], [1, 3])).ToArray<float>());
    }
}
