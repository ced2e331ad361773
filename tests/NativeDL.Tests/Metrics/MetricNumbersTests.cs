using NativeDL.Metrics;
using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Metrics;

/// <summary>Worked numbers of metrics, computed from their definitions in Python.</summary>
public sealed class MetricNumbersTests
{
    private static readonly Tensor Y = Matrix(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0), Scores = Matrix(1, .9, .8, .7, .3, .6, .55, .2, .1, .4, .05);

    // Three classes: [[2, 0, 0], [1, 1, 1], [0, 1, 2]].
    private static readonly Tensor Labels = Tensor.FromArray([0, 1, 2, 2, 1, 0, 2, 1]), Said = Tensor.FromArray([0, 2, 2, 1, 1, 0, 2, 0]);

    private static void Is(double expected, Metric metric, Tensor y, Tensor o, double tolerance = 1e-12)
    {
        metric.Update(y, o);
        Assert.Equal(expected, metric.Result, tolerance);
    }

    private static void IsInBatches(double expected, Metric metric, Tensor y, Tensor o)
    {
        int rows = y.Shape[0];
        metric.Update(y[..(rows / 3)], o[..(rows / 3)]);
        metric.Update(y[(rows / 3)..], o[(rows / 3)..]);
        Assert.Equal(expected, metric.Result, 1e-12);
    }

    [Fact]
    public void N35_binary_classification()
    {
        IsInBatches(0.6, new Precision(), Y, Scores);
        IsInBatches(0.75, new Recall(), Y, Scores);
        IsInBatches(2 / 3.0, new F1Score(), Y, Scores);
        IsInBatches(0.4, new CohenKappa(), Y, Scores);
        IsInBatches(0.875, new AUC(), Y, Scores);
        IsInBatches(0.875, new ExactAUC(), Y, Scores);
        IsInBatches(4 / 6.0, new Specificity(), Y, Scores);
        IsInBatches(0.8928571428571428, new ExactAUC(AucCurve.Pr), Y, Scores);
        IsInBatches(3, new TruePositives(), Y, Scores);
        IsInBatches(2, new FalsePositives(), Y, Scores);
        IsInBatches(1, new FalseNegatives(), Y, Scores);
        IsInBatches(4, new TrueNegatives(), Y, Scores);
    }

    [Fact]
    public void N35_regression_and_similarity()
    {
        Tensor y = Matrix(4, 3, -.5, 2, 7), o = Matrix(4, 2.5, 0, 2, 8);
        Is(32.738095238095, new MeanAbsolutePercentageError(), y, o, 1e-11);
        Is(0.992855088482, new CosineSimilarity(), y, o, 1e-11);
        Is(0.9848696184482703, new PearsonCorrelation(), y, o);
        Is(0.97678916827853, new ConcordanceCorrelation(), y, o);
        IsInBatches(0.9486081370449679, new R2Score(), y.Reshape(4, 1), o.Reshape(4, 1));
        IsInBatches(1 - (1 - 0.9486081370449679) * 3 / 2, new R2Score(numRegressors: 1), y.Reshape(4, 1), o.Reshape(4, 1));
        // Far from 0 the same: nothing cancels.
        IsInBatches(0.9486081370449679, new R2Score(), y.Reshape(4, 1) + (1 << 30), o.Reshape(4, 1) + (1 << 30));
        var both = Tensor.Concat([y.Reshape(4, 1), y.Reshape(4, 1) * 0.1], axis: 1);
        var half = Tensor.Concat([o.Reshape(4, 1), Tensor.Full([4, 1], 0.2875, DType.Float64)], axis: 1);
        Is(0.9486081370449679 / 2, new R2Score(), both, half);
        Is(0.9486081370449679 / 1.01, new R2Score(R2Aggregation.VarianceWeightedAverage), both, half);
    }

    [Fact]
    public void N34_peak_signal_to_noise_ratio()
    {
        Is(20, new PSNR(), Tensor.Zeros([1, 2, 2, 1], DType.Float64), Tensor.Full([1, 2, 2, 1], 0.1, DType.Float64));
        Is(30, new PSNR(255), Tensor.Zeros([1, 2, 2, 1], DType.Float64), Tensor.Full([1, 2, 2, 1], Math.Sqrt(65.025), DType.Float64));
    }

