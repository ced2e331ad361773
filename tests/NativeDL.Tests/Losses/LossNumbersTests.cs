using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Losses;

/// <summary>Worked numbers of losses, computed from their formulas in Python.</summary>
public sealed class LossNumbersTests
{
    private static readonly Tensor Y = Matrix(3, 1, 2, 0.5), O = Matrix(3, 2.5, 1, 0.75);

    private static void Is(double expected, Loss loss, Tensor y, Tensor o) => Near([expected], loss.PerSample(y, o).ToArray<double>(), 1e-12);

    private static double[] Gradient(Loss loss, Tensor y, Tensor o)
    {
        using var tape = new GradientTape();
        tape.Watch(o);
        return tape.Gradient(loss.Call(y, o), o).ToArray<double>();
    }

    [Fact]
    public void Errors()
    {
        Is(83.33333333333333, Loss.MeanAbsolutePercentageError(), Y, O);
        Is(0.16711140536365185, Loss.MeanSquaredLogarithmicError(), Y, O);
        Is(0.44005026837232836, Loss.LogCosh(), Y, O);
        Is(1.1591834347839118, Loss.Poisson(), Y, O);
    }

    [Fact]
    public void Log_cosh_is_exact_for_small_and_for_large_errors_and_so_is_its_gradient()
    {
        var loss = Loss.LogCosh();
        double[] errors = [1e-10, 1e-5, 0.999999, 1.000001, 800, 1e300];
        double[] expected = [5e-21, 5e-11 * (1 - 1e-10 / 6), Math.Log(Math.Cosh(0.999999)), Math.Log(Math.Cosh(1.000001)), 800 - Math.Log(2), 1e300];
        for (int i = 0; i < errors.Length; i++)
        {
            var o = Matrix(1, errors[i]);
            Assert.Equal(1, loss.Call(Matrix(1, 0), o).Item() / expected[i], 1e-14);
            Assert.Equal(1, Gradient(loss, Matrix(1, 0), o)[0] / Math.Tanh(errors[i]), 1e-14);
            Assert.Equal(-Math.Tanh(errors[i]), Gradient(loss, Matrix(1, 0), -o)[0], 1e-14);
        }
    }

    [Fact]
    public void Percentages_of_a_target_of_0_are_of_its_floor() => Is(1e7 * 100, Loss.MeanAbsolutePercentageError(), Matrix(1, 0), Matrix(1, 1));

    [Fact]
    public void KL_divergence_is_0_for_equal_distributions_and_never_negative()
    {
        var loss = Loss.KLDivergence();
        Is(0.047468657715011756, loss, Matrix(3, 0.2, 0.5, 0.3), Matrix(3, 0.1, 0.6, 0.3));
        Is(0, loss, Matrix(3, 0.2, 0.8, 0), Matrix(3, 0.2, 0.8, 0));
        var random = new RandomState(5);
        for (int i = 0; i < 50; i++)
        {
            Tensor p = Tensor.RandomNormal([1, 4], 0, 2, DType.Float64, random).Softmax(),
                q = Tensor.RandomNormal([1, 4], 0, 2, DType.Float64, random).Softmax();
            Assert.InRange(loss.Call(p, q).Item(), 1e-9, 100);
        }
        // From the logits behind a softmax the gradient is p − y, also where p has rounded to 0.
        using var tape = new GradientTape();
        Tensor logits = Matrix(3, 0, 2000, 0), y = Matrix(3, 0.5, 0.5, 0);
        tape.Watch(logits);
        Near([-0.5, 0.5, 0], tape.Gradient(loss.Call(y, Activation.Softmax.Call(logits)), logits).ToArray<double>(), 1e-15);
    }

