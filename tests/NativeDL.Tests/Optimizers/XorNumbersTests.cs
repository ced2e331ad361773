using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Optimizers;

/// <summary>The two training scripts for exclusive or, with their repaired settings.</summary>
public sealed class XorNumbersTests
{
    private static readonly double[] Inputs = [0, 0, 0, 1, 1, 0, 1, 1];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void N23_xor_2_4_1_converges_at_rate_01(int seed)
    {
        var random = new RandomState((ulong)seed);
        Tensor x = Matrix(2, Inputs), y = Matrix(1, 0, 1, 1, 0);
        Parameter w1 = new("w1", Tensor.RandomUniform([2, 4], 0, 1, DType.Float64, random)), b1 = new("b1", Tensor.Zeros([4], DType.Float64));
        Parameter w2 = new("w2", Tensor.RandomUniform([4, 1], 0, 1, DType.Float64, random)), b2 = new("b2", Tensor.Zeros([1], DType.Float64));
        Loss loss = Loss.HalfSumSquaredError();
        var optimizer = new SGD(0.1);
        for (int epoch = 0; epoch < 10_000; epoch++) Step(optimizer, [w1, b1, w2, b2], () => loss.Call(y, Predict()));
        Near([0, 1, 1, 0], Predict().ToArray<double>(), 0.01);

        Tensor Predict() => x.Linear(w1, b1).Sigmoid().Linear(w2, b2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void N24_xor_2_20_50_25_2_learns_in_500_epochs(int seed)
    {
        var random = new RandomState((ulong)seed);
        Tensor x = Matrix(2, Inputs), y = Matrix(2, 0, 1, 1, 0, 1, 0, 0, 1);
        int[] widths = [2, 20, 50, 25, 2];
        Initializer glorot = "glorot_uniform";
        Parameter[] all = [.. Enumerable.Range(1, 4).SelectMany(i => new Parameter[]
        {
            new($"kernel{i}", glorot.Create([widths[i - 1], widths[i]], random, DType.Float64)),
            new($"bias{i}", Tensor.Zeros([widths[i]], DType.Float64)),
        })];
        Loss loss = Loss.HalfSumSquaredError();
        var optimizer = new SGD(0.1);
        for (int epoch = 0; epoch < 500; epoch++)
            for (int row = 0; row < 4; row++)
                Step(optimizer, all, () => loss.Call(y.Narrow(0, row, 1), Predict(x.Narrow(0, row, 1))));
        Assert.InRange(Loss.MeanSquaredError().Call(y, Predict(x)).Item(), 0, 0.005);

        Tensor Predict(Tensor h)
        {
            for (int i = 0; i < 4; i++)
            {
                h = h.Linear(all[2 * i], all[2 * i + 1]);
                h = i < 3 ? h.Tanh() : h.Sigmoid();
            }
            return h;
        }
    }
}
