using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Optimizers;

/// <summary>The 2-2-2 sigmoid network that three sources work through by hand, and the neuron of three inputs.</summary>
public sealed class BackpropagationNumbersTests
{
    private readonly Tensor input = Matrix(2, 0.05, 0.10), target = Matrix(2, 0.01, 0.99);
    private readonly Parameter hidden = Parameter("hidden/kernel", 2, 0.15, 0.25, 0.20, 0.30), output = Parameter("output/kernel", 2, 0.40, 0.50, 0.45, 0.55);
    private readonly Parameter hiddenBias = Parameter("hidden/bias", 2, 0.35, 0.35), outputBias = Parameter("output/bias", 2, 0.60, 0.60);
    private readonly Loss loss = Loss.HalfSumSquaredError();

    private Tensor Predict() => Hidden().Linear(output, outputBias.Value.Reshape(2)).Sigmoid();

    private Tensor Hidden() => input.Linear(hidden, hiddenBias.Value.Reshape(2)).Sigmoid();

    private Tensor Error() => loss.Call(target, Predict());

    [Fact]
    public void N01_forward_pass()
    {
        Near([0.593269992107, 0.596884378260], Hidden().ToArray<double>(), 1e-11);
        Near([0.751365069552, 0.772928465321], Predict().ToArray<double>(), 1e-11);
        Near([0.298371108760], [Error().Item()], 1e-11);
    }

    [Fact]
    public void N01_gradients()
    {
        using var tape = new GradientTape();
        var gradients = tape.Gradient(Error(), [hidden, output]);
        Near([0.000438567734], [gradients[0].ToArray<double>()[0]], 1e-11);
        Near([0.082167040564], [gradients[1].ToArray<double>()[0]], 1e-11);
    }

    [Fact]
    public void N01_one_step_with_fixed_biases()
    {
        Step(new SGD(0.5), [hidden, output], Error);
        Near([0.149780716133, 0.249751143632, 0.199561432266, 0.299502287265], hidden.Value.ToArray<double>(), 1e-11);
        Near([0.358916479718, 0.511301270239, 0.408666186076, 0.561370121108], output.Value.ToArray<double>(), 1e-11);
        Near([0.742088111191, 0.775284968294], Predict().ToArray<double>(), 1e-11);
        // 0.291027924, which the sources print, comes of hidden gradients taken from updated output weights.
        Near([0.291027773694], [Error().Item()], 1e-11);
    }

    [Fact]
    public void N01_ten_thousand_steps_with_fixed_biases()
    {
        var optimizer = new SGD(0.5);
        for (int i = 0; i < 10_000; i++) Step(optimizer, [hidden, output], Error);
        Near([3.51018778e-5], [Error().Item()], 1e-12);
        Near([0.015913620444, 0.984064273515], Predict().ToArray<double>(), 1e-9);
        Assert.Equal(10_000, optimizer.Steps);
    }

    [Fact]
    public void N01_trained_biases()
    {
        var optimizer = new SGD(0.5);
        Parameter[] all = [hidden, hiddenBias, output, outputBias];
        Step(optimizer, all, Error);
        Near([0.280471446791], [Error().Item()], 1e-11);
        Near([0.3456143227, 0.3450228727], hiddenBias.Value.ToArray<double>(), 1e-9);
        Near([0.5307507192, 0.6190491183], outputBias.Value.ToArray<double>(), 1e-9);
        for (int i = 1; i < 10_000; i++) Step(optimizer, all, Error);
        Near([2.447562e-6], [Error().Item()], 1e-11);
    }

    [Fact]
    public void N01_three_outputs_tell_the_half_sum_from_the_mean()
    {
        // With two outputs both losses are equal; with three the mean's gradient is 2/3 of the half sum's.
        Tensor x = Matrix(1, 1.0), y = Matrix(3, 0, 1, 0);
        var (half, mean) = (Parameter("half", 3, 0.2, 0.5, 0.9), Parameter("mean", 3, 0.2, 0.5, 0.9));
        Near([0.55], [Step(new SGD(0.3), [half], () => Loss.HalfSumSquaredError().Call(y, x.Linear(half)))], 1e-12);
        Near([1.1 / 3], [Step(new SGD(0.3), [mean], () => Loss.MeanSquaredError().Call(y, x.Linear(mean)))], 1e-12);
        Near([0.14, 0.65, 0.63], half.Value.ToArray<double>(), 1e-12);
        Near([0.16, 0.60, 0.72], mean.Value.ToArray<double>(), 1e-12);
    }

    [Fact]
    public void N02_single_neuron_of_three_inputs()
    {
        Tensor x = Matrix(3, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1), y = Matrix(1, 0, 1, 1, 0);
        var weights = Parameter("weights", 1, -0.128010195716, -0.948147536344, 0.099324955757);
        var optimizer = new SGD(1.0);
        for (int i = 0; i < 10_000; i++) Step(optimizer, [weights], () => loss.Call(y, x.MatMul(weights).Sigmoid()));
        Near([9.672825285812, -0.208926526428, -4.628906670465], weights.Value.ToArray<double>(), 1e-9);
        Near([0.009670988736, 0.992115901775, 0.993592885997, 0.007861906294], x.MatMul(weights).Sigmoid().ToArray<double>(), 1e-10);
        Near([0.999937032274], Matrix(3, 1, 0, 0).MatMul(weights).Sigmoid().ToArray<double>(), 1e-11);
    }
}
