using System.Globalization;

namespace NativeDL.Tests;

/// <summary>Making, printing, reading and indexing: what a program typed from memory meets first.</summary>
public class TensorSurfaceTests
{
    [Fact]
    public void Arange_of_whole_numbers_is_whole()
    {
        Assert.Equal([0, 1, 2, 3, 4], Tensor.Arange(5).ToArray<int>());
        Assert.Equal([1, 3], Tensor.Arange(1, 5, 2).ToArray<int>());
        Assert.Equal([3, 2, 1], Tensor.Arange(3, 0, -1).ToArray<int>());
        Assert.Equal([0, 0.5f, 1], Tensor.Arange(0, 1.5, 0.5).ToArray<float>());
        Assert.Equal([0, 1, 2], Tensor.Arange(2.5).ToArray<float>());
        Assert.Equal([0, 1], Tensor.Arange(0, 2, dtype: DType.Float64).ToArray<double>());
        Assert.Equal([0, 1], Tensor.Arange(2, DType.Float32).ToArray<float>());
        Assert.Equal([int.MaxValue - 1], Tensor.Arange(int.MaxValue - 1, int.MaxValue).ToArray<int>());
        Assert.Empty(Tensor.Arange(0, -5).ToArray<int>());
        Assert.Throws<InvalidInputException>(() => Tensor.Arange(0, 5, 0));
        Assert.Throws<InvalidInputException>(() => Tensor.Arange(double.NaN));
    }

    [Fact]
    public void Linspace_ends_where_it_is_told()
    {
        foreach (int count in (int[])[2, 3, 7, 10, 49, 1000])
        {
            var points = Tensor.Linspace(-0.1, 0.7, count, DType.Float64).ToArray<double>();
            Assert.Equal((-0.1, 0.7), (points[0], points[^1]));
            Assert.Equal(points.Order(), points);
        }
        Assert.Equal([3], Tensor.Linspace(3, 9, 1).ToArray<float>());
        Assert.Empty(Tensor.Linspace(3, 9, 0).ToArray<float>());
        Assert.Throws<InvalidInputException>(() => Tensor.Linspace(0, 1, -1));
    }

    [Fact]
    public void Numbers_make_a_Float32_vector()
    {
        Assert.Equal([1f, 2.5f, -3f], Tensor.Of(1, 2.5, -3).ToArray<float>());
        Assert.Equal([1f, 2f], Tensor.Of((double[])[1, 2]).ToArray<float>());
        Assert.Equal([1f, 2f], Tensor.FromArray([1.0, 2.0], DType.Float32).ToArray<float>());
        Assert.Equal([[2, 1]], [Tensor.FromArray([1.0, 2.0], [2, 1], DType.Float32).Shape]);
        Assert.Throws<ArgumentNullException>(() => Tensor.Of(null!));
    }

    [Fact]
    public void A_format_writes_every_element()
    {
        var x = Tensor.FromArray(new[,] { { 1f, 22.34567f }, { -3f, 0.5f } });
        Assert.Equal("[[ 1.00 22.35]\n [-3.00  0.50]]", $"{x:F2}");
        Assert.Equal("1.500", $"{Tensor.Scalar(1.5):F3}");
        Assert.Equal("[007 010]", $"{Tensor.FromArray([7, 10]):D3}");
        Assert.Equal("[ True False]", $"{Tensor.FromArray([true, false]):F3}");
        Assert.Equal(x.ToString(), $"{x}");
        Assert.Equal("[1,5]", Tensor.Of(1.5).ToString("F1", new NumberFormatInfo { NumberDecimalSeparator = "," }));
        Assert.Equal("[0.3333333 0.6666667]", $"{Tensor.Of(1 / 3.0, 2 / 3.0):F7}"); // as floats, not as the doubles they came from
        Assert.EndsWith("[1.0 2.0]", $"{new Parameter("p", Tensor.Of(1, 2)):F1}", StringComparison.Ordinal);
        Assert.Equal("p [2] Float32", $"{new Parameter("p", Tensor.Of(1, 2))}");
    }

