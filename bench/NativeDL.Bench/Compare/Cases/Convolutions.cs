namespace NativeDL.Bench.Compare.Cases;

/// <summary>3×3 convolutions that keep the image's size: forward, and forward with all gradients.</summary>
internal static class Convolutions
{
    public static IEnumerable<CompareCase> Cases =>
    [
        Forward("conv-c1-forward", 8, 56, 64, 64),
        Both("conv-c1-both", 8, 56, 64, 64),
        Both("conv-c3-both", 32, 32, 3, 32),
        Both("conv-c4-both", 32, 28, 1, 32),
    ];

    private static CompareCase Forward(string name, int n, int side, int c, int f) => new(name, Flops(n, side, c, f), Bytes(n, side, c, f), () =>
    {
        var (x, kernel, bias, _) = Operands(n, side, c, f);
        return new Work(() =>
        {
            using var scope = TensorScope.Begin();
            x.Conv2D(kernel, bias, padding: Padding.Same);
        }, () => Agreement.WithDouble(name, t => [t[0].Conv2D(t[1], t[2], padding: Padding.Same)], x, kernel, bias));
    });

    private static CompareCase Both(string name, int n, int side, int c, int f) => new(name, 3 * Flops(n, side, c, f), 3 * Bytes(n, side, c, f), () =>
    {
        var (x, kernel, bias, dy) = Operands(n, side, c, f);
        return new Work(() =>
        {
            using var scope = TensorScope.Begin();
            Gradients(x, kernel, bias, dy);
        }, () => Agreement.WithDouble(name, t => Gradients(t[0], t[1], t[2], t[3]), x, kernel, bias, dy));
    });

    private static Tensor[] Gradients(Tensor x, Tensor kernel, Tensor bias, Tensor dy)
    {
        using var tape = new GradientTape();
        tape.Watch(x);
        tape.Watch(kernel);
        tape.Watch(bias);
        return tape.Gradient(x.Conv2D(kernel, bias, padding: Padding.Same), [x, kernel, bias], dy);
    }

    private static (Tensor X, Tensor Kernel, Tensor Bias, Tensor Dy) Operands(int n, int side, int c, int f) =>
        (Tensor.RandomNormal([n, side, side, c]), Tensor.RandomNormal([3, 3, c, f]), Tensor.RandomNormal([f]), Tensor.RandomNormal([n, side, side, f]));

    private static double Flops(int n, int side, int c, int f) => 2.0 * n * side * side * c * f * 9;

    private static double Bytes(int n, int side, int c, int f) => 4.0 * n * side * side * (c + f);
}
