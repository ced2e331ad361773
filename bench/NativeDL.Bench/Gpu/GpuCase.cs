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
    /// <summary>Every case, or the same of sizes that a simulator can do. The full ones are several times a card's cache.</summary>
    public static IEnumerable<GpuCase> All(bool small)
    {
        int n = small ? 1 << 12 : 1 << 26, rows = small ? 8 : 65_536, columns = small ? 100 : 1024, side = small ? 64 : 8192;
        double cells = (double)rows * columns;
        int samples = small ? 4 : 2048, words = small ? 50 : 32_000, tokens = small ? 8 : 16_384, wide = small ? 24 : 3072;
        return
        [
            new("copy", 0, 8.0 * n, () => Copy(n)),
            new("add", n, 12.0 * n, () => Two([n], (x, y) => x + y)),
            new("add-rows", cells, 8 * cells, () => Two(Tensor.RandomNormal([rows, columns]), Tensor.RandomNormal([columns]), (x, y) => x + y)),
            new("exp", 10.0 * n, 8.0 * n, () => One([n], x => x.Exp())),
            new("bias-gelu", 30.0 * tokens * wide, 8.0 * tokens * wide, () =>
                Two(Tensor.RandomNormal([tokens, wide]), Tensor.RandomNormal([wide]), (x, b) => (x + b).Gelu())),
            new("transpose", 0, 8.0 * side * side, () => One([side, side], x => x.Transpose().Clone())),
            new("sum", n, 4.0 * n, () => One([n], x => x.Sum())),
            new("sum-rows", cells, 4 * cells, () => One([rows, columns], x => x.Sum(1))),
            new("sum-columns", cells, 4 * cells, () => One([rows, columns], x => x.Sum(0))),
            new("softmax", 15 * cells, 8 * cells, () => One([rows, columns], x => x.Softmax())),
            new("softmax-both", 19 * cells, 20 * cells, () => Both([[rows, columns]], [rows, columns], x => x[0].Softmax())),
            new("layer-norm", 8 * cells, 8 * cells, () => Several([[rows, columns], [columns], [columns]], x => x[0].LayerNorm(x[1], x[2], 1e-5))),
            new("layer-norm-both", 24 * cells, 20 * cells, () =>
                Both([[rows, columns], [columns], [columns]], [rows, columns], x => x[0].LayerNorm(x[1], x[2], 1e-5))),
            // Logits are read once for the loss, read again and their gradient written.
            new("cross-entropy-both", 20.0 * samples * words, 12.0 * samples * words, () => CrossEntropy(samples, words)),
            .. (small ? new[] { 64 } : [256, 1024, 4096]).Select(size => Product($"gemm-{size}", size, (x, y) => x.MatMul(y))),
            Product("gemm-nt", small ? 64 : 4096, (x, y) => x.MatMul(y.Transpose())),
            Product("gemm-tn", small ? 64 : 4096, (x, y) => x.Transpose().MatMul(y)),
            HalfProduct("gemm-bf16-1024", small ? 64 : 1024, (x, y) => x.MatMul(y)),
            HalfProduct("gemm-bf16-4096", small ? 64 : 4096, (x, y) => x.MatMul(y)),
            HalfProduct("gemm-bf16-nt", small ? 64 : 4096, (x, y) => x.MatMul(y.Transpose())),
            HalfProduct("gemm-bf16-tn", small ? 64 : 4096, (x, y) => x.Transpose().MatMul(y)),
            HalfProduct("gemm-bf16-8192", small ? 64 : 8192, (x, y) => x.MatMul(y)),
            Convolution("conv-c1", small ? 1 : 8, small ? 8 : 56, 64, 64, false),
            Convolution("conv-c1-both", small ? 1 : 8, small ? 8 : 56, 64, 64, true),
            Convolution("conv-64", small ? 1 : 64, small ? 8 : 56, 64, 64, false),
            Convolution("conv-64-both", small ? 1 : 64, small ? 8 : 56, 64, 64, true),
            Convolution("conv-first-both", small ? 2 : 128, small ? 8 : 28, 1, 32, true),
            MaxPool(small ? 1 : 64, small ? 8 : 112, 64),
            BatchNorm(small ? 2 : 64, small ? 8 : 56, 64),
            Embedding(small ? 500 : 50_000, 300, small ? 100 : 65_536),
            new("adam", 14.0 * (n / 4), 28.0 * (n / 4), () => Adam(1, n / 4)),
            new("adam-200", 14.0 * 200 * 5000, 28.0 * 200 * 5000, () => Adam(200, small ? 50 : 5000)),
            Step("mlp-step", TrainingSteps.Mlp, small ? 2 : 128),
            Step("cnn-step", TrainingSteps.Cnn, small ? 2 : 128),
        ];
    }

    private static GpuCase Product(string name, int size, Func<Tensor, Tensor, Tensor> product) =>
        new(name, 2.0 * size * size * size, 12.0 * size * size, () => Two([size, size], product));

    private static GpuCase HalfProduct(string name, int size, Func<Tensor, Tensor, Tensor> product) =>
        new(name, 2.0 * size * size * size, 6.0 * size * size,
            () => Two(Tensor.RandomNormal([size, size]).Cast(DType.BFloat16), Tensor.RandomNormal([size, size]).Cast(DType.BFloat16), product));

    private static GpuCase Convolution(string name, int batch, int size, int channels, int filters, bool both)
    {
        double flops = 2.0 * batch * size * size * 9 * channels * filters, bytes = 4.0 * batch * size * size * (channels + filters);
        Shape[] operands = [[batch, size, size, channels], [3, 3, channels, filters]];
        Tensor Forward(Tensor[] x) => x[0].Conv2D(x[1], padding: Padding.Same);
        return both ? new(name, 3 * flops, 3 * bytes, () => Both(operands, [batch, size, size, filters], Forward))
            : new(name, flops, bytes, () => Several(operands, Forward));
    }

    private static GpuCase MaxPool(int batch, int size, int channels) =>
        new("max-pool-2x2", (double)batch * size * size * channels, 5.0 * batch * size * size * channels, () =>
            One([batch, size, size, channels], x => x.MaxPool2D(2)));

    // Statistics read x once, the result reads it again; backward reads x and dy twice: 8 passes.
    private static GpuCase BatchNorm(int batch, int size, int channels)
    {
        double cells = (double)batch * size * size * channels;
        return new("batch-norm-both", 20 * cells, 32 * cells, () =>
        {
            var layer = new Layers.BatchNormalization();
            return Both([[batch, size, size, channels]], [batch, size, size, channels], x => layer.Call(x[0], training: true));
        });
    }

    private static Action CrossEntropy(int samples, int words)
    {
        var loss = Loss.SparseCategoricalCrossentropy(fromLogits: true);
        var target = (Tensor.RandomUniform([samples]) * words).Floor().Cast(DType.Int32);
        var logits = Tensor.RandomNormal([samples, words]);
        return Scoped(() =>
        {
            using var tape = new GradientTape();
            tape.Watch(logits);
            return tape.Gradient(loss.Call(target, logits), logits);
        });
    }

    // The gradient of a look-up: a table of zeros into which rows are added.
    private static GpuCase Embedding(int words, int width, int tokens) =>
        new("embedding-gradient", (double)tokens * width, 4.0 * width * (words + tokens), () =>
    {
        var indices = (Tensor.RandomUniform([tokens]) * words).Floor().Cast(DType.Int32);
        return Two(Tensor.RandomNormal([tokens, width]), indices, (x, i) => x.ScatterAdd(i, 0, words));
    });

    // Of TrainingSteps: each product once forward and once for each gradient that is wanted, by batch.
    private static GpuCase Step(string name, Func<double, Sequential> net, int batch)
    {
        var like = TrainingSteps.Cases.Single(c => c.Name == name);
        double share = batch / (double)TrainingSteps.Batch;
        return new(name, like.Flops * share, like.Bytes * share, () =>
        {
            var model = net(0.5);
            model.Compile(new Adam(TrainingSteps.LearningRate), Loss.SparseCategoricalCrossentropy(fromLogits: true));
            Tensor x = Tensor.RandomUniform([batch, 28, 28, 1]), y = (Tensor.RandomUniform([batch]) * 10).Floor().Cast(DType.Int32);
            return () => model.TrainOnBatch(x, y);
        });
    }

    private static Action Adam(int count, int n)
    {
        Parameter[] parameters = [.. Enumerable.Range(0, count).Select(i => new Parameter($"p{i}", Tensor.RandomNormal([n])))];
        Tensor[] gradients = [.. parameters.Select(_ => Tensor.RandomNormal([n]))];
        var optimizer = new Adam(1e-3);
        return () => optimizer.Apply(parameters, gradients);
    }

    private static Action Copy(int n)
    {
        Tensor from = Tensor.RandomNormal([n]), to = Tensor.Zeros([n], device: Device.Default);
        var device = CudaDevice.Of(from);
        return () => device.CopyFrom(device, from.Address, to.Address, 4L * n);
    }

    private static Action Several(Shape[] shapes, Func<Tensor[], Tensor> work)
    {
        Tensor[] x = [.. shapes.Select(s => Tensor.RandomNormal(s))];
        return Scoped(() => work(x));
    }

    // Forward, and the gradients of everything by a drawn one of the result.
    private static Action Both(Shape[] shapes, Shape result, Func<Tensor[], Tensor> work)
    {
        Tensor[] x = [.. shapes.Select(s => Tensor.RandomNormal(s))];
        var dy = Tensor.RandomNormal(result);
        return Scoped(() =>
        {
            using var tape = new GradientTape();
            foreach (var each in x) tape.Watch(each);
            return tape.Gradient(work(x), x, dy);
        });
    }

    private static Action One(Shape shape, Func<Tensor, Tensor> work)
    {
        var x = Tensor.RandomNormal(shape);
        return Scoped(() => work(x));
    }

    private static Action Two(Shape shape, Func<Tensor, Tensor, Tensor> work) => Two(Tensor.RandomNormal(shape), Tensor.RandomNormal(shape), work);

    private static Action Two(Tensor x, Tensor y, Func<Tensor, Tensor, Tensor> work) => Scoped(() => work(x, y));

    private static Action Scoped<T>(Func<T> work) => () =>
    {
        using var scope = TensorScope.Begin();
        work();
    };
}
