namespace NativeDL.Tests.Ops;

/// <summary>What an operation of one's own gets wrong is told in its name, with both sides.</summary>
public sealed class OwnOpErrorTests
{
    private static readonly Tensor X = Tensor.RandomNormal([2, 3], dtype: DType.Float64, random: 3);

    [Theory]
    [InlineData("says nothing", "wrong: Infer says nothing of result 0. Got operands (Float64 [2, 3]); expected shape and element type of the result. Hint: y[0] = x[0] or y.Set(0, shape, dtype).")]
    [InlineData("asks for an operand", "wrong: there is no operand 1. Got 1 operand; expected 2 or more.")]
    [InlineData("asks for a span", "wrong: there is no operand 3. Got 1 operand; expected 4 or more.")]
    [InlineData("says a result", "wrong: there is no result 1. Got ResultCount 1; expected 2 or more. Hint: override ResultCount.")]
    [InlineData("takes another type",
        "wrong: the elements are not of the size of Int32. Got Float64 [2, 3]. Hint: take Compute's own T, or the type of this operand.")]
    public void Before_and_while_it_computes(string what, string said) =>
        Assert.Equal(said, Assert.ThrowsAny<NativeDLException>(() => new Wrong(what).Run(X)).Message);

    [Fact]
    public void An_operand_that_is_not_there()
    {
        Assert.Contains("wrong: operand 1 is null.", Assert.Throws<ArgumentNullException>(() => new Wrong("").Run((Tensor[])[X, null!])).Message,
            StringComparison.Ordinal);
        Assert.Contains("wrong: operand 0 is null.", Assert.Throws<ArgumentNullException>(() => new Wrong("").RunMany((Tensor[])[null!])).Message,
            StringComparison.Ordinal);
        Assert.Contains("wrong: operand 2 is null.", Assert.Throws<ArgumentNullException>(() => new Wrong("").Run(X, X, null!)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new Wrong("").Run((Tensor[])null!));
        Assert.Equal("wrong: the operation needs an operand. Got none.", Assert.Throws<InvalidInputException>(() => new Wrong("").Run()).Message);
    }

    [Theory]
    [InlineData("no gradients", "wrong: the backward pass gave 0 gradients for 1 operand. Hint: one for each operand, null for none.")]
    [InlineData("two gradients", "wrong: the backward pass gave 2 gradients for 1 operand. Hint: one for each operand, null for none.")]
    [InlineData("sum", "wrong: the backward pass gave operand 0, Float64 [2, 3], a gradient that does not fit it, Float64 []. Hint: a gradient has its operand's shape, or one that the operand's broadcasts to.")]
    [InlineData("part", "wrong: the backward pass gave operand 0, Float64 [2, 3], a gradient that does not fit it, Float64 [1, 3]. Hint: a gradient has its operand's shape, or one that the operand's broadcasts to.")]
    [InlineData("float32", "wrong: the backward pass gave operand 0, Float64 [2, 3], a gradient of another element type, Float32 [2, 3]. Hint: gradient.Cast(call.InputDType(0)).")]
    [InlineData("unsaved", "wrong: result 0 was not saved for the backward pass. Hint: override Saves: Saved.Output, or Saved.Both.")]
    [InlineData("operand 1", "wrong: the backward pass asks for operand 1 of 1.")]
    [InlineData("gradient 1", "wrong: the backward pass asks for result 1 of 1.")]
    [InlineData("forgets", "wrong: the backward pass never asked for the gradient of result 0, Float64 [2, 3], so that what it gave leaves out what flows through that result. " +
        "Hint: add what follows from call.Gradient(0); where result 0 has no derivative, call.HasGradient(0) says so; null stands for no gradient.")]
    public void While_it_differentiates(string what, string said)
    {
        using var tape = new GradientTape();
        var x = tape.Watch(X.Clone());
        var y = new Wrong(what).Run(x).Sum();
        Assert.Equal(said, Assert.Throws<GradientException>(() => tape.Gradient(y, x)).Message);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("wider")]
    public void What_is_right_is_let_be(string what)
    {
        using var tape = new GradientTape();
        var x = tape.Watch(X.Clone());
        Assert.Equal(what == "null" ? [0, 0, 0, 0, 0, 0] : [4, 4, 4, 4, 4, 4], tape.Gradient(new Wrong(what).Run(x).Sum(), x).ToDoubles());
    }

    // The statistics that a backward pass reads carry gradients of their own in the second derivative.
    [Fact]
    public void A_forgotten_result_is_refused_where_a_second_derivative_needs_it()
    {
        Assert.True(GradCheck.Run(v => new Scaled(false).RunMany(v)[0], X).Passed);
        string said = Assert.Throws<GradientException>(() => GradCheck.RunSecondOrder(v => [new Scaled(false).Run(v[0])], [X])).Message;
        Assert.StartsWith("scaled: the backward pass never asked for the gradient of result 1, Float64 [2, 1]", said, StringComparison.Ordinal);
        Assert.True(GradCheck.RunSecondOrder(v => [new Scaled(true).Run(v[0])], [X]).Passed);
        Assert.True(GradCheck.Run(v => new Scaled(true).RunMany(v), [X]).Passed);
    }

    // Each result depends on one operand: what arrives for the other is rightly not looked at when nobody wants its gradient.
    [Fact]
    public void A_result_of_an_operand_that_nobody_differentiates_is_no_mistake()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(X.Clone());
        var y = new Squares().RunMany(x, X + 1);
        Assert.Equal((2 * X).ToDoubles(), tape.Gradient((y[0] + y[1]).Sum(), x).ToDoubles());
    }

