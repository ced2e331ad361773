using NativeDL.Tests.Cuda;

namespace NativeDL.Tests.Ops;

/// <summary>
/// Attributes and operands at the ends of what an int holds: the right shape, or the house's error, before anything is
/// allocated. Refusals are tried on tensors without data, on the CPU and on the device, where views of one number stand for
/// operands that no memory holds.
/// </summary>
public sealed class ExtremeSizesTests
{
    private const int Max = int.MaxValue, Large = 1 << 30;

    /// <summary>Makes operands: a shape and an element type.</summary>
    private delegate Tensor Make(DType dtype, params int[] dims);

    private sealed record Case(string What, Func<Make, Tensor> Call, string? Expected);

    // What is expected is a shape, or null for a refusal.
    private static readonly Case[] All =
    [
        Of("pad on both sides", x => x(DType.Float32, 2).Pad([(Max, Max)])),
        Of("pad by one too many", x => x(DType.Float32, 2).Pad([(Max - 1, 0)])),
        Of("pad up to the last", x => x(DType.Float32, 2).Pad([(Max - 2, 0)]), "[2147483647]"),
        Of("pad every axis", x => x(DType.Float32, 2, 2).Pad([(Large, Large - 3), (Large, Large - 3)])),
        Of("concat of four", x => Tensor.Concat([x(DType.Float32, Large), x(DType.Float32, Large), x(DType.Float32, Large), x(DType.Float32, Large)])),
        Of("concat of two", x => Tensor.Concat([x(DType.Float32, Large), x(DType.Float32, Large)])),
        Of("concat up to the last", x => Tensor.Concat([x(DType.Float32, Large), x(DType.Float32, Large - 1)]), "[2147483647]"),
        Of("stack of two", x => Tensor.Stack([x(DType.Float32, Max), x(DType.Float32, Max)]), "[2, 2147483647]"),
        Of("tile", x => x(DType.Float32, 3).Tile(Max)),
        Of("tile of one", x => x(DType.Float32, 1).Tile(Max), "[2147483647]"),
        Of("expand beyond any memory", x => x(DType.Float32, 1).BroadcastTo([Max, Max])),
        Of("expand up to the last", x => x(DType.Float32, 1).BroadcastTo([1 << 22, 1 << 22]), "[4194304, 4194304]"),
        Of("reshape to one axis", x => x(DType.Float32, Large, 4).Reshape(-1)),
        Of("reshape to a rest", x => x(DType.Float32, Large, 4).Reshape(-1, 8), "[536870912, 8]"),
        Of("reshape to what wraps around", x => x(DType.Float32, 4).Reshape(Large, Large, 1 << 6)),
        Of("flatten", x => x(DType.Float32, 2, Large, 2).Flatten(1)),
        Of("narrow from beyond", x => x(DType.Float32, 10).Narrow(0, Max, 1)),
        Of("narrow to beyond", x => x(DType.Float32, 10).Narrow(0, 1, Max)),
        Of("narrow by what wraps around", x => x(DType.Float32, 10).NarrowStep(0, 0, Max, Max)),
        Of("an index beyond", x => x(DType.Float32, 10)[Max]),
        Of("an index far before", x => x(DType.Float32, 10)[int.MinValue]),
        Of("parts whose sum wraps around", x => x(DType.Float32, 10).Split([Max, Max, 12])[0]),
        Of("more parts than numbers", x => x(DType.Float32, 10).Split(Max)[0]),
        Of("axis of a sum", x => x(DType.Float32, 10).Sum(int.MinValue)),
        Of("axis of a softmax", x => x(DType.Float32, 10).Softmax(Max)),
        Of("axes of a transpose", x => x(DType.Float32, 10, 2).Transpose(0, Max)),
        Of("an axis that is added", x => x(DType.Float32, 10).ExpandDims(int.MinValue)),
        Of("a sum that broadcasts", x => x(DType.Float32, Large, 1) + x(DType.Float32, Large)),
        Of("a product of column and row", x => x(DType.Float32, Large, 1).MatMul(x(DType.Float32, 1, Large))),
        Of("a product of no terms", x => x(DType.Float32, 1 << 22, 0).MatMul(x(DType.Float32, 0, 1 << 22)), "[4194304, 4194304]"),
        Of("linear", x => x(DType.Float32, Large, 1).Linear(x(DType.Float32, 1, Large))),
        Of("one-hot rows", x => x(DType.Int32, Large).OneHot(Max)),
        Of("a one-hot row", x => x(DType.Int32, 1).OneHot(Max), "[1, 2147483647]"),
        Of("gather", x => x(DType.Float32, 4, 1 << 20).Gather(x(DType.Int32, Large))),
        Of("gather of rows", x => x(DType.Float32, 4, 2).Gather(x(DType.Int32, Large)), "[1073741824, 2]"),
        Of("a take of one", x => x(DType.Float32, Large, 4).TakeAlongAxis(x(DType.Int32, Large, 1)), "[1073741824, 1]"),
        Of("strides of a convolution", x => x(DType.Float32, 1, 8, 8, 1).Conv2D(x(DType.Float32, 3, 3, 1, 1), strides: (Max, Max)), "[1, 1, 1, 1]"),
        Of("dilation of a convolution", x => x(DType.Float32, 1, 8, 8, 1).Conv2D(x(DType.Float32, 3, 3, 1, 1), dilationRate: (Max, Max))),
        Of("padding of a convolution", x => x(DType.Float32, 1, 8, 8, 1).Conv2D(x(DType.Float32, 3, 3, 1, 1), padding: Max)),
        Of("padding and strides of a convolution", x => x(DType.Float32, 1, 8, 8, 1).Conv2D(x(DType.Float32, 3, 3, 1, 1), strides: (Max, Max), padding: Max)),
        Of("groups of a convolution", x => x(DType.Float32, 1, 8, 8, 4).Conv2D(x(DType.Float32, 3, 3, 1, 4), groups: Max)),
        Of("groups that wrap around", x => x(DType.Float32, 1, 8, 8, 0).Conv2D(x(DType.Float32, 3, 3, Large, 4), groups: 4)),
        Of("filters of a convolution", x => x(DType.Float32, 1 << 20, 1, 1 << 20, 1).Conv2D(x(DType.Float32, 1, 1, 1, 1 << 20))),
        Of("a transposed convolution", x => x(DType.Float32, 1, Large, 1, 1).Conv2DTranspose(x(DType.Float32, 3, 3, 1, 1), strides: 4)),
        Of("strides of a transposed convolution", x => x(DType.Float32, 1, 2, 2, 1).Conv2DTranspose(x(DType.Float32, 3, 3, 1, 1), strides: (Max, Max))),
        Of("a window", x => x(DType.Float32, 1, 8, 8, 1).MaxPool2D((Max, Max))),
        Of("strides of a window", x => x(DType.Float32, 1, 8, 8, 3).MaxPool2D(2, (Max, Max)), "[1, 1, 1, 3]"),
        Of("padding of a window", x => x(DType.Float32, 1, 8, 8, 1).AvgPool2D((Max, Max), (1, 1), Max - 1)),
        Of("a window over more than kernels count", x => x(DType.Float32, 1, Max, 1, 1).MaxPool2D((2, 1), (1, 1))),
    ];

