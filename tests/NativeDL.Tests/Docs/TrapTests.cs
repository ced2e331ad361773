using System.Reflection;
using NativeDL.Layers;

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

    [Fact]
    public void A_model_in_a_model_is_one_layer()
    {
        var inner = new Sequential { new Dense(3), new Dense(2) };
        Assert.Same(inner, Assert.Single(new Sequential(inner).Layers));
        Assert.Same(inner, Assert.Single(new Sequential { inner }.Layers));
    }

    [Fact]
    public void Layers_of_one_model_in_another_are_saved()
    {
        using var folder = new TemporaryFolder();
        var one = new Sequential { new Dense(3, "tanh"), new Dense(2) };
        var other = new Sequential { new Dense(3), one[0], one[1] };
        other.Build(1, 3);
        other.Save(folder.File("other.ndl"));
        Assert.Equal(other.Predict(Tensor.Ones(2, 3)).ToArray<float>(), Model.Load(folder.File("other.ndl")).Predict(Tensor.Ones(2, 3)).ToArray<float>());
    }

    [Fact]
    public void Whole_numbers_make_whole_ranges()
    {
        Assert.Equal([DType.Int32, DType.Int32, DType.Float32, DType.Float32],
            [Tensor.Arange(5).DType, Tensor.Arange(0, 5).DType, Tensor.Arange(0, 2.5).DType, Tensor.Arange(0, 1, 0.1).DType]);
        Assert.Equal(DType.Float64, Tensor.Arange(0, 5, dtype: DType.Float64).DType);
    }

    [Fact]
    public void No_shape_is_no_scalar()
    {
        Assert.Throws<ArgumentNullException>(() => Tensor.Zeros((int[])null!));
        Assert.Throws<ArgumentNullException>(() => Tensor.Ones((Shape)null!));
        Assert.Throws<ArgumentNullException>(() => { Shape shape = (int[])null!; });
    }

    [Fact]
    public void No_axes_are_not_all_axes()
    {
        var x = Tensor.Ones([2, 3]);
        var methods = typeof(Tensor).GetMethods().Where(m => m.GetParameters() is [var only] && only.ParameterType == typeof(int[])).ToList();
        Assert.Contains("Sum", methods.Select(m => m.Name));
        Assert.Contains("Reshape", methods.Select(m => m.Name));
        Assert.Contains("Permute", methods.Select(m => m.Name));
        foreach (var method in methods)
            Assert.IsType<ArgumentNullException>(Assert.Throws<TargetInvocationException>(() => method.Invoke(method.IsStatic ? null : x, [null]))
                .InnerException);
        Assert.Throws<ArgumentNullException>(() => x.Sum((int[])null!));
        Assert.Throws<ArgumentNullException>(() => x.Mean(null!));
        Assert.Throws<ArgumentNullException>(() => x.Max((int[])null!, keepDims: true));
        Assert.Throws<ArgumentNullException>(() => x.Reshape((int[])null!));
        Assert.Throws<ArgumentNullException>(() => x.Split((int[])null!));
        Assert.Throws<ArgumentNullException>(() => Axes.Of((int[])null!));
        Assert.Throws<ArgumentNullException>(() => Tensor.Of((double[])null!));
        Assert.Throws<ArgumentNullException>(() => Tensors.Of((Tensor[])null!));
        Assert.Throws<ArgumentNullException>(() => PerOutput.Of((Loss[])null!));
        Assert.Throws<ArgumentNullException>(() => Tensor.FromEnumerable((IEnumerable<int>)null!));
        Assert.Throws<ArgumentNullException>(() => Tensor.Concat(null!));
        Assert.Contains("tensor 1", Assert.Throws<ArgumentNullException>(() => Tensor.Concat([x, null!])).Message, StringComparison.Ordinal);
        Assert.Contains("tensor 0", Assert.Throws<ArgumentNullException>(() => Tensor.Stack([null!, x])).Message, StringComparison.Ordinal);
        int[] both = [0, 1];
        Assert.Equal(6, x.Sum(both).Item());
        Assert.Equal([3, 2], x.Permute([1, 0]).Shape);
    }

    [Fact]
    public void Target_and_prediction_in_the_wrong_order_are_refused()
    {
        Tensor labels = Tensor.FromArray([0, 1]), logits = Tensor.Of(1, 2, 3, 4).Reshape(2, 2);
        var loss = Loss.SparseCategoricalCrossentropy(fromLogits: true);
        Assert.ThrowsAny<NativeDLException>(() => loss.Call(logits, labels));
        Assert.Throws<DTypeMismatchException>(() => loss.Call(labels.Cast(DType.Float32), logits));
        using var tape = new GradientTape();
        var watched = tape.Watch(logits.Sigmoid());
        Assert.Contains("target", Assert.ThrowsAny<NativeDLException>(() => Loss.MeanSquaredError().Call(watched * 1, logits)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Formats_are_heeded()
    {
        Assert.Equal("[1.000 2.500]", $"{Tensor.Of(1, 2.5):F3}");
        Assert.Contains("0.2", $"{new Parameter("p", Tensor.Of(0.25)):F1}", StringComparison.Ordinal);
    }

    [Fact]
    public void Dimensions_count_from_the_end_and_no_further()
    {
        Shape shape = [2, 3];
        Assert.Equal((3, 2), (shape[-1], shape[-2]));
        Assert.Throws<ShapeMismatchException>(() => shape[-3]);
        Assert.Throws<ShapeMismatchException>(() => shape[2]);
    }

    [Fact]
    public async Task The_default_device_goes_along()
    {
        var device = Device.Cpu;
        using var use = Device.Use(device);
        var elsewhere = await Task.Run(() => Device.Default, TestContext.Current.CancellationToken);
        Assert.Same(device, elsewhere);
    }

    [Fact]
    public void What_is_not_built_is_shown_all_the_same()
    {
        var model = new Sequential { new Dense(32, "relu"), new Dropout(0.5) };
        Assert.Contains("0 (unbuilt)", model.Summary(), StringComparison.Ordinal);
        Assert.Equal("Dense(32, \"relu\")", model[0].ToString());
    }

    [Fact]
    public void Slopes_of_leaky_rectifiers_are_their_models_own()
    {
        Assert.Equal(0.3, new LeakyReLU().NegativeSlope);
        Assert.Equal(0.2, new NativeDL.Activations.LeakyRelu().NegativeSlope);
        Assert.Equal(-0.01, Tensor.Of(-1).LeakyRelu().Item(), 1e-9);
    }

    [Fact]
    public void What_counts_belongs_to_one_model()
    {
        Metric metric = "accuracy";
        Optimizer optimizer = "adam";
        new Sequential { new Dense(1) }.Compile(optimizer, "mse", [metric]);
        Assert.Throws<InvalidInputException>(() => new Sequential { new Dense(1) }.Compile("adam", "mse", [metric]));
        Assert.Throws<InvalidInputException>(() => new Sequential { new Dense(1) }.Compile(optimizer, "mse"));
    }
}
