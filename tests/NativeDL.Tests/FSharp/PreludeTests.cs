using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using NativeDL.FSharp;
using FsModel = NativeDL.FSharp.Model;

namespace NativeDL.Tests;

public class PreludeTests
{
    [Fact]
    public void Grad_gives_the_derivative_as_a_function()
    {
        var square = FSharpFunc<Tensor, Tensor>.FromConverter(x => x.Square().Sum());
        Assert.Equal([2f, -4f], Gradient.grad(square, Tensor.FromArray([1f, -2f])).ToArray<float>());
        var (value, gradient) = Gradient.valueAndGrad(square, Tensor.FromArray([3f]));
        Assert.Equal(9, value.Item());
        Assert.Equal(6, gradient.Item());
    }

    [Fact]
    public void A_pipeline_trains_a_model()
    {
        var x = Tensor.Linspace(-1, 1, 32).Reshape(32, 1);
        var model = FsModel.compile("adam", "mse", ListModule.OfSeq(["mae"]), FsModel.sequential(ListModule.OfSeq<Layer>([new Layers.Dense(1)])));
        var (trained, history) = FsModel.fit(new Dataset(x, x * 2), 3, 8, model);
        Assert.Equal(3, history.Epochs);
        Assert.Equal(Shape.Of(32, 1), FsModel.predict(x, trained).Shape);
    }
}
