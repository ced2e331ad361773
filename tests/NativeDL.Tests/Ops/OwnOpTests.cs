namespace NativeDL.Tests.Ops;

/// <summary>Operations of one's own, as programs write them.</summary>
public sealed class OwnOpTests
{
    [Theory]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float16)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Half_numbers_are_widened_wherever_they_stand(DType dtype)
    {
        var counts = Tensor.FromArray([3, 1, 2]);
        var x = Tensor.FromArray([1.5, -2, 0.25]).Cast(dtype);
        var y = new TimesOp().Run(counts, x);
        Assert.Equal((dtype, "times"), (y.DType, new TimesOp().Name));
        Assert.Equal([4.5, -2, 0.5], y.ToDoubles());
        Assert.Equal([0.5, -2, 4.5], new TimesOp().Run(counts.Flip(0), x.Flip(0)).ToDoubles());
    }

    [Fact]
    public void A_half_result_of_whole_numbers_is_rounded_once()
    {
        var y = new HalvesOp().Run(Tensor.FromArray([1, 2, 2049]));
        Assert.Equal(DType.Float16, y.DType);
        Assert.Equal([0.5, 1, 1024], y.ToDoubles()); // 1024.5 lies between 1024 and 1025
    }

    // y = n x with whole numbers n.
    private sealed class TimesOp : Op
    {
        protected override void Infer(Operands x, Results y) => y[0] = x[1];

        protected override void Compute<T>(Operands x, Results y)
        {
            var n = x.Span<int>(0);
            var v = x.Span<T>(1);
            var r = y.Span<T>(0);
            for (int i = 0; i < r.Length; i++) r[i] = T.CreateChecked(n[i]) * v[i];
        }

        protected override Tensors Backward(BackwardCall call) => throw NoDerivative("nobody asks");
    }

    private sealed class HalvesOp : Op
    {
        protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape, DType.Float16);

        protected override void Compute<T>(Operands x, Results y)
        {
            var n = x.Span<int>(0);
            var r = y.Span<float>(0);
            for (int i = 0; i < r.Length; i++) r[i] = n[i] / 2f;
        }

        protected override Tensors Backward(BackwardCall call) => throw NoDerivative("nobody asks");
    }
}
