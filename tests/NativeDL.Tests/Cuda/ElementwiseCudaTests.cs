namespace NativeDL.Tests.Cuda;

/// <summary>Elementwise kernels where the properties do not look: special values, whole numbers, casts, sizes, places in memory.</summary>
public sealed class ElementwiseCudaTests
{
    // How far a result may be from the CPU's, in units of the last place: what NVIDIA states of the card's functions and
    // what the CPU's own promise, added up. Everything not named here is one rounding, or none: its bits must be equal.
    private static readonly Dictionary<string, Bound> Bounds = new()
    {
        ["exp"] = new(4),
        ["expm1"] = new(4),
        ["log"] = new(4),
        ["log1p"] = new(4),
        ["exp_difference"] = new(4),
        ["sin"] = new(4),
        ["cos"] = new(4),
        ["tan"] = new(6),
        ["asin"] = new(6),
        ["acos"] = new(6),
        ["atan"] = new(4),
        ["sinh"] = new(6),
        ["cosh"] = new(4),
        ["tanh"] = new(4),
        ["erf"] = new(4),
        ["rsqrt"] = new(4),
        ["pow"] = new(12),
        ["pow_number"] = new(12),
        ["elu"] = new(4),
        ["sigmoid"] = new(6),
        ["silu"] = new(7),
        ["softplus"] = new(6),
        ["softplus_grad"] = new(7),
        // Sums whose parts cancel: in the last place of the largest part.
        ["gelu"] = new(8, Cancels: true),
        ["gelu_tanh"] = new(8, Cancels: true),
        ["gelu_grad"] = new(8, Cancels: true),
        ["gelu_tanh_grad"] = new(16, Cancels: true),
        ["silu_grad"] = new(8, Cancels: true),
        ["tanh_grad"] = new(2, Cancels: true),
        ["sigmoid_crossentropy"] = new(4, Cancels: true),
        ["sigmoid_crossentropy_grad"] = new(6, Cancels: true),
    };

    private readonly record struct Bound(double Ulps, bool Cancels = false);

    public static TheoryData<string> OfOne => [.. OpRegistry.All.Where(spec => spec.Signature == "[…] -> […]").Select(spec => spec.Name)];

    public static TheoryData<string> OfTwo => [.. OpRegistry.All.Where(spec => spec.Signature == "[…a], […b] -> […a∨b]").Select(spec => spec.Name)];

    [Theory, MemberData(nameof(OfOne))]
    public void Special_values_of_one_operand(string name)
    {
        Compare(name, Specials(DType.Float32));
        Compare(name, Specials(DType.Float64));
    }

    [Theory, MemberData(nameof(OfTwo))]
    public void Special_values_of_two_operands(string name)
    {
        Compare(name, Specials(DType.Float32).ExpandDims(1), Specials(DType.Float32));
        Compare(name, Specials(DType.Float64).ExpandDims(1), Specials(DType.Float64));
    }

    // An operation for floating-point numbers only says so on either device.
    [Theory, MemberData(nameof(OfOne))]
    public void Whole_numbers_of_one_operand(string name)
    {
        foreach (var dtype in WholeTypes) CompareOrRefuse(name, Whole(dtype));
    }

    [Theory, MemberData(nameof(OfTwo))]
    public void Whole_numbers_of_two_operands(string name)
    {
        foreach (var dtype in WholeTypes)
        {
            var x = Whole(dtype);
            CompareOrRefuse(name, x.ExpandDims(1), name == "divide" ? Tensor.Concat([x[1..2], x[4..]]) : x);
        }
    }

    [Fact]
    public void Whole_numbers_divided_by_0_give_0_and_the_least_by_minus_1_wraps()
    {
        Assert.Equal([0, 0, int.MinValue, 3],
            (OnDevice(Tensor.FromArray([5, 0, int.MinValue, -3])) / OnDevice(Tensor.FromArray([0, 0, -1, -1]))).ToArray<int>());
        Assert.Equal([0, 0, long.MinValue, 3],
            (OnDevice(Tensor.FromArray([5L, 0, long.MinValue, -3])) / OnDevice(Tensor.FromArray([0L, 0, -1, -1]))).ToArray<long>());
    }

    [Fact]
    public void Casts_between_all_types_have_the_CPUs_bits()
    {
        foreach (var from in Enum.GetValues<DType>())
        {
            Tensor[] tables = from.IsFloating() ? [Specials(from), Tensor.FromArray(Edges).Cast(from)] : [Whole(from)];
            foreach (var x in tables)
                foreach (var to in Enum.GetValues<DType>())
                {
                    Assert.Equal(Bits(x.Cast(to)), Bits(OnDevice(x).Cast(to)));
                    Assert.Equal(Bits(x[3..].Cast(to)), Bits(OnDevice(x)[3..].Cast(to)));
                }
        }
    }

