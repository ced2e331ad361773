namespace NativeDL.Tests.Ops;

public sealed unsafe class MatMulTests
{
    [Fact]
    public void N12_x_times_W_then_ones()
    {
        var h = Tensor.FromArray(new double[,] { { 1, 2 } }).MatMul(Tensor.FromArray(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }));
        Assert.Equal([9, 12, 15], h.ToArray<double>());
        Assert.Equal([36], h.MatMul(Tensor.Ones([3, 1], DType.Float64)).ToArray<double>());
    }

    [Fact]
    public void N12_dense_shapes_and_parameters()
    {
        int[] sizes = [784, 256, 128, 64, 10];
        var x = Tensor.Ones([4, 784]);
        long parameters = 0;
        for (int i = 1; i < sizes.Length; i++)
        {
            Tensor w = Tensor.Zeros([sizes[i - 1], sizes[i]]), b = Tensor.Ones([sizes[i]]);
            x = x.Linear(w, b);
            Assert.Equal([4, sizes[i]], x.Shape);
            parameters += w.ElementCount + b.ElementCount;
        }
        Assert.Equal(242762, parameters);
    }

    [Theory]
    [InlineData(0, new[] { 0.0, 0, 0, 0 })]
    [InlineData(-1, new[] { 0.0, 1, 1, 0 })]
    public void N20_xor_by_a_relu_net(double bias, double[] expected)
    {
        var relu = Epilogue.Of<ReluOp>();
        var x = Tensor.FromArray(new double[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
        var h = x.Linear(Tensor.Ones([2, 2], DType.Float64), Tensor.FromArray(new[] { 0, bias }), relu);
        var y = h.Linear(Tensor.FromArray(new double[,] { { 1 }, { -2 } }), null, relu);
        Assert.Equal(expected, y.ToArray<double>());
    }

    [Fact]
    public void Vectors_are_rows_on_the_left_and_columns_on_the_right()
    {
        Tensor v = Numbers(3), m = Numbers(3, 4), batch = Numbers(2, 4, 3);
        Assert.Equal([4], v.MatMul(m).Shape);
        Assert.Equal([2, 4], batch.MatMul(v).Shape);
        Assert.Equal(Shape.Scalar, v.MatMul(v).Shape);
        Assert.Equal(v.Reshape(1, 3).MatMul(m).ToArray<double>(), v.MatMul(m).ToArray<double>());
        Assert.Equal(v.Square().Sum().Item(), v.MatMul(v).Item(), 12);
        Assert.Equal([2, 5], Numbers(3).MatMul(Numbers(2, 3, 5)).Shape);
    }

    [Fact]
    public void Batches_broadcast()
    {
        Tensor a = Numbers(2, 1, 3, 4), b = Numbers(5, 4, 2);
        var y = a.MatMul(b);
        Assert.Equal([2, 5, 3, 2], y.Shape);
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 5; j++)
                Assert.Equal(
                    a.Narrow(0, i, 1).Reshape(3, 4).MatMul(b.Narrow(0, j, 1).Reshape(4, 2)).ToArray<double>(),
                    y.Narrow(0, i, 1).Narrow(1, j, 1).ToArray<double>());
    }

    [Fact]
    public void Transposed_views_and_flags_agree()
    {
        Tensor a = Numbers(5, 7), b = Numbers(7, 6);
        var expected = a.MatMul(b).ToArray<double>();
        Close(expected, a.Transpose().Clone().MatMul(b, transposeA: true).ToArray<double>());
        Close(expected, a.MatMul(b.Transpose().Clone(), transposeB: true).ToArray<double>());
        Close(expected, a.Transpose().Clone().Transpose().MatMul(b.Transpose().Clone().Transpose()).ToArray<double>());
    }

    [Fact]
    public void Nothing_to_sum_gives_zeros()
    {
        Assert.Equal(new double[6], Tensor.Zeros([2, 0], DType.Float64).MatMul(Tensor.Zeros([0, 3], DType.Float64)).ToArray<double>());
        Assert.Equal([0, 3], Tensor.Zeros([0, 2]).MatMul(Tensor.Zeros([2, 3])).Shape);
        Assert.Equal([0, 4, 3], Tensor.Zeros([0, 4, 2]).Linear(Tensor.Zeros([2, 3])).Shape);
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        Tensor a = Numbers(300, 200).Cast(DType.Float32), b = Numbers(200, 260).Cast(DType.Float32), v = Numbers(200).Cast(DType.Float32);
        int before = Threads.Count;
        try
        {
            Threads.Count = 1;
            float[] one = a.MatMul(b).ToArray<float>(), vector = v.MatMul(b).ToArray<float>(), column = a.MatMul(v).ToArray<float>();
            Threads.Count = 3;
            Assert.Equal(one, a.MatMul(b).ToArray<float>());
            Assert.Equal(vector, v.MatMul(b).ToArray<float>());
            Assert.Equal(column, a.MatMul(v).ToArray<float>());
        }
        finally
        {
            Threads.Count = before;
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 70, 33)]
    [InlineData(65, 1, 40)]
    [InlineData(5, 3, 0)]
    [InlineData(17, 9, 31)]
    [InlineData(200, 150, 40)]
    public void Product_agrees_with_its_definition_and_does_not_read_C_at_beta_0(int m, int n, int k)
    {
        for (int mode = 0; mode < 8; mode++)
        {
            bool ta = (mode & 1) != 0, tb = (mode & 2) != 0;
            double beta = (mode & 4) != 0 ? 0.5 : 0;
            // Leading dimensions larger than the rows.
            int lda = (ta ? m : k) + 3, ldb = (tb ? k : n) + 2, ldc = n + 1;
            var a = Filled(lda * (ta ? k : m));
            var b = Filled(ldb * (tb ? n : k));
            var c = beta == 0 ? Enumerable.Repeat(double.NaN, ldc * m).ToArray() : Filled(ldc * m);
            var expected = (double[])c.Clone();
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                {
                    double sum = 0;
                    for (int p = 0; p < k; p++) sum += (ta ? a[p * lda + i] : a[i * lda + p]) * (tb ? b[j * ldb + p] : b[p * ldb + j]);
                    expected[i * ldc + j] = 1.5 * sum + (beta == 0 ? 0 : beta * c[i * ldc + j]);
                }
            fixed (double* pa = a, pb = b, pc = c) Gemm.Run(ta, tb, m, n, k, 1.5, pa, lda, pb, ldb, beta, pc, ldc);
            Close(expected, c);
        }
    }

    [Fact]
    public void Fused_activations_agree_with_their_functions()
    {
        Tensor x = Numbers(9, 5), w = Numbers(5, 7), b = Numbers(7);
        var z = x.Linear(w, b);
        Close((x.MatMul(w) + b).ToArray<double>(), z.ToArray<double>());
        Close(z.Relu().ToArray<double>(), x.Linear(w, b, Epilogue.Of<ReluOp>()).ToArray<double>());
        Close(z.Tanh().ToArray<double>(), x.Linear(w, b, Epilogue.Of<TanhOp>()).ToArray<double>());
        using var tape = new GradientTape(persistent: true);
        tape.Watch(w);
        var plain = tape.Gradient(x.Linear(w, b).Square().Sum(), [w])[0];
        var fused = tape.Gradient(x.Linear(w, b, Epilogue.Of<SquareOp>()).Sum(), [w])[0];
        Close(plain.ToArray<double>(), fused.ToArray<double>());
    }

    [Fact]
    public void Bad_operands_are_named()
    {
        var inner = Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([2, 3]).MatMul(Tensor.Zeros([4, 5])));
        Assert.Contains("[2, 3]", inner.Message);
        Assert.Contains("[4, 5]", inner.Message);
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([2, 3, 4]).MatMul(Tensor.Zeros([3, 4, 5])));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([]).MatMul(Tensor.Zeros([4])));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Zeros([2, 3]).MatMul(Tensor.Zeros([3, 2], DType.Float64)));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Zeros([2, 3], DType.Int32).MatMul(Tensor.Zeros([3, 2], DType.Int32)));
        var bias = Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([2, 3]).Linear(Tensor.Zeros([3, 4]), Tensor.Zeros([3])));
        Assert.Contains("[3, 4]", bias.Message);
    }

    internal static Tensor Numbers(params int[] shape) => Tensor.FromArray(Filled((int)Shape.Of(shape).ElementCount), Shape.Of(shape));

    internal static double[] Filled(int count)
    {
        var random = new Random(count + 7);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * 2 - 1)];
    }

    internal static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-11 * (1 + Math.Abs(expected[i])) || (double.IsNaN(expected[i]) && double.IsNaN(actual[i])),
                $"element {i}: expected {expected[i]}, got {actual[i]}");
    }
}
