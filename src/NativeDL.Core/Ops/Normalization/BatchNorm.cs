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
    /// <returns>The result, and the batch's mean and variance (divided by n), of which running averages are made: Float32 for half-precision data.</returns>
    /// <remarks>The form for training; <see cref="BatchNormInference(Tensor, Tensor, Tensor, Tensor, double)"/> uses given means and variances.</remarks>
    /// <exception cref="ShapeMismatchException">γ or β is not [c].</exception>
    public (Tensor Y, Tensor Mean, Tensor Variance) BatchNorm(Tensor gamma, Tensor beta, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(gamma);
        ArgumentNullException.ThrowIfNull(beta);
        var results = new BatchNormOp(epsilon).RunMany(this, gamma, beta);
        return (results[0], results[1], results[2]);
    }
}

/// <summary>
/// y = (x − mean)·rstd·γ + β with rstd = 1/√(variance + ε); results y, mean, variance, rstd, and what rounding took from
/// the mean: without it the distances would not sum to 0, which shows in gradients where channels vary little.
/// </summary>
internal sealed partial class BatchNormOp(double epsilon) : Op, IOp
{
    public override string Name => "batch_norm";

    protected override Saved Saves => Saved.Both;

    protected override int ResultCount => 5;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        var shape = Channels.Require(Name, x, "gamma", "beta");
        y.Set(0, shape, x[0].DType);
        for (int i = 1; i < y.Count; i++) y.Set(i, shape[^1..], x[0].DType.ComputeType());
    }

    protected override unsafe void Compute<T>(Operands x, Results y)
    {
        using var openX = x[0].Open<T>();
        using var openGamma = x[1].Open<T>();
        using var openBeta = x[2].Open<T>();
        using var openY = y[0].Open<T>();
        using var openMean = y[1].Open<T>();
        using var openVariance = y[2].Open<T>();
        using var openRstd = y[3].Open<T>();
        using var openRest = y[4].Open<T>();
        long c = x[0].Shape[^1], rows = c == 0 ? 0 : x[0].ElementCount / c;
        ChannelKernels.Statistics(openX.Pointer, rows, c, epsilon, openMean.Pointer, openVariance.Pointer, openRstd.Pointer, openRest.Pointer);
        using var scale = new Scratch<T>(c);
        for (long i = 0; i < c; i++) scale.Pointer[i] = openGamma.Pointer[i] * openRstd.Pointer[i];
        ChannelKernels.Apply(openX.Pointer, rows, c, openMean.Pointer, scale.Pointer, openBeta.Pointer, openY.Pointer);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        int c = x[0].Shape[^1];
        var scale = Tensor.Empty([c], x[0].DType, x[0].Device);
        // In between are count, mean and squares of a piece, in float64.
        stream.Device.LaunchPieces("batch_norm_moments", x[0].DType, CudaSplit.OfColumns(x[0].ElementCount / Math.Max(1, c), c), 3 * sizeof(double),
            x[0], x[1], y[1], y[2], y[3], y[4], scale, epsilon);
        ChannelKernels.Launch(stream, "scale_shift", x[0], y[1], scale, x[2], y[0]);
        scale.Free();
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), mean = call.Output(1), rstd = call.Output(3);
        _ = call.HasGradient(4);   // what rounding took is 0 but for rounding
        Tensor? dx = null, dGamma = null, dBeta = null;
        if (call.HasGradient(0))
        {
            var g = new BatchNormGradOp(call.Needs(0)).RunMany(x, call.Input(1), mean, call.Output(4), rstd, call.Gradient(0));
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
        (((x.Cast(rstd.DType) - mean) * (2 * dVariance - dRstd * rstd * rstd.Square()) + dMean) / n).Cast(x.DType);

    public static OpSpec Spec => new("batch_norm", "[…, c], [c], [c] -> […, c], [c], [c]", d =>
    {
        var (x, c) = Draw(d);
        return new OpCase([x, d.Tensor([c], Domain.Positive), d.Tensor([c])], t =>
        {
            var (y, mean, variance) = t[0].BatchNorm(t[1], t[2], 1e-3);
            return [y, mean, variance];
        });
    })
    { WideResults = [1, 2], ReductionLength = c => c.Elements, Flops = c => 8.0 * c.Elements, Bytes = c => 12.0 * c.Elements };

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
internal sealed partial class BatchNormGradOp(bool wantsData) : Op, IOp
{
    public override string Name => "batch_norm_grad";

    protected override OpTraits Traits => OpTraits.MixedTypes;

    protected override int ResultCount => wantsData ? 3 : 2;

    protected override void Infer(Operands x, Results y)
    {
        (y[0], y[1]) = (x[1], x[1]);
        if (wantsData) y[2] = x[0];
    }

    protected override unsafe void Compute<T>(Operands x, Results y)
    {
        using var openX = x[0].Open<T>();
        using var openGamma = x[1].Open<T>();
        using var openMean = x[2].Open<T>();
        using var openRest = x[3].Open<T>();
        using var openRstd = x[4].Open<T>();
        using var openDy = x[5].Open<T>();
        using var openDGamma = y[0].Open<T>();
        using var openDBeta = y[1].Open<T>();
        long c = x[0].Shape[^1], rows = c == 0 ? 0 : x[0].ElementCount / c;
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
        using var openDx = y[2].Open<T>();
        ChannelKernels.ApplyGradient(openX.Pointer, openDy.Pointer, rows, c, openMean.Pointer, forDy, forX, constant, openDx.Pointer);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        int c = x[0].Shape[^1];
        long rows = x[0].ElementCount / Math.Max(1, c);
        var factors = wantsData ? Tensor.Empty([3, c], x[0].DType, x[0].Device) : null;
        stream.Device.LaunchPieces("batch_norm_grad_sums", x[0].DType, CudaSplit.OfColumns(rows, c), 2 * x[0].DType.Size(),
            x[0], x[1], x[2], x[3], x[4], x[5], y[0], y[1], factors, rows);
        if (factors is null) return;
        stream.Device.LaunchOver(Name, x[0].DType, x[0].ElementCount, x[0], x[5], x[2], factors, y[2], x[0].ElementCount, (long)c);
        factors.Free();
    }

    protected override Tensors Backward(BackwardCall call) => Composite.Backward(call, Reference);

    private Tensor[] Reference(Tensor[] t)
    {
        var type = t[4].DType;
        Tensor x = t[0].Cast(type), gamma = t[1].Cast(type), rstd = t[4], dy = t[5].Cast(type);
        int[] batch = [.. Enumerable.Range(0, x.Rank - 1)];
        double n = x.Shape.CountOf(batch);
        var normal = (x - t[2] - t[3]) * rstd;
        // Without axes Sum would sum all of them.
        Tensor dGamma = batch.Length == 0 ? dy * normal : (dy * normal).Sum(batch), dBeta = batch.Length == 0 ? dy : dy.Sum(batch);
        Tensor[] sums = [dGamma.Cast(t[1].DType), dBeta.Cast(t[1].DType)];
        return wantsData ? [.. sums, (gamma * rstd * (dy - (dBeta + normal * dGamma) / n)).Cast(t[0].DType)] : sums;
    }

    public static OpSpec Spec => new("batch_norm_grad", "[…, c], [c], [c], [c], [c], […, c] -> [c], [c], […, c]?", d =>
    {
        var (x, c) = BatchNormOp.Draw(d);
        bool data = d.Flag();
        return new OpCase([x, d.Tensor([c]), d.Tensor([c]), d.Tensor([c], new Domain(-0.01, 0.01)), d.Tensor([c], Domain.Positive), d.Tensor(x.Shape)],
            t => new BatchNormGradOp(data).RunMany(t), data ? "with dx" : "");
    })
    { ReductionLength = c => c.Elements, Flops = c => 12.0 * c.Elements, Bytes = c => 20.0 * c.Elements };
}
