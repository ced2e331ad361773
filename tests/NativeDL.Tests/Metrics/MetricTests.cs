using NativeDL.Metrics;
using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Metrics;

public sealed class MetricTests
{
    private static double Of(Metric metric, Tensor target, Tensor prediction)
    {
        metric.Update(target, prediction);
        return metric.Result;
    }

    [Fact]
    public void N35_binary_accuracy()
    {
        Tensor y = Matrix(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0), scores = Matrix(1, .9, .8, .7, .3, .6, .55, .2, .1, .4, .05);
        Assert.Equal(0.7, Of(new BinaryAccuracy(), y, scores), 1e-15);
        Assert.Equal(0.7, Of(new Accuracy(), y, scores), 1e-15);
        Assert.Equal(0.7, Of(new BinaryAccuracy(threshold: 0), y, (scores / (1 - scores)).Log()), 1e-15);
    }

    [Fact]
    public void N35_errors()
    {
        Tensor y = Matrix(4, 3, -.5, 2, 7), o = Matrix(4, 2.5, 0, 2, 8);
        Assert.Equal(0.5, Of(new MeanAbsoluteError(), y, o), 1e-15);
        Assert.Equal(0.375, Of(new MeanSquaredError(), y, o), 1e-15);
        Assert.Equal(0.612372435696, Of(new RootMeanSquaredError(), y, o), 1e-11);
    }

    [Fact]
    public void N35_top_k()
    {
        Tensor scores = Matrix(4, .1, .2, .3, .4, .5, .1, .3, .1, .3, .4, .2, .1), labels = Tensor.FromArray([2, 0, 3]);
        Assert.Equal(1 / 3.0, Of(new TopKAccuracy(1), labels, scores), 1e-15);
        Assert.Equal(2 / 3.0, Of(new TopKAccuracy(2), labels, scores), 1e-15);
        Assert.Equal(2 / 3.0, Of(new TopKAccuracy(2), labels.OneHot(4, DType.Float64), scores), 1e-15);
        Assert.Equal(1 / 3.0, Of(new SparseCategoricalAccuracy(), labels, scores), 1e-15);
        Assert.Equal(1 / 3.0, Of(new CategoricalAccuracy(), labels.OneHot(4, DType.Float64), scores), 1e-15);
        Assert.Equal(1 / 3.0, Of(new Accuracy(), labels, scores), 1e-15);
        Assert.Equal(1 / 3.0, Of(new Accuracy(), labels.OneHot(4, DType.Float64), scores), 1e-15);
    }

    [Fact]
    public void N35_batches_of_2_and_8_count_by_their_rows()
    {
        Metric metric = "accuracy";
        metric.Update(Tensor.FromArray([0, 1]), Scores(0, 0));                                         // 1 of 2 right
        metric.Update(Tensor.FromArray([0, 0, 0, 0, 1, 1, 1, 1]), Scores(0, 0, 0, 0, 1, 1, 1, 0));     // 7 of 8 right
        Assert.Equal(0.8, metric.Result, 1e-15); // the mean of the batches' means would be 0.6875

        static Tensor Scores(params int[] said) => Tensor.FromArray(said).OneHot(2, DType.Float32);
    }

    [Fact]
    public void Root_mean_squared_error_takes_the_root_of_the_whole_mean()
    {
        var metric = new RootMeanSquaredError();
        metric.Update(Matrix(1, 0), Matrix(1, 3));
        metric.Update(Matrix(1, 0, 0, 0), Matrix(1, 1, 1, 1));
        Assert.Equal(Math.Sqrt(3), metric.Result, 1e-15);
    }

    [Fact]
    public void Nothing_seen_is_not_a_number_and_reset_forgets()
    {
        foreach (var metric in Registry.Names<Metric>().Select(name => (Metric)name))
        {
            Assert.True(double.IsNaN(metric.Result), metric.Name);
            var (target, prediction) = MetricSample.Of(metric);
            metric.Update(target, prediction);
            Assert.True(double.IsFinite(metric.Result), metric.Name);
            metric.Reset();
            Assert.True(double.IsNaN(metric.Result), metric.Name);
        }
    }

    [Fact]
    public void Ties_go_to_the_first()
    {
        var tied = Matrix(3, 0.4, 0.4, 0.2);
        Assert.Equal(1, Of(new SparseCategoricalAccuracy(), Tensor.FromArray([0]), tied));
        Assert.Equal(0, Of(new SparseCategoricalAccuracy(), Tensor.FromArray([1]), tied));
        Assert.Equal(0, Of(new TopKAccuracy(1), Tensor.FromArray([1]), tied));
        Assert.Equal(1, Of(new TopKAccuracy(2), Tensor.FromArray([1]), tied));
    }

