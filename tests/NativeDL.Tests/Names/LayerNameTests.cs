using NativeDL.Layers;

namespace NativeDL.Tests.Names;

public sealed class LayerNameTests
{
    [Fact]
    public void Layers_without_a_name_are_numbered_under_the_name_that_Keras_gives_them()
    {
        Sequential model = [new MaxPool2D(2), new ReLU(), new MaxPool2D(2), new ReLU(), new ActivationLayer("tanh"), new ActivationLayer("tanh")];
        Assert.Equal(["max_pooling2d", "re_lu", "max_pooling2d_1", "re_lu_1", "tanh", "tanh_1"], model.Layers.Select(l => l.Name));
    }
}
