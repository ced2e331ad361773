using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Each channel brought to mean 0 and variance 1 over the batch, then scaled and moved:
    /// (x − mean) / √(variance + ε) · γ + β. The last axis holds the channels, all others are the batch. <c>[…, c], [c], [c] -> […, c], [c], [c]</c>
    /// </summary>
    /// <param name="gamma">γ, [c].</param>
    /// <param name="beta">β, [c].</param>
    /// <param name="epsilon">ε, which keeps the root away from 0.</param>
    /// <returns>The result, and the batch's mean and variance (divided by n), of which running averages are made.</returns>
    /// <remarks>The form for training; <see cref="BatchNormInference(Tensor, Tensor, Tensor, Tensor, double)"/> uses given means and variances.</remarks>
    /// <exception cref="ShapeMismatchException">γ or β is not [c].</exception>
    public (Tensor Y, Tensor Mean, Tensor Variance) BatchNorm(Tensor gamma, Tensor beta, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(gamma);
        ArgumentNullException.ThrowIfNull(beta);
        var results = new BatchNormOp(epsilon).RunMany(5, this, gamma, beta);
        return (results[0], results[1], results[2]);
    }
}

/// <summary>
/// y = (x − mean)·rstd·γ + β with rstd = 1/√(variance + ε); results y, mean, variance, rstd, and what rounding took from
/// the mean: without it the distances would not sum to 0, which shows in gradients where channels vary little.
/// </summary>
internal sealed class BatchNormOp(double epsilon) : LegacyOp, IOp
{
    public override string Name => "batchNorm";