    [Fact]
    public void Classes_by_their_confusion()
    {
        var scores = Said.OneHot(3, DType.Float64);
        foreach (var y in new[] { Labels, Labels.OneHot(3, DType.Float64) })
        {
            IsInBatches(0.4418604651162791, new CohenKappa(), y, scores);
            IsInBatches(0.5862068965517242, new CohenKappa(weightage: KappaWeights.Linear), y, scores);
            IsInBatches(0.7272727272727273, new CohenKappa(weightage: KappaWeights.Quadratic), y, scores);
            IsInBatches(0.4523809523809524, new MatthewsCorrelation(), y, scores);
            IsInBatches(0.47222222222222215, new MeanIoU(), y, scores);
            IsInBatches(0.5833333333333333, new IoU(targetClassIds: [0, 2]), y, scores);
            IsInBatches(0.6222222222222222, new Dice(), y, scores);
            IsInBatches(0.625, new ConfusionMatrix(), y, scores);
            IsInBatches(0.6222222222222222, new F1Score(), y, scores);
            IsInBatches(0.6, new F1Score(Average.Weighted), y, scores);
            IsInBatches(0.625, new F1Score(Average.Micro), y, scores);
            IsInBatches(0.6443001443001443, new FBetaScore(beta: 2), y, scores);
            IsInBatches(0.625, new Precision(), y, scores);
            IsInBatches(0.611111111111111, new Precision(average: Average.Macro), y, scores);
            IsInBatches(0.6041666666666666, new Precision(average: Average.Weighted), y, scores);
            IsInBatches(0.6666666666666666, new Recall(average: Average.Macro), y, scores);
            IsInBatches(1 / 3.0, new Recall(classId: 1), y, scores);
        }
        var matrix = new ConfusionMatrix(3);
        matrix.Update(Labels, Said);
        Assert.Equal(new[,] { { 2.0, 0, 0 }, { 1, 1, 1 }, { 0, 1, 2 } }, matrix.Matrix);
        var each = new F1Score();
        each.Update(Labels, scores);
        Near([0.8, 0.4, 2 / 3.0], [.. each.PerClass], 1e-15);
    }

