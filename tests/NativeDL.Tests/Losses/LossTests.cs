using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Losses;

public sealed class LossTests
{
    public static TheoryData<string> Names => [.. Registry.Names<Loss>()];

    public static TheoryData<string> NamesOfRowsAlone => [.. Registry.Names<Loss>().Where(name => !((Loss)name).RowsMeet)];

    // What each loss takes: rows of probabilities, class numbers, or embeddings of several classes.
    private static (Tensor Target, Tensor Prediction) Sample(Loss loss) => loss switch
    {
        NativeDL.Losses.SparseCategoricalCrossentropy or NativeDL.Losses.CategoricalGeneralizedCrossEntropy =>
            (Tensor.FromArray([2, 0]), Matrix(3, 0.2, 0.3, 0.5, 0.6, 0.15, 0.25)),
        NativeDL.Losses.Triplet or NativeDL.Losses.Circle =>
            (Tensor.FromArray([0, 1, 0, 1]), Matrix(3, 0.2, 0.3, -0.5, 0.6, 0.15, 0.25, -0.4, 0.9, 0.1, 0.7, 0.8, -0.3)),
        _ => (Matrix(3, 0.1, 0.7, 0.2, 0.3, 0.3, 0.4), Matrix(3, 0.2, 0.3, 0.5, 0.6, 0.15, 0.25)),
    };

    [Fact]
    public void N05_mean_squared_error()
    {
        Tensor o = Matrix(3, 0.5, -1, 2), y = Matrix(3, 0, 1, 0);
        Assert.Equal(2.75, Loss.MeanSquaredError().Call(y, o).Item(), 1e-15);
        Assert.Equal(4.125, Loss.HalfSumSquaredError().Call(y, o).Item(), 1e-15);
        Assert.Equal(8.25, Loss.SumSquaredError().Call(y, o).Item(), 1e-15);

        // Rows whose every output is off by the root of the printed values have these values, and their mean.
        var labels = Tensor.FromArray([1, 3]).OneHot(10, DType.Float64);
        double[] printed = [0.779179, 1.6585705];
        var off = labels + Matrix(1, Math.Sqrt(printed[0]), Math.Sqrt(printed[1]));
        var each = Loss.MeanSquaredError().PerSample(labels, off);
        Assert.Equal([2], each.Shape);
        Near(printed, each.ToArray<double>(), 1e-14);
        Assert.Equal(1.21887475, Loss.MeanSquaredError().Call(labels, off).Item(), 1e-14);
    }

    [Fact]
    public void N32_binary_cross_entropy()
    {
        Tensor y = Matrix(1, 1, 0, 1), p = Matrix(1, 0.8, 0.8, 0.5);
        Near([0.223143551314, 1.609437912434, 0.693147180560], Loss.BinaryCrossentropy().PerSample(y, p).ToArray<double>(), 1e-11);
        Near([0.223143551314, 1.609437912434, 0.693147180560], Loss.BinaryCrossentropy(fromLogits: true).PerSample(y, (p / (1 - p)).Log()).ToArray<double>(),
            1e-11);
    }

    [Fact]
    public void N32_quadratic_cost() => Assert.Equal(6.5, Loss.QuadraticCost().Call(Matrix(2, 0, 0, 0, 0), Matrix(2, 3, 4, 0, 1)).Item(), 1e-15);

    [Fact]
    public void N03_cross_entropy_of_2_1_01()
    {
        Tensor logits = Matrix(3, 2, 1, 0.1), y = Matrix(3, 1, 0, 0), label = Tensor.FromArray([0]);
        Assert.Equal(0.417030016278, Loss.CategoricalCrossentropy(fromLogits: true).Call(y, logits).Item(), 1e-11);
        Assert.Equal(0.417030016278, Loss.CategoricalCrossentropy().Call(y, logits.Softmax()).Item(), 1e-11);
        Assert.Equal(0.417030016278, Loss.SparseCategoricalCrossentropy(fromLogits: true).Call(label, logits).Item(), 1e-11);
        Assert.Equal(0.417030016278, Loss.SparseCategoricalCrossentropy().Call(label, logits.Softmax()).Item(), 1e-11);
        // Far from 0 the same.
        Assert.Equal(0.417030016278, Loss.SparseCategoricalCrossentropy(fromLogits: true).Call(label, logits + 1000).Item(), 1e-11);

        using var tape = new GradientTape();
        tape.Watch(logits);
        var gradient = tape.Gradient(Loss.SparseCategoricalCrossentropy(fromLogits: true).Call(label, logits), logits);
        Near([-0.340998861114, 0.242432970705, 0.098565890409], gradient.ToArray<double>(), 1e-11);
    }

