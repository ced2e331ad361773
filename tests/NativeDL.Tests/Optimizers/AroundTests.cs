using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Optimizers;

/// <summary>What stands around a rule, by hand.</summary>
public sealed class AroundTests
{
    private static Parameter At(params double[] values) => new("p", Tensor.FromArray(values));

    [Fact]
    public void Gathered_gradients_do_what_one_large_batch_does()
    {
        Parameter several = At(1, 2), one = At(1, 2);
        Optimizer gathering = new Adam(new PiecewiseConstantDecay([1], [0.1, 0.01])) { GradientAccumulationSteps = 3, GlobalClipNorm = 2 },
            plain = new Adam(new PiecewiseConstantDecay([1], [0.1, 0.01])) { GlobalClipNorm = 2 };
        for (int update = 0; update < 2; update++)
        {
            double[][] parts = [[3, 1], [-1, 4], [4 + update, 1]];
            for (int i = 0; i < 3; i++)
            {
                double[] before = several.Value.ToDoubles();
                Assert.Equal(update == 0 ? 0.1 : 0.01, gathering.CurrentRate);
                gathering.Apply([several], [Tensor.FromArray(parts[i])]);
                Assert.Equal(i < 2, before.SequenceEqual(several.Value.ToDoubles()));
            }
            plain.Apply([one], [Tensor.FromArray([.. Enumerable.Range(0, 2).Select(k => parts.Sum(p => p[k]) / 3)])]);
            Near(one.Value.ToDoubles(), several.Value.ToDoubles(), 1e-15);
        }
        Assert.Equal((6, 2), (gathering.Steps, plain.Steps));
    }

    [Fact]
    public void Averages_are_kept_beside_training_and_put_in_its_place()
    {
        var p = At(0);
        var optimizer = new SGD(1) { Ema = 0.75 };
        for (int i = 0; i < 3; i++) optimizer.Apply([p], [Tensor.FromArray([-4.0])]);
        // 4; ¾·4 + ¼·8; ¾·5 + ¼·12
        Near([12], p.Value.ToDoubles(), 0);
        using (optimizer.UseAverages()) Near([6.75], p.Value.ToDoubles(), 1e-15);
        Near([12], p.Value.ToDoubles(), 0);
        optimizer.AssignAverages();
        Near([6.75], p.Value.ToDoubles(), 1e-15);
        Assert.Equal("p/ema", Assert.Single(optimizer.State).Key);
        var none = new SGD(1);
        none.Apply([p], [Tensor.FromArray([1.0])]);
        Assert.Contains("keeps no averages", Assert.Throws<InvalidInputException>(() => none.UseAverages()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Looking_ahead_goes_part_of_the_way()
    {
        var p = At(10);
        var optimizer = new SGD(1) { Lookahead = 2, LookaheadStep = 0.25 };
        double[] path = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            optimizer.Apply([p], [Tensor.FromArray([4.0])]);
            return p.Value.Item();
        })];
        // 10 − 4; 10 + ¼·(2 − 10); 8 − 4; 8 + ¼·(0 − 8)
        Near([6, 8, 4, 6], path, 1e-15);
    }

    [Fact]
    public void Groups_have_rates_and_decays_of_their_own()
    {
        foreach (var optimizer in new Optimizer[] { new SGD(0.5) { WeightDecay = 0.2 }, new Plain(0.5) { WeightDecay = 0.2 } })
        {
            optimizer.Groups = [new NamedGroup("*/bias", weightDecay: 0), new NamedGroup("first/*", rateFactor: 0.1)];
            Parameter[] all = [.. new[] { "first/bias", "first/kernel", "last/kernel" }.Select(n => new Parameter(n, Tensor.FromArray([10.0])))];
            optimizer.Apply(all, [.. all.Select(_ => Tensor.FromArray([1.0]))]);
            Near([9.5, 10 - 0.05 * 0.2 * 10 - 0.05, 10 - 0.5 * 0.2 * 10 - 0.5], [.. all.Select(p => p.Value.Item())], 1e-14);
        }
        Assert.True(new RankGroup(1).Has("x", At(1)));
        Assert.False(new RankGroup(0).Has("x", At(1)));
        Assert.Throws<InvalidInputException>(() => new NamedGroup("*", rateFactor: -1));
        Assert.Throws<InvalidInputException>(() => new NamedGroup("*", weightDecay: double.NaN));
        Assert.Throws<InvalidInputException>(() => new NamedGroup(""));
    }

    private sealed class Plain(double rate) : Optimizer(rate)
    {
        protected override void Update(ParameterStep step) => step.Value -= step.Rate * step.Gradient;
    }

    [Fact]
    public void Groups_go_by_the_paths_of_the_model()
    {
        var model = new Sequential { new NativeDL.Layers.Dense(2, name: "body"), new NativeDL.Layers.Dense(1, name: "head") };
        model.Compile(new SGD(0.1) { Groups = [new NamedGroup("body/*", rateFactor: 0)] }, "mse");
        Tensor x = Tensor.Ones([4, 3]), y = Tensor.Ones([4, 1]);
        model.Call(x);
        double[] Of(string name) => model.NamedParameters.Single(p => p.Key == name).Value.Value.ToDoubles();
        double[] body = Of("body/kernel"), head = Of("head/kernel");
        model.Fit(x, y, epochs: 1);
        Assert.Equal(body, Of("body/kernel"));
        Assert.NotEqual(head, Of("head/kernel"));
    }

    [Fact]
    public void What_is_kept_from_the_first_step_on_is_set_before_it()
    {
        var optimizer = new Adam();
        optimizer.Apply([At(1)], [Tensor.FromArray([1.0])]);
        foreach (var set in new Action[] { () => optimizer.Ema = 0.9, () => optimizer.Lookahead = 5, () => optimizer.GradientAccumulationSteps = 2 })
            Assert.Contains("made steps already", Assert.Throws<InvalidInputException>(set).Message, StringComparison.Ordinal);
        foreach (var set in new Action[] { () => new SGD { Ema = 1 }.Apply([], []), () => new SGD { Lookahead = -1 }.Apply([], []),
            () => new SGD { GradientAccumulationSteps = 0 }.Apply([], []), () => new SGD { LookaheadStep = 2 }.Apply([], []) })
            Assert.Throws<InvalidInputException>(set);
        Assert.Equal("SGD { GradientAccumulationSteps = 4, Ema = 0.99 }", new SGD { Ema = 0.99, GradientAccumulationSteps = 4 }.ToString());
    }
}
