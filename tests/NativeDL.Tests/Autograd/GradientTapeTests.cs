namespace NativeDL.Tests;

public class GradientTapeTests
{
    [Fact]
    public void N11_graph_of_b_plus_c_times_c_plus_2()
    {
        Tensor b = Tensor.Scalar(3), c = Tensor.Scalar(4);
        using var tape = new GradientTape();
        tape.Watch(b);
        tape.Watch(c);
        var a = (b + c) * (c + 2);
        var gradients = tape.Gradient(a, [b, c]);
        Assert.Equal(42, a.Item());
        Assert.Equal(6, gradients[0].Item());
        Assert.Equal(13, gradients[1].Item());
    }

    [Theory]
    [InlineData(-1, -24)]
    [InlineData(0, -6)]
    [InlineData(0.5, 3)]
    [InlineData(2, 30)]
    public void N06_chain_rule(double at, double slope)
    {
        var x = Tensor.Scalar(at, DType.Float64);
        using var tape = new GradientTape();
        tape.Watch(x);
        Assert.Equal(slope, tape.Gradient((3 * x - 1).Square(), x).Item(), 1e-12);
    }

    [Fact]
    public void Nested_tapes_give_second_derivatives()
    {
        var x = Tensor.Scalar(0.7, DType.Float64);
        using var outer = new GradientTape();
        outer.Watch(x);
        Tensor slope;
        using (var inner = new GradientTape())
        {
            inner.Watch(x);
            slope = inner.Gradient(x * x * x, x);
        }
        Assert.Equal(3 * 0.49, slope.Item(), 1e-12);
        Assert.Equal(6 * 0.7, outer.Gradient(slope, x).Item(), 1e-12);
    }

    [Fact]
    public void A_tape_is_used_up_by_its_first_gradient_unless_it_is_persistent()
    {
        var x = Tensor.Scalar(2);
        using var once = new GradientTape();
        once.Watch(x);
        var y = x * x;
        once.Gradient(y, x);
        Assert.Throws<GradientException>(() => once.Gradient(y, x));

        using var often = new GradientTape(persistent: true);
        often.Watch(x);
        var z = x * x;
        Assert.Equal(4, often.Gradient(z, x).Item());
        Assert.Equal(4, often.Gradient(z, x).Item());
    }

    [Fact]
    public void A_source_that_does_not_matter_has_gradient_0()
    {
        Tensor x = Tensor.Ones([2]), y = Tensor.Ones([3]);
        using var tape = new GradientTape();
        tape.Watch(x);
        tape.Watch(y);
        Assert.Equal([0f, 0, 0], tape.Gradient((x * 2).Sum(), y).ToArray<float>());
    }

    [Fact]
    public void A_source_that_was_never_watched_is_refused()
    {
        var x = Tensor.Ones([2]);
        using var tape = new GradientTape();
        Assert.Throws<GradientException>(() => tape.Gradient(x.Sum(), x));
    }

    [Fact]
    public void Only_floating_point_tensors_are_watched()
    {
        using var tape = new GradientTape();
        Assert.Throws<DTypeMismatchException>(() => tape.Watch(Tensor.FromArray([1, 2])));
    }

