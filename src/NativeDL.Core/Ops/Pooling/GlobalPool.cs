namespace NativeDL;

// Reductions over all axes of space.
public sealed partial class Tensor
{
    /// <summary>The mean of each sample and channel over all axes between: of sequences, images and volumes. <c>[N, …, C] -> [N, C]</c></summary>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <exception cref="ShapeMismatchException">There is no axis between the first and the last.</exception>
    public Tensor GlobalAvgPool(bool keepDims = false) => Mean(Space("global_avg_pool"), keepDims);

    /// <summary>The largest element of each sample and channel over all axes between; ties go to the first. <c>[N, …, C] -> [N, C]</c></summary>
    /// <inheritdoc cref="GlobalAvgPool(bool)"/>
    public Tensor GlobalMaxPool(bool keepDims = false) => Max(Space("global_max_pool"), keepDims);

    /// <summary>The norm of each sample and channel over all axes between. <c>[N, …, C] -> [N, C]</c></summary>
    /// <param name="order">p of the norm (Σ |x|ᵖ)^(1/p), more than 0: 2 is the Euclidean one, infinity the greatest |x|.</param>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <exception cref="ShapeMismatchException">There is no axis between the first and the last.</exception>
    /// <exception cref="InvalidInputException">There is no such norm.</exception>
    public Tensor GlobalLpPool(double order, bool keepDims = false)
    {
        RequireNorm("global_lp_pool", order);
        return PNorm(order, Space("global_lp_pool"), keepDims);
    }

    private int[] Space(string op) => Rank > 2 ? [.. Enumerable.Range(1, Rank - 2)]
        : throw Error.Shape(op, "there is nothing between samples and channels", $"x {Shape}", "[N, …, C] with one axis or more between");
}

/// <summary>For the table and the checks.</summary>
internal readonly struct GlobalAvgPoolSpec : IOp
{
    public static OpSpec Spec => Specify("global_avg_pool", Domain.Real, (x, keep) => x.GlobalAvgPool(keep));

    internal static OpSpec Specify(string name, Domain domain, Func<Tensor, bool, Tensor> run) => new(name, "[N, …, C] -> [N, …b, C]", d =>
    {
        bool keep = d.Flag();
        return new OpCase([d.Tensor([d.Int(1, 3), .. d.Shape(1, 2), d.Int(1, 4)], domain)], t => [run(t[0], keep)], $"keepDims {keep}");
    })
    { ReductionLength = c => c.Elements };
}

/// <summary>For the table and the checks.</summary>
internal readonly struct GlobalMaxPoolSpec : IOp
{
    public static OpSpec Spec => GlobalAvgPoolSpec.Specify("global_max_pool", Domain.Distinct, (x, keep) => x.GlobalMaxPool(keep));
}

/// <summary>For the table and the checks.</summary>
internal readonly struct GlobalLpPoolSpec : IOp
{
    public static OpSpec Spec => GlobalAvgPoolSpec.Specify("global_lp_pool", Domain.Positive, (x, keep) => x.GlobalLpPool(2, keep));
}
