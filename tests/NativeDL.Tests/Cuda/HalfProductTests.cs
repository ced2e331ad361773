using static NativeDL.Tests.Cuda.CudaAgreement;

namespace NativeDL.Tests.Cuda;

/// <summary>Products, convolutions and pools of half-precision numbers against float32's of the same numbers, on both devices.</summary>
public sealed class HalfProductTests
{
    private static readonly (DType Type, double Unit)[] Halves = [(DType.BFloat16, 1.0 / 256), (DType.Float16, 1.0 / 2048)];

    [Fact]
    public void Matrix_products()
    {
        Same([Numbers([9, 40], 1), Numbers([40, 17], 2)], t => t[0].MatMul(t[1]));
        Same([Numbers([40, 9], 1), Numbers([17, 40], 2)], t => t[0].MatMul(t[1], true, true));
        Same([Numbers([2, 9, 40], 1), Numbers([3, 1, 40, 5], 2)], t => t[0].MatMul(t[1]));
        Same([Numbers([40], 1), Numbers([40, 17], 2)], t => t[0].MatMul(t[1]));
        Same([Numbers([40, 9], 1), Numbers([40, 17], 2), Numbers([17], 3)], t => t[0].Transpose(0, 1).Linear(t[1], t[2], Epilogue.Of<GeluOp>()));
    }

    [Fact]
    public void Convolutions()
    {
        foreach (var (channels, filters, groups) in new[] { (3, 8, 1), (12, 7, 1), (6, 4, 2), (6, 6, 6) })
            Same([Numbers([2, 9, 10, channels], 1), Numbers([3, 2, channels / groups, filters], 2), Numbers([filters], 3)],
                t => t[0].Conv2D(t[1], t[2], (2, 1), Padding.Same, default, groups, Epilogue.Of<SoftplusOp>()));
        Same([Numbers([2, 5, 4, 6], 1), Numbers([3, 3, 5, 6], 2)], t => t[0].Conv2DTranspose(t[1], null, 2, Padding.Same));
    }

    [Fact]
    public void Pools()
    {
        Same([Numbers([2, 9, 10, 5], 1)], t => t[0].MaxPool2D(2));
        Same([Numbers([2, 9, 10, 5], 1)], t => t[0].MaxPool2D(3, 2, Padding.Same));
        Same([Numbers([2, 9, 10, 5], 1)], t => t[0].AvgPool2D(3, 2, Padding.Same));
    }

    // Results to one rounding at the store, gradients by norm.
    private static void Same(Tensor[] operands, Func<Tensor[], Tensor> function)
    {
        foreach (var (type, unit) in Halves)
            foreach (var device in new[] { Device.Cpu, CudaTest.Device })
            {
                Tensor[] rounded = [.. operands.Select(x => x.Cast(type))];
                var expected = Run([.. rounded.Select(x => x.Cast(DType.Float32))], type);
                var found = Run([.. rounded.Select(x => x.To(device))], type);
                for (int i = 0; i < found.Length; i++)
                {
                    Assert.Equal(type, found[i].DType);
                    Assert.Equal(expected[i].Shape, found[i].Shape);
                    double[] a = expected[i].ToDoubles(), b = found[i].ToDoubles();
                    double error = Math.Sqrt(a.Zip(b, (u, v) => (u - v) * (u - v)).Sum()), norm = Math.Sqrt(a.Sum(v => v * v));
                    Assert.True(norm > 0 && error <= (i == 0 ? 1 : 4) * unit * norm,
                        $"{type} on {device}, {(i == 0 ? "result" : $"gradient {i - 1}")}: off by {error / norm} of the norm");
                }
            }

        Tensor[] Run(Tensor[] given, DType type)
        {
            using var tape = new GradientTape();
            foreach (var x in given) tape.Watch(x);
            var y = function(given);
            return [y, .. tape.Gradient(y, given, Numbers(y.Shape, 9).Cast(type).Cast(y.DType).To(y.Device))];
        }
    }
}
