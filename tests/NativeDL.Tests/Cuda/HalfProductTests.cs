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

    // Where tiles, panels, packs and parts of sums end; rows at whole packs, so that tensor cores read them in place.
    [Theory]
    [InlineData("large", 1)]
    [InlineData("large", 3)]
    [InlineData("medium", 1)]
    [InlineData("medium", 4)]
    public void Tensor_cores_sum_every_edge(string name, int parts)
    {
        var tile = name == "large" ? CudaTensorProduct.Tile.Large : CudaTensorProduct.Tile.Medium;
        foreach (var (m, n, k) in new[] { (8, 8, 8), (136, 72, 40), (64, 264, 200), (16, 2, 328), (9, 16, 72) })
            for (int layout = 0; layout < 4; layout++)
            {
                bool turnA = (layout & 1) != 0, turnB = (layout & 2) != 0;
                if ((turnA && m % 8 != 0) || (!turnB && n % 8 != 0)) continue;
                Tensor a = Numbers(turnA ? [k, m] : [m, k], m + k), b = Numbers(turnB ? [n, k] : [k, n], n), bias = Numbers([n], 5);
                foreach (var (type, unit) in Halves)
                    foreach (var activation in new Epilogue?[] { null, Epilogue.Of<ReluOp>(), Epilogue.Of<TanhOp>() })
                    {
                        Tensor[] given = [.. new[] { a, b, bias }.Select(x => x.Cast(type))], wide = [.. given.Select(x => x.Cast(DType.Float64))];
                        var expected = wide[0].MatMul(wide[1], turnA, turnB) + wide[2];
                        if (activation is not null) expected = activation.Name == "relu" ? expected.Relu() : expected.Tanh();
                        Tensor[] there = [.. given.Select(x => x.To(CudaTest.Device))];
                        MatrixOperand left = MatrixOperand.Of(there[0], turnA), right = MatrixOperand.Of(there[1], turnB);
                        Assert.True(CudaTensorProduct.Takes(CudaTest.Device, left, right, Shape.Scalar, n, k));
                        var y = Tensor.Full([m, n], double.NaN, type, CudaTest.Device);
                        CudaTensorProduct.Run(CudaTest.Device, left, right, Shape.Scalar, m, n, k, new(y, null, there[2], activation), tile, parts);
                        double[] u = expected.ToDoubles(), v = y.ToDoubles();
                        for (int i = 0; i < u.Length; i++)
                            Assert.True(Math.Abs(u[i] - v[i]) <= unit * Math.Abs(u[i]) + 1e-5,
                                $"{type} {m} x {n} x {k}, layout {layout}, {activation?.Name}: {v[i]} for {u[i]}");
                    }
            }
    }

    [Fact]
    public void Tensor_cores_take_batches_and_leave_the_rest()
    {
        Same([Numbers([2, 1, 24, 16], 1), Numbers([3, 16, 8], 2)], t => t[0].MatMul(t[1]));
        Same([Numbers([3, 24, 16], 1), Numbers([3, 40, 16], 2)], t => t[0].MatMul(t[1], false, true));
        Same([Numbers([30, 16], 1), Numbers([16, 24], 2), Numbers([24], 3)], t => t[0].Linear(t[1], t[2], Epilogue.Of<GeluOp>()));
        Same([Numbers([600, 16], 1), Numbers([16, 24], 2), Numbers([24], 3)], t => t[0].Linear(t[1], t[2], Epilogue.Of<ReluOp>()));
        foreach (var (m, n, k, isTaken) in new[] { (8, 8, 8, true), (8, 16, 12, false), (8, 10, 8, false), (1, 8, 16, true) })
        {
            Tensor a = Numbers([m, k], 1).Cast(DType.BFloat16).To(CudaTest.Device), b = Numbers([k, n], 2).Cast(DType.BFloat16).To(CudaTest.Device);
            Assert.Equal(isTaken, CudaTensorProduct.Takes(CudaTest.Device, MatrixOperand.Of(a, false), MatrixOperand.Of(b, false), Shape.Scalar, n, k));
        }
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
