using static NativeDL.Tests.Cuda.CudaAgreement;

namespace NativeDL.Tests.Cuda;

/// <summary>Matrix products on the device against the CPU's in float64: every tile at its edges, every layout, sums in parts.</summary>
public sealed class ProductCudaTests
{
    // Where tiles, panels and packs end.
    private static readonly int[] s_edges = [1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 130];

    private static readonly Epilogue[] s_activations =
    [
        Epilogue.Of<ReluOp>(), Epilogue.Of(new LeakyReluOp(0.1)), Epilogue.Of(new EluOp(0.7)), Epilogue.Of<SigmoidOp>(), Epilogue.Of<TanhOp>(),
        Epilogue.Of<SiluOp>(), Epilogue.Of<SoftplusOp>(), Epilogue.Of<GeluOp>(), Epilogue.Of<GeluTanhOp>(),
    ];

    public static TheoryData<string> Tiles => [.. ProductTile.All.Select(t => t.Name)];

    public static TheoryData<string> Activations => ["none", .. s_activations.Select(a => a.Name)];

    [Theory, MemberData(nameof(Tiles))]
    public void A_tile_is_right_at_every_edge(string tile)
    {
        for (int i = 0; i < s_edges.Length; i++)
            Product(tile, 1, s_edges[i], s_edges[(5 * i + 3) % s_edges.Length], s_edges[(7 * i + 5) % s_edges.Length], (i & 1) != 0, (i & 2) != 0);
    }

    [Theory, MemberData(nameof(Tiles))]
    public void Transposed_operands_are_read_in_place(string tile)
    {
        foreach (var (m, n, k) in new[] { (36, 44, 40), (35, 43, 37), (132, 68, 20) })
            for (int layout = 0; layout < 4; layout++) Product(tile, 1, m, n, k, (layout & 1) != 0, (layout & 2) != 0);
    }

    [Fact]
    public void Large_products_turn_operands_first()
    {
        Product("large", 1, 1537, 3074, 6, false, true);
        Product("large", 2, 1536, 3072, 70, false, false);
    }

    [Theory, MemberData(nameof(Tiles))]
    public void Long_sums_go_in_parts(string tile)
    {
        foreach (int k in new[] { 64, 65, 200, 1031 })
            foreach (int parts in new[] { 2, 3, 7 }) Product(tile, parts, 33, 34, k, k % 2 == 0, parts == 3);
    }

    [Fact]
    public void Plans_cover_the_result_and_the_sum()
    {
        foreach (int m in s_edges)
            foreach (int n in s_edges)
                foreach (long k in new long[] { 0, 1, 255, 256, 5000, 1_000_000 })
                {
                    var plan = ProductPlan.Of(DType.Float32, m, n, k);
                    Assert.Equal(plan.Tile.Count(m, n), plan.Blocks);
                    Assert.True((long)plan.Parts * plan.PartLength >= k && (plan.Parts - 1L) * plan.PartLength < Math.Max(1, k), $"{plan} for {k}");
                    Assert.InRange(plan.Parts, 1, Math.Max(1, k / 64));
                }
        Assert.Equal(ProductTile.Small, ProductPlan.Of(DType.Float32, 9, 9, 9).Tile);
        Assert.Equal(ProductTile.Medium, ProductPlan.Of(DType.Float32, 25_000, 64, 600).Tile);
        Assert.Equal(ProductTile.Tall, ProductPlan.Of(DType.Float32, 512, 512, 512).Tile);
        Assert.Equal(ProductTile.Large, ProductPlan.Of(DType.Float32, 4096, 4096, 4096).Tile);
        Assert.Equal(ProductTile.Medium, ProductPlan.Of(DType.Float64, 4096, 4096, 4096).Tile);
        Assert.InRange(ProductPlan.Of(DType.Float32, 1, 1, 1_000_000).Parts, 128, 256);
    }

    [Theory]
    [InlineData(1, 300, 70)]
    [InlineData(300, 1, 70)]
    [InlineData(1, 1, 3000)]
    [InlineData(5, 7, 2000)]
    [InlineData(600, 610, 3)]
    public void A_shape_finds_its_plan(int m, int n, int k) => Same(k, [Numbers([m, k], 1), Numbers([k, n], 2)], t => t[0].MatMul(t[1]));

    [Fact]
    public void Batches_are_strided_and_broadcast()
    {
        Tensor[] t = [Numbers([2, 1, 5, 6], 1), Numbers([1, 3, 6, 4], 2), Numbers([3, 4, 2, 6], 3)];
        Same(6, t, t => t[0].MatMul(t[1]));
        Same(6, t, t => t[0].MatMul(t[1][0, 0]));
        Same(6, t, t => t[0][0, 0].MatMul(t[1]));
        Same(6, t, t => t[2].MatMul(t[1].Reshape(3, 1, 6, 4)));
        // The batch in another order than in memory; every second matrix; rows that lie apart.
        Same(6, t, t => t[2].Transpose(0, 1).MatMul(t[1]));
        Same(6, t, t => t[2].Permute(2, 1, 0, 3).MatMul(t[0][0, 0], false, true));
        Same(2, t, t => t[2].Transpose(2, 3).MatMul(t[2]));
        Same(4, t, t => t[2][1.., ^2..].MatMul(t[1][0, 1..].Reshape(2, 1, 6, 4)));
        Same(6, t, t => t[1].BroadcastTo([5, 3, 6, 4]).MatMul(t[2][0, 0].Transpose(0, 1), true));
    }

