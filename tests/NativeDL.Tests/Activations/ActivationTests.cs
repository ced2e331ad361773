using NativeDL.Layers;
using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Activations;

public sealed class ActivationTests
{
    private static readonly double[] Points = [-3, -0.5, 0, 0.25, 2];

    public static TheoryData<string> Names => [.. Known.Keys];

    private static Dictionary<string, Func<double, double>> Known => new()
    {
        ["linear"] = x => x,
        ["relu"] = x => Math.Max(0, x),
        ["leaky_relu"] = x => x > 0 ? x : 0.2 * x,
        ["elu"] = x => x > 0 ? x : Math.Exp(x) - 1,
        ["sigmoid"] = x => 1 / (1 + Math.Exp(-x)),
        ["tanh"] = Math.Tanh,
        ["softplus"] = x => Math.Log(1 + Math.Exp(x)),
        ["gelu"] = x => x * Normal(x),
        ["silu"] = x => x / (1 + Math.Exp(-x)),
        ["swish"] = x => x / (1 + Math.Exp(-x)),
        ["relu6"] = x => Math.Clamp(x, 0, 6),
        ["hard_tanh"] = x => Math.Clamp(x, -1, 1),
        ["hard_sigmoid"] = x => Math.Clamp(x / 6 + 0.5, 0, 1),
        ["hard_silu"] = x => x * Math.Clamp(x / 6 + 0.5, 0, 1),
        ["hard_swish"] = x => x * Math.Clamp(x / 6 + 0.5, 0, 1),
        ["sparse_plus"] = x => x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4,
        ["sparse_sigmoid"] = x => Math.Clamp(x / 2 + 0.5, 0, 1),
        ["step"] = x => x < 0 ? 0 : 1,
        ["heaviside"] = x => x < 0 ? 0 : 1,
        ["hard_shrink"] = x => Math.Abs(x) > 0.5 ? x : 0,
        ["soft_shrink"] = x => Math.Abs(x) > 0.5 ? x - 0.5 * Math.Sign(x) : 0,
        ["tanh_shrink"] = x => x - Math.Tanh(x),
        ["threshold"] = x => Math.Max(0, x),
        ["exponential"] = Math.Exp,
        ["log_sigmoid"] = x => -Math.Log(1 + Math.Exp(-x)),
        ["softsign"] = x => x / (1 + Math.Abs(x)),
        ["mish"] = x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        ["selu"] = x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)),
        ["celu"] = x => x > 0 ? x : Math.Exp(x) - 1,
        ["squareplus"] = x => (x + Math.Sqrt(x * x + 4)) / 2,
        ["radial_basis"] = x => Math.Exp(-x * x),
        ["gaussian"] = x => Math.Exp(-x * x),
        ["sparsemax"] = x => x == 2 ? 1 : 0,
        ["softmax"] = x => Math.Exp(x) / Points.Sum(Math.Exp),
        ["log_softmax"] = x => x - Math.Log(Points.Sum(Math.Exp)),
    };

    // The normal distribution, by Simpson's rule from 0.
    private static double Normal(double x)
    {
        const int n = 2000;
        double sum = 0, h = x / n;
        for (int i = 0; i <= n; i++) sum += (i is 0 or n ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-(i * h) * (i * h) / 2);
        return 0.5 + sum * h / 3 / Math.Sqrt(2 * Math.PI);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_makes_the_function(string name)
    {
        Activation activation = name;
        Near([.. Points.Select(Known[name])], activation.Call(Matrix(5, Points)).ToArray<double>(), 1e-12);
        Activation? again = activation.Name;
        Assert.IsType(activation.GetType(), again);
        Assert.Equal($"{activation}", $"{again}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_one_pass_with_the_product_it_is_the_same(string name)
    {
        Activation activation = name;
        Tensor x = Matrix(2, 1, 2, -1, 0.5), w = Matrix(3, 0.5, -1, 0.25, 0.1, 0.7, -2), b = Tensor.FromArray([0.1, -0.2, 0.3]);
        Near(activation.Call(x.Linear(w, b)).ToArray<double>(), Activation.LinearCall(x, w, b, activation).ToArray<double>(), 1e-14);
        Near(activation.Call(x.Linear(w)).ToArray<double>(), Activation.LinearCall(x, w, null, activation).ToArray<double>(), 1e-14);
    }

    [Fact]
    public void An_unknown_name_lists_the_known()
    {
        string message = Assert.Throws<InvalidInputException>(() => { Activation? a = "rleu"; }).Message;
        Assert.Contains("'rleu'", message, StringComparison.Ordinal);
        Assert.All(Known.Keys, known => Assert.Contains(known, message, StringComparison.Ordinal));
        Assert.Throws<InvalidInputException>(() => new Dense(3, activation: "rleu"));
    }

    [Fact]
    public void No_name_is_no_activation()
    {
        string? none = null;
        Activation? activation = none;
        Assert.Null(activation);
    }

    [Fact]
    public void An_activation_of_ones_own()
    {
        Activation activation = "test.cube";
        Near([8, -1], activation.Call(Matrix(2, 2, -1)).ToArray<double>(), 0);
    }

    [Registered("test.cube")]
    internal sealed class Cube : Activation
    {
        public override Tensor Call(Tensor x) => x * x * x;
    }
}