    protected override Saved Saves => Saved.Both;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        RequireSameDType(inputs);
        var x = inputs[0];
        RequireFloating(x);
        if (x.Rank == 0) throw Error.Shape(Name, "there is no channel axis", $"{x.Shape}", "[…, c]");
        Shape channels = [x.Shape[^1]];
        if (inputs[1].Shape != channels || inputs[2].Shape != channels)
            throw Error.Shape(Name, "gamma and beta need one element for each channel", $"x {x.Shape}, gamma {inputs[1].Shape}, beta {inputs[2].Shape}", $"gamma and beta {channels}");
        outputs[0] = Tensor.Empty(x.Shape, x.DType, x.Device);
        for (int i = 1; i < 5; i++) outputs[i] = Tensor.Empty(channels, x.DType, x.Device);
        if (!x.Device.IsCpu) OnCuda(x.Packed(), inputs[1].Packed(), inputs[2].Packed(), outputs);
        else if (x.DType == DType.Float32) Kernel<float>(x.Packed(), inputs[1].Packed(), inputs[2].Packed(), outputs);
        else Kernel<double>(x.Packed(), inputs[1].Packed(), inputs[2].Packed(), outputs);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), mean = call.Output(1), rstd = call.Output(3);
        Tensor? dx = null, dGamma = null, dBeta = null;
        if (call.HasGradient(0))
        {
            var g = new BatchNormGradientOp(call.Needs(0)).RunMany(call.Needs(0) ? 3 : 2, x, call.Input(1), mean, call.Output(4), rstd, call.Gradient(0));
            (dGamma, dBeta, dx) = (g[0], g[1], call.Needs(0) ? g[2] : null);
        }
        if (call.Needs(0) && (call.HasGradient(1) || call.HasGradient(2) || call.HasGradient(3)))
        {
            var through = Statistics(x, mean, rstd, call.Gradient(1), call.Gradient(2), call.Gradient(3), x.ElementCount / Math.Max(1, x.Shape[^1]));
            dx = dx is null ? through : dx + through;
        }
        return [dx, dGamma, dBeta];
    }

    /// <summary>What flows to the data through the mean, the variance and the reciprocal deviation of n elements.</summary>
    internal static Tensor Statistics(Tensor x, Tensor mean, Tensor rstd, Tensor dMean, Tensor dVariance, Tensor dRstd, long n) =>
        ((x - mean) * (2 * dVariance - dRstd * rstd * rstd.Square()) + dMean) / n;

    private unsafe void Kernel<T>(Tensor x, Tensor gamma, Tensor beta, Span<Tensor> outputs) where T : unmanaged, IFloatingPoint<T>
    {
        using var openX = x.Open<T>();
        using var openGamma = gamma.Open<T>();
        using var openBeta = beta.Open<T>();
        using var openY = outputs[0].Open<T>();
        using var openMean = outputs[1].Open<T>();
        using var openVariance = outputs[2].Open<T>();
        using var openRstd = outputs[3].Open<T>();
        using var openRest = outputs[4].Open<T>();
        long c = x.Shape[^1], rows = c == 0 ? 0 : x.ElementCount / c;
        ChannelKernels.Statistics(openX.Pointer, rows, c, epsilon, openMean.Pointer, openVariance.Pointer, openRstd.Pointer, openRest.Pointer);
        using var scale = new Scratch<T>(c);
        for (long i = 0; i < c; i++) scale.Pointer[i] = openGamma.Pointer[i] * openRstd.Pointer[i];
        ChannelKernels.Apply(openX.Pointer, rows, c, openMean.Pointer, scale.Pointer, openBeta.Pointer, openY.Pointer);
    }

    private void OnCuda(Tensor x, Tensor gamma, Tensor beta, Span<Tensor> outputs)
    {
        int c = x.Shape[^1];
        var scale = Tensor.Empty([c], x.DType, x.Device);
        // In between are count, mean and squares of a piece, in float64.
        CudaDevice.Of(x).LaunchPieces("batchNormMoments", x.DType, CudaSplit.OfColumns(x.ElementCount / Math.Max(1, c), c), 3 * sizeof(double),
            x, gamma, outputs[1], outputs[2], outputs[3], outputs[4], scale, epsilon);
        ChannelKernels.OnCuda("scaleShift", x, outputs[1], scale, beta, outputs[0]);
        scale.Free();
    }

    public static OpSpec Spec => new("batchNorm", "[…, c], [c], [c] -> […, c], [c], [c]", d =>
    {
        var (x, c) = Draw(d);
        return new OpCase([x, d.Tensor([c], Domain.Positive), d.Tensor([c])], t =>
        {
            var (y, mean, variance) = t[0].BatchNorm(t[1], t[2], 1e-3);
            return [y, mean, variance];
        });
    })
    { ReductionLength = c => c.Elements, Flops = c => 8.0 * c.Elements, Bytes = c => 12.0 * c.Elements };

    /// <summary>Channels that differ enough to have a variance.</summary>
    internal static (Tensor X, int Channels) Draw(Draw d)
    {
        int c = d.Size(33), n = d.Int(2, Math.Max(4, d.MaxElements / c / 2));
        return (d.Tensor(d.Flag() ? [n, c] : [2, n, c], Domain.Distinct), c);
    }
}