    [Fact]
    public void Views_begin_anywhere()
    {
        Tensor[] t = [Numbers([41, 40], 1), Numbers([5, 6, 4], 2)];
        foreach (int row in new[] { 0, 1, 3 })
            foreach (int column in new[] { 0, 1, 2, 4 })
            {
                Same(35, t, t => t[0][row..(row + 35), column..(column + 33)].MatMul(t[0][row..(row + 35), column..(column + 33)], true));
                Same(33, t, t => t[0][row..(row + 35), column..(column + 33)].MatMul(t[0][row..(row + 35), column..(column + 33)], false, true));
            }
        // Aligned rows that end within a pack: what stands behind them is not theirs.
        Same(38, t, t => t[0][.., ..38].MatMul(t[0][.., ..38], false, true));
        Same(41, t, t => t[0][.., ..38].MatMul(t[0][.., ..38], true));
        // Neither rows nor columns run on.
        Same(6, t, t => t[1].Permute(1, 2, 0)[.., 2].MatMul(t[1][1], true));
    }

    [Theory]
    [InlineData(0, 3, 4)]
    [InlineData(3, 0, 4)]
    [InlineData(3, 4, 0)]
    [InlineData(0, 0, 0)]
    public void Empty_dimensions_give_nothing_or_empty_sums(int m, int n, int k)
    {
        Tensor[] t = [Numbers([m, k], 1), Numbers([k, n], 2), Numbers([n], 3)];
        Same(k, t, t => t[0].MatMul(t[1]));
        Same(k, t, t => t[0].Linear(t[1], t[2], Epilogue.Of<TanhOp>()));
        Same(3, [Numbers([0, 2, 3], 4), Numbers([3, 5], 5)], t => t[0].MatMul(t[1]));
    }

    [Fact]
    public void Not_a_number_reaches_its_own_row_even_through_zeros()
    {
        var values = Numbers([40, 36], 1).ToArray<double>();
        values[7 * 36 + 35] = double.NaN;
        values[33 * 36] = double.PositiveInfinity;
        var y = OnDevice(Tensor.FromArray(values, [40, 36]), DType.Float32).MatMul(OnDevice(Tensor.Zeros([36, 34]), DType.Float32)).ToDoubles();
        for (int i = 0; i < y.Length; i++) Assert.True(i / 34 is 7 or 33 ? double.IsNaN(y[i]) : y[i] == 0, $"element {i} is {y[i]}");
    }

    [Theory, MemberData(nameof(Activations))]
    public void Bias_and_activation_end_the_product(string name)
    {
        var activation = s_activations.SingleOrDefault(a => a.Name == name);
        foreach (int k in new[] { 5, 700 })   // at once, and in parts
        {
            Tensor[] t = [Numbers([3, 4, k], 1), Numbers([k, 35], 2) / Math.Sqrt(k), Numbers([35], 3)];
            t[1] = t[1].Cast(DType.Float32).Cast(DType.Float64);
            Same(k, t, t => t[0].Linear(t[1], t[2], activation));
            Same(k, t, t => t[0].Linear(t[1], null, activation));
        }
    }

    // Result and gradients: the same on the device in both types and on the CPU in float64.
    private static void Same(int terms, Tensor[] operands, Func<Tensor[], Tensor> product)
    {
        var expected = Run(operands);
        // A gradient sums over the result's rows or columns, and over the batch of an operand that was broadcast.
        var y = expected[0].Shape;
        double gradientTerms = Math.Max(terms, y.ElementCount / (double)Math.Max(1, y.Rank < 2 ? 1 : Math.Min(y[^1], y[^2])));
        foreach (var (type, epsilon) in Types)
        {
            var found = Run([.. operands.Select(x => OnDevice(x, type))]);
            for (int i = 0; i < found.Length; i++)
                Agree(expected[i], found[i], i == 0 ? terms : gradientTerms, epsilon, i == 0 ? "result" : $"gradient {i - 1}");
        }

        Tensor[] Run(Tensor[] given)
        {
            using var tape = new GradientTape();
            Tensor[] watched = [.. given.Select(tape.Watch)];
            var y = product(watched);
            return [y, .. tape.Gradient(y, watched, Numbers(y.Shape, 9).Cast(y.DType).To(y.Device))];
        }
    }

    private static void Product(string name, int parts, int m, int n, int k, bool transposeA, bool transposeB)
    {
        var tile = ProductTile.All.Single(t => t.Name == name);
        Tensor a = Numbers(transposeA ? [k, m] : [m, k], m + k), b = Numbers(transposeB ? [n, k] : [k, n], n + 3 * k), bias = Numbers([n], 5);
        var expected = a.MatMul(b, transposeA, transposeB) + bias;
        foreach (var (type, epsilon) in Types.Where(t => tile.Exists(t.Type)))
        {
            Tensor y = Tensor.Empty([m, n], type, CudaTest.Device), z = Tensor.Empty([m, n], type, CudaTest.Device);
            CudaGemm.Run(CudaTest.Device, MatrixOperand.Of(OnDevice(a, type), transposeA), MatrixOperand.Of(OnDevice(b, type), transposeB), Shape.Scalar, m, n,
                k,
                new ProductResult(y, z, OnDevice(bias, type), Epilogue.Of<ReluOp>()), ProductPlan.Of(tile, parts, m, n, k));
            string what = $"{name} {m} x {n} x {k}, {parts} parts, transposed {transposeA} {transposeB}";
            Agree(expected, z, k, epsilon, what);
            Agree(expected.Relu(), y, k, epsilon, what);
        }
    }
}
