using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Optimizers;

/// <summary>Worked numbers of optimizers, computed step by step from their formulas in Python.</summary>
public sealed class MoreOptimizerNumbersTests
{
    // (x − 1)² from 0.
    private static void Walks(Optimizer optimizer, params double[] expected)
    {
        var x = new Parameter("x", Tensor.FromArray([0.0]));
        var path = new double[expected.Length];
        for (int i = 0; i < path.Length; i++)
        {
            Step(optimizer, [x], () => (x.Value - 1).Square().Sum());
            path[i] = x.Value.Item();
        }
        Near(expected, path, 1e-12);
    }

    [Fact]
    public void Adagrad() => Walks(new Adagrad(0.1), 0.0987729584604107, 0.16526272220096416, 0.21770080451315088);

    [Fact]
    public void Adadelta() => Walks(new Adadelta(1, 0.9, 1e-6), 0.003162273707328716, 0.0064018259216943665, 0.009690954341941964);

    [Fact]
    public void Adamax() => Walks(new Adamax(0.1), 0.09999999500000026, 0.19483166429613397, 0.2845005144938258);

    [Fact]
    public void Nadam() => Walks(new Nadam(0.1), 0.10627877501693829, 0.1797549616216047, 0.2453257182955273);

    [Fact]
    public void RAdam() => Walks(new RAdam(0.1, beta2: 0.9), 0.2, 0.3789473684210527, 0.5376966401242961, 0.6771703666899697, 0.798352036919127,
        0.8210493168435485, 0.8492911504428746); // trusts its squares from the sixth on

    [Fact]
    public void Lion() => Walks(new Lion(0.1), 0.1, 0.2, 0.3);

    [Fact]
    public void Rprop() => Walks(new Rprop(0.7), 0.7, 1.54, 1.54, 1.12, 0.616);

    [Fact]
    public void Ftrl() => Walks(new Ftrl(0.1, l1RegularizationStrength: 0.01, l2RegularizationStrength: 0.02, l2ShrinkageRegularizationStrength: 0.03,
        beta: 0.04),
        0.0961889050422834, 0.16151327193971735, 0.2130589975438837);

    [Fact]
    public void Lamb() => Walks(new Lamb(0.1), 0.09999999500000027, 0.1099999945000003, 0.12099999395000033);

    [Fact]
    public void Adafactor() => Walks(new Adafactor(0.1), 0.0001, 0.00019999574312504383, 0.0002999874054995334);

    [Fact]
    public void Adam_with_amsgrad() => Walks(new Adam(0.1, beta2: 0.5, amsgrad: true), 0.09999999500000026, 0.20137452701041092, 0.30452772161651936);

    [Fact]
    public void RMSprop_centered() => Walks(new RMSprop(0.1, momentum: 0.5, centered: true), 0.33333328703704673, 0.7010989097963016, 0.9791590542388611);

    [Fact]
    public void Schedule_free_AdamW() => Walks(new ScheduleFreeAdamW(0.1, warmupSteps: 2), 0.049999999749999996, 0.10357282186674237, 0.15593915450284482);

    [Fact]
    public void ASGD_and_its_average()
    {
        var optimizer = new ASGD(0.1, lambda: 0.01, t0: 1);
        var x = new Parameter("x", Tensor.FromArray([0.0]));
        double[] path = [0.2, 0.3596802547727104, 0.4871933017704885, 0.5890383825075151, 0.6703977114726607],
            averages = [0.2, 0.3596802547727104, 0.4871933017704885, 0.5381158421390018, 0.5822097985835547];
        for (int i = 0; i < path.Length; i++)
        {
            Step(optimizer, [x], () => (x.Value - 1).Square().Sum());
            Assert.Equal(path[i], x.Value.Item(), 1e-13);
            using (optimizer.UseAverages()) Assert.Equal(averages[i], x.Value.Item(), 1e-13);
            Assert.Equal(path[i], x.Value.Item(), 1e-13);
        }
    }

    // The gradient is the value times a number of each element.
    private static double[] Matrix(Optimizer optimizer, bool isTall)
    {
        Tensor start = Training.Matrix(3, 1, -2, 0.5, 0.3, 0.8, -1), slope = Training.Matrix(3, 0.5, -1, 2, 1.5, 0.25, -0.75);
        var p = new Parameter("dense/kernel", isTall ? start.Transpose() : start);
        for (int i = 0; i < 3; i++) optimizer.Apply([p], [(isTall ? slope.Transpose() : slope) * p.Value.StopGradient()]);
        return p.Value.ToArray<double>();
    }