    [Fact]
    public void An_overwritten_parameter_makes_the_backward_pass_throw()
    {
        var w = new Parameter("w", Tensor.Ones([2]));
        using var tape = new GradientTape();
        var y = (w.Value * w.Value).Sum();
        w.Assign(Tensor.Zeros([2]));
        Assert.Contains("overwritten", Assert.Throws<GradientException>(() => tape.Gradient(y, [w])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_parameter_is_a_constant()
    {
        var w = new Parameter("w", Tensor.Ones([2])) { Trainable = false };
        using var tape = new GradientTape();
        Assert.Throws<GradientException>(() => tape.Gradient((w.Value * 2).Sum(), [w]));
    }

    [Fact]
    public void StopGradient_makes_a_constant()
    {
        var x = Tensor.Scalar(3);
        using var tape = new GradientTape();
        tape.Watch(x);
        Assert.Equal(3, tape.Gradient(x * x.StopGradient(), x).Item());
    }

    [Fact]
    public void Gradients_of_one_tensor_used_twice_add()
    {
        var x = Tensor.FromArray([1f, 2f]);
        using var tape = new GradientTape();
        tape.Watch(x);
        Assert.Equal([5f, 7f], tape.Gradient((x * x + x * 3).Sum(), x).ToArray<float>());
    }

    [Fact]
    public void Jacobian_of_a_product_is_the_matrix()
    {
        var a = Tensor.FromArray(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        var x = Tensor.FromArray([1.0, 1, 1]);
        using var tape = new GradientTape(persistent: true);
        tape.Watch(x);
        var y = (a * x).Sum(-1);
        Assert.Equal(a.ToArray<double>(), tape.Jacobian(y, x).ToArray<double>());
    }

    [Fact]
    public void Tapes_on_two_threads_do_not_meet()
    {
        var w = new Parameter("w", Tensor.Full([1000], 2));
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 50; i++)
            {
                using var tape = new GradientTape();
                Assert.Equal(4, tape.Gradient((w.Value * w.Value).Sum(), [w])[0][0].Item());
            }
        });
    }

    [Fact]
    public void A_wrong_gradient_fails_the_check_and_the_report_names_the_element()
    {
        var x = Tensor.FromArray([1.0, 2, 3]);
        var report = GradCheck.Run(t => Op.Custom([t], p => p[0].Square(), (p, y, dy) => [dy * p[0]]), x);
        Assert.False(report.Passed);
        Assert.Contains("element", report.Worst, StringComparison.Ordinal);
        Assert.True(GradCheck.Run(t => t.Square(), x).Passed);
    }

    [Fact]
    public void A_check_that_proves_little_says_so() => Assert.True(GradCheck.Run(t => t * 0, Tensor.FromArray([1.0, 2, 3])).Vacuous);

    [Fact]
    public void A_Hessian_has_the_second_derivatives()
    {
        using var tape = new GradientTape(persistent: true);
        var x = tape.Watch(Tensor.FromArray([1.0, 2]));
        var y = (x[..1].Square() * x[1..]).Sum() + 3 * x.Sum(); // x₀²·x₁ + …
        Assert.Equal([4.0, 2, 2, 0], tape.Hessian(y, x).ToArray<double>());
        Assert.Equal([2, 2], tape.Hessian(y, x).Shape);
        Assert.Equal([0.0, 0, 0, 0], tape.Hessian(x.Sum(), x).ToArray<double>());
        Assert.Throws<ShapeMismatchException>(() => tape.Hessian(x, x));
        using var single = new GradientTape();
        Assert.Throws<GradientException>(() => single.Hessian(single.Watch(Tensor.Ones([1])), x));
    }

    [Fact]
    public void A_tape_that_has_ended_says_so()
    {
        var tape = new GradientTape();
        var w = new Parameter("w", Tensor.Ones([2]));
        var y = w.Value.Sum();
        tape.Dispose();
        Assert.Contains("disposed", Assert.Throws<GradientException>(() => tape.Gradient(y, [w])).Message, StringComparison.Ordinal);
        Assert.Contains("ended", Assert.Throws<GradientException>(() => tape.Watch(Tensor.Ones([2]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_or_a_custom_gradient_of_another_type_is_refused()
    {
        using var tape = new GradientTape(persistent: true);
        var x = tape.Watch(Tensor.Ones([2]));
        Assert.Throws<DTypeMismatchException>(() => tape.Gradient(x * 2, [x], Tensor.Ones([2], DType.Float64)));
        var wrongType = Op.Custom([x], p => p[0].Square(), (p, y, dy) => [dy.Cast(DType.Float64)]);
        var wrongShape = Op.Custom([x], p => p[0].Square(), (p, y, dy) => [dy[..1]]);
        var none = Op.Custom([x], p => p[0].Square(), (p, y, dy) => null!);
        foreach (var y in (Tensor[])[wrongType, wrongShape, none])
            Assert.StartsWith("custom:", Assert.ThrowsAny<NativeDLException>(() => tape.Gradient(y, x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_takes_a_view_of_itself()
    {
        var p = new Parameter("p", Tensor.Arange(1.0, 10).Reshape(3, 3));
        p.Assign(p.Value.Transpose());
        Assert.Equal([1f, 4, 7, 2, 5, 8, 3, 6, 9], p.Value.ToArray<float>());
        p.Assign(p.Value.Flip(0));
        Assert.Equal([3f, 6, 9, 2, 5, 8, 1, 4, 7], p.Value.ToArray<float>());
    }
}
