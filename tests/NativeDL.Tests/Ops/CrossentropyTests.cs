using NativeDL;

namespace NativeDL.Tests.Ops;

public class CrossentropyTests
{
    private static Tensor Logits => Tensor.FromArray(new[,] { { 2, 1, 0.1 }, { -1, 3, 0.5 } });

    [Fact]
    public void N03_cross_entropy_and_its_gradient()
    {
        foreach (bool dense in (bool[])[false, true])
        {
            var x = Tensor.FromArray(new[,] { { 2, 1, 0.1 } });
            var labels = dense ? Tensor.FromArray(new double[,] { { 1, 0, 0 } }) : Tensor.FromArray([0]);
            using var tape = new GradientTape();
            tape.Watch(x);
            var loss = x.SoftmaxCrossentropy(labels);
            Assert.Equal(0.417030016278, loss.ToArray<double>()[0], 11);
            double[] expected = [-0.340998861114, 0.242432970705, 0.098565890409];
            var gradient = tape.Gradient(loss, x).ToArray<double>();
            for (int i = 0; i < 3; i++) Assert.Equal(expected[i], gradient[i], 11);
        }
    }

    [Fact]
    public void Class_numbers_of_either_type_and_one_hot_rows_agree()
    {
        var expected = Logits.SoftmaxCrossentropy(Tensor.FromArray([2, 1])).ToArray<double>();
        Assert.Equal(expected, Logits.SoftmaxCrossentropy(Tensor.FromArray([2L, 1L])).ToArray<double>());
        var dense = Logits.SoftmaxCrossentropy(Tensor.FromArray(new double[,] { { 0, 0, 1 }, { 0, 1, 0 } })).ToArray<double>();
        for (int i = 0; i < 2; i++) Assert.Equal(expected[i], dense[i], 12);
    }

    [Fact]
    public void Smoothing_spreads_a_share_over_all_classes()
    {
        var sparse = Logits.SoftmaxCrossentropy(Tensor.FromArray([2, 1]), 0.3).ToArray<double>();
        var dense = Logits.SoftmaxCrossentropy(Tensor.FromArray(new double[,] { { 0, 0, 1 }, { 0, 1, 0 } }), 0.3).ToArray<double>();
        var byHand = (-(Logits.LogSoftmax() * Tensor.FromArray(new[,] { { 0.1, 0.1, 0.8 }, { 0.1, 0.8, 0.1 } })).Sum(-1)).ToArray<double>();
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(byHand[i], sparse[i], 12);
            Assert.Equal(byHand[i], dense[i], 12);
        }
        Assert.Contains("1.5", Assert.Throws<InvalidInputException>(() => Logits.SoftmaxCrossentropy(Tensor.FromArray([2, 1]), 1.5)).Message);
    }

    [Fact]
    public void Logits_of_higher_rank_take_labels_of_the_rank_below()
    {
        var x = Tensor.Arange(0, 24, 1, DType.Float64).Reshape(2, 4, 3) * 0.1;
        var labels = Tensor.FromArray([0, 1, 2, 0, 1, 2, 0, 1], [2, 4]);
        var loss = x.SoftmaxCrossentropy(labels);
        Assert.Equal("[2, 4]", loss.Shape.ToString());
        Assert.Equal(x.Reshape(8, 3).SoftmaxCrossentropy(labels.Reshape(8)).ToArray<double>(), loss.ToArray<double>());
    }

    [Fact]
    public void A_label_that_is_no_class_is_named_with_its_row()
    {
        var high = Assert.Throws<InvalidInputException>(() => Logits.SoftmaxCrossentropy(Tensor.FromArray([1, 3])));
        Assert.Contains("row 1", high.Message);
        Assert.Contains("label 3", high.Message);
        Assert.Contains("0 to 2", high.Message);
        var wide = Assert.Throws<InvalidInputException>(() => Logits.SoftmaxCrossentropy(Tensor.FromArray([1L << 32, 1L])));
        Assert.Contains("row 0", wide.Message);
        Assert.Contains("label -1", Assert.Throws<InvalidInputException>(() => Logits.SoftmaxCrossentropy(Tensor.FromArray([0, -1]))).Message);
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused_with_both_shapes()
    {
        var rank = Assert.Throws<ShapeMismatchException>(() => Logits.SoftmaxCrossentropy(Tensor.FromArray(new[,] { { 1 }, { 2 } })));
        Assert.Contains("[2, 3]", rank.Message);
        Assert.Contains("[2, 1]", rank.Message);
        Assert.Contains("[2]", Assert.Throws<ShapeMismatchException>(() => Logits.SoftmaxCrossentropy(Tensor.FromArray([1.0, 2.0]))).Message);
        Assert.Contains("Bool", Assert.Throws<DTypeMismatchException>(() => Logits.SoftmaxCrossentropy(Tensor.FromArray([true, false]))).Message);
        Assert.Throws<DTypeMismatchException>(() => Logits.SoftmaxCrossentropy(Tensor.Ones([2, 3])));
    }

    [Fact]
    public void Extreme_and_masked_logits_give_finite_losses()
    {
        var x = Tensor.FromArray(new float[,] { { 1e4f, -1e4f, float.NegativeInfinity }, { -1e4f, -1e4f, float.NegativeInfinity } });
        var t = Tensor.FromArray(new float[,] { { 0, 1, 0 }, { 1, 0, 0 } });
        using var tape = new GradientTape();
        tape.Watch(x);
        var loss = x.SoftmaxCrossentropy(t);
        Assert.Equal(2e4f, loss.ToArray<float>()[0]);
        Assert.Equal(MathF.Log(2), loss.ToArray<float>()[1], 1e-6f);
        Assert.Equal([1f, -1f, 0f], tape.Gradient(loss, x).ToArray<float>()[..3]);
    }

    [Fact]
    public void N32_binary_cross_entropy()
    {
        var p = Tensor.FromArray([0.8, 0.8, 0.5]);
        var loss = (p / (1 - p)).Log().SigmoidCrossentropy(Tensor.FromArray([1.0, 0, 1])).ToArray<double>();
        Assert.Equal(0.223143551314, loss[0], 11);
        Assert.Equal(1.609437912434, loss[1], 11);
        Assert.Equal(0.693147180560, loss[2], 11);
    }

    [Fact]
    public void Binary_cross_entropy_neither_overflows_nor_loses_small_losses()
    {
        var x = Tensor.FromArray([1000f, -1000f, 20f, 0f]);
        var y = Tensor.FromArray([0f, 0f, 1f, 1f]);
        using var tape = new GradientTape();
        tape.Watch(x);
        var loss = x.SigmoidCrossentropy(y);
        var values = loss.ToArray<float>();
        Assert.Equal(1000f, values[0]);
        Assert.Equal(0f, values[1]);
        Assert.Equal(2.0611537e-9f, values[2], 1e-15f);
        Assert.Equal([1f, 0f, -0.5f], tape.Gradient(loss, x).ToArray<float>().Where((_, i) => i != 2));
    }

    [Fact]
    public void Gradients_flow_to_targets_too()
    {
        Tensor x = Tensor.FromArray([0.3, -2.0]), y = Tensor.FromArray([0.25, 0.5]);
        using var tape = new GradientTape();
        tape.Watch(y);
        Assert.Equal([-0.3, 2.0], tape.Gradient(x.SigmoidCrossentropy(y), y).ToArray<double>());
    }
}
