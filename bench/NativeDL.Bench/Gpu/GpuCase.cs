using NativeDL.Bench.Compare.Cases;
using NativeDL.Cuda;

namespace NativeDL.Bench.Gpu;

/// <summary>One row of the table.</summary>
/// <param name="Name">The row's name.</param>
/// <param name="Flops">Floating-point operations that the work needs.</param>
/// <param name="Bytes">Bytes that it must move: each operand read once, each result written once.</param>
/// <param name="Prepare">Makes random operands on the default device and gives the work.</param>
internal sealed record GpuCase(string Name, double Flops, double Bytes, Func<Action> Prepare)
{
    /// <summary>Every case, or the same of sizes that a simulator can do.</summary>
    public static IEnumerable<GpuCase> All(bool small)
    {
        int n = small ? 1 << 12 : 1 << 24, rows = small ? 8 : 4096, columns = small ? 100 : 1024;
        return
        [
            new("copy", 0, 8.0 * n, () => Copy(n)),
            new("add", n, 12.0 * n, () => Two([n], (x, y) => x + y)),
            new("add-rows", n, 8.0 * n, () => Two(Tensor.RandomNormal([rows, n / rows]), Tensor.RandomNormal([n / rows]), (x, y) => x + y)),
            new("exp", 10.0 * n, 8.0 * n, () => One([n], x => x.Exp())),
            new("transpose", 0, 8.0 * rows * columns, () => One([rows, columns], x => x.Transpose().Clone())),
            new("sum", n, 4.0 * n, () => One([n], x => x.Sum())),
            new("sum-rows", rows * columns, 4.0 * rows * columns, () => One([rows, columns], x => x.Sum(1))),
            new("sum-columns", rows * columns, 4.0 * rows * columns, () => One([rows, columns], x => x.Sum(0))),
            new("softmax", 15.0 * rows * columns, 8.0 * rows * columns, () => One([rows, columns], x => x.Softmax())),
            .. (small ? new[] { 64 } : [1024, 4096]).Select(size => new GpuCase($"gemm-{size}", 2.0 * size * size * size, 12.0 * size * size, () => Two([size, size], (x, y) => x.MatMul(y)))),
            Convolution(small ? 1 : 64, small ? 8 : 56, 64),
            MaxPool(small ? 1 : 64, small ? 8 : 112, 64),
            Embedding(small ? 500 : 50_000, 300, small ? 100 : 10_000),
            new("adam", 14.0 * n, 28.0 * n, () => Adam(n)),
            CnnStep(small ? 2 : 128),
        ];
    }

    private static GpuCase Convolution(int batch, int size, int channels) =>
        new("conv-3x3", 2.0 * batch * size * size * 9 * channels * channels, 8.0 * batch * size * size * channels,
            () => Two(Tensor.RandomNormal([batch, size, size, channels]), Tensor.RandomNormal([3, 3, channels, channels]), (x, w) => x.Conv2D(w, padding: Padding.Same)));

    private static GpuCase MaxPool(int batch, int size, int channels) =>
        new("max-pool-2x2", (double)batch * size * size * channels, 5.0 * batch * size * size * channels, () => One([batch, size, size, channels], x => x.MaxPool2D(2)));

    // The gradient of a look-up: a table of zeros into which rows are added.
    private static GpuCase Embedding(int words, int width, int tokens) => new("embedding-gradient", (double)tokens * width, 4.0 * width * (words + tokens), () =>
    {
        var indices = (Tensor.RandomUniform([tokens]) * words).Floor().Cast(DType.Int32);
        return Two(Tensor.RandomNormal([tokens, width]), indices, (x, i) => x.ScatterAdd(i, 0, words));
    });

    // Of TrainingSteps: each product once forward and once for each gradient that is wanted, by batch.
    private static GpuCase CnnStep(int batch)
    {
        var like = TrainingSteps.Cases.Single(c => c.Name == "cnn-step");
        double share = batch / (double)TrainingSteps.Batch;
        return new("cnn-step", like.Flops * share, like.Bytes * share, () =>
        {
            var model = TrainingSteps.Cnn();
            model.Compile(new Adam(TrainingSteps.LearningRate), Loss.SparseCategoricalCrossentropy(fromLogits: true));
            Tensor x = Tensor.RandomUniform([batch, 28, 28, 1]), y = (Tensor.RandomUniform([batch]) * 10).Floor().Cast(DType.Int32);
            return () => model.TrainOnBatch(x, y);
        });
    }

    private static Action Adam(int n)
    {
        Parameter parameter = new("p", Tensor.RandomNormal([n]));
        var gradient = Tensor.RandomNormal([n]);
        var optimizer = new Adam(1e-3);
        return () => optimizer.Apply([parameter], [gradient]);
    }

    private static Action Copy(int n)
    {
        Tensor from = Tensor.RandomNormal([n]), to = Tensor.Zeros([n], device: Device.Default);
        var device = CudaDevice.Of(from);
        return () => device.CopyFrom(device, from.Address, to.Address, 4L * n);
    }

    private static Action One(Shape shape, Func<Tensor, Tensor> work)
    {
        var x = Tensor.RandomNormal(shape);
        return Scoped(() => work(x));
    }

    private static Action Two(Shape shape, Func<Tensor, Tensor, Tensor> work) => Two(Tensor.RandomNormal(shape), Tensor.RandomNormal(shape), work);

    private static Action Two(Tensor x, Tensor y, Func<Tensor, Tensor, Tensor> work) => Scoped(() => work(x, y));

    private static Action Scoped(Action work) => () =>
    {
        using var scope = TensorScope.Begin();
        work();
    };
}