    [Fact]
    public void Hinges_take_0_for_minus_1()
    {
        Tensor scores = Matrix(3, 0.3, -0.8, 1.5);
        foreach (var y in new[] { Matrix(3, 1, -1, -1), Matrix(3, 1, 0, 0) })
        {
            Is(1.1333333333333333, Loss.Hinge(), y, scores);
            Is(2.26, Loss.SquaredHinge(), y, scores);
        }
        Near([-1 / 3.0, 1 / 3.0, 1 / 3.0], Gradient(Loss.Hinge(), Matrix(3, 1, -1, -1), scores), 1e-15);
        Is(1.2, Loss.CategoricalHinge(), Matrix(3, 0, 0, 1), Matrix(3, 0.2, 0.5, 0.3));
        Is(0, Loss.CategoricalHinge(), Matrix(2, 1, 0), Matrix(2, 3, 1));
    }

    [Fact]
    public void Cosine_similarity()
    {
        Is(-0.3654869423239036, Loss.CosineSimilarity(), Matrix(3, 1, 2, 3), Matrix(3, 4, -5, 6));
        Is(-1, Loss.CosineSimilarity(), Matrix(2, 1e200, 1e200), Matrix(2, 1e-200, 1e-200));
        // What has no direction.
        Is(0, Loss.CosineSimilarity(), Matrix(2, 1, 1), Matrix(2, 0, 0));
        Assert.Equal([0, 0], Gradient(Loss.CosineSimilarity(), Matrix(2, 1, 1), Matrix(2, 0, 0)));
        Assert.Throws<ShapeMismatchException>(() => Loss.CosineSimilarity().Call(Tensor.Ones([3]), Tensor.Ones([3])));
    }