    [Fact]
    public void Huber()
    {
        Tensor y = Matrix(3, 0, 0, 0, 1, 1, 1), o = Matrix(3, 0.5, -3, 1, 1, 4, -1.5);
        Near([(0.125 + 2.5 + 0.5) / 3, 4.5 / 3], Loss.Huber().PerSample(y, o).ToArray<double>(), 1e-15);
        Near([(0.125 + 4 + 0.5) / 3, 7.0 / 3], Loss.Huber(delta: 2).PerSample(y, o).ToArray<double>(), 1e-15);
        using var tape = new GradientTape();
        tape.Watch(o);
        Near([0.5, -1, 1, 0, 1, -1], (tape.Gradient(Loss.Huber().Call(y, o), o) * 6).ToArray<double>(), 1e-15);
        Assert.Equal(1.5, Assert.IsType<NativeDL.Losses.Huber>((Loss)"huber(1.5)").Delta);
        foreach (double wrong in new[] { 0, -1, double.NaN, double.PositiveInfinity }) Assert.Throws<InvalidInputException>(() => Loss.Huber(wrong));
    }

    [Fact]
    public void Mean_absolute_error()
    {
        Near([1.5, 0.5], Loss.MeanAbsoluteError().PerSample(Matrix(2, 1, 2, 3, 4), Matrix(2, 2, 0, 3, 3)).ToArray<double>(), 1e-15);
        Assert.Equal(1.0, Loss.MeanAbsoluteError().Call(Matrix(2, 1, 2, 3, 4), Matrix(2, 2, 0, 3, 3)).Item());
    }

