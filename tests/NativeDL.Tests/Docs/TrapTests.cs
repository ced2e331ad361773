namespace NativeDL.Tests;

/// <summary>What would mean something else than it says does not compile, and what is easily typed from memory does.</summary>
[Collection(nameof(Alone))]
public class TrapTests
{
    private const string Given = """
        using NativeDL;
        using NativeDL.Layers;
        Tensor x = Tensor.Of(1, 2, 3), y = Tensor.Of(1, 5, 3);
        var p = new Parameter("p", x);
        var i = 3; var f = 1.5f; var flags = x > 1;

        """;

    [Theory]
    [InlineData("bool same = x == y;", "CS0266")]
    [InlineData("if (x == y) { }", "CS0266")]
    [InlineData("if (x != null) { }", "CS0266")]
    [InlineData("while (x < y) { }", "CS0266")]
    [InlineData("var both = x > 1 && x < 3;", "CS0218")]
    [InlineData("var power = x ^ 2;", "CS0019")]
    [InlineData("float number = x;", "CS0266")]
    [InlineData("x[0] = y;", "CS0200")]
    [InlineData("foreach (var element in x) { }", "CS1579")]
    [InlineData("x.Shape[0] = 5;", "CS0200")]
    [InlineData("Tensor t = 5;", "CS0029")]
    [InlineData("Tensor t = new float[] { 1, 2 };", "CS0029")]
    [InlineData("var wide = x.Select(v => v);", "CS1061")]
    public void Does_not_compile(string statement, string error) => Assert.Contains(error, CSharpPrograms.Errors(Given + statement).Select(d => d.Id));

    [Theory]
    [InlineData("Tensor t = x == y & !flags | x != 2 ^ 1 < x;")]
    [InlineData("Tensor t = x + 1 - 2f * x / 3.0 + i * x - f / x; t = 1L + x;")]
    [InlineData("Tensor t = p + 1; t = p * p; t = x - p; t = 2 / p; t = -p; t += x; t *= 2;")]
    [InlineData("double d = (double)x.Sum(); float e = (float)x.Sum(); int n = (int)x.ArgMax(); long l = (long)x.ArgMax(); bool b = (bool)(x == y).All();")]
    [InlineData("Tensor t = x.Mean(); t = x.Mean(0); t = x.Mean(0, -1); t = x.Mean([0]); t = x.Mean(-1, keepDims: true); t = x.Mean((0, 1), keepDims: true); t = x.Mean(keepDims: true);")]
    [InlineData("Tensor t = x.Mean([0, 1], keepDims: true); t = x.Var(axes: 0, correction: 1); t = x.Std(new[] { 0 }); t = x.Sum(axes: [0]); t = x.Squeeze();")]
    [InlineData("Tensor t = Tensor.Exp(x).Log() + Tensor.Maximum(x, 0) + Tensor.Where(x > 0, x, 0) + Tensor.Pow(2, x); Func<Tensor, Tensor> g = Tensor.Tanh;")]
    [InlineData("var (n, h, w, c) = Tensor.Zeros([1, 2, 3, 4]).Shape; Shape rest = x.Shape[1..]; int last = x.Shape[-1] + x.Shape[^1]; bool same = x.Shape == [3];")]
    [InlineData("Shape s = [Shape.None, 28]; s = Shape.Of(2, 3); s = new[] { 2, 3 };")]
    [InlineData("var t = x[flags]; t = x[Tensor.Arange(2)]; t = x[^1]; t = x[.., TensorIndex.NewAxis]; t = x[-2]; t = x[1..];")]
    [InlineData("var layer = new MaxPool2D((3, 3), strides: 2); var image = Tensor.Zeros([1, 9, 9, 1]); image = image.MaxPool2D((3, 2), strides: 2, padding: 1).AvgPool2D(2, padding: \"same\");")]
    [InlineData("Tensor t = Tensor.Zeros([2, 3], device: \"cpu\"); t = Tensor.RandomNormal([2], random: 42); t = Tensor.RandomNormal([2], random: i); using var use = Device.Use(\"cpu\");")]
    [InlineData("Console.WriteLine($\"{x:F3} {p:F2} {x.Shape}\"); bool near = x.AllClose(y, rtol: 1e-3); float[,] rows = x[TensorIndex.NewAxis].ToArray2D<float>(); Tensor[] parts = x.Unstack();")]
    [InlineData("var set = new HashSet<Tensor> { x, y }; bool there = x is null || y is not null || ReferenceEquals(x, y) || x.Equals(y);")]
    [InlineData("Tensor a = Tensor.Arange(5); a = Tensor.Arange(0, 5); a = Tensor.Arange(0, 1, 0.1); a = Tensor.Arange(5, dtype: DType.Float32); a = Tensor.FromArray([1.0, 2.0], DType.Float32);")]
    public void Compiles(string statements) => Assert.Empty(CSharpPrograms.Errors(Given + statements));

    [Fact]
    public void Mixed_floating_types_are_refused_with_a_hint_at_both_places()
    {
        string message = Assert.Throws<DTypeMismatchException>(() => Tensor.FromArray([1.0, 2.0]) * Tensor.Ones([2])).Message;
        Assert.Contains("Float64", message, StringComparison.Ordinal);
        Assert.Contains("FromArray", message, StringComparison.Ordinal);
        Assert.Contains("Tensor.Of", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_have_no_order_that_F_sharp_could_compare_by() =>
        Assert.DoesNotContain(typeof(IComparable), typeof(Tensor).GetInterfaces());
}
