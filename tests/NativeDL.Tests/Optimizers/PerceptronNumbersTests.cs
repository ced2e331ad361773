using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Optimizers;

/// <summary>The perceptron's rule: descent along −(what is right − what was said)·x, row by row.</summary>
public sealed class PerceptronNumbersTests
{
    // Passes over the rows until one is without a mistake; 0 if none was in so many passes.
    private static int Train(double[][] rows, double[] right, bool bipolar, double rate, int passes, out double[] result)
    {
        var (weights, bias) = (Parameter("weights", 1, 0, 0), new Parameter("bias", Tensor.Zeros([1], DType.Float64)));
        var optimizer = new SGD(rate);
        int clean = 0;
        for (int pass = 1; pass <= passes && clean == 0; pass++)
        {
            bool mistake = false;
            for (int r = 0; r < rows.Length; r++)
            {
                using var step = TensorScope.Begin();
                var x = Matrix(2, rows[r]);
                double net = x.Linear(weights, bias).Item();
                // With signs a net of 0 counts as a mistake, and the rule adds y·x; with 0 and 1 it adds (d − y)·x.
                double missing = bipolar ? (Math.Sign(net) == right[r] ? 0 : right[r]) : right[r] - (net > 0 ? 1 : 0);
                if (missing == 0) continue;
                mistake = true;
                optimizer.Apply([weights, bias], [x.Transpose() * -missing, Tensor.Full([1], -missing, DType.Float64)]);
            }
            if (!mistake) clean = pass;
        }
        result = [.. weights.Value.ToArray<double>(), .. bias.Value.ToArray<double>()];
        return clean;
    }

    // What the function says of the four rows, where false is low.
    private static double[] Right(string function, double low) => [.. Rows(0).Select(r => (function switch
    {
        "and" => r.Sum() == 2,
        "or" => r.Sum() > 0,
        "nand" => r.Sum() < 2,
        _ => r.Sum() == 0,
    }) ? 1 : low)];

    private static double[][] Rows(double low) => [[low, low], [low, 1], [1, low], [1, 1]];

    [Theory]
    [InlineData("and", new double[] { 1, 1, -1 })]
    [InlineData("or", new double[] { 1, 1, 1 })]
    public void N21_perceptron_with_sign(string function, double[] expected)
    {
        Assert.Equal(2, Train(Rows(-1), Right(function, -1), bipolar: true, 1, 10, out var result));
        Assert.Equal(expected, result);
    }

    [Fact]
    public void N21_exclusive_or_never_settles() => Assert.Equal(0, Train(Rows(-1), [-1, 1, 1, -1], bipolar: true, 1, 1000, out _));

    [Theory]
    [InlineData("and", 6, new double[] { 2, 1, -2 })]
    [InlineData("or", 4, new double[] { 1, 1, 0 })]
    [InlineData("nand", 6, new double[] { -2, -1, 3 })]
    [InlineData("nor", 4, new double[] { -1, -1, 1 })]
    public void N22_perceptron_on_0_and_1(string function, int cleanPass, double[] expected)
    {
        double[] right = Right(function, 0);
        Assert.Equal(cleanPass, Train(Rows(0), right, bipolar: false, 1, 20, out var result));
        Assert.Equal(expected, result);
        // From a zero start the rate only scales the weights: the decisions are the same.
        Assert.Equal(cleanPass, Train(Rows(0), right, bipolar: false, 0.5, 20, out var halves));
        Assert.Equal(expected, halves.Select(w => 2 * w));
    }
}
