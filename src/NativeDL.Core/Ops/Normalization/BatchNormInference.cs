using System.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Batch normalization with given statistics: (x − mean) / √(variance + ε) · γ + β in one pass. <c>[…, c], [c], [c], [c], [c] -> […, c]</c></summary>
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
        if (Rank == 0 || new[] { mean, variance, gamma, beta }.Any(t => t.Rank != 1 || t.Shape[0] != Shape[^1]))
            throw Error.Shape("batchNormInference", "statistics, gamma and beta need one element for each channel",
                $"x {Shape}, gamma {gamma.Shape}, beta {beta.Shape}, mean {mean.Shape}, variance {variance.Shape}", "x […, c] and the others [c]");
        return ScaleShiftOp.Instance.Run(this, mean, gamma * (variance + epsilon).Rsqrt(), beta);
    }
}

/// <summary>y = (x − mean)·scale + offset. <c>[…, c], [c], [c], [c] -> […, c]</c></summary>
internal sealed class ScaleShiftOp : LegacyOp, IOp
{
    public static readonly ScaleShiftOp Instance = new();

    public override string Name => "scaleShift";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        RequireSameDType(inputs);
        var x = inputs[0];
        RequireFloating(x);
        outputs[0] = Tensor.Empty(x.Shape, x.DType, x.Device);
        if (!x.Device.IsCpu) ChannelKernels.OnCuda(Name, x.Packed(), inputs[1].Packed(), inputs[2].Packed(), inputs[3].Packed(), outputs[0]);
        else if (x.DType == DType.Float32) Kernel<float>(inputs, outputs[0]);
        else Kernel<double>(inputs, outputs[0]);
    }

    // The walker sums over the batch.
    protected override Tensors Backward(BackwardCall call)
    {
        var dy = call.Gradient();
        var scaled = call.Needs(0) || call.Needs(1) ? dy * call.Input(2) : null;
        return
        [
            call.Needs(0) ? scaled : null,
            call.Needs(1) ? -scaled!.SumTo(call.InputShape(1)) : null,
            call.Needs(2) ? dy * (call.Input(0) - call.Input(1)) : null,
            call.Needs(3) ? dy : null,
        ];
    }

    private static unsafe void Kernel<T>(ReadOnlySpan<Tensor> inputs, Tensor y) where T : unmanaged, INumber<T>
    {
        using var openX = inputs[0].Packed().Open<T>();
        using var openMean = inputs[1].Packed().Open<T>();
        using var openScale = inputs[2].Packed().Open<T>();
        using var openOffset = inputs[3].Packed().Open<T>();
        using var openY = y.Open<T>();
        long c = y.Shape[^1];
        if (c > 0) ChannelKernels.Apply(openX.Pointer, y.ElementCount / c, c, openMean.Pointer, openScale.Pointer, openOffset.Pointer, openY.Pointer);
    }

    public static OpSpec Spec => new("scaleShift", "[…, c], [c], [c], [c] -> […, c]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        Shape c = [x.Shape[^1]];
        return new OpCase([x, d.Tensor(c), d.Tensor(c), d.Tensor(c)], t => [Instance.Run(t)]);
    })
    { PlainGradient = true, ReductionLength = c => c.Elements, Flops = c => 3.0 * c.Elements };
}
