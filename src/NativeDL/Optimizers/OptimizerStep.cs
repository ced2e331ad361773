namespace NativeDL;

/// <summary>One step as an optimizer's <see cref="Optimizer.Update"/> sees it.</summary>
/// <example>Plain gradient descent:
/// <code>
/// protected override void Update(OptimizerStep step)
/// {
///     for (int i = 0; i &lt; step.Parameters.Count; i++)
///         step.Parameters[i].Assign(step.Parameters[i] - step.Rate * step.Gradient(i));
/// }
/// </code></example>
public sealed class OptimizerStep
{
    private UpdatePlan? plan;

    internal OptimizerStep() { }

    /// <summary>The learning rate of this step.</summary>
    public double Rate { get; private set; }

    /// <summary>The step's number, counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The parameters to change.</summary>
    public IReadOnlyList<Parameter> Parameters => Plan.Parameters;

    /// <summary>The gradient of parameter <paramref name="i"/>, clipped.</summary>
    public Tensor Gradient(int i)
    {
        var gradient = Plan.Gradients[i]!;
        if (Plan.Cuda?.Scale(i) is { } scale) gradient *= scale.Cast(gradient.DType);
        else if (Plan.Scales[i] != 1) gradient *= Plan.Scales[i];
        return double.IsPositiveInfinity(Plan.Limit) ? gradient : gradient.Clip(-Plan.Limit, Plan.Limit);
    }

    /// <summary>What is kept for parameter <paramref name="i"/> under the name number <paramref name="slot"/> of <see cref="Optimizer.SlotNames"/>.</summary>
    public Parameter Slot(int i, int slot) => Plan.Slots[i][slot];

    internal UpdatePlan Plan => plan!;

    internal void Begin(UpdatePlan with, double rate, long number) => (plan, Rate, Number) = (with, rate, number);
}
