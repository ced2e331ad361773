namespace NativeDL;

/// <summary>
/// The parameters of a step that live on one device, and the passes over all of them there. Made once, and used for as long as
/// the parameters are the same tensors.
/// </summary>
internal abstract class DeviceUpdate
{
    /// <param name="device">Where they live.</param>
    /// <param name="values">The parameters' values, contiguous.</param>
    /// <param name="slots">What is kept for each: contiguous, of its shape and of the type that is computed with.</param>
    /// <param name="groups">The group of each: parameters of a group are given the same numbers.</param>
    protected DeviceUpdate(Device device, Tensor[] values, Tensor[][] slots, int[] groups)
    {
        (Device, Values, Slots, Groups) = (device, values, slots, groups);
        Gradients = new Tensor?[values.Length];
    }

    /// <summary>Where they live.</summary>
    public Device Device { get; }

    /// <summary>The parameters' values.</summary>
    public Tensor[] Values { get; }

    /// <summary>What is kept for each.</summary>
    public Tensor[][] Slots { get; }

    /// <summary>Their gradients in this step, contiguous.</summary>
    public Tensor?[] Gradients { get; }

    /// <summary>The group of each.</summary>
    protected int[] Groups { get; }

    /// <summary>Each element of a gradient is brought into ±this, after all else.</summary>
    protected double Limit { get; private set; }

    /// <summary>Says how gradients are clipped in this step: each element, each gradient's norm, or the norm of all gradients together.</summary>
    /// <param name="value">The limit of an element, or null.</param>
    /// <param name="norm">The limit of a norm, or null.</param>
    /// <param name="globalNorm">The limit of the norm of all, or null.</param>
    /// <param name="elsewhere">With the last: the sum of squares on other devices, a Float64 scalar on this one; null for none.</param>
    public void Clip(double? value, double? norm, double? globalNorm, Tensor? elsewhere)
    {
        Limit = value ?? double.PositiveInfinity;
        Scale(norm, globalNorm, elsewhere);
    }

    /// <summary>The sum of the squares of all gradients, a Float64 scalar on this device.</summary>
    public abstract Tensor SumOfSquares();

    /// <summary>The gradient of a parameter, clipped, in the type that is computed with.</summary>
    public Tensor Clipped(int i)
    {
        var gradient = Scaled(Gradients[i]!.StopGradient().Cast(Values[i].DType.ComputeType()), i);
        return double.IsPositiveInfinity(Limit) ? gradient : gradient.Clip(-Limit, Limit);
    }

    /// <summary>Runs a rule over all parameters.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="numbers">The numbers of each group.</param>
    /// <param name="settings">What a card makes the numbers of each group of by itself, together with the steps; null where it cannot.</param>
    /// <param name="steps">The steps that each group has done.</param>
    /// <param name="shares">What the values of each group are multiplied with first: the share of them that decay leaves.</param>
    /// <param name="isGood">A Bool scalar on this device: where it is false nothing changes. Null where the step is known to be good.</param>
    public void Run(UpdateRule rule, double[][] numbers, double[][]? settings, long[] steps, double[] shares, Tensor? isGood)
    {
        Pass(rule, numbers, settings, steps, shares, isGood);
        foreach (var value in Values) value.BumpVersion();
        foreach (var slots in Slots)
            foreach (var slot in slots) slot.BumpVersion();
    }

    /// <summary>Finds the factor of each gradient: 1, or limit / norm where a norm is above its limit.</summary>
    protected abstract void Scale(double? norm, double? globalNorm, Tensor? elsewhere);

    /// <summary>A gradient multiplied with its factor.</summary>
    protected abstract Tensor Scaled(Tensor gradient, int i);

    /// <inheritdoc cref="Run"/>
    protected abstract void Pass(UpdateRule rule, double[][] numbers, double[][]? settings, long[] steps, double[] shares, Tensor? isGood);
}
