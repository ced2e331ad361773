namespace NativeDL;

/// <summary>
/// Steps that only the gradient's sign decides, each element's of a size of its own: as long as the sign stays the size grows by η⁺, where it turns it
/// shrinks by η⁻ and the element waits for a step (Riedmiller and Braun 1993, Rprop−). For whole data sets, not for small batches. Formula and defaults
/// are PyTorch's; Keras has no such optimizer.
/// </summary>
/// <param name="learningRate">The first size; 0.01 by default.</param>
/// <param name="etaMinus">η⁻, by how much a size shrinks.</param>
/// <param name="etaPlus">η⁺, by how much a size grows.</param>
/// <param name="minStepSize">The smallest size.</param>
/// <param name="maxStepSize">The largest size.</param>
[Registered("rprop")]
public sealed class Rprop(Schedule? learningRate = null, double etaMinus = 0.5, double etaPlus = 1.2, double minStepSize = 1e-6, double maxStepSize = 50)
    : Optimizer(learningRate ?? 0.01)
{
    /// <summary>η⁻, by how much a size shrinks.</summary>
    public double EtaMinus { get; } = etaMinus is > 0 and < 1 ? etaMinus
        : throw Error.Input("Rprop", "etaMinus is out of range", $"{etaMinus}", "between 0 and 1");

    /// <summary>η⁺, by how much a size grows.</summary>
    public double EtaPlus { get; } = etaPlus > 1 && double.IsFinite(etaPlus) ? etaPlus
        : throw Error.Input("Rprop", "etaPlus is out of range", $"{etaPlus}", "above 1");

    /// <summary>The smallest size.</summary>
    public double MinStepSize { get; } = minStepSize >= 0 && minStepSize <= maxStepSize ? minStepSize
        : throw Error.Input("Rprop", "the range of sizes is empty or negative", $"{minStepSize} to {maxStepSize}");

    /// <summary>The largest size.</summary>
    public double MaxStepSize => maxStepSize;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["previous", "size"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var turned = step["previous"].Sign() * step.Gradient.Sign();
        var size = step.Number == 1 ? Tensor.FullLike(step.Value, step.Rate) : step["size"];
        size = Tensor.Where(turned.Greater(0), size * EtaPlus, Tensor.Where(turned.Less(0), size * EtaMinus, size)).Clip(MinStepSize, MaxStepSize);
        var gradient = Tensor.Where(turned.Less(0), 0, step.Gradient);
        (step["previous"], step["size"]) = (gradient, size);
        step.Value -= gradient.Sign() * size;
    }
}
