namespace NativeDL.Tests.Ops;

/// <summary>Functions of two operands at zeros, infinities and the ends of whole numbers, as their documentation has them.</summary>
public sealed class BinaryTests
{
    private const double Inf = double.PositiveInfinity, NaN = double.NaN;

    private static Tensor Of(params double[] values) => Tensor.FromArray(values);

    private static void Same(Tensor actual, params double[] expected)
    {
        var values = actual.ToDoubles();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = double.IsNaN(expected[i])
                ? double.IsNaN(values[i])
                : BitConverter.DoubleToInt64Bits(values[i]) == BitConverter.DoubleToInt64Bits(expected[i]);
            Assert.True(same, $"element {i}: {values[i]:R}, expected {expected[i]:R}");
        }
    }

    private static (double[] A, double[] B) Slopes(Func<Tensor, Tensor, Tensor> f, double[] a, double[] b)
    {
        using var tape = new GradientTape();
        Tensor x = tape.Watch(Of(a)), y = tape.Watch(Of(b));
        var gradients = tape.Gradient(f(x, y), [x, y]);
        return (gradients[0].ToDoubles(), gradients[1].ToDoubles());
    }

    [Fact]
    public void Whole_quotients_are_Pythons()
    {
        Same(Of(7, -7, 7, -7, 6, -0.0, 1, -1, 0, 1e300).FloorDivide(Of(2, 2, -2, -2, 3, 5, 0, 0, 0, 1e-300)), 3, -4, -4, 3, 2, -0.0, Inf, -Inf, NaN, Inf);
        Same(Of(1, -1, Inf, 0.3).FloorDivide(Of(Inf, Inf, 2, 0.1)), 0, -1, NaN, 2);
        Assert.Equal([3, -4, -4, 3, 0, int.MinValue],
            Tensor.FromArray([7, -7, 7, -7, 5, int.MinValue]).FloorDivide(Tensor.FromArray([2, 2, -2, -2, 0, -1])).ToArray<int>());
        Assert.Equal([long.MinValue, -1], Tensor.FromArray([long.MinValue, -5]).FloorDivide(Tensor.FromArray([1L, 7])).ToArray<long>());
        foreach (var (a, b) in new[] { (7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (1e17, 3.0), (-0.7, 0.1) })
            Assert.Equal(a, (Of(a).FloorDivide(b) * b + Of(a).Mod(b)).Item(), 1e-15 * Math.Abs(a));
    }

    [Fact]
    public void Fmod_has_the_sign_of_what_is_divided()
    {
        Same(Of(7, -7, 7, -7, -6, 1, Inf, 5).Fmod(Of(3, 3, -3, -3, 3, 0, 1, Inf)), 1, -1, 1, -1, -0.0, NaN, NaN, 5);
        Assert.Equal([1, -1, 1, 0, 0], Tensor.FromArray([7, -7, 7, 5, int.MinValue]).Fmod(Tensor.FromArray([3, 3, -3, 0, -1])).ToArray<int>());
        var (da, db) = Slopes((a, b) => a.Fmod(b), [7.5, -7.5], [2, 2]);
        Assert.Equal([1.0, 1], da);
        Assert.Equal([-3.0, 3], db);
    }

    [Fact]
    public void Signs_go_over_with_those_of_zero()
    {
        Same(Of(1, -2, 0, -Inf).CopySign(Of(-0.0, 3, -1, 1)), -1, 2, -0.0, Inf);
        Same(Of(1, -2).CopySign(-1), -1, -2);
        var (da, db) = Slopes((a, b) => a.CopySign(b), [2, -2, 0], [-1, -1, -1]);
        Assert.Equal([-1.0, 1, 0], da);
        Assert.Equal([0.0, 0, 0], db);
        Assert.Equal([9, 25], Tensor.FromArray([1, -2]).SquaredDifference(Tensor.FromArray([4, 3])).ToArray<int>());
    }

    [Fact]
    public void Sums_of_exponentials_take_infinities()
    {
        Same(Of(Inf, -Inf, -Inf, Inf, 1000, NaN).LogAddExp(Of(Inf, -Inf, 3, -Inf, -1000, 0)), Inf, -Inf, 3, Inf, 1000, NaN);
        Assert.Equal(1000 + Math.Log(2), Of(1000).LogAddExp(1000).Item());
        var (da, db) = Slopes((a, b) => a.LogAddExp(b), [Inf, -Inf, 2, 1000], [Inf, -Inf, 2, -1000]);
        Assert.Equal([0.5, 0.5, 0.5, 1], da);
        Assert.Equal([0.5, 0.5, 0.5, 0], db);
    }

    [Fact]
    public void Nothing_times_a_logarithm_is_nothing()
    {
        Same(Of(0, -0.0, 0, 0, 1, 2).Xlogy(Of(0, 1, Inf, NaN, 0, -1)), 0, 0, 0, NaN, -Inf, NaN);
        Assert.Equal(3 * Math.Log(2), Of(3).Xlogy(2).Item());
        var (da, db) = Slopes((a, b) => a.Xlogy(b), [0, 0, 2], [0, 2, 4]);
        Assert.Equal([0, Math.Log(2), Math.Log(4)], da);
        Assert.Equal([0, 0, 0.5], db);
    }

    // C's rules: C17, F.10.4.4.
    [Fact]
    public void Powers_of_every_sign_and_zero_are_those_of_C()
    {
        double[] numbers = [0, -0.0, 0.5, -0.5, 1, -1, 2, -2, 3, -3, 1e300, Inf, -Inf, NaN];
        foreach (double a in numbers)
            foreach (double b in numbers)
            {
                double y = Of(a).Pow(Of(b)).Item(), expected = Math.Pow(a, b);
                Assert.True(y.Equals(expected) || Math.Abs(y - expected) <= 1e-15 * Math.Abs(expected), $"{a}^{b} = {y:R}, expected {expected:R}");
                if (expected == 0) Assert.Equal(double.IsNegative(expected), double.IsNegative(y));
                Assert.True(Of(a).Pow(b).Item() is var z && (z.Equals(y) || Math.Abs(z - y) <= 1e-15 * Math.Abs(y)), $"{a} to the number {b}");
            }
    }

    [Fact]
    public void Mixtures_are_exact_at_both_ends()
    {
        Tensor a = Of(0.1, 1e16, -3), b = Of(0.7, 1, 5);
        Same(a.Lerp(b, 0), a.ToDoubles());
        Same(a.Lerp(b, 1), b.ToDoubles());
        Same(a.Lerp(b, Of(0, 1, 0.25)), 0.1, 1, -1);
        Same(Of(1, 2).Addcmul(Of(3, 4), Of(5, 6)), 16, 26);
        Same(Of(1, 2).Addcmul(Of(3, 4), Of(5, 6), 0.5), 8.5, 14);
        Same(Of(1, 2).Addcdiv(Of(3, 4), Of(2, 8), 2), 4, 3);
    }

    [Fact]
    public void Bits_of_whole_numbers()
    {
        Tensor a = Tensor.FromArray([0b1100, -1, int.MinValue]), b = Tensor.FromArray([0b1010, 7, 1]);
        Assert.Equal([0b1000, 7, 0], a.BitwiseAnd(b).ToArray<int>());
        Assert.Equal([0b1110, -1, int.MinValue + 1], a.BitwiseOr(b).ToArray<int>());
        Assert.Equal([0b0110, -8, int.MinValue + 1], a.BitwiseXor(b).ToArray<int>());
        Assert.Equal([~0b1100, 0, int.MaxValue], a.BitwiseNot().ToArray<int>());
        Assert.Equal([1L << 40, 0, 0, 1], Tensor.FromArray([1L, 1, 1, 1]).LeftShift(Tensor.FromArray([40L, 64, -1, 0])).ToArray<long>());
        Assert.Equal([-2, -1, -1, 0, 3], Tensor.FromArray([-7, -7, -7, 7, 7]).RightShift(Tensor.FromArray([2, 32, -5, 99, 1])).ToArray<int>());
        Assert.Equal(new byte[] { 0x0f, 0xf0, 0 }, Tensor.FromArray<byte>([0xf0, 0x0f, 255]).BitwiseNot().ToArray<byte>());
        Assert.Equal(new byte[] { 0xe0, 0 }, Tensor.FromArray<byte>([0x0e, 255]).LeftShift(Tensor.FromArray<byte>([4, 8])).ToArray<byte>());
        Assert.Equal([4, 5], Tensor.FromArray([5, 5]).BitwiseAnd(Tensor.FromArray([6, 7])).ToArray<int>());
        Assert.Equal([1, 4], Tensor.FromArray([5, 4]).BitwiseAnd(Tensor.FromArray([3, 4])).ToArray<int>());
        string message = Assert.Throws<DTypeMismatchException>(() => Of(1).BitwiseNot()).Message;
        Assert.Contains("Float64", message, StringComparison.Ordinal);
        Assert.Contains("And, Or", Assert.Throws<DTypeMismatchException>(() => (Of(1) > 0).BitwiseAnd(Of(1) > 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_numbers_and_infinities()
    {
        Same(Of(2.7, -2.7, -0.3, 1e300, Inf).Trunc(), 2, -2, -0.0, 1e300, Inf);
        Same(Of(2.75, -2.75, -0.25, 1e300, Inf).Frac(), 0.75, -0.75, -0.25, 0, NaN);
        Assert.Equal([true, true, false, false], Of(Inf, -Inf, NaN, 1).IsInf().ToArray<bool>());
        Assert.Equal([false], Tensor.FromArray([1]).IsInf().ToArray<bool>());
    }
}