    [Fact]
    public void Matrices_come_back_as_arrays_and_slices_as_tensors()
    {
        var x = Tensor.FromArray(new[,] { { 1f, 2f, 3f }, { 4f, 5f, 6f } });
        Assert.Equal(new[,] { { 1f, 4f }, { 2f, 5f }, { 3f, 6f } }, x.Transpose().ToArray2D<float>());
        Assert.Equal(new float[0, 3], Tensor.Zeros([0, 3]).ToArray2D<float>());
        Assert.Throws<ShapeMismatchException>(() => Tensor.Of(1).ToArray2D<float>());
        Assert.Throws<DTypeMismatchException>(() => x.ToArray2D<int>());
        Assert.Equal([[1, 2, 3], [4, 5, 6]], x.Unstack().Select(row => row.ToArray<float>()));
        Assert.Equal([[1, 4], [2, 5], [3, 6]], x.Unstack(-1).Select(column => column.ToArray<float>()));
        Assert.Equal(x.ToArray<float>(), Tensor.Stack(x.Unstack(1), 1).ToArray<float>());
        Assert.Throws<ShapeMismatchException>(() => Tensor.Scalar(1).Unstack());
    }

    [Fact]
    public void Close_is_within_the_tolerances()
    {
        Tensor a = Tensor.Of(1, 100), inf = Tensor.Of(double.PositiveInfinity);
        Assert.True(a.AllClose(Tensor.Of(1.000005, 100.0005)));
        Assert.False(a.AllClose(Tensor.Of(1.00005, 100)));
        Assert.True(a.AllClose(Tensor.Of(1.05, 105), rtol: 0.05));
        Assert.True(a.AllClose(Tensor.Of(1.5, 100.5), rtol: 0, atol: 0.5));
        Assert.True(Tensor.Ones([2, 3]).AllClose(Tensor.Scalar(1)));
        Assert.True(inf.AllClose(inf.Clone()));
        Assert.False(inf.AllClose(-inf));
        Assert.False(Tensor.Of(1).AllClose(inf));
        Assert.False(Tensor.Of(double.NaN).AllClose(Tensor.Of(double.NaN)));
        Assert.Throws<DTypeMismatchException>(() => a.AllClose(a.Cast(DType.Float64)));
        Assert.Throws<ShapeMismatchException>(() => a.AllClose(Tensor.Ones([3])));
        Assert.Throws<InvalidInputException>(() => a.AllClose(a, rtol: -1));
        Assert.Throws<InvalidInputException>(() => a.AllClose(a, atol: double.NaN));
    }

    [Fact]
    public void Tensors_of_indices_and_masks_index()
    {
        var x = Tensor.FromArray(new[,] { { 1f, 2f }, { 3f, 4f }, { 5f, 6f } });
        Assert.Equal(new[,] { { 5f, 6f }, { 1f, 2f } }, x[Tensor.FromArray([2, 0])].ToArray2D<float>());
        Assert.Equal(new[,] { { 1f, 2f }, { 5f, 6f } }, x[Tensor.FromArray([true, false, true])].ToArray2D<float>());
        Assert.Equal([4, 5, 6], x[x > 3].ToArray<float>());
        Assert.Equal([0, 2], x[Tensor.FromArray([false, false, false])].Shape);
        using var tape = new GradientTape();
        tape.Watch(x);
        Assert.Equal([0, 0, 0, 8, 10, 12], tape.Gradient(x[x > 3].Square().Sum(), x).ToArray<float>());
        Assert.Throws<ShapeMismatchException>(() => x[Tensor.FromArray([true, false])]);
        Assert.Throws<ShapeMismatchException>(() => Tensor.Scalar(1)[Tensor.Scalar(1, DType.Bool)]);
        Assert.Throws<DTypeMismatchException>(() => x[Tensor.Of(1, 2)]);
        Assert.Throws<ArgumentNullException>(() => x[(Tensor)null!]);
    }

