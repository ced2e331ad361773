namespace NativeDL.Tests.Ops;

/// <summary>Layouts and sizes at which the shared elementwise loops take their different ways.</summary>
public sealed class ElementwiseLayoutTests
{
    public static TheoryData<int[], int[]> Broadcasts => new()
    {
        { [300, 10], [10] },          // a short row for every row: repeated in a block
        { [300, 10], [300, 1] },      // a number for every short row
        { [300, 100], [100] },        // long rows
        { [300, 100], [300, 1] },
        { [7, 1, 5], [3, 1] },
        { [4, 3, 9, 2], [3, 1, 2] },
        { [70_000, 3], [3] },         // several chunks
        { [40_000], [1] },
        { [1, 1], [5, 1] },
        { [20, 1, 300], [20, 1] },
    };

    [Theory, MemberData(nameof(Broadcasts))]
    public void Broadcasting_equals_indexing(int[] left, int[] right)
    {
        Tensor a = Counting(left, 1), b = Counting(right, 0.5);
        var y = a - b;
        var expected = Indexed(a, b, y.Shape);
        Assert.Equal(expected, y.ToDoubles());
        Assert.Equal(expected.Select(v => -v), (b - a).ToDoubles());
        Assert.Equal(expected.Select(v => v < 0), (a < b).ToArray<bool>());
        Assert.Equal(expected.Select((v, i) => v < 0 ? 1.0 : 2), Tensor.Where(a < b, a.Like(1), b.Like(2)).ToDoubles());
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(70, 33)]
    [InlineData(400, 300)]
    public void Transposed_operands_give_the_same_bits(int rows, int columns)
    {
        var a = Counting([rows, columns], 1);
        var across = Counting([columns, rows], 0.25).Transpose();
        var along = across.Clone();
        Assert.Equal((a * along).ToDoubles(), (a * across).ToDoubles());
        Assert.Equal(along.Sin().ToDoubles(), across.Sin().ToDoubles());
        Assert.Equal(along.ToDoubles(), across.Contiguous().ToDoubles());
        Assert.Equal(Enumerable.Range(0, rows * columns).Select(i => 0.25 * (i % columns * rows + i / columns)), along.ToDoubles());
    }

    [Fact]
    public void Permuted_images_are_copied_right()
    {
        int n = 3, h = 20, w = 30, c = 17;
        var x = Counting([n, h, w, c], 1);
        var y = x.Permute(0, 3, 1, 2).Contiguous().ToDoubles();
        for (int i = 0; i < y.Length; i += 37)
        {
            int column = i % w, row = i / w % h, channel = i / (w * h) % c, image = i / (w * h * c);
            Assert.Equal(((image * h + row) * w + column) * c + channel, y[i]);
        }
        Assert.Equal(x.ToDoubles(), x.Permute(0, 3, 1, 2).Contiguous().Permute(0, 2, 3, 1).Contiguous().ToDoubles());
    }

    [Fact]
    public void Results_bigger_than_the_caches_are_whole()
    {
        int n = (5 << 20) + 3;
        var x = Tensor.Arange(0, n, 1, DType.Float32);
        var y = (x + x).ToArray<float>();
        var z = x.Relu().ToArray<float>();
        var rows = (Tensor.Zeros([n / 5, 5]) + Tensor.FromArray([0f, 1, 2, 3, 4])).ToArray<float>();
        for (int i = 0; i < n; i += 1001)
        {
            Assert.Equal(2f * i, y[i]);
            Assert.Equal(i, z[i]);
            if (i < rows.Length) Assert.Equal(i % 5, rows[i]);
        }
        Assert.Equal(2f * (n - 1), y[^1]);
    }

    private static Tensor Counting(int[] shape, double step)
    {
        Shape s = shape;
        return Tensor.FromArray(Enumerable.Range(0, (int)s.ElementCount).Select(i => i * step).ToArray(), s);
    }

    private static double[] Indexed(Tensor a, Tensor b, Shape shape)
    {
        double[] left = a.ToDoubles(), right = b.ToDoubles();
        return [.. Enumerable.Range(0, (int)shape.ElementCount).Select(i => left[At(a.Shape, i)] - right[At(b.Shape, i)])];

        int At(Shape own, int i)
        {
            int offset = 0, stride = 1;
            for (int d = shape.Rank - 1; d >= 0; d--)
            {
                int index = i % shape[d];
                i /= shape[d];
                int o = d - (shape.Rank - own.Rank);
                if (o < 0) continue;
                if (own[o] > 1) offset += index * stride;
                stride *= own[o];
            }
            return offset;
        }
    }
}