    [Fact]
    public void Weights_and_ignored_classes_of_masks()
    {
        var said = new ConfusionMatrix(2, ignoreClass: 255);
        said.Update(Tensor.FromArray([0, 1, 255, 1], [1, 2, 2]), Tensor.FromArray([1, 1, 0, 0], [1, 2, 2]),
            Tensor.FromArray(new[,,] { { { 2f, 3 }, { 5, 7 } } }));
        Assert.Equal(new[,] { { 0.0, 2 }, { 7, 3 } }, said.Matrix);
        Is(1 / 3.0, new BinaryIoU([1], threshold: 0.6), Tensor.FromArray(new[,] { { 1f, 0 }, { 1, 0 } }),
            Tensor.FromArray(new[,] { { 0.9f, 0.7f }, { 0.6f, 0.1f } }), 1e-15);
        string message = Assert.Throws<InvalidInputException>(() => new ConfusionMatrix(3).Update(Tensor.FromArray([0, 3]), Tensor.FromArray([0, 1]))).Message;
        Assert.Contains("Got 3; expected 0 to 2", message, StringComparison.Ordinal);
        Assert.Contains("numClasses", Assert.Throws<InvalidInputException>(() => new MeanIoU().Update(Labels, Said)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => new MeanIoU(4).Update(Labels, Said.OneHot(3, DType.Float64)));
        Assert.Throws<InvalidInputException>(() => new IoU(targetClassIds: [-1]));
    }

    [Fact]
    public void Thresholds_top_k_and_logits()
    {
        Is(1, new Precision(thresholds: 0.65), Y, Scores);
        var scores = Matrix(4, .1, .2, .3, .4, .5, .1, .3, .1, .3, .4, .2, .1);
        var y = Tensor.FromArray([2, 0, 3]);
        Is(2 / 6.0, new Precision(topK: 2), y, scores);
        Is(2 / 3.0, new Recall(topK: 2), y, scores);
        Is(1 / 2.0, new Precision(thresholds: 0.35, topK: 2), Tensor.FromArray([0, 3]), scores[1..]);
        var logits = (Scores / (1 - Scores)).Log();
        foreach (Metric metric in new Metric[] { new Precision(), new F1Score(), new CohenKappa(), new AUC(), new PrecisionAtRecall(0.7),
            new BinaryCrossentropy() })
        {
            var plain = (Metric)metric.Name;
            if (plain is PrecisionAtRecall) plain = new PrecisionAtRecall(0.7);
            plain.Update(Y, Scores);
            metric.Beside(Loss.BinaryCrossentropy(fromLogits: true));
            metric.Update(Y, logits);
            Assert.Equal(plain.Result, metric.Result, 1e-12);
        }
    }

    [Fact]
    public void Nothing_said_or_nothing_there_is_0_of_0()
    {
        Tensor none = Matrix(1, 0, 0), low = Matrix(1, 0.1, 0.2);
        foreach (var metric in new Metric[] { new Precision(), new Recall(), new F1Score(), new CohenKappa(), new MatthewsCorrelation(), new AUC(),
            new ExactAUC() })
            Is(0, metric, none, low);
        Is(1, new Specificity(), none, low);
    }

    [Fact]
    public void Scores_that_are_no_numbers_are_wrong()
    {
        Tensor y = Matrix(1, 1, 0), nan = Tensor.Full([2, 1], double.NaN, DType.Float64);
        Is(0, new ExactAUC(), y, nan);
        Is(0, new AUC(), y, nan);
        Is(0, new ConfusionMatrix(), y, nan);
        Is(1, new FalsePositives(), y, nan);
        Is(1, new FalseNegatives(), y, nan);
    }

    [Fact]
    public void Areas_of_few_thresholds_are_those_of_Keras()
    {
        // Keras' own example: true positives 2, 1, 0 and false positives 2, 0, 0 above 0, ½ and 1.
        Tensor y = Tensor.FromArray([0, 0, 1, 1]), p = Tensor.FromArray([0, 0.5, 0.3, 0.9]);
        Is(0.75, new AUC(3), y, p);
        Is(1.0, new AUC(3, summationMethod: AucSummation.Majoring), y, p);
        Is(0.5, new AUC(3, summationMethod: AucSummation.Minoring), y, p);
        // From all to the upper half: slope 1/3, start 2/3 at n = 1: (1 + 2/3·log 4)/3/2; above, a half of precision 1.
        Is((1 + 2 / 3.0 * Math.Log(4)) / 3 / 2 + 0.5, new AUC(3, AucCurve.Pr), y, p);
        Is((0.875 + 0.5) / 2, new AUC(multiLabel: true), Tensor.Concat([Y, Y], axis: 1), Tensor.Concat([Scores, Scores * 0 + 0.3], axis: 1));
    }

    [Fact]
    public void The_exact_area_counts_ties_half_and_knows_no_scale()
    {
        Tensor y = Tensor.FromArray([1, 0, 1, 0]), p = Tensor.FromArray([0.5, 0.5, 0.9, 0.1]);
        Is((0.5 + 1 + 1 + 1) / 4, new ExactAUC(), y, p);
        // Any growing function of the scores gives the same.
        foreach (var moved in new[] { p.Exp() * 1e6, p * 1e-12, (p - 3) * 7 }) Is(0.875, new ExactAUC(), y, moved);
        Is(0.5, new ExactAUC(), y, p * 0);
        var weighted = new ExactAUC();
        weighted.Update(y, p, Tensor.FromArray([2.0, 1, 1, 3]));
        Assert.Equal((2 * (0.5 + 3) + 4) / 12, weighted.Result, 1e-15);
    }

    [Fact]
    public void One_share_at_the_least_of_another()
    {
        // Above .3: 3 of 4 positives, 3 of 6 negatives; above .6: 3 and 0; above .7: 2 and 0.
        Is(1, new PrecisionAtRecall(0.75), Y, Scores);
        Is(4 / 7.0, new PrecisionAtRecall(0.8), Y, Scores);
        Is(0.75, new RecallAtPrecision(0.9), Y, Scores);
        Is(0.75, new SensitivityAtSpecificity(0.9), Y, Scores);
        Is(1, new SpecificityAtSensitivity(0.75), Y, Scores);
        Is(0.5, new SpecificityAtSensitivity(0.8), Y, Scores);
        Is(0.75, new SensitivityAtSpecificity(0.9, classId: 1), Tensor.Concat([1 - Y, Y], axis: 1), Tensor.Concat([1 - Scores, Scores], axis: 1));
        Assert.Throws<InvalidInputException>(() => new RecallAtPrecision(1.5));
        Assert.Throws<InvalidInputException>(() => new AUC(1));
        Assert.Throws<InvalidInputException>(() => new AUC().Update(Y, Scores * 3));
    }

    [Fact]
    public void Bleu_and_rouge()
    {
        Tensor said = Tensor.FromArray(new[,] { { 1, 2, 3, 4, 5, 6, 0 }, { 7, 7, 7, 8, 0, 0, 0 } });
        Tensor references = Tensor.FromArray(new[,,]
        {
            { { 1, 2, 3, 9, 5, 6, 10 }, { 1, 2, 3, 9, 5, 6, 10 } },
            { { 7, 8, 7, 7, 0, 0, 0 }, { 7, 7, 9, 9, 9, 0, 0 } },
        });
        Is(0.6786280635269697, new Bleu(2), references, said);
        Is(0.3903372998591631, new Bleu(smooth: true), references, said);
        Is(0, new Bleu(), references, said);
        Is(1, new Bleu(), said, said);
        // 1 2 3 5 6 of 6 and 7; 7 7 8 or 7 7 7 of 4 and 4.
        Is((10 / 13.0 + 6 / 8.0) / 2, new RougeL(), references, said);
        Is(1, new RougeL(), said, said.OneHot(11));
        Assert.Throws<DTypeMismatchException>(() => new Bleu().Update(Tensor.Ones([2, 3]), said));
        Assert.Throws<ShapeMismatchException>(() => new RougeL().Update(said, Tensor.Ones([2, 3])));
    }

    [Fact]
    public void Perplexity_of_tokens_but_the_padding()
    {
        var p = Tensor.FromArray(new[,,] { { { 0.5, 0.3, 0.2 }, { 0.7, 0.2, 0.1 } }, { { 0.2, 0.1, 0.7 }, { 0.9, 0.05, 0.05 } } });
        var y = Tensor.FromArray(new[,] { { 0, 1 }, { 2, 0 } });
        Is(Math.Exp(-(Math.Log(.5) + Math.Log(.2) + Math.Log(.7) + Math.Log(.9)) / 4), new Perplexity(), y, p);
        Is(Math.Exp(-(Math.Log(.2) + Math.Log(.7)) / 2), new Perplexity(maskTokenId: 0), y, p);
        Is(Math.Exp(-(Math.Log(.2) + Math.Log(.7)) / 2), new Perplexity(fromLogits: true, maskTokenId: 0), y, p.Log() + 3);
    }

    [Fact]
    public void Structural_similarity()
    {
        var picture = Tensor.RandomUniform([2, 16, 13, 3], 0, 1, DType.Float64, new RandomState(3));
        Is(1, new SSIM(), picture, picture);
        // Of constant pictures only the means are left: (2ab + c₁)/(a² + b² + c₁).
        Tensor a = Tensor.Full([1, 11, 11, 1], 0.5, DType.Float64), b = Tensor.Full([1, 11, 11, 1], 0.7, DType.Float64);
        Is((0.7 + 1e-4) / (0.74 + 1e-4), new SSIM(), a, b, 1e-9);
        // A window of one weight sees all but the variances.
        Is((2 * 0.3 * 0.6 + 1e-4) / (0.09 + 0.36 + 1e-4), new SSIM(filterSize: 1), Tensor.Full([1, 1, 1, 1], 0.3, DType.Float64),
            Tensor.Full([1, 1, 1, 1], 0.6, DType.Float64));
        Assert.Throws<ShapeMismatchException>(() => new SSIM().Update(a[.., 1..], a[.., 1..]));
    }

    [Fact]
    public void Means_and_sums_by_hand_and_functions()
    {
        var mean = new Mean();
        mean.Add(Tensor.Of(1, 3, 5));
        mean.Add(Tensor.Of(7), Tensor.Of(3));
        Assert.Equal(5, mean.Result);
        var sum = new Sum();
        sum.Add(Tensor.Of(1, 3, 5), Tensor.Of(1, 0, 2));
        Assert.Equal(11, sum.Result);
        var own = Metric.From((y, p) => (y - p).Abs().Max(-1), "largest_error");
        Is(1.5, own, Matrix(2, 0, 0, 0, 0), Matrix(2, 1, -0.5, 0.25, -2));
        Assert.Equal(("largest_error", false), (own.Name, own.HigherIsBetter));
    }

    [Fact]
    public void What_losses_say_metrics_say_in_float64()
    {
        Tensor y = Matrix(3, 0, 1, 0, 1, 0, 0), p = Matrix(3, 0.1, 0.6, 0.3, 0.2, 0.2, 0.6);
        foreach (string name in new[] { "binary_crossentropy", "categorical_crossentropy", "kl_divergence", "hinge", "squared_hinge", "categorical_hinge",
            "msle",
            "mape", "poisson", "log_cosh" })
            Is(((Loss)name).Call(y, p).Item(), name, y, p, 1e-7);
        Is(-Loss.CosineSimilarity().Call(y, p).Item(), "cosine_similarity", y, p);
        // Positions with weights of their own.
        var metric = new SparseCategoricalCrossentropy();
        metric.Update(Tensor.FromArray([1, 0], [1, 2]), p.Reshape(1, 2, 3), Tensor.FromArray(new[,] { { 1.0, 3 } }));
        Assert.Equal(-(Math.Log(0.6) + 3 * Math.Log(0.2)) / 4, metric.Result, 1e-12);
    }
}