    [Fact]
    public void Accuracy_beside_logits_asks_for_their_sign()
    {
        Metric accuracy = "accuracy";
        accuracy.Beside(Loss.BinaryCrossentropy(fromLogits: true));
        Assert.Equal(1, Of(accuracy, Matrix(1, 1, 0), Matrix(1, 0.2, -0.2)));
    }

    [Fact]
    public void Every_name_makes_a_metric_and_an_unknown_one_lists_them()
    {
        var names = Registry.Names<Metric>();
        Assert.All(names, name =>
        {
            Metric metric = name;
            Assert.NotEmpty(metric.Name);
        });
        string message = Assert.Throws<InvalidInputException>(() => { Metric m = "acuracy"; }).Message;
        Assert.Contains("'acuracy'", message, StringComparison.Ordinal);
        Assert.All(names, known => Assert.Contains(known, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        string sparse = Assert.Throws<ShapeMismatchException>(() => Of(new SparseCategoricalAccuracy(), Tensor.Zeros([5], DType.Int32), Tensor.Zeros([4, 3])))
            .Message;
        Assert.Contains("[5]", sparse, StringComparison.Ordinal);
        Assert.Contains("[4, 3]", sparse, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => Of(new CategoricalAccuracy(), Tensor.Zeros([4, 2]), Tensor.Zeros([4, 3])));
        Assert.Throws<ShapeMismatchException>(() => Of(new BinaryAccuracy(), Tensor.Zeros([5]), Tensor.Zeros([4, 1])));
        Assert.Throws<ShapeMismatchException>(() => Of(new MeanSquaredError(), Tensor.Zeros([5]), Tensor.Zeros([4])));
        Assert.Throws<InvalidInputException>(() => Of(new TopKAccuracy(1), Tensor.FromArray([3]), Tensor.Zeros([1, 3])));
        Assert.Throws<InvalidInputException>(() => new TopKAccuracy(0));
    }

    [Fact]
    public void What_is_not_a_number_is_never_right()
    {
        var none = Tensor.Full([1, 3], double.NaN);
        foreach (int label in (int[])[0, 1, 2])
        {
            Assert.Equal(0, Of(new TopKAccuracy(1), Tensor.FromArray([label]), none));
            Assert.Equal(0, Of(new TopKAccuracy(5), Tensor.FromArray([label]), none));
            Assert.Equal(0, Of(new SparseCategoricalAccuracy(), Tensor.FromArray([label]), none));
            Assert.Equal(0, Of(new CategoricalAccuracy(), Tensor.FromArray([label]).OneHot(3), none));
        }
        Assert.Equal(0, Of(new BinaryAccuracy(), Tensor.Zeros([2, 1]), Tensor.Full([2, 1], double.NaN)));
        Assert.Throws<ShapeMismatchException>(() => Of(new BinaryAccuracy(), Tensor.Scalar(1), Tensor.Scalar(1)));
    }

    public static TheoryData<string> Names => [.. Registry.Names<Metric>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_row_of_weight_2_counts_as_two_rows_and_one_of_weight_0_as_none(string name)
    {
        Metric weighted = name, repeated = name;
        var (target, scores) = MetricSample.Of(weighted);
        weighted.Update(target, scores, Tensor.FromArray([2f, 1, 0, 3]));
        var rows = Tensor.FromArray([0, 0, 1, 3, 3, 3]);
        repeated.Update(target.Gather(rows), scores.Gather(rows));
        Assert.Equal(repeated.Result, weighted.Result, 1e-14 * (1 + Math.Abs(repeated.Result)));
        Assert.Contains("weights [3] for", Assert.Throws<ShapeMismatchException>(() => weighted.Update(target, scores, Tensor.FromArray([1f, 2, 3]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_may_have_weights_of_their_own()
    {
        Metric accuracy = new SparseCategoricalAccuracy();
        var scores = Tensor.FromArray([0, 1, 1, 0]).OneHot(2, DType.Float32).Reshape(2, 2, 2);
        accuracy.Update(Tensor.FromArray(new[,] { { 0, 0 }, { 0, 0 } }), scores, Tensor.FromArray(new[,] { { 1f, 2 }, { 0, 5 } }));
        Assert.Equal(6 / 8.0, accuracy.Result, 1e-15);
    }
}