    [Fact]
    public void A_result_without_a_derivative_is_said_to_have_none()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(X.Clone());
        var y = new Positive().RunMany(x);
        Assert.Equal(y[1].ToDoubles(), tape.Gradient((y[0] + y[1]).Sum(), x).ToDoubles());
    }

    private sealed class Wrong(string what) : Op
    {
        protected override Saved Saves => what == "unsaved" ? Saved.Nothing : Saved.Inputs;

        protected override void Infer(Operands x, Results y)
        {
            if (what == "says nothing") return;
            y[0] = what == "asks for an operand" ? x[1] : x[0];
            if (what == "says a result") y.Set(1, x[0]);
        }

        protected override void Compute<T>(Operands x, Results y)
        {
            if (what == "asks for a span") x.Span<T>(3).CopyTo(y.Span<T>(0));
            if (what == "takes another type") y.Span<int>(0).Clear();
            x.Span<T>(0).CopyTo(y.Span<T>(0));
        }

        protected override Tensors Backward(BackwardCall call) => what switch
        {
            "no gradients" => [],
            "two gradients" => [call.Gradient(), call.Gradient()],
            "sum" => call.Gradient().Sum(),
            "part" => call.Gradient()[..1],
            "float32" => call.Gradient().Cast(DType.Float32),
            "unsaved" => call.Output(),
            "operand 1" => call.Input(1),
            "gradient 1" => call.Gradient(1),
            "forgets" => call.Input(0),
            "wider" => call.Gradient().BroadcastTo([4, 2, 3]),
            _ => Tensors.Of([null]),
        };
    }

    // y = x / ‖x‖ of each row, and 1 / ‖x‖; its gradient is made of both.
    private sealed class Scaled(bool whole) : FloatingOp
    {
        protected override int ResultCount => 2;

        protected override Saved Saves => Saved.Both;

        protected override void Infer(Operands x, Results y)
        {
            y[0] = x[0];
            y.Set(1, [x[0].Shape[0], 1], x[0].DType);
        }

        protected override void Compute<T>(Operands x, Results y)
        {
            int n = x[0].Shape[^1];
            for (int r = 0; r < x[0].Shape[0]; r++)
            {
                var sum = T.Zero;
                foreach (var v in x.Span<T>(0).Slice(r * n, n)) sum += v * v;
                y.Span<T>(1)[r] = T.One / T.Sqrt(sum);
                for (int i = 0; i < n; i++) y.Span<T>(0)[r * n + i] = x.Span<T>(0)[r * n + i] * y.Span<T>(1)[r];
            }
        }

        protected override Tensors Backward(BackwardCall call)
        {
            Tensor x = call.Input(0), scale = call.Output(1), g = call.Gradient(0);
            var forScale = (g * x).Sum(-1, keepDims: true);
            if (whole) forScale += call.Gradient(1);
            return g * scale - forScale * x * scale * scale * scale;
        }
    }

    private sealed class Squares : Op
    {
        protected override int ResultCount => 2;

        protected override void Infer(Operands x, Results y)
        {
            y[0] = x[0];
            y[1] = x[1];
        }

        protected override void Compute<T>(Operands x, Results y)
        {
            for (int k = 0; k < 2; k++)
                for (int i = 0; i < x[k].ElementCount; i++) y.Span<T>(k)[i] = x.Span<T>(k)[i] * x.Span<T>(k)[i];
        }

        protected override Tensors Backward(BackwardCall call) =>
            [call.Needs(0) ? 2 * call.Input(0) * call.Gradient(0) : null, call.Needs(1) ? 2 * call.Input(1) * call.Gradient(1) : null];
    }

    // max(x, 0), and 1 where x is positive.
    private sealed class Positive : Op
    {
        protected override int ResultCount => 2;

        protected override Saved Saves => Saved.Output;

        protected override void Infer(Operands x, Results y)
        {
            y[0] = x[0];
            y[1] = x[0];
        }

        protected override void Compute<T>(Operands x, Results y)
        {
            for (int i = 0; i < x[0].ElementCount; i++)
            {
                y.Span<T>(1)[i] = x.Span<T>(0)[i] > T.Zero ? T.One : T.Zero;
                y.Span<T>(0)[i] = y.Span<T>(1)[i] * x.Span<T>(0)[i];
            }
        }

        protected override Tensors Backward(BackwardCall call)
        {
            _ = call.HasGradient(1);   // 0 nearly everywhere
            return call.Gradient(0) * call.Output(1);
        }
    }
}