    [Fact]
    public void Label_smoothing_spreads_its_share_over_all_classes()
    {
        Tensor logits = Matrix(3, 2, 1, 0.1), y = Matrix(3, 1, 0, 0);
        double[] logs = logits.LogSoftmax().ToArray<double>();
        double expected = -(0.8 * logs[0] + 0.1 * logs[1] + 0.1 * logs[2]); // 0.7 + 0.3/3 and twice 0.3/3
        Assert.Equal(expected, Loss.CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.3).Call(y, logits).Item(), 1e-12);
        Assert.Equal(expected, Loss.CategoricalCrossentropy(labelSmoothing: 0.3).Call(y, logits.Softmax()).Item(), 1e-12);
    }

    [Fact]
    public void Probabilities_of_0_and_1_give_finite_losses()
    {
        Tensor y = Matrix(2, 1, 0), wrong = Matrix(2, 0, 1);
        Assert.Equal(-Math.Log(1e-7), Loss.BinaryCrossentropy().Call(y, wrong).Item(), 1e-6);
        Assert.Equal(-Math.Log(1e-7), Loss.CategoricalCrossentropy().Call(y, wrong).Item(), 1e-6);
        Assert.Equal(-Math.Log(1e-7), Loss.SparseCategoricalCrossentropy().Call(Tensor.FromArray([0]), wrong).Item(), 1e-6);
        Assert.Equal(1000, Loss.BinaryCrossentropy(fromLogits: true).Call(Matrix(1, 1), Matrix(1, -1000)).Item(), 1e-9);
        Assert.Equal(1000, Loss.SparseCategoricalCrossentropy(fromLogits: true).Call(Tensor.FromArray([0]), Matrix(2, 0, 1000)).Item(), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_name_makes_a_loss_whose_gradient_is_right(string name)
    {
        Loss loss = name;
        var (y, p) = Sample(loss);
        var report = GradCheck.Run(x => loss.Call(y, x), p);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(p.ElementCount, report.Compared);
        Assert.Equal(p.Shape[..1], loss.PerSample(y, p).Shape);
        Assert.Contains(loss.Name, Registry.Names<Loss>());
    }

    [Fact]
    public void An_unknown_name_lists_the_known()
    {
        string message = Assert.Throws<InvalidInputException>(() => { Loss l = "mean_sqared_error"; }).Message;
        Assert.Contains("'mean_sqared_error'", message, StringComparison.Ordinal);
        Assert.All(Registry.Names<Loss>(), known => Assert.Contains(known, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Targets_of_one_number_a_row_fit_one_output()
    {
        Tensor y = Tensor.FromArray([1.0, 0.0]), o = Matrix(1, 0.5, 0.5);
        Assert.Equal(0.25, Loss.MeanSquaredError().Call(y, o).Item());
        Assert.Equal(Math.Log(2), Loss.BinaryCrossentropy().Call(Tensor.FromArray([1, 0]), o).Item(), 1e-12);
    }

    [Theory]
    [InlineData("mse")]
    [InlineData("mae")]
    [InlineData("half_sum_squared_error")]
    [InlineData("sum_squared_error")]
    [InlineData("quadratic_cost")]
    [InlineData("binary_crossentropy")]
    [InlineData("categorical_crossentropy")]
    public void Targets_of_another_shape_are_refused(string name)
    {
        Loss loss = name;
        string message = Assert.Throws<ShapeMismatchException>(() => loss.Call(Tensor.Zeros([4, 3]), Tensor.Zeros([4, 2]))).Message;
        Assert.Contains("[4, 3]", message, StringComparison.Ordinal);
        Assert.Contains("[4, 2]", message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => loss.Call(Tensor.Zeros([4, 2, 1]), Tensor.Zeros([4, 2])));
    }

    [Fact]
    public void Labels_of_the_wrong_kind_are_refused_with_the_loss_that_fits()
    {
        var scores = Tensor.Zeros([4, 3]);
        string rows = Assert.Throws<ShapeMismatchException>(() => Loss.SparseCategoricalCrossentropy().Call(Tensor.Zeros([4, 3]), scores)).Message;
        Assert.Contains("CategoricalCrossentropy", rows, StringComparison.Ordinal);
        Assert.Contains("[4, 3]", rows, StringComparison.Ordinal);
        string numbers = Assert.Throws<ShapeMismatchException>(() => Loss.CategoricalCrossentropy().Call(Tensor.Zeros([4], DType.Int32), scores)).Message;
        Assert.Contains("SparseCategoricalCrossentropy", numbers, StringComparison.Ordinal);
        string rank = Assert.Throws<ShapeMismatchException>(() => Loss.SparseCategoricalCrossentropy().Call(Tensor.Zeros([4, 3, 2], DType.Int32), scores))
            .Message;
        Assert.Contains("[4, 3, 2]", rank, StringComparison.Ordinal);
        Assert.Throws<DTypeMismatchException>(() => Loss.SparseCategoricalCrossentropy().Call(Tensor.Zeros([4]), scores));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_label_out_of_range_is_named_with_the_range(bool fromLogits)
    {
        var loss = Loss.SparseCategoricalCrossentropy(fromLogits);
        var scores = Tensor.Full([3, 4], 0.25);
        foreach (int bad in new[] { 4, -1 })
        {
            string message = Assert.Throws<InvalidInputException>(() => loss.Call(Tensor.FromArray([0, bad, 3]), scores)).Message;
            Assert.Contains($"{bad}", message, StringComparison.Ordinal);
            Assert.Contains("3", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sequences_are_averaged_over_their_positions()
    {
        var logits = Tensor.RandomNormal([2, 5, 3], 0, 1, DType.Float64, new RandomState(1));
        var labels = Tensor.FromArray([0, 1, 2, 0, 1, 1, 1, 2, 2, 0], [2, 5]);
        var loss = Loss.SparseCategoricalCrossentropy(fromLogits: true);
        Assert.Equal([2], loss.PerSample(labels, logits).Shape);
        Assert.Equal(loss.Call(labels.Reshape(10), logits.Reshape(10, 3)).Item(), loss.Call(labels, logits).Item(), 1e-12);
        Assert.Equal(loss.Call(labels, logits).Item(), Loss.CategoricalCrossentropy(fromLogits: true).Call(labels.OneHot(3, DType.Float64), logits).Item(),
            1e-12);
    }

    [Theory]
    [MemberData(nameof(NamesOfRowsAlone))]
    public void A_row_of_weight_2_pulls_as_two_rows(string name)
    {
        Loss loss = name;
        var random = new RandomState(4);
        Tensor p = Tensor.RandomUniform([4, 3], 0.1, 0.9, DType.Float64, random).Softmax(), labels = Tensor.FromArray([2, 0, 1, 1]),
            rows = Tensor.FromArray([0, 0, 1, 3, 3, 3]);
        var y = Sample(loss).Target.DType == DType.Int32 ? labels : labels.OneHot(3, DType.Float64);
        // A mean divides by the number of rows in both: 4 that are weighed, 6 that are repeated.
        double scale = loss.Reduction == LossReduction.Mean ? 6 / 4.0 : 1;
        Assert.Equal(loss.Call(y.Gather(rows), p.Gather(rows)).Item() * scale, loss.Call(y, p, Tensor.FromArray([2f, 1, 0, 3])).Item(), 1e-12);
        Assert.Equal(loss.Call(y, p).Item(), loss.Call(y, p, Tensor.Ones([4, 1])).Item(), 1e-12);
        string message = Assert.Throws<ShapeMismatchException>(() => loss.Call(y, p, Tensor.Ones([3]))).Message;
        Assert.Contains("weights [3] for [4, 3]; expected [4], one for each row", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_may_have_weights_of_their_own_and_masked_ones_do_not_count()
    {
        var logits = Tensor.RandomNormal([2, 3, 4], 0, 1, DType.Float64, new RandomState(1));
        var labels = Tensor.FromArray([0, 1, 2, 0, 1, 3], [2, 3]);
        var loss = Loss.SparseCategoricalCrossentropy(fromLogits: true);
        double[] each = loss.PerSample(labels.Reshape(6), logits.Reshape(6, 4)).ToArray<double>();
        double[] weights = [1, 0, 2, 3, 1, 1];
        Assert.Equal(each.Zip(weights, (l, w) => l * w).Sum() / 6, loss.Call(labels, logits, Tensor.FromArray(weights, [2, 3])).Item(), 1e-12);

        var mask = Tensor.FromArray(new[,] { { true, true, false }, { true, false, false } });
        Assert.Equal((each[0] + each[1] + each[3]) / 3, loss.Call(labels, logits, null, mask).Item(), 1e-12);
        Assert.Equal((2 * each[0] + 2 * each[1] + 3 * each[3]) / 3, loss.Call(labels, logits, Tensor.FromArray([2.0, 3]), mask).Item(), 1e-12);
        // What a masked position says may be anything.
        var broken = Tensor.Where(mask.ExpandDims(-1), logits, Tensor.Full([], double.NaN, DType.Float64));
        Assert.Equal((each[0] + each[1] + each[3]) / 3, loss.Call(labels, broken, null, mask).Item(), 1e-12);
        Assert.Equal(0, loss.Call(labels, logits, null, mask.Less(mask)).Item());
    }

    [Fact]
    public void Target_and_prediction_the_wrong_way_round_are_refused_in_training()
    {
        var p = new Parameter("p", Matrix(1, 0.2, 0.9));
        using var tape = new GradientTape();
        string message = Assert.Throws<InvalidInputException>(() => Loss.BinaryCrossentropy().Call(p.ToTensor().Sigmoid(), Matrix(1, 0, 1))).Message;
        Assert.Contains("the target comes first", message, StringComparison.Ordinal);
    }
}