/// <summary>
/// dγ = Σ dy·x̂, dβ = Σ dy and, if wanted, dx = γ·rstd·(dy − dβ/n − x̂·dγ/n) with x̂ = (x − mean − rest)·rstd: two passes
/// over x and dy. <c>[…, c], [c], [c], [c], [c], […, c] -> [c], [c], […, c]</c>
/// </summary>
internal sealed class BatchNormGradientOp(bool wantsData) : LegacyOp, IOp
{
    public override string Name => "batchNormGradient";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        for (int i = 0; i < 2; i++) outputs[i] = Tensor.Empty(inputs[1].Shape, x.DType, x.Device);
        if (wantsData) outputs[2] = Tensor.Empty(x.Shape, x.DType, x.Device);
        if (!x.Device.IsCpu) OnCuda(inputs, outputs);
        else if (x.DType == DType.Float32) Kernel<float>(inputs, outputs);
        else Kernel<double>(inputs, outputs);
    }

    protected override Tensors Backward(BackwardCall call) => Composite.Backward(call, Reference);

    private Tensor[] Reference(Tensor[] t)
    {
        Tensor x = t[0], gamma = t[1], rstd = t[4], dy = t[5];
        int[] batch = [.. Enumerable.Range(0, x.Rank - 1)];
        double n = x.Shape.CountOf(batch);
        var normal = (x - t[2] - t[3]) * rstd;
        // Without axes Sum would sum all of them.
        Tensor dGamma = batch.Length == 0 ? dy * normal : (dy * normal).Sum(batch), dBeta = batch.Length == 0 ? dy : dy.Sum(batch);
        return wantsData ? [dGamma, dBeta, gamma * rstd * (dy - (dBeta + normal * dGamma) / n)] : [dGamma, dBeta];
    }

    private unsafe void Kernel<T>(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs) where T : unmanaged, IFloatingPoint<T>
    {
        using var openX = inputs[0].Packed().Open<T>();
        using var openGamma = inputs[1].Packed().Open<T>();
        using var openMean = inputs[2].Packed().Open<T>();
        using var openRest = inputs[3].Packed().Open<T>();
        using var openRstd = inputs[4].Packed().Open<T>();
        using var openDy = inputs[5].Packed().Open<T>();
        using var openDGamma = outputs[0].Open<T>();
        using var openDBeta = outputs[1].Open<T>();
        long c = inputs[0].Shape[^1], rows = c == 0 ? 0 : inputs[0].ElementCount / c;
        using var sums = new Scratch<double>(2 * c);
        using var factors = new Scratch<T>(3 * c);
        double* total = sums.Pointer, along = total + c;
        ChannelKernels.GradientSums(openX.Pointer, openDy.Pointer, rows, c, openMean.Pointer, total, along);
        T* forDy = factors.Pointer, forX = forDy + c, constant = forX + c;
        for (long i = 0; i < c; i++)
        {
            double rstd = double.CreateChecked(openRstd.Pointer[i]), scale = double.CreateChecked(openGamma.Pointer[i]) * rstd;
            double rest = double.CreateChecked(openRest.Pointer[i]), product = along[i] - rest * total[i], slope = -scale * rstd * rstd * product / rows;
            openDGamma.Pointer[i] = T.CreateChecked(product * rstd);
            openDBeta.Pointer[i] = T.CreateChecked(total[i]);
            forDy[i] = T.CreateChecked(scale);
            forX[i] = T.CreateChecked(slope);
            constant[i] = T.CreateChecked(-scale * total[i] / rows - slope * rest);
        }
        if (!wantsData) return;
        using var openDx = outputs[2].Open<T>();
        ChannelKernels.ApplyGradient(openX.Pointer, openDy.Pointer, rows, c, openMean.Pointer, forDy, forX, constant, openDx.Pointer);
    }

    private void OnCuda(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0].Packed(), mean = inputs[2].Packed(), dy = inputs[5].Packed();
        var device = CudaDevice.Of(x);
        int c = x.Shape[^1];
        long rows = x.ElementCount / Math.Max(1, c);
        var factors = wantsData ? Tensor.Empty([3, c], x.DType, device) : null;
        device.LaunchPieces("batchNormGradientSums", x.DType, CudaSplit.OfColumns(rows, c), 2 * x.DType.Size(),
            x, inputs[1].Packed(), mean, inputs[3].Packed(), inputs[4].Packed(), dy, outputs[0], outputs[1], factors, rows);
        if (factors is null) return;
        device.LaunchOver(Name, x.DType, x.ElementCount, x, dy, mean, factors, outputs[2], x.ElementCount, (long)c);
        factors.Free();
    }

    public static OpSpec Spec => new("batchNormGradient", "[…, c], [c], [c], [c], [c], […, c] -> [c], [c], […, c]?", d =>
    {
        var (x, c) = BatchNormOp.Draw(d);
        bool data = d.Flag();
        return new OpCase([x, d.Tensor([c]), d.Tensor([c]), d.Tensor([c], new Domain(-0.01, 0.01)), d.Tensor([c], Domain.Positive), d.Tensor(x.Shape)],
            t => new BatchNormGradientOp(data).RunMany(data ? 3 : 2, t), data ? "with dx" : "");
    })
    { PlainGradient = true, ReductionLength = c => c.Elements, Flops = c => 12.0 * c.Elements, Bytes = c => 20.0 * c.Elements };
}
