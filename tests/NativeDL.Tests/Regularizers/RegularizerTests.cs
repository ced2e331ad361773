using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Regularizers;

public sealed class RegularizerTests
{
    private static readonly double[] Weights = [1, -2, 3];

    [Fact]
    public void N32_cost_with_weight_decay()
    {
        // C0 + λ/(2n)·Σw² with C0 = 0.5, λ = 0.1, n = 10.
        var w = Tensor.FromArray(Weights);
        using var tape = new GradientTape();
        tape.Watch(w);
        var cost = Regularizer.L2(0.1 / (2 * 10)).Call(w) + 0.5;
        Assert.Equal(0.57, cost.Item(), 1e-15);
        Near([0.01, -0.02, 0.03], tape.Gradient(cost, w).ToArray<double>(), 1e-16);
    }

    [Fact]
    public void Weights_shrink_by_the_share_that_the_textbook_says()
    {
        // With no gradient from the data a step leaves (1 − η·λ/n)·w.
        var w = new Parameter("w", Tensor.FromArray(Weights));
        Step(new SGD(0.5), [w], () => Regularizer.L2(0.1 / (2 * 10)).Call(w));
        Near([.. Weights.Select(x => (1 - 0.5 * 0.1 / 10) * x)], w.Value.ToArray<double>(), 1e-15);
    }

    [Theory]
    [InlineData("l1", 0.06)]
    [InlineData("l2", 0.14)]
    [InlineData("l1_l2", 0.2)]
    [InlineData("l1(0.5)", 3)]
    [InlineData("l2(0.5)", 7)]
    [InlineData("l1_l2(0.5,0.25)", 6.5)]
    [InlineData("l1(0)", 0)]
    public void A_name_makes_the_penalty_and_names_itself(string name, double expected)
    {
        Regularizer regularizer = name;
        Assert.Equal(expected, regularizer.Call(Tensor.FromArray(Weights)).Item(), 1e-15);
        Regularizer again = regularizer.ToString();
        Assert.Equal(expected, again.Call(Tensor.FromArray(Weights)).Item(), 1e-15);
    }

    [Fact]
    public void Orthogonal_rows_or_columns_cost_nothing()
    {
        // Rows at 45°; columns (1, 1) and (0, 1) too.
        var w = Matrix(2, 1, 0, 1, 1);
        Assert.Equal(0.5 * Math.Sqrt(0.5), Regularizer.OrthogonalRegularizer(0.5).Call(w).Item(), 1e-15);
        Assert.Equal(Math.Sqrt(0.5), Regularizer.OrthogonalRegularizer(1, NativeDL.Regularizers.OrthogonalMode.Columns).Call(w).Item(), 1e-15);
        Assert.Equal(0, Regularizer.OrthogonalRegularizer().Call(Matrix(3, 2, 0, 0, 0, -5, 0)).Item());
        // Of three pairs one: 1/3.
        Assert.Equal(1 / 3.0, Regularizer.OrthogonalRegularizer(1).Call(Matrix(2, 1, 0, 0, 1, -3, 0)).Item(), 1e-15);
        var report = GradCheck.Run(x => Regularizer.OrthogonalRegularizer(1).Call(x), Matrix(3, 1, 2, -0.5, 0.3, -1, 0.7));
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(0, Regularizer.OrthogonalRegularizer().Call(Matrix(3, 1, 2, 3)).Item());
        Assert.Throws<ShapeMismatchException>(() => Regularizer.OrthogonalRegularizer().Call(Tensor.Ones([3])));
    }

    [Theory]
    [InlineData("l3")]
    [InlineData("l2(abc)")]
    [InlineData("l2(1,2)")]
    [InlineData("l1_l2(1)")]
    public void What_is_no_penalty_is_refused(string name) => Assert.Throws<InvalidInputException>(() => { Regularizer? r = name; });
}
