using System.Numerics;

namespace NativeDL;

/// <summary>
/// An optimizer whose rule changes each element of a parameter by itself: one pass over all parameters that reads and writes
/// each number once, on the processor by <see cref="Update{T}"/>, on a card by the kernel of the same rule.
/// </summary>
/// <example>The sign of a running mean of gradients:
/// <code>
/// [Registered("my.signum")]
/// public sealed class Signum(Schedule? learningRate = null, double momentum = 0.9) : ElementwiseOptimizer(learningRate ?? 1e-3)
/// {
///     public double Momentum => momentum;
///     protected override IReadOnlyList&lt;string> SlotNames { get; } = ["momentum"];
///     protected override double[] Numbers(double rate, long step) => [rate, momentum, 1 - momentum];
///     protected override void Update&lt;T>(UpdateSpans&lt;T> x)
///     {
///         Vector&lt;T> rate = x.Number(0), kept = x.Number(1), rest = x.Number(2);
///         Span&lt;Vector&lt;T>> p = x.Values, m = x.Slot(0);
///         for (int i = 0; i &lt; p.Length; i++)
///         {
///             m[i] = kept * m[i] + rest * x.Gradients[i];
///             p[i] -= Vector.CopySign(rate, m[i]);
///         }
///     }
/// }
/// </code></example>
/// <remarks>
/// On a card it needs a kernel: a rule by <c>NDL_UPDATE</c> of <c>native/include/update.cuh</c>, in a <c>.cu</c> file of its own.
/// A rule that wants whole tensors, or is to run everywhere without a kernel, derives from <see cref="Optimizer"/>.
/// </remarks>
public abstract class ElementwiseOptimizer : Optimizer
{
    private UpdateRule? rule;

    /// <inheritdoc/>
    protected ElementwiseOptimizer(Schedule learningRate) : base(learningRate) { }

    /// <summary>
    /// The name of the rule's kernels, to which the suffix of the element type is added; by default the optimizer's. Null where the rule is
    /// <see cref="Optimizer.Update"/>, in tensor operations on any device.
    /// </summary>
    protected virtual string? Kernel => Name;

    /// <summary>The numbers that the rule works with in a step, as processor and card are given them: at most 15.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">Which step of the parameter it is, counted from 1.</param>
    protected virtual double[] Numbers(double rate, long step) => [rate];

    /// <summary>What a card makes the numbers of, together with the step, by a kernel of the rule's for them; null where it is sent the numbers.</summary>
    private protected virtual double[]? Settings(double rate) => null;

    /// <summary>Changes a stretch of a parameter, on the processor. May be called from several threads at once.</summary>
    /// <typeparam name="T">float, also where parameters are of half precision, or double.</typeparam>
    /// <param name="x">The values and what goes with them.</param>
    protected abstract void Update<T>(UpdateSpans<T> x) where T : unmanaged, IFloatingPointIeee754<T>;

    private protected sealed override void Run(UpdatePlan plan, Tensor? isGood)
    {
        if (Kernel is not { } kernel)
        {
            base.Run(plan, isGood);
            return;
        }
        rule ??= new UpdateRule(kernel, Update, Update);
        bool hasSettings = false;
        for (int group = 0; group < plan.StepsOfGroups.Length; group++)
        {
            plan.Numbers[group] = Numbers(plan.Rates[group], plan.StepsOfGroups[group] + 1);
            if (Settings(plan.Rates[group]) is not { } settings) continue;
            plan.Settings[group] = settings;
            hasSettings = true;
        }
        foreach (var device in plan.Devices)
            device.Run(rule, plan.Numbers, hasSettings ? plan.Settings : null, plan.StepsOfGroups, plan.Shares, isGood?.To(device.Device));
    }
}