    public static TheoryData<string> Names => [.. All.Select(c => c.What)];

    public static TheoryData<string> Refused => [.. All.Where(c => c.Expected is null).Select(c => c.What)];

    [Theory, MemberData(nameof(Names))]
    public void A_shape_is_right_or_refused(string what)
    {
        var (_, call, expected) = All.Single(c => c.What == what);
        if (expected is null) Refuses(() => call(Symbol));
        else Assert.Equal(expected, call(Symbol).Shape.ToString());
    }

    [Theory, MemberData(nameof(Refused))]
    public void What_is_refused_is_refused_before_anything_is_allocated(string what)
    {
        var (_, call, _) = All.Single(c => c.What == what);
        string here = Refuses(() => call((dtype, dims) => View(Device.Cpu, dtype, dims))),
            there = Refuses(() => call((dtype, dims) => View(CudaTest.Device, dtype, dims)));
        Assert.Equal(here, there);
    }

    [Fact]
    public void A_slice_of_a_size_that_is_not_known_is_counted_from_its_start()
    {
        var x = Tensor.Symbolic([Shape.None, 5], DType.Float32);
        Assert.Equal("[None, 2]", x[.., 1..3].Shape.ToString());
        Assert.Equal("[None]", x[.., ^1].Shape.ToString());
        Assert.Equal("[2, 5]", x[1..3].Shape.ToString());
        Assert.Equal("[5]", x[7].Shape.ToString());
        Assert.Contains("[None, 5]", Refuses(() => x[^1]), StringComparison.Ordinal);
        Assert.Contains("[None, 5]", Refuses(() => x[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_memory_holds_is_refused()
    {
        Refuses(() => Tensor.Eye(Max));
        Refuses(() => Tensor.Arange(0, 1e18));
        Refuses(() => Tensor.Linspace(0, 1, -1));
        Refuses(() => Tensor.RandomUniform([Max, Max]));
        Refuses(() => Tensor.RandomPermutation(-1));
    }

    private static Case Of(string what, Func<Make, Tensor> call, string? expected = null) => new(what, call, expected);

    private static Tensor Symbol(DType dtype, params int[] dims) => Tensor.Symbolic(dims, dtype);

    // One number, seen many times.
    private static Tensor View(Device device, DType dtype, int[] dims) =>
        dims.Contains(0) ? Tensor.Zeros(dims, dtype, device) : Tensor.Zeros([.. dims.Select(_ => 1)], dtype, device).BroadcastTo(dims);

    private static string Refuses(Func<Tensor> call)
    {
        var error = Record.Exception(call);
        Assert.True(error is ShapeMismatchException or InvalidInputException, $"{error?.ToString() ?? "nothing was refused"}");
        return error!.Message;
    }
}
