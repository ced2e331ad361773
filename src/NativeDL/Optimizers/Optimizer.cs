namespace NativeDL;

/// <summary>
/// Changes parameters along their gradients. Converts from its Keras name: <c>Optimizer o = "adam";</c>
/// </summary>
/// <example>A training step by hand:
/// <code>
/// using var tape = new GradientTape();
/// var loss = (model.Call(x, training: true) - y).Square().Mean();
/// optimizer.Apply(model.TrainableParameters, tape.Gradient(loss, model.TrainableParameters));
/// </code></example>
/// <remarks>
/// Parameters are overwritten in place; the result is the same to the bit for any number of threads. They may live on several
/// devices, and beside half-precision parameters all state is Float32. An optimizer serves one training at a time.
/// <para>One of one's own overrides <see cref="Update"/>, in tensor operations, or derives from <see cref="ElementwiseOptimizer"/>,
/// whose rule runs over all parameters in one pass:
/// <code>
/// [Registered("my.signed")]
/// public sealed class Signed(Schedule? learningRate = null) : Optimizer(learningRate ?? 0.01)
/// {
///     protected override IReadOnlyList&lt;string> SlotNames { get; } = ["mean"];
///     protected override void Update(ParameterStep step)
///     {
///         step["mean"] = 0.9 * step["mean"] + 0.1 * step.Gradient;
///         step.Value -= step.Rate * step["mean"].Sign();
///     }
/// }
/// </code></para>
/// </remarks>
[Family]
public abstract partial class Optimizer
{
    private UpdatePlan? plan;
    private double? clipValue, clipNorm, globalClipNorm;
    private double weightDecay;
    private Schedule learningRate;

    /// <summary>An optimizer.</summary>
    /// <param name="learningRate">The learning rate of each step.</param>
    protected Optimizer(Schedule learningRate)
    {
        ArgumentNullException.ThrowIfNull(learningRate);
        this.learningRate = learningRate;
    }

    /// <summary>Its name, as Keras has it.</summary>
    public virtual string Name => Family<Optimizer>.NameOf(this);