    [Fact]
    public void Adafactor_of_a_matrix_keeps_rows_and_columns()
    {
        var optimizer = new Adafactor(0.1);
        Near([0.7494872555317931, -2.3252701507256006, 0.28263995533916847, 0.0077977025688890644, 0.7249073284152637, -1.571856596760657],
            Matrix(optimizer, false), 1e-12);
        Assert.Equal([[2], [3]], optimizer.State.Select(s => s.Value.Shape));
        Assert.Equal(["dense/kernel/row", "dense/kernel/column"], optimizer.State.Select(s => s.Key));
    }

    [Fact]
    public void Muon_of_a_wide_and_of_a_tall_matrix()
    {
        Near([0.9593015171233464, -2.3058009123590937, 0.42211847195868657, 0.16010154286081588, 0.8963966636189593, -1.2801822523938213],
            Matrix(new Muon(0.1, weightDecay: 0), false), 1e-12);
        Near([0.948415231655289, 0.1385273875890585, -2.373282629123785, 0.9109747881502832, 0.40458550465645726, -1.3380171132163783],
            Matrix(new Muon(0.1, weightDecay: 0), true), 1e-12);
    }

    [Fact]
    public void What_Muon_leaves_to_Adam_goes_at_a_share_of_the_rate()
    {
        var muon = new Muon(0.1, weightDecay: 0, excludeLayers: ["head"]);
        foreach (string name in new[] { "dense/bias", "embedding/embeddings", "head/kernel" })
        {
            Shape shape = name == "dense/bias" ? [4] : [2, 2];
            Parameter a = new(name, Tensor.Ones(shape, DType.Float64)), b = new("b", Tensor.Ones(shape, DType.Float64));
            var plain = new Adam(0.01);
            for (int i = 0; i < 3; i++)
            {
                var g = Tensor.RandomNormal(shape, 0, 1, DType.Float64, new RandomState((ulong)i));
                muon.Apply([a], [g]);
                plain.Apply([b], [g]);
            }
            Near(b.Value.ToDoubles(), a.Value.ToDoubles(), 1e-14);
        }
        Assert.Equal(0.1, new Muon().WeightDecay);
    }

    [Fact]
    public void LBFGS_finds_the_bottom_of_a_bent_valley()
    {
        var x = new Parameter("x", Tensor.FromArray([-1.2, 1.0]));
        var frozen = new Parameter("frozen", Tensor.FromArray([100.0]), trainable: false);
        var found = new LBFGS(maxIter: 100, toleranceChange: 0).Minimize([x, frozen], () =>
        {
            Tensor a = x.Value[0], b = x.Value[1];
            return frozen.Value.Sum() * (b - a * a).Square() + (1 - a).Square(); // Rosenbrock's
        });
        Near([1, 1], x.Value.ToDoubles(), 1e-6);
        Assert.InRange(found.Iterations, 10, 60);
        Assert.InRange(found.Value, 0, 1e-12);
        Assert.Equal("the gradient is 0", found.Reason);
        Assert.Throws<InvalidInputException>(() => new LBFGS().Minimize([frozen], () => frozen.Value.Sum()));
        Assert.Throws<NumericException>(() => new LBFGS().Minimize([x], () => x.Value.Sum() * double.NaN));
    }

    [Fact]
    public void LBFGS_solves_least_squares_of_several_parameters()
    {
        var random = new RandomState(4);
        Tensor a = Tensor.RandomNormal([20, 3], random: random), truth = Tensor.RandomNormal([3, 2], random: random);
        Parameter w = new("w", Tensor.Zeros([3, 2])), b = new("b", Tensor.Zeros([2]));
        new LBFGS(maxIter: 50).Minimize([w, b], () => (a.MatMul(w) + b - (a.MatMul(truth) + 3)).Square().Mean());
        Near(truth.ToDoubles(), w.Value.ToDoubles(), 1e-4);
        Near([3, 3], b.Value.ToDoubles(), 1e-4);
    }

    [Fact]
    public void N36_ascent_with_halving()
    {
        var x = new Parameter("x", Tensor.FromArray([-3.0]));
        var found = new GradientAscent(1.5).Maximize([x], () => -(x.Value - 2).Square().Sum());
        Near([2], x.Value.ToDoubles(), 1e-7);
        Assert.Equal("no step leads up", found.Reason);
    }
}