    [Fact]
    public void A_new_axis_has_size_1()
    {
        var x = Tensor.Ones([2, 3]);
        Assert.Equal([2, 1, 3], x[.., Index.NewAxis].Shape);
        Assert.Equal([1, 2, 3], x[Index.NewAxis].Shape);
        Assert.Equal([2, 3, 1], x[.., .., Index.NewAxis].Shape);
        Assert.Equal([1, 2, 1], x[Index.NewAxis, .., 1..2].Shape);
        Assert.Equal([1], x[0, Index.NewAxis, 0].Shape);
        Assert.Equal([1], Tensor.Scalar(1)[Index.NewAxis].Shape);
        Assert.Same(x, x[..]);
        Assert.Throws<ShapeMismatchException>(() => x[.., Index.NewAxis, .., ..]);
    }

    [Fact]
    public void Symbols_stand_beside_numbers_and_are_sliced()
    {
        var x = Tensor.Symbolic([Shape.None, 3, 4], DType.Float32, "image");
        Assert.Equal("[None, 3, 4]", (2 * x + 1).Shape.ToString());
        Assert.Equal("[None, 4]", x[.., 0].Shape.ToString());
        Assert.Equal("[None, 1, 3, 2]", x[.., Index.NewAxis, .., 1..3].Shape.ToString());
        Assert.Equal(DType.Bool, (x == 0).DType);
        Assert.Contains("image", Assert.Throws<InvalidInputException>(() => (float)x[.., 0].Sum()).Message
            + Assert.Throws<InvalidInputException>(() => x.ToArray<float>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_device_flows_with_the_call()
    {
        var other = new SymbolDevice(); // any device will do
        var before = Device.Default;
        using (Device.Use(other))
        {
            Assert.Same(other, Device.Default);
            Assert.Same(other, await Task.Run(() => Device.Default, TestContext.Current.CancellationToken));
            await Task.Yield();
            Assert.Same(other, Device.Default);
            using (Device.Use(Device.Cpu)) Assert.Same(Device.Cpu, Device.Default);
            Assert.Same(other, Device.Default);
            var beside = Task.CompletedTask;
            using (ExecutionContext.SuppressFlow()) beside = Task.Run(() => Assert.Same(before, Device.Default), TestContext.Current.CancellationToken);
            await beside;
        }
        Assert.Same(before, Device.Default);
        await Task.Run(() => { using var inner = Device.Use(other); }, TestContext.Current.CancellationToken);
        Assert.Same(before, Device.Default);
        Assert.Throws<ArgumentNullException>(() => Device.Default = null!);
    }

    [Fact]
    public void Devices_and_random_states_have_short_names()
    {
        Device device = "cpu";
        Assert.Same(Device.Cpu, device);
        Assert.Contains("cuda:N", Assert.Throws<InvalidInputException>(() => Device.Parse("gpu")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => Device.Parse("cuda:x"));
        Assert.Throws<InvalidInputException>(() => Device.Parse("cuda:-1"));
        Assert.Throws<ArgumentNullException>(() => Device.Parse(null!));
        int seed = 42;
        Assert.Equal(Tensor.RandomNormal([4], random: new RandomState(42ul)).ToArray<float>(), Tensor.RandomNormal([4], random: seed).ToArray<float>());
        Assert.Equal(Tensor.RandomUniform([4], random: 42ul).ToArray<float>(), Tensor.RandomUniform([4], random: 42).ToArray<float>());
        Assert.NotEqual(Tensor.RandomUniform([4], random: -1).ToArray<float>(), Tensor.RandomUniform([4], random: -2).ToArray<float>());
        Assert.Equal(Tensor.RandomNormal([100], stddev: 2, random: 1).ToArray<float>(), (Tensor.RandomNormal([100], random: 1) * 2).ToArray<float>());
    }
}
