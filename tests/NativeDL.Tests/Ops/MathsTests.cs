namespace NativeDL.Tests.Ops;

public sealed class MathsTests
{
    private static Tensor Of(params double[] values) => Tensor.FromArray(values);

    private static void Near(Tensor actual, double tolerance, params double[] expected)
    {
        var values = actual.ToDoubles();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(values[i].Equals(expected[i]) || Math.Abs(values[i] - expected[i]) <= tolerance,
                $"element {i}: {values[i]:R}, expected {expected[i]:R}");
    }

    private static double[] Slopes(Func<Tensor, Tensor> f, params double[] at)
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Of(at));
        return tape.Gradient(f(x), x).ToDoubles();
    }

    public static TheoryData<string, Func<Tensor, Tensor>, Func<double, double>, double> Functions => new()
    {
        { "exp", x => x.Exp(), Math.Exp, -3 },
        { "expm1", x => x.Expm1(), x => Math.Exp(x) - 1, -3 },
        { "log", x => x.Log(), Math.Log, 0.1 },
        { "log1p", x => x.Log1p(), x => Math.Log(1 + x), -0.9 },
        { "sqrt", x => x.Sqrt(), Math.Sqrt, 0 },
        { "rsqrt", x => x.Rsqrt(), x => 1 / Math.Sqrt(x), 0.1 },
        { "reciprocal", x => x.Reciprocal(), x => 1 / x, 0.1 },
        { "sin", x => x.Sin(), Math.Sin, -9 },
        { "cos", x => x.Cos(), Math.Cos, -9 },
        { "tan", x => x.Tan(), Math.Tan, -1.5 },
        { "asin", x => (x / 4).Asin(), x => Math.Asin(x / 4), -4 },
        { "acos", x => (x / 4).Acos(), x => Math.Acos(x / 4), -4 },
        { "atan", x => x.Atan(), Math.Atan, -9 },
        { "sinh", x => x.Sinh(), Math.Sinh, -3 },
        { "cosh", x => x.Cosh(), Math.Cosh, -3 },
        { "tanh", x => x.Tanh(), Math.Tanh, -3 },
        { "floor", x => x.Floor(), Math.Floor, -3.3 },
        { "ceiling", x => x.Ceiling(), Math.Ceiling, -3.3 },
        { "round", x => x.Round(), Math.Round, -3.5 },
        { "abs", x => x.Abs(), Math.Abs, -3 },
        { "pow", x => x.Pow(2.5), x => Math.Pow(x, 2.5), 0 },
    };

    [Fact]
    public void Whole_numbers_divide_at_any_length()
    {
        for (int n = 0; n < 40; n++)
        {
            int[] a = [.. Enumerable.Range(0, n).Select(i => 31 * i - 300)], b = [.. Enumerable.Range(0, n).Select(i => i % 2 == 0 ? i + 1 : -i)];
            Assert.Equal(a.Zip(b, (x, y) => x / y), (Tensor.FromArray(a) / Tensor.FromArray(b)).ToArray<int>());
            Assert.Equal(b.Select(y => 1000L / y), (1000 / Tensor.FromArray(b).Cast(DType.Int64)).ToArray<long>());
        }
    }

    [Fact]
    public void Whole_numbers_without_a_quotient_never_trap()
    {
        Assert.Equal([0, 0, 0], (Tensor.FromArray([1, -2, 0]) / 0).ToArray<int>());
        Assert.Equal([0L, 3], (Tensor.FromArray([7L, 7]) / Tensor.FromArray([0L, 2])).ToArray<long>());
        Assert.Equal([int.MinValue, -int.MaxValue, 5], (Tensor.FromArray([int.MinValue, int.MaxValue, -5]) / -1).ToArray<int>());
        Assert.Equal([long.MinValue], (Tensor.FromArray([long.MinValue]) / -1).ToArray<long>());
    }

    [Theory, MemberData(nameof(Functions))]
    public void Functions_agree_with_the_scalar_library(string name, Func<Tensor, Tensor> function, Func<double, double> scalar, double low)
    {
        var points = Enumerable.Range(0, 37).Select(i => low + (3.9 - low) * i / 36).ToArray();
        var exact = points.Select(scalar).ToArray();
        var rounded = points.Select(x => scalar((float)x)).ToArray(); // of the same points as float32 has them
        var doubles = function(Of(points)).ToDoubles();
        var singles = function(Of(points).Cast(DType.Float32)).ToDoubles();
        for (int i = 0; i < points.Length; i++)
        {
            Assert.True(Math.Abs(doubles[i] - exact[i]) <= 1e-14 * (1 + Math.Abs(exact[i])), $"{name}({points[i]}) = {doubles[i]:R}, expected {exact[i]:R}");
            Assert.True(Math.Abs(singles[i] - rounded[i]) <= 2e-6 * (1 + Math.Abs(rounded[i])),
                $"{name}({points[i]}) = {singles[i]:R} in float32, expected {rounded[i]:R}");
        }
    }

    [Fact]
    public void Erf_has_its_table_values() =>
        Near(Of(0, 0.5, 1, -2, double.NaN).Erf(), 1e-15, 0, 0.5204998778130465, 0.8427007929497149, -0.9953222650189527, double.NaN);

    [Fact]
    public void Sign_of_zero_is_zero_and_nan_stays()
    {
        Near(Of(-2, 0, 3, double.NaN).Sign(), 0, -1, 0, 1, double.NaN);
        Assert.Equal([-1, 0, 1], Tensor.FromArray([-5, 0, 7]).Sign().ToArray<int>());
        Assert.Equal([5L, 0, 7], Tensor.FromArray([-5L, 0, 7]).Abs().ToArray<long>());
    }

    [Fact]
    public void Round_takes_halves_to_even() => Near(Of(0.5, 1.5, 2.5, -0.5, -1.5).Round(), 0, 0, 2, 2, 0, -2);

    [Fact]
    public void Derivatives_of_steps_are_zero()
    {
        Assert.All(new Func<Tensor, Tensor>[] { x => x.Floor(), x => x.Ceiling(), x => x.Round(), x => x.Sign() }, f =>
            Assert.Equal([0.0, 0, 0], Slopes(f, -1.2, 0.3, 2.7)));
        Assert.Equal([-1.0, 0, 1], Slopes(x => x.Abs(), -2, 0, 2));
    }

    [Fact]
    public void Clip_keeps_nan_and_passes_gradients_at_its_limits()
    {
        Near(Of(-5, -1, 0.5, 2, 9, double.NaN).Clip(-1, 2), 0, -1, -1, 0.5, 2, 2, double.NaN);
        Assert.Equal([-1, 0, 2], Tensor.FromArray([-5, 0, 9]).Clip(-1, 2).ToArray<int>());
        Assert.Equal([0.0, 1, 1, 1, 0], Slopes(x => x.Clip(-1, 2), -5, -1, 0.5, 2, 9));
        Assert.Contains("2 and 1", Assert.Throws<InvalidInputException>(() => Of(1).Clip(2, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => Of(1).Clip(double.NaN, 1));
    }

    [Fact]
    public void Maximum_and_minimum_pass_nan_on_and_give_ties_to_the_first()
    {
        Tensor a = Of(1, 5, 3, double.NaN, 1), b = Of(2, 4, 3, 1, double.NaN);
        Near(Tensor.Maximum(a, b), 0, 2, 5, 3, double.NaN, double.NaN);
        Near(Tensor.Minimum(a, b), 0, 1, 4, 3, double.NaN, double.NaN);
        Assert.Equal([4, 9], Tensor.Maximum(Tensor.FromArray([4, 2]), Tensor.FromArray([1, 9])).ToArray<int>());
        foreach (var f in new Func<Tensor, Tensor, Tensor>[] { Tensor.Maximum, Tensor.Minimum })
        {
            using var tape = new GradientTape();
            Tensor x = tape.Watch(Of(3)), y = tape.Watch(Of(3));
            var gradients = tape.Gradient(f(x, y), [x, y]);
            Assert.Equal(1, gradients[0].Item());
            Assert.Equal(0, gradients[1].Item());
        }
    }

    [Fact]
    public void Powers_have_finite_derivatives_at_zero()
    {
        Assert.Equal([0.0, 2], Slopes(x => x.Pow(2), 0, 1));
        Assert.Equal([0.0, 0], Slopes(x => x.Pow(0), 0, 1));
        using var tape = new GradientTape(persistent: true);
        Tensor zero = tape.Watch(Of(0)), two = tape.Watch(Of(2)), none = tape.Watch(Of(0));
        Assert.Equal(0, tape.Gradient(zero.Pow(two), two).Item());
        Assert.Equal(0, tape.Gradient(zero.Pow(none), zero).Item());
        Near(Of(2, 9, 4).Pow(Of(3, 0.5, -1)), 1e-15, 8, 3, 0.25);
    }

    [Fact]
    public void Empty_tensors_and_scalars_work()
    {
        Assert.Empty(Tensor.Zeros([0, 3]).Exp().ToArray<float>());
        Assert.Empty((Tensor.Zeros([0, 3]) + Tensor.Zeros([3])).ToArray<float>());
        Assert.Empty(Tensor.Zeros([2, 0]).Transpose().Sin().ToArray<float>());
        Assert.Equal(1, Tensor.Scalar(0).Exp().Item());
    }

    [Fact]
    public void Whole_numbers_are_refused_where_only_fractions_make_sense()
    {
        var x = Tensor.FromArray([1, 2, 3]);
        foreach (var f in new Func<Tensor, Tensor>[] { x => x.Exp(), x => x.Log(), x => x.Sqrt(), x => x.Sin(), x => x.Floor(), x => x.Pow(2), x => x.Pow(3),
            x => x.Sigmoid(), x => x.Gelu(), x => x.Elu(), x => x.Dropout(0.5) })
        {
            string message = Assert.Throws<DTypeMismatchException>(() => f(x)).Message;
            Assert.Contains("Int32 [3]", message, StringComparison.Ordinal);
            Assert.Contains("Cast", message, StringComparison.Ordinal);
        }
        string mixed = Assert.Throws<DTypeMismatchException>(() => Tensor.Maximum(Of(1), Tensor.Ones([2, 3]))).Message;
        Assert.Contains("Float64 [1] and Float32 [2, 3]", mixed, StringComparison.Ordinal);
    }

    [Fact]
    public void N06_chain_rule() => Assert.Equal([-24.0, -6, 3, 30], Slopes(x => (3 * x - 1).Square(), -1, 0, 0.5, 2));

    [Fact]
    public void N08_common_derivatives()
    {
        double[] at = [0.5, 1, 2];
        Assert.Equal([0.0, 0, 0], Slopes(x => x * 0 + 2, at));
        Assert.Equal([2.0, 2, 2], Slopes(x => 2 * x + 1, at));
        Assert.Equal(at.Select(x => 2 * x), Slopes(x => x.Square(), at));
        Near(Of(Slopes(x => x.Exp(), at)), 1e-14, [.. at.Select(Math.Exp)]);
        Assert.Equal(at.Select(x => 1 / x), Slopes(x => x.Log(), at));
    }

    [Fact]
    public void N10_tensor_operations()
    {
        Assert.Equal(3, (Tensor.Scalar(1) + Tensor.Scalar(2)).Item());
        Assert.Equal([4f, 6], (Tensor.FromArray([1f, 2]) + Tensor.FromArray([3f, 4])).ToArray<float>());
        Assert.Equal(25, Tensor.Scalar(5).Square().Item());
        Assert.Equal(6, Tensor.FromArray([1, 2, 3]).Sum().Item());
        Assert.Equal(13, (Tensor.Scalar(2).Square() + Tensor.Scalar(3).Square()).Item());
        Assert.All(Tensor.RandomUniform([3, 3], random: new RandomState(1)).ToArray<float>(), v => Assert.InRange(v, 0, 0.99999994f));
    }

    [Fact]
    public void N11_graph_of_two_products()
    {
        using var tape = new GradientTape();
        Tensor b = tape.Watch(Tensor.Scalar(3)), c = tape.Watch(Tensor.Scalar(4));
        Tensor d = b + c, e = c + 2, a = d * e;
        Assert.Equal((7.0, 6.0, 42.0), (d.Item(), e.Item(), a.Item()));
        var gradients = tape.Gradient(a, [b, c]);
        Assert.Equal((6.0, 13.0), (gradients[0].Item(), gradients[1].Item()));
    }
}
