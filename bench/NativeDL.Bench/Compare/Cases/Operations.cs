namespace NativeDL.Bench.Compare.Cases;

/// <summary>Operations that memory bounds, and what an operation costs beside its arithmetic.</summary>
internal static class Operations
{
    private const int Buffers = 4; // taken in turn: together larger than the last cache

    public static IEnumerable<CompareCase> Cases =>
    [
        // Maximum, difference, exponential (about 10), sum, quotient.
        new CompareCase("softmax-4096x1024", 15.0 * 4096 * 1024, 8.0 * 4096 * 1024, () => Unary("softmax", [4096, 1024], x => x.Softmax(-1), Buffers)),
        new CompareCase("relu-16M", 16 << 20, 8.0 * (16 << 20), () => Unary("relu", [16 << 20], x => x.Relu(), 1)),
        new CompareCase("adam-10M", 14e7, 28e7, Adam),
        new CompareCase("add-64", 64, 3 * 256, () => Add(recorded: false)) { Threads = 1 },
        new CompareCase("add-64-recorded", 64, 3 * 256, () => Add(recorded: true)) { Threads = 1 },
    ];

    private static Work Unary(string name, Shape shape, Func<Tensor, Tensor> function, int buffers)
    {
        Tensor[] operands = [.. Enumerable.Range(0, buffers).Select(_ => Tensor.RandomNormal(shape))];
        int at = 0;
        return new Work(() =>
        {
            using var scope = TensorScope.Begin();
            function(operands[at = (at + 1) % operands.Length]);
        }, () => Agreement.WithDouble(name, x => [function(x[0])], operands[0]));
    }

    private static Work Adam()
    {
        const int n = 10_000_000;
        var parameter = new Parameter("p", Tensor.RandomNormal([n]));
        var gradient = Tensor.RandomNormal([n]);
        var optimizer = new Adam(1e-3f, epsilon: 1e-8);
        return new Work(() => optimizer.Apply([parameter], [gradient]), () =>
        {
            float[] before = parameter.Value.ToArray<float>(), g = gradient.ToArray<float>();
            optimizer.Apply([parameter], [gradient]);
            // In the first step both moments, corrected, are those of the gradient alone.
            double[] change = [.. parameter.Value.ToArray<float>().Select((p, i) => (double)p - before[i])];
            double[] exact = [.. g.Select(v => -1e-3 * v / (Math.Abs((double)v) + 1e-8))];
            Agreement.Near("adam-10M", change, exact, 1e-3); // the change is 1e-3 of the parameter: three digits fewer
        });
    }

    private static Work Add(bool recorded)
    {
        Tensor x = Tensor.RandomNormal([64]), y = Tensor.RandomNormal([64]);
        const int round = 256; // one tape, one scope; the step is one addition
        TensorScope? scope = null;
        GradientTape? tape = null;
        int left = 0;
        return new Work(() =>
        {
            if (left-- == 0)
            {
                tape?.Dispose();
                scope?.Dispose();
                scope = TensorScope.Begin();
                if (recorded) (tape = new GradientTape()).Watch(x);
                left = round;
            }
            _ = x + y;
        }, () => Agreement.WithDouble("add-64", t => [t[0] + t[1]], x, y));
    }
}
