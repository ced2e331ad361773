namespace NativeDL.Tests.Optimizers;

public sealed class GradientsTests
{
    private static readonly Tensor[] Two = [Tensor.FromArray([3f, 0]), Tensor.FromArray([0f, 4, 0])];

    [Fact]
    public void All_are_scaled_by_one_factor_and_only_above_the_limit()
    {
        Assert.Equal(5, Gradients.GlobalNorm(Two).Item(), 1e-12);
        var clipped = Gradients.ClipByGlobalNorm(Two, 1);
        Assert.Equal([0.6f, 0], clipped[0].ToArray<float>());
        Assert.Equal([0, 0.8f, 0], clipped[1].ToArray<float>());
        Assert.Equal([3f, 0], Gradients.ClipByGlobalNorm(Two, 6)[0].ToArray<float>());
    }

    [Fact]
    public void Each_by_itself_and_each_element()
    {
        Assert.Equal([2f, 0], Gradients.ClipByNorm(Two, 2)[0].ToArray<float>());
        Assert.Equal([0f, 2, 0], Gradients.ClipByNorm(Two, 2)[1].ToArray<float>());
        Assert.Equal([0f, 3.5f, 0], Gradients.ClipByValue(Two, 3.5)[1].ToArray<float>());
    }

    [Fact]
    public void A_hand_loop_does_as_the_optimizer_with_the_same_limit()
    {
        Parameter a = new("a", Tensor.Ones([2])), b = new("b", Tensor.Ones([3])), c = new("c", Tensor.Ones([2])), d = new("d", Tensor.Ones([3]));
        new SGD(0.5) { GlobalClipNorm = 1 }.Apply([a, b], Two);
        new SGD(0.5).Apply([c, d], Gradients.ClipByGlobalNorm(Two, 1));
        Assert.Equal(a.Value.ToArray<float>(), c.Value.ToArray<float>());
        Assert.Equal(b.Value.ToArray<float>(), d.Value.ToArray<float>());
    }

    [Fact]
    public void Large_gradients_do_not_overflow_and_bad_input_is_refused()
    {
        Assert.Equal(1, Gradients.GlobalNorm(Gradients.ClipByGlobalNorm([Tensor.FromArray([3e30f, 4e30f])], 1)).Item(), 1e-6);
        Assert.Throws<InvalidInputException>(() => Gradients.ClipByGlobalNorm(Two, 0));
        Assert.Throws<InvalidInputException>(() => Gradients.ClipByNorm([], 1));
        Assert.Throws<InvalidInputException>(() => Gradients.ClipByValue([null!], 1));
        Assert.Throws<ArgumentNullException>(() => Gradients.GlobalNorm(null!));
    }
}
