using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Batch normalization with given statistics: (x − mean) / √(variance + ε) · γ + β in one pass. <c>[…, c], [c], [c], [c], [c] -> […, c]</c>
    /// </summary>
    /// <param name="gamma">γ, [c].</param>
    /// <param name="beta">β, [c].</param>
    /// <param name="mean">Mean of each channel, [c]; the last axis of this tensor holds the channels.</param>
    /// <param name="variance">Variance of each channel, [c].</param>
    /// <param name="epsilon">ε, which keeps the root away from 0.</param>
    /// <exception cref="ShapeMismatchException">One of the four is not [c].</exception>
    public Tensor BatchNormInference(Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(gamma);
        ArgumentNullException.ThrowIfNull(beta);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(variance);
        if (Rank == 0 || new[] { mean, variance, gamma, beta }.Any(t => !t.Shape.IsCompatible([Shape.Dimension(^1)])))
            throw Error.Shape("batch_norm_inference", "statistics, gamma and beta need one element for each channel",
                $"x {Shape}, gamma {gamma.Shape}, beta {beta.Shape}, mean {mean.Shape}, variance {variance.Shape}", "x […, c] and the others [c]");
        return ScaleShiftOp.Instance.Run(this, Wide(mean), Wide(gamma) * (Wide(variance) + epsilon).Rsqrt(), Wide(beta));

        // Beside half-precision data the statistics are float32, as training leaves them, and stay so.
        Tensor Wide(Tensor t) => t.DType == DType ? t.Cast(DType.ComputeType()) : t;
    }
}

/// <summary>y = (x − mean)·scale + offset. <c>[…, c], [c], [c], [c] -> […, c]</c></summary>
internal sealed class ScaleShiftOp : Op, IOp
{
    public static readonly ScaleShiftOp Instance = new();

    public override string Name => "scale_shift";

    protected override OpTraits Traits => OpTraits.MixedTypes;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        for (int i = 2; i < x.Count; i++)
            if (x[i].DType != x[1].DType) throw Mixed(x[1], x[i]);
        y[0] = x[0];
    }

    protected override unsafe void Compute<T>(Operands x, Results y)
    {
        using var openX = x[0].Open<T>();
        using var openMean = x[1].Open<T>();
        using var openScale = x[2].Open<T>();
        using var openOffset = x[3].Open<T>();
        using var openY = y[0].Open<T>();
        long c = y[0].Shape[^1];
        if (c > 0) ChannelKernels.Apply(openX.Pointer, y[0].ElementCount / c, c, openMean.Pointer, openScale.Pointer, openOffset.Pointer, openY.Pointer);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) => ChannelKernels.Launch(stream, Name, x[0], x[1], x[2], x[3], y[0]);

    // The walker sums over the batch.
    protected override Tensors Backward(BackwardCall call)
    {
        var type = call.InputDType(1);
        var dy = call.Gradient().Cast(type);
        var scaled = call.Needs(0) || call.Needs(1) ? dy * call.Input(2) : null;
        return
        [
            call.Needs(0) ? scaled!.Cast(call.InputDType(0)) : null,
            call.Needs(1) ? -scaled!.SumTo(call.InputShape(1)) : null,
            call.Needs(2) ? dy * (call.Input(0).Cast(type) - call.Input(1)) : null,
            call.Needs(3) ? dy : null,
        ];
    }

    public static OpSpec Spec => new("scale_shift", "[…, c], [c], [c], [c] -> […, c]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        Shape c = [x.Shape[^1]];
        return new OpCase([x, d.Tensor(c), d.Tensor(c), d.Tensor(c)], t => [Instance.Run(t)]);
    })
    { ReductionLength = c => c.Elements, Flops = c => 3.0 * c.Elements };
}
