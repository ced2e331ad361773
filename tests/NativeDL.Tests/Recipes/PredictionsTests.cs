using NativeDL.Layers;
using NativeDL.Recipes;

namespace NativeDL.Tests.Recipes;

public sealed class PredictionsTests
{
    // The model passes its input on: the rows below are logits.
    private static readonly Predictions Found = Predictions.Of(new Sequential { new Flatten() },
        new Dataset(Tensor.FromArray<float>([2, 0, 0, 0, 3, 0, 0, 1, 0, 0, 0, 0], [4, 3]), Tensor.FromArray([0, 1, 2, 2])), batchSize: 3);

    [Fact]
    public void Ties_go_to_the_first_class()
    {
        Assert.Equal([0, 1, 1, 0], Found.Predicted);
        Assert.Equal(0.5, Found.Accuracy);
    }

    [Fact]
    public void Precision_recall_and_probabilities_are_those_of_the_definition()
    {
        Assert.Equal(0.5, Found.Precision(1));
        Assert.Equal(1, Found.Recall(1));
        Assert.True(double.IsNaN(Found.Precision(2)));
        Assert.Equal(0, Found.Recall(2));
        Assert.Equal(Math.E / (Math.E + 2), Found.Probability(2, 1), 1e-6);
        Assert.Equal((Math.Log(1 + 2 * Math.Exp(-2)) + Math.Log(1 + 2 * Math.Exp(-3)) + Math.Log(2 + Math.E) + Math.Log(3)) / 4, Found.Loss, 1e-6);
    }

    [Fact]
    public void The_worst_are_mistakes_first()
    {
        Assert.Equal([2, 3, 0, 1], Found.Worst(9));
    }

    [Fact]
    public void A_label_beyond_the_classes_is_refused()
    {
        var error = Assert.Throws<InvalidInputException>(() => Predictions.Of(new Sequential { new Flatten() },
            new Dataset(Tensor.Zeros([1, 3]), Tensor.FromArray([3])), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("0 to 2", error.Message);
    }
}
