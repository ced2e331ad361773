using NativeDL.Layers;
using NativeDL.Tests.Additions;
using NativeDL.Tests.Cuda;

namespace NativeDL.Tests;

/// <summary>What stands in the folder <c>Additions</c> is added to the library by being there: no existing file names it.</summary>
public sealed class AdditionsTests
{
    [Fact]
    public void An_elementwise_operation_is_a_struct_and_the_activation_of_it_is_fused()
    {
        var x = Tensor.FromArray([-3.0, -0.5, 0, 1, 7]);
        Assert.Equal([-0.75, -1.0 / 3, 0, 0.5, 0.875], UnaryOp<OwnSoftsignOp>.Instance.Run(x).ToDoubles());
        Assert.True(GradCheck.Run(v => UnaryOp<OwnSoftsignOp>.Instance.Run(v), Tensor.FromArray([-3.0, -0.5, 0.25, 7])).Passed);

        var dense = new Dense(3, "test.own_softsign");
        var image = Tensor.RandomNormal([5, 4], random: new RandomState(1));
        var fused = dense.Call(image);
        Assert.Equal(new OwnSoftsign().Call(image.Linear(dense.Kernel!, dense.Bias!)).ToDoubles(), fused.ToDoubles());
    }

    [Fact]
    public void A_reduction_is_a_class_that_says_how_two_are_joined()
    {
        var x = Tensor.FromArray([1.0, 2, 3, 4, 5, 6], [2, 3]);
        Assert.Equal([6, 120], new OwnProductOp([1]).Run(x).ToDoubles());
        Assert.Equal([4, 10, 18], new OwnProductOp([0]).Run(x).ToDoubles());
        Assert.Equal("own_product", new OwnProductOp([0]).Name);
        Assert.True(GradCheck.Run(v => new OwnProductOp([0, 1]).Run(v), x).Passed);
    }

    [Fact]
    [Trait("needs", "simulator")]
    public void Both_run_on_the_card_by_a_kernel_file_of_their_own()
    {
        var x = Tensor.RandomUniform([37, 501], 0.9, 1.1, DType.Float64, new RandomState(2));
        var there = x.To(CudaTest.Device);
        Assert.True(UnaryOp<OwnSoftsignOp>.Instance.Run(there).To(Device.Cpu).AllClose(UnaryOp<OwnSoftsignOp>.Instance.Run(x), 1e-15, 0));
        Assert.True(UnaryOp<OwnSoftsignOp>.Instance.Run(there.Cast(DType.BFloat16)).To(Device.Cpu).Cast(DType.Float64).AllClose(UnaryOp<OwnSoftsignOp>.Instance.Run(x), 1e-2, 0));
        foreach (int[] axes in (int[][])[[0], [1], [0, 1]])
            Assert.True(new OwnProductOp(axes).Run(there).To(Device.Cpu).AllClose(new OwnProductOp(axes).Run(x), 1e-12, 0));
    }
}