    [Fact]
    public void Focal_crossentropies()
    {
        Tensor y = Matrix(3, 1, 0, 0), p = Matrix(3, 0.9, 0.2, 0.6), logits = (p / (1 - p)).Log();
        Is(0.11328133689461416, Loss.BinaryFocalCrossentropy(), y, p);
        Is(0.11328133689461416, Loss.BinaryFocalCrossentropy(fromLogits: true), y, logits);
        Is(0.0847854018115309, Loss.BinaryFocalCrossentropy(applyClassBalancing: true), y, p);
        Tensor classes = Matrix(3, 0.1, 0.6, 0.3), right = Matrix(3, 0, 1, 0);
        Is(0.020433024950639634, Loss.CategoricalFocalCrossentropy(), right, classes);
        Is(0.020433024950639634, Loss.CategoricalFocalCrossentropy(fromLogits: true), right, classes.Log() + 700);
        Is(-0.25 * Math.Log(0.6), Loss.CategoricalFocalCrossentropy(gamma: 0), right, classes);
        Is(Loss.BinaryCrossentropy().Call(y, p).Item(), Loss.BinaryFocalCrossentropy(gamma: 0), y, p);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    public void Focal_gradients_stay_finite_at_any_logit(double gamma)
    {
        foreach (double logit in new[] { 0, 40, 800, -800, 1e30, -1e30 })
        {
            double[] binary = Gradient(Loss.BinaryFocalCrossentropy(gamma: gamma, fromLogits: true), Matrix(1, 1), Matrix(1, logit));
            double[] several = Gradient(Loss.CategoricalFocalCrossentropy(gamma: gamma, fromLogits: true), Matrix(2, 1, 0), Matrix(2, logit, 0));
            Assert.All(binary.Concat(several), g => Assert.True(double.IsFinite(g), $"{logit}: {g}"));
            // What is surely right has nothing more to learn, what is surely wrong all.
            if (logit >= 800) Assert.Equal(0, binary[0], 1e-12);
            if (logit <= -800) Assert.Equal(-1, binary[0], 1e-12);
        }
    }

    [Fact]
    public void Generalized_crossentropy()
    {
        var p = Matrix(3, 0.1, 0.6, 0.3);
        Is(0.4508066615170332, Loss.CategoricalGeneralizedCrossEntropy(), Tensor.FromArray([1]), p);
        Is(0.4294740136936723, Loss.CategoricalGeneralizedCrossEntropy(0.7), Tensor.FromArray([1]), p);
        Is(-Math.Log(0.6), Loss.CategoricalGeneralizedCrossEntropy(1e-12), Tensor.FromArray([1]), p);
    }

    [Fact]
    public void Overlaps()
    {
        Tensor y = Matrix(4, 1, 0, 1, 0), p = Matrix(4, 0.8, 0.3, 0.6, 0.1);
        Near([0.26315789473684215], Loss.Dice().PerSample(y, p).ToArray<double>(), 1e-7);
        Near([0.27835051546391754], Loss.Tversky(0.3, 0.7).PerSample(y, p).ToArray<double>(), 1e-7);
        Near(Loss.Dice().PerSample(y, p).ToArray<double>(), Loss.Tversky().PerSample(y, p).ToArray<double>(), 1e-7);
        Is(0, Loss.Dice(), y * 0, p * 0);
        Is(0, Loss.Tversky(), y * 0, p * 0);
        // Whole masks: every axis of a row is one.
        Assert.Equal([2], Loss.Dice().PerSample(Tensor.Ones([2, 3, 4, 1]), Tensor.Ones([2, 3, 4, 1])).Shape);
    }

    [Fact]
    public void Contrastive()
    {
        var loss = Loss.Contrastive(margin: 2);
        Near([0.25, 2.25, 0], loss.PerSample(Tensor.FromArray([1, 0, 0]), Tensor.FromArray([0.5, 0.5, 3])).ToArray<double>(), 1e-15);
        Assert.Equal(2.5 / 3, loss.Call(Tensor.FromArray([1, 0, 0]), Matrix(1, 0.5, 0.5, 3)).Item(), 1e-15);
    }

    [Fact]
    public void Triplets_of_a_batch()
    {
        Tensor e = Matrix(2, 0, 0, 1, 0, 0, 2, 3, 0), labels = Tensor.FromArray([0, 0, 1, 1]);
        Near([0, 0, 2.369483297964199, 1.605551275463989], Loss.Triplet().PerSample(labels, e).ToArray<double>(), 1e-14);
        var hard = Loss.Triplet(mining: NativeDL.Losses.TripletMining.Hard);
        Near([0, 0, 2.605551275463989, 2.605551275463989], hard.PerSample(labels, e).ToArray<double>(), 1e-14);
        // Rows that have no positive are nobody's anchors: they do not count in the mean either.
        Tensor more = Tensor.Concat([e, Matrix(2, 50, 50)]), with = Tensor.FromArray([0, 0, 1, 1, 2]);
        Assert.Equal(hard.Call(labels, e).Item(), hard.Call(with, more).Item(), 1e-14);
        Assert.Equal(0, hard.Call(Tensor.FromArray([3, 3]), Matrix(2, 1, 2, 3, 4)).Item());
        Assert.True(hard.RowsMeet);
        Near([0, 3.5], NativeDL.Losses.Triplet.Of(Matrix(2, 0, 0, 0, 0), Matrix(2, 1, 0, 0, 3), Matrix(2, 5, 0, 0, 0.5)).ToArray<double>(), 1e-14);
        Assert.Throws<ShapeMismatchException>(() => hard.Call(labels, Tensor.Ones([4])));
        Assert.Throws<DTypeMismatchException>(() => hard.Call(Tensor.Ones([4]), e));
    }

    [Fact]
    public void Circle()
    {
        Tensor e = Matrix(2, 1, 0, 0.6, 0.8, 0, 1, -0.8, 0.6), labels = Tensor.FromArray([0, 0, 1, 1]);
        double[] expected = [1.1902244780367228, 1.7800130345240845, 1.7800130345240845, 1.1902244780367228];
        Near(expected, Loss.Circle(2, 0.25).PerSample(labels, e).ToArray<double>(), 1e-13);
        Near(expected, Loss.Circle(2, 0.25).PerSample(labels, e * 7).ToArray<double>(), 1e-13);
        Assert.Equal(0, Loss.Circle().Call(Tensor.FromArray([0, 1, 2]), Matrix(2, 1, 0, 0, 1, 1, 1)).Item());
    }

    [Fact]
    public void InfoNCE()
    {
        Tensor a = Matrix(2, 1, 0, 0, 1, 0.6, 0.8), b = Matrix(2, 0.8, 0.6, 0, 2, 1, 1);
        Near([1.1143044568358675, 0.5909235892020361, 0.7589074975123673], Loss.InfoNCE(0.5).PerSample(a, b).ToArray<double>(), 1e-13);
        Near([0.9117479798434509, 0.6435323589996214, 0.8621446807816673], Loss.InfoNCE(0.5, symmetric: true).PerSample(a, b).ToArray<double>(), 1e-13);
        var report = GradCheck.Run(t => [NativeDL.Losses.InfoNCE.Of(t[0], t[1], 0.5, symmetric: true).Sum()], [a, b]);
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public void Rows_of_an_ignored_class_do_not_count()
    {
        var loss = Loss.SparseCategoricalCrossentropy(fromLogits: true, ignoreClass: -1);
        var logits = Tensor.RandomNormal([4, 3], 0, 1, DType.Float64, new RandomState(2));
        var kept = Tensor.FromArray([0, 2]);
        double expected = Loss.SparseCategoricalCrossentropy(fromLogits: true).Call(Tensor.FromArray([2, 1]), logits.Gather(kept)).Item();
        Assert.Equal(expected, loss.Call(Tensor.FromArray([2, -1, 1, -1]), logits).Item(), 1e-14);
        Assert.Equal(expected, loss.Call(Tensor.FromArray([2, -1, 1, -1], [2, 2]), logits.Reshape(2, 2, 3)).Item(), 1e-14);
        Assert.Equal(expected, Loss.SparseCategoricalCrossentropy(ignoreClass: 255).Call(Tensor.FromArray([2, 255, 1, 255]), logits.Softmax()).Item(), 1e-14);
        // With a mask, what either leaves out.
        var mask = Tensor.FromArray([true, true, false, true]);
        Assert.Equal(loss.Call(Tensor.FromArray([2]), logits[..1]).Item(), loss.Call(Tensor.FromArray([2, -1, 1, -1]), logits, mask: mask).Item(), 1e-14);
    }

    [Fact]
    public void Binary_labels_are_smoothed_over_both_classes()
    {
        Tensor y = Matrix(2, 1, 0), p = Matrix(2, 0.9, 0.2);
        double expected = -(0.9 * Math.Log(0.9) + 0.1 * Math.Log(0.1) + 0.1 * Math.Log(0.2) + 0.9 * Math.Log(0.8)) / 2;
        Is(expected, Loss.BinaryCrossentropy(labelSmoothing: 0.2), y, p);
        Is(expected, Loss.BinaryCrossentropy(fromLogits: true, labelSmoothing: 0.2), y, (p / (1 - p)).Log());
        Assert.Throws<InvalidInputException>(() => Loss.BinaryCrossentropy(labelSmoothing: 1.1));
    }

    [Fact]
    public void A_function_is_a_loss_that_trains()
    {
        var loss = Loss.From((y, p) => (y - p).Square().Sum(-1), "mine", LossReduction.Sum);
        Assert.Equal(("mine", LossReduction.Sum), (loss.Name, loss.Reduction));
        var w = new Parameter("w", Matrix(1, 0.0));
        for (int i = 0; i < 50; i++) Step(new SGD(0.1), [w], () => loss.Call(Matrix(1, 3), w.Value));
        Assert.Equal(3, w.Value.Item(), 1e-4);
        Assert.Throws<ArgumentException>(() => Loss.From((y, p) => y, ""));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Func<Loss>[] wrong = [() => Loss.BinaryFocalCrossentropy(alpha: 2), () => Loss.CategoricalFocalCrossentropy(gamma: -1),
            () => Loss.CategoricalGeneralizedCrossEntropy(0), () => Loss.Tversky(-1), () => Loss.Triplet(double.NaN), () => Loss.Contrastive(0),
            () => Loss.InfoNCE(0), () => Loss.Circle(margin: 2)];
        Assert.All(wrong, make => Assert.Contains("expected", Assert.Throws<InvalidInputException>(make).Message, StringComparison.Ordinal));
    }
}
