using NativeDL.Formats;

namespace NativeDL.Tests;

/// <summary>What is not an operation, on 2-byte floating-point numbers.</summary>
public sealed class HalfTypeTests
{
    public static TheoryData<DType> Types => [DType.BFloat16, DType.Float16];

    [Fact]
    public void Numbers_print_in_as_few_digits_as_tell_them_from_their_neighbours()
    {
        // As NumPy prints float16: the largest is 65500.0 there.
        double[] values = [0.1, 1 / 3.0, -2.5, 1000];
        Assert.Equal("[ 1.000e-01  3.333e-01 -2.500e+00  1.000e+03] (Float16)", Tensor.FromArray(values).Cast(DType.Float16).ToString());
        Assert.Equal("65500.0 (Float16)", Tensor.Scalar(65504, DType.Float16).ToString());
        Assert.Equal("[ 0.1     0.3333 -2.5   ] (Float16)", Tensor.FromArray(values)[..3].Cast(DType.Float16).ToString());
        Assert.Equal("[ 0.1    0.334 -2.5  ] (BFloat16)", Tensor.FromArray(values)[..3].Cast(DType.BFloat16).ToString());
        Assert.Equal("nan (BFloat16)", Tensor.Scalar(double.NaN, DType.BFloat16).ToString());
    }

    [Fact]
    public void Every_BFloat16_is_told_by_its_digits()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var number = new BFloat16((ushort)bits);
            Assert.Equal((float)number, (float)(BFloat16)double.Parse(number.ToString(), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void An_element_is_read_as_a_number(DType dtype)
    {
        Assert.Equal(-1.5, Tensor.Scalar(-1.5, dtype).Item());
        Assert.Equal(double.PositiveInfinity, Tensor.Scalar(double.PositiveInfinity, dtype).Item());
    }

    [Fact]
    public void Npy_keeps_Float16_and_refuses_BFloat16()
    {
        using var stream = new MemoryStream();
        var x = Tensor.FromArray([(Half)1, (Half)0.1, Half.NaN, Half.Epsilon], [2, 2]);
        Npy.Write(stream, x);
        var y = Npy.Read(ByteSource.From(stream.ToArray(), "memory"));
        Assert.Equal(x.Shape, y.Shape);
        Assert.Equal(x.ToArray<Half>(), y.ToArray<Half>());
        var error = Assert.Throws<DTypeMismatchException>(() => Npy.Write(stream, x.Cast(DType.BFloat16)));
        Assert.Contains("BFloat16 [2, 2]", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Types))]
    public void Random_numbers_are_the_float32_ones_rounded(DType dtype)
    {
        Func<DType, RandomState, Tensor>[] makes =
        [
            (type, r) => Tensor.RandomUniform([3, 50], -2, 3, type, r), (type, r) => Tensor.RandomNormal([3, 50], 1, 2, type, r),
            (type, r) => Tensor.RandomTruncatedNormal([3, 50], 1, 2, type, r), (type, r) => Tensor.RandomBernoulli([3, 50], 0.3, type, r),
        ];
        foreach (var make in makes)
        {
            RandomState a = new(7), b = new(7);
            Assert.Equal(make(DType.Float32, a).Cast(dtype).ToDoubles(), make(dtype, b).ToDoubles());
            Assert.Equal(Tensor.RandomUniform([4], random: a).ToDoubles(), Tensor.RandomUniform([4], random: b).ToDoubles());
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void What_is_not_finite_is_found(DType dtype)
    {
        double[] values = [.. Enumerable.Repeat(1.0, 40)];
        Assert.Equal(-1, FiniteCheck.FirstBad(Tensor.FromArray(values).Cast(dtype)));
        values[37] = double.NegativeInfinity;
        Assert.Equal(37, FiniteCheck.FirstBad(Tensor.FromArray(values).Cast(dtype)));
    }

    public static TheoryData<DType, string> Optimizers
    {
        get
        {
            var all = new TheoryData<DType, string>();
            foreach (var dtype in new[] { DType.BFloat16, DType.Float16 })
                foreach (string name in new[] { "sgd", "momentum", "rmsprop", "adam", "adamw", "clipped" }) all.Add(dtype, name);
            return all;
        }
    }

    [Theory, MemberData(nameof(Optimizers))]
    public void A_parameter_trains_through_float32_and_is_rounded_once_a_step(DType dtype, string name)
    {
        Optimizer Make() => name switch
        {
            "momentum" => new SGD(0.1, momentum: 0.9),
            "clipped" => new SGD(0.1) { ClipNorm = 0.5 },
            _ => name,
        };
        var random = new RandomState(3);
        const int n = 2500; // more than two blocks
        var start = Tensor.RandomNormal([n], dtype: dtype, random: random);
        Parameter half = new("p", start.Clone()), single = new("p", start.Cast(DType.Float32));
        Optimizer a = Make(), b = Make();
        for (int step = 0; step < 4; step++)
        {
            var g = Tensor.RandomNormal([n], dtype: dtype, random: random);
            a.Apply([half], [g]);
            b.Apply([single], [g.Cast(DType.Float32)]);
            single.Assign(single.Value.Cast(dtype).Cast(DType.Float32));
        }
        Assert.NotEqual(start.ToDoubles(), half.Value.ToDoubles());
        Assert.Equal(single.Value.ToDoubles(), half.Value.ToDoubles());
        Assert.All(a.State, slot => Assert.Equal(DType.Float32, slot.Value.DType));
    }
}