    // Sizes around a pack, a block and several blocks, and operands that do not begin at a pack's boundary.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(255)]
    [InlineData(1024)]
    [InlineData(5003)]
    public void Every_size_and_every_place_in_memory_gives_the_same_bits(int n)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Int32, DType.UInt8 })
        {
            var a = Tensor.RandomUniform([n + 5], -9, 9, DType.Float64, new RandomState(1)).Abs().Cast(dtype);
            var b = Tensor.RandomUniform([n + 5], -9, 9, DType.Float64, new RandomState(2)).Abs().Cast(dtype);
            Tensor x = OnDevice(a), y = OnDevice(b);
            foreach (var (i, j) in new[] { (0, 0), (1, 1), (4, 4), (0, 3), (5, 2) })
            {
                Tensor p = a.Narrow(0, i, n), q = b.Narrow(0, j, n), u = x.Narrow(0, i, n), v = y.Narrow(0, j, n);
                Assert.Equal(Bits(p < q), Bits(u < v));
                Assert.Equal(Bits(Tensor.Where(p < q, p, q)), Bits(Tensor.Where(u < v, u, v)));
                Assert.Equal(Bits(Tensor.Where((p < q).Flip(0), p.Like(1), q)), Bits(Tensor.Where((u < v).Flip(0), u.Like(1), v)));
                Assert.Equal(Bits(p.Clone()), Bits(u.Clone()));
                if (dtype == DType.UInt8) continue;
                Assert.Equal(Bits(p - q), Bits(u - v));
                Assert.Equal(Bits(p * 3), Bits(u * 3));
                Assert.Equal(Bits(q.Square()), Bits(v.Square()));
            }
        }
    }

    [Theory]
    [InlineData(40, 50)]
    [InlineData(33, 1)]
    [InlineData(257, 130)]
    [InlineData(15, 900)]
    public void Transposed_operands_and_targets_give_the_same_bits(int rows, int columns)
    {
        foreach (var dtype in Enum.GetValues<DType>())
        {
            var x = Tensor.RandomUniform([3, rows, columns], -100, 300, DType.Float64, new RandomState(3)).Cast(dtype);
            var y = OnDevice(x);
            foreach (var order in new int[][] { [0, 2, 1], [2, 1, 0], [1, 0, 2], [2, 0, 1] })
            {
                Tensor from = x.Permute(order), to = y.Permute(order);
                Assert.Equal(Bits(from), Bits(to.Contiguous()));
                Assert.Equal(Bits(from.Flip(1)), Bits(to.Flip(1).Contiguous()));
                Assert.Equal(Bits(from.Pad([(1, 2), (0, 1), (2, 0)], 1)), Bits(to.Pad([(1, 2), (0, 1), (2, 0)], 1)));
                Assert.Equal(Bits(from.Equal(from.Flip(0))), Bits(to.Equal(to.Flip(0))));

                // Into a view whose neighbours do not stand side by side.
                var target = Tensor.Zeros(x.Shape, dtype, CudaTest.Device).Permute(order);
                Tensor.CopyInto(OnDevice(from.Contiguous()), target);
                Assert.Equal(Bits(from), Bits(target));
            }
        }
    }

    [Fact]
    public void Shapes_are_rearranged_as_on_the_CPU()
    {
        var a = Tensor.RandomUniform([4, 6, 10], random: new RandomState(5));
        var b = OnDevice(a);
        foreach (var f in new Func<Tensor, Tensor>[]
        {
            x => Tensor.Concat(x.Split(3, 1), 2),
            x => Tensor.Concat(x.Split([1, 3], 0), 0),
            x => Tensor.Stack([x, x.Flip(2), x * 2], 1),
            x => x.Tile(3, 1).Transpose(0, 2).Reshape(10, -1),
            x => x[^1, 1..^2].BroadcastTo([3, 3, 10]).Contiguous(),
            x => x.ExpandDims(2).Pad([(0, 0), (1, 0), (2, 2), (0, 3)], double.NaN).Squeeze(),
            x => x.StopGradient().CustomGradient(dy => -dy).Transpose().Clone(),
        })
            Assert.Equal(Bits(f(a)), Bits(f(b)));
    }

    [Fact]
    public void Up_to_twelve_dimensions_that_cannot_be_merged_are_walked()
    {
        int[] sizes = [.. Enumerable.Repeat(2, 12)], more = [.. sizes, 2];
        var x = Tensor.RandomUniform(sizes, random: new RandomState(6));
        Assert.Equal(Bits(x.Transpose() + 1), Bits(OnDevice(x).Transpose() + 1));
        var y = OnDevice(Tensor.RandomUniform(more, random: new RandomState(6)));
        var error = Assert.Throws<ShapeMismatchException>(() => y.Transpose() + 1);
        Assert.Contains("12", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<DType> WholeTypes => [DType.Int32, DType.Int64, DType.UInt8, DType.Bool];

    // Around the ends of the whole types.
    private static double[] Edges =>
    [
        -1e19, -9223372036854775808, -9223372036854774784, -2147483904, -2147483648.5, -2147483648, -2147483647.5, -1.99, -0.99, -1e-9,
        0.99, 1.01, 254.9, 255, 255.5, 256, 2147483520, 2147483647, 2147483647.5, 2147483648, 9223372036854774784, 9223372036854775807, 1e19,
    ];

    private static Tensor Specials(DType dtype)
    {
        bool single = dtype == DType.Float32;
        double[] positive =
        [
            0, single ? float.Epsilon : double.Epsilon, single ? 3e-41 : 4e-310, single ? 1.17549435e-38 : 2.2250738585072014e-308, 1e-30, 1e-20, 1e-8, 1e-4,
            0.1, 0.3, 0.5, 0.625, 0.9, 0.99999, 1, 1.0001, 1.5, 2, 2.5, Math.PI, 5, 7, 10, 20, 50, 88.5, 89, 100, 104, 709.5, 710, 1e3, 1e6, 16777217, 1e15,
                1e25,
            single ? float.MaxValue : double.MaxValue, double.PositiveInfinity,
        ];
        return Tensor.FromArray([.. positive, .. positive.Select(v => -v), double.NaN]).Cast(dtype);
    }

    private static Tensor Whole(DType dtype) => dtype switch
    {
        DType.Int32 => Tensor.FromArray([int.MinValue, int.MinValue + 1, -1, 0, 1, 2, 7, 100, 255, 256, 46341, 1 << 30, int.MaxValue]),
        DType.Int64 => Tensor.FromArray([long.MinValue, long.MinValue + 1, -1, 0, 1, 2, 7, -300, 255, 256, 1L << 31, (1L << 53) + 1, long.MaxValue]),
        DType.UInt8 => Tensor.FromArray<byte>([0, 1, 2, 3, 7, 8, 100, 127, 128, 200, 254, 255, 9]),
        _ => Tensor.FromArray([true, false, true, true, false, false, false, true, true, false, true, true, true]),
    };

    private static Tensor OnDevice(Tensor x) => x.To(CudaTest.Device);

    private static Tensor Call(string name, Tensor[] inputs) =>
        OpRegistry.All.Single(spec => spec.Name == name).Sample(new Draw([])).Run(inputs)[0];

    private static Tensor CallOnDevice(string name, Tensor[] inputs)
    {
        using var device = Device.Use(CudaTest.Device);
        return Call(name, [.. inputs.Select(OnDevice)]);
    }

    private static void CompareOrRefuse(string name, params Tensor[] inputs)
    {
        if (Refusal(name, inputs) is { } refused)
            Assert.Equal(refused.Message, Assert.Throws<DTypeMismatchException>(() => CallOnDevice(name, inputs)).Message);
        else Assert.Equal(Bits(Call(name, inputs)), Bits(CallOnDevice(name, inputs)));
    }

    private static DTypeMismatchException? Refusal(string name, Tensor[] inputs)
    {
        try
        {
            Call(name, inputs);
            return null;
        }
        catch (DTypeMismatchException refused)
        {
            return refused;
        }
    }

    private static void Compare(string name, params Tensor[] inputs)
    {
        if (Refusal(name, inputs) is { } refused)
        {
            Assert.Equal(refused.Message, Assert.Throws<DTypeMismatchException>(() => CallOnDevice(name, inputs)).Message);
            return;
        }
        Tensor y = Call(name, inputs), z = CallOnDevice(name, inputs);
        Assert.Equal(y.DType, z.DType);
        Assert.Equal(y.Shape, z.Shape);
        var spec = OpRegistry.All.Single(spec => spec.Name == name);
        var bound = Bounds.GetValueOrDefault(name, new(spec.CardUlps, spec.CardCancels));
        double[] expected = y.ToDoubles(), found = z.ToDoubles();
        double[][] operands = [.. inputs.Select(x => x.BroadcastTo(y.Shape).ToDoubles())];
        (double relative, double least) = y.DType == DType.Float32 ? (1.0 / (1 << 23), float.Epsilon) : (1.0 / (1L << 52), double.Epsilon);
        for (int i = 0; i < expected.Length; i++)
        {
            double e = expected[i], f = found[i];
            if (double.IsNaN(e) ? double.IsNaN(f) : BitConverter.DoubleToInt64Bits(e) == BitConverter.DoubleToInt64Bits(f)) continue;
            double[] here = [.. operands.Select(o => o[i])];
            double scale = Math.Abs(e);
            if (bound.Cancels) scale = here.Append(here.Aggregate((a, b) => a * b)).Select(Math.Abs).Where(double.IsFinite).Append(scale).Max();
            double allowed = bound.Ulps * Math.Max(scale * relative, least);
            bool near = double.IsFinite(e) && Math.Abs(f - e) <= allowed && !(e == 0 && f == 0);
            Assert.True(near, $"{name} {y.DType}: at {string.Join(", ", here.Select(v => $"{v:R}"))} {f:R}, on the CPU {e:R}");
        }
    }

    // NaN has many; all count as one.
    private static long[] Bits(Tensor x) => x.DType.IsFloating()
        ? [.. x.ToDoubles().Select(v => BitConverter.DoubleToInt64Bits(double.IsNaN(v) ? double.NaN : v))]
        : x.Cast(DType.Int64).ToArray<long>();
}
