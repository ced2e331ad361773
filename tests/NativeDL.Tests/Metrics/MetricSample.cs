using NativeDL.Metrics;

namespace NativeDL.Tests.Metrics;

/// <summary>Four rows of what each metric takes.</summary>
internal static class MetricSample
{
    public static (Tensor Target, Tensor Prediction) Of(Metric metric, ulong seed = 4)
    {
        var random = new RandomState(seed);
        var labels = Tensor.FromArray([2, 0, 1, 1]);
        var scores = Tensor.RandomNormal([4, 3], 0, 1, DType.Float64, random).Softmax();
        return metric switch
        {
            SparseCategoricalAccuracy or SparseCategoricalCrossentropy or Perplexity => (labels, scores),
            PSNR => (Uniform([4, 2, 3, 2]), Uniform([4, 2, 3, 2])),
            SSIM => (Uniform([4, 12, 13, 2]), Uniform([4, 12, 13, 2])),
            Bleu or RougeL => (Tokens(7), Tokens(6)),
            _ => (labels.OneHot(3, DType.Float64), scores),
        };

        Tensor Uniform(Shape shape) => Tensor.RandomUniform(shape, 0, 1, DType.Float64, random);

        // Few different ones, and now and then the padding's 0.
        Tensor Tokens(int length) => Tensor.RandomUniform([4, length], 0, 3, DType.Float64, random).Floor().Cast(DType.Int32);
    }
}