    /// <summary>
    /// The learning rate; step k, counted from 0, uses <c>LearningRate.At(k)</c>, and where gradients are gathered over several steps, those count as one.
    /// A callback may set another.
    /// </summary>
    public Schedule LearningRate
    {
        get => learningRate;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            learningRate = value;
        }
    }

    /// <summary>The learning rate of the next step.</summary>
    public double CurrentRate => learningRate.At(Updates(Steps));

    /// <summary>How many steps were done.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// The share of a parameter that is lost in a step of rate 1, beside its gradient: p ← (1 − η·λ)·p before the step itself.
    /// 0, none, by default. Every parameter given to a step decays, unless <see cref="Groups"/> say otherwise.
    /// </summary>
    /// <exception cref="InvalidInputException">The number is negative or not finite.</exception>
    [Setting]
    public double WeightDecay { get => weightDecay; set => weightDecay = NotNegative(value, GetType().Name, "weightDecay"); }

    /// <summary>If set, each element of a gradient is brought into ±this. Excludes the other two clips.</summary>
    /// <exception cref="InvalidInputException">The number is not above 0, or another clip is set.</exception>
    [Setting]
    public double? ClipValue { get => clipValue; set => clipValue = Limit(value, nameof(ClipValue), clipValue); }

    /// <summary>If set, a gradient whose norm √Σg² is above this is scaled down to it, each parameter's for itself. Excludes the other two clips.</summary>
    /// <exception cref="InvalidInputException">The number is not above 0, or another clip is set.</exception>
    [Setting]
    public double? ClipNorm { get => clipNorm; set => clipNorm = Limit(value, nameof(ClipNorm), clipNorm); }

    /// <summary>
    /// If set, and the norm √Σg² over all gradients together is above this, all are scaled down by the same factor. Excludes the other two clips.
    /// </summary>
    /// <exception cref="InvalidInputException">The number is not above 0, or another clip is set.</exception>
    [Setting]
    public double? GlobalClipNorm { get => globalClipNorm; set => globalClipNorm = Limit(value, nameof(GlobalClipNorm), globalClipNorm); }

    /// <summary>The model that it is compiled into; null where there is none.</summary>
    internal Model? Owner { get; set; }

    /// <summary>The optimizer of that Keras name, with its default settings.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    public static implicit operator Optimizer(string name) => Registry.Create<Optimizer>(name);

    /// <summary>Does one step: changes each parameter that is trainable; a frozen one keeps its value to the bit.</summary>
    /// <param name="parameters">The parameters, each once.</param>
    /// <param name="gradients">Their gradients, in the same order.</param>
    /// <exception cref="InvalidInputException">The lists differ in length, a parameter stands in them twice, or the schedule's rate is not finite.</exception>
    /// <exception cref="ShapeMismatchException">A gradient has another shape than its parameter.</exception>
    /// <exception cref="DTypeMismatchException">A gradient has another element type than its parameter.</exception>
    public void Apply(IReadOnlyList<Parameter> parameters, IReadOnlyList<Tensor> gradients) => Apply(parameters, gradients, null);

    /// <summary>As above, on a device; where <paramref name="isGood"/>, a Bool scalar, is false, nothing changes but the number of steps.</summary>
    internal void Apply(IReadOnlyList<Parameter> parameters, IReadOnlyList<Tensor> gradients, Tensor? isGood)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradients);
        if (parameters.Count != gradients.Count)
            throw Error.Input($"{Name}.Apply", "each parameter needs one gradient", $"{parameters.Count} parameters and {gradients.Count} gradients");
        if (parameters.Contains(null!)) throw Error.Input($"{Name}.Apply(parameters)", "a parameter is null");
        double rate = CurrentRate;
        if (!double.IsFinite(rate)) throw Error.Input($"{Name}.Apply", $"the learning rate of step {Steps} is not finite", $"{rate}");

        if (plan is null || !plan.Fits(parameters)) plan = new UpdatePlan(Name, parameters, KeptOf, ChoiceOf);
        plan.Take(Name, gradients);
        try
        {
            if (Gather(plan, isGood))
            {
                plan.Clip(clipValue, clipNorm, globalClipNorm);
                plan.Prepare(rate, weightDecay);
                Begin(plan, isGood);
                Run(plan, isGood);
                foreach (var state in plan.States)
                    if (state.Parameter is { Constraint: { } constraint } parameter) parameter.AssignWhere(isGood, constraint(parameter.Value.StopGradient()));
                End(plan, isGood);
                plan.Count();
            }
            Steps++;
        }
        finally
        {
            plan.LetGo();
        }
    }

    /// <summary>Goes back to an earlier number of steps, those since having changed nothing.</summary>
    internal void Rewind(long steps)
    {
        plan?.Uncount(Updates(Steps) - Updates(steps));
        Steps = steps;
    }

    /// <summary>
    /// Names of the tensors, of <see cref="SlotShape"/> and 0 at first, that are kept for each parameter from step to step: any number, the same in every step.
    /// </summary>
    protected virtual IReadOnlyList<string> SlotNames => [];

    /// <summary>The shape of a slot: the parameter's, unless the rule says otherwise.</summary>
    /// <param name="slot">One of <see cref="SlotNames"/>.</param>
    /// <param name="parameter">The parameter.</param>
    protected virtual Shape SlotShape(string slot, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Shape;
    }

    /// <summary>Changes one parameter, by tensor operations on whatever device it lives.</summary>
    /// <param name="step">The parameter, its gradient, the rate and the slots.</param>
    protected virtual void Update(ParameterStep step) =>
        throw Error.Input($"{Name}.Apply", "the optimizer has no rule", $"{GetType()}", null,
            "override Update(ParameterStep), or derive from ElementwiseOptimizer");

    /// <summary>Changes all parameters.</summary>
    /// <param name="plan">The parameters, their gradients, rates and what decay leaves of them.</param>
    /// <param name="isGood">A Bool scalar on a device: where it is false nothing changes. Null where the step is known to be good.</param>
    private protected virtual void Run(UpdatePlan plan, Tensor? isGood)
    {
        for (int i = 0; i < plan.States.Length; i++)
        {
            int group = plan.GroupOf(i);
            var step = new ParameterStep(plan.States[i], SlotNames, plan.Gradient(i), plan.Rates[group], isGood);
            if (plan.Shares[group] != 1) step.Value *= plan.Shares[group];
            Update(step);
            step.End();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Describe.Call(this);

    /// <summary>Refuses a setting that is not in its range.</summary>
    private protected static double Share(double value, string optimizer, string setting) =>
        value is >= 0 and < 1 ? value : throw Error.Input(optimizer, $"{setting} is out of range", $"{value}", "0 up to, not including, 1");

    /// <summary>Refuses a setting below 0.</summary>
    private protected static double NotNegative(double value, string optimizer, string setting) =>
        double.IsFinite(value) && value >= 0 ? value : throw Error.Input(optimizer, $"{setting} is out of range", $"{value}", "0 or more");

    private double? Limit(double? value, string clip, double? before)
    {
        if (value is not { } limit) return null;
        if (!(limit > 0)) throw Error.Input($"{Name}.{clip}", "the limit must be above 0", $"{limit}");
        if (before is null && (clipValue ?? clipNorm ?? globalClipNorm) is not null)
            throw Error.Input($"{Name}.{clip}", "another clip is set already", null, "one of ClipValue, ClipNorm and GlobalClipNorm");
        return limit;
    }
}
