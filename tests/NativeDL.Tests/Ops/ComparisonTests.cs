namespace NativeDL.Tests.Ops;

public sealed class ComparisonTests
{
    [Fact]
    public void Comparisons_of_all_element_types_and_lengths_agree_with_scalars()
    {
        foreach (int n in new[] { 0, 1, 7, 32, 33, 64, 200 })
        {
            var a = Enumerable.Range(0, n).Select(i => i * 7 % 5).ToArray();
            var b = Enumerable.Range(0, n).Select(i => i * 3 % 4).ToArray();
            foreach (var type in new[] { DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.UInt8 })
            {
                Tensor x = Tensor.FromArray(a).Cast(type), y = Tensor.FromArray(b).Cast(type);
                Check(x.Equal(y), (p, q) => p == q);
                Check(x.NotEqual(y), (p, q) => p != q);
                Check(x < y, (p, q) => p < q);
                Check(x <= y, (p, q) => p <= q);
                Check(x > y, (p, q) => p > q);
                Check(x >= y, (p, q) => p >= q);
                Assert.Equal(a.Select(p => p > 2), (x > 2).ToArray<bool>());
            }
            void Check(Tensor actual, Func<int, int, bool> expected) => Assert.Equal(a.Zip(b, expected), actual.ToArray<bool>());
        }
    }

    [Fact]
    public void Nan_equals_nothing()
    {
        var x = Tensor.FromArray([float.NaN, 1, float.PositiveInfinity]);
        Assert.Equal([false, true, true], x.Equal(x).ToArray<bool>());
        Assert.Equal([true, false, false], x.IsNaN().ToArray<bool>());
        Assert.Equal([false, true, false], x.IsFinite().ToArray<bool>());
        Assert.Equal([false, true, true], (x >= 1).ToArray<bool>());
        Assert.Equal([true, true], Tensor.FromArray([1, 2]).IsFinite().ToArray<bool>());
    }

    [Fact]
    public void Truth_values_combine()
    {
        var a = Tensor.FromArray([true, true, false, false]);
        var b = Tensor.FromArray([true, false, true, false]);
        Assert.Equal([true, false, false, false], a.And(b).ToArray<bool>());
        Assert.Equal([true, true, true, false], a.Or(b).ToArray<bool>());
        Assert.Equal([false, false, true, true], a.Not().ToArray<bool>());
        string message = Assert.Throws<DTypeMismatchException>(() => Tensor.Ones([3]).And(Tensor.Ones([3]))).Message;
        Assert.Contains("Float32 [3]", message, StringComparison.Ordinal);
        Assert.Throws<DTypeMismatchException>(() => Tensor.Ones([3]).Not());
    }

    [Fact]
    public void Where_broadcasts_and_sends_each_gradient_to_its_choice()
    {
        using var tape = new GradientTape();
        var condition = Tensor.FromArray(new[,] { { true, false, true }, { false, false, true } });
        Tensor a = tape.Watch(Tensor.FromArray([1.0, 2, 3])), b = tape.Watch(Tensor.Scalar(9, DType.Float64));
        var y = Tensor.Where(condition, a, b);
        Assert.Equal([1.0, 9, 3, 9, 9, 3], y.ToDoubles());
        var gradients = tape.Gradient(y, [a, b]);
        Assert.Equal([1.0, 0, 2], gradients[0].ToDoubles());
        Assert.Equal(3, gradients[1].Item());
        Assert.Equal([5, 2], Tensor.Where(Tensor.FromArray([true, false]), Tensor.FromArray([5, 6]), Tensor.FromArray([1, 2])).ToArray<int>());
    }

    [Fact]
    public void Bad_conditions_are_refused()
    {
        Assert.Contains("Float32 [2]", Assert.Throws<DTypeMismatchException>(() => Tensor.Where(Tensor.Ones([2]), Tensor.Ones([2]), Tensor.Ones([2]))).Message,
            StringComparison.Ordinal);
        Assert.Throws<DTypeMismatchException>(() => Tensor.Ones([2]).Less(Tensor.FromArray([1, 2])));
        Assert.Contains("[2] and [3]", Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([2]) < Tensor.Ones([3])).Message, StringComparison.Ordinal);
    }
}
