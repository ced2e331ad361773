using NativeDL.Cuda;

namespace NativeDL;

/// <summary>y[i] = a number of a distribution, made of the words of a stream at place i. <c>-> […]</c></summary>
/// <remarks>float32 numbers take one word each and float64 two; half-precision ones are float32 numbers, rounded.</remarks>
internal sealed unsafe class RandomOp<TD>(Shape shape, DType dtype, PhiloxStream stream, double first, double second) : SourceOp where TD : struct,
    IDistribution
{
    public override string Name => TD.Name;

    internal override string? WhyNotInFiles => "it draws numbers";

    protected override void Infer(Operands x, Results y) => y.Set(0, shape, dtype);

    protected override void Compute<T>(Operands x, Results y)
    {
        using var open = y[0].Open<T>();
        var p = open.Pointer;
        T a = T.CreateChecked(first), b = T.CreateChecked(second);
        Workers.For(shape.ElementCount, Workers.Grain, (start, end) => TD.Fill(p + start, start, end - start, stream, a, b));
    }

    protected override void Launch(Operands x, Results y, CudaStream cuda) =>
        cuda.Device.LaunchOver(Name, y[0].DType, shape.ElementCount, y[0], stream.Key, stream.Offset, first, second, shape.ElementCount);
}

/// <summary>y[i] = 1 where word i of a stream is below the threshold, else 0; one word an element, whatever its type. <c>-> […]</c></summary>
internal sealed unsafe class RandomBernoulliOp(Shape shape, DType dtype, PhiloxStream stream, ulong threshold) : SourceOp
{
    public override string Name => "random_bernoulli";

    internal override string? WhyNotInFiles => "it draws numbers";

    protected override void Infer(Operands x, Results y) => y.Set(0, shape, dtype);

    protected override void Compute<T>(Operands x, Results y)
    {
        using var open = y[0].Open<T>();
        var p = open.Pointer;
        Workers.For(shape.ElementCount, Workers.Grain, (start, end) => RandomFill.Bernoulli(p + start, start, end - start, stream, threshold, T.One));
    }

    protected override void Launch(Operands x, Results y, CudaStream cuda) =>
        cuda.Device.LaunchOver(Name, y[0].DType, shape.ElementCount, y[0], stream.Key, stream.Offset, threshold, shape.ElementCount);
}
