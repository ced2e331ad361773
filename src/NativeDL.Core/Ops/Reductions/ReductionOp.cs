
namespace NativeDL;

/// <summary>What reductions of axes (normalized, rising) have in common: the result's shape, and operands read through their strides.</summary>
internal abstract class ReductionOp(int[] axes, bool keepDims) : Op
{
    /// <summary>The axes that go.</summary>
    protected int[] Axes => axes;

    /// <summary>Whether they stay with size 1.</summary>
    protected bool KeepDims => keepDims;

    protected override OpTraits Traits => OpTraits.Strided;

    protected override void Infer(Operands x, Results y)
    {
        Check(x[0]);
        y.Set(0, keepDims ? x[0].Shape.KeepOnes(axes) : x[0].Shape.Without(axes), TypeOf(x[0]));
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].Mask is { } mask && Array.TrueForAll(axes, a => a >= mask.Rank) ? mask : null;

    /// <summary>Refuses an operand that cannot be reduced so.</summary>
    protected abstract void Check(Tensor x);

    /// <summary>The result's element type.</summary>
    protected virtual DType TypeOf(Tensor x) => x.DType;

    /// <summary>Refuses an operand without elements where each result needs one.</summary>
    private protected void RequireElements(Tensor x)
    {
        if (!x.Shape.IsEmpty || x.Shape.Without(axes).IsEmpty) return;
        throw Error.Shape(Name, "there is no element to choose from", $"axes [{string.Join(", ", axes)}] of a tensor of shape {x.Shape}",
            "one element or more along the axes");
    }

    /// <summary>The axes and the rest, for the report of a failure.</summary>
    protected static string Words(int[] axes, bool keepDims) => $"axes [{string.Join(", ", axes)}], keepDims {keepDims}";
}
