namespace NativeDL;

/// <summary>
/// Changes parameters along their gradients. Converts from its Keras name: <c>Optimizer o = "adam";</c>
/// </summary>
/// <example>A training step by hand:
/// <code>
/// using var tape = new GradientTape();
/// var loss = (model.Call(x, training: true) - y).Square().Mean();
/// optimizer.Apply(model.Parameters, tape.Gradient(loss, model.Parameters));
/// </code></example>
/// <remarks>
/// Parameters are overwritten in place, all of them in one pass that is cut into pieces by their sizes alone, so that
/// the result is the same to the bit for any number of threads. An optimizer serves one training at a time.
/// </remarks>
[Family]
public abstract partial class Optimizer
{
    private readonly OptimizerStep step = new();
    private UpdatePlan? plan;
    private double? clipValue, clipNorm, globalClipNorm;
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

    /// <summary>The learning rate; step k, counted from 0, uses <c>LearningRate.At(k)</c>. A callback may set another.</summary>
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
    public double CurrentRate => learningRate.At(Steps);

    /// <summary>How many steps were done.</summary>
    public long Steps { get; internal set; }

    /// <summary>If set, each element of a gradient is brought into ±this. Excludes the other two clips.</summary>
    /// <exception cref="InvalidInputException">The number is not above 0, or another clip is set.</exception>
    [Setting]
    public double? ClipValue { get => clipValue; set => clipValue = Limit(value, nameof(ClipValue), clipValue); }

    /// <summary>If set, a gradient whose norm √Σg² is above this is scaled down to it, each parameter's for itself. Excludes the other two clips.</summary>
    /// <exception cref="InvalidInputException">The number is not above 0, or another clip is set.</exception>
    [Setting]
    public double? ClipNorm { get => clipNorm; set => clipNorm = Limit(value, nameof(ClipNorm), clipNorm); }

    /// <summary>If set, and the norm √Σg² over all gradients together is above this, all are scaled down by the same factor. Excludes the other two clips.</summary>
    /// <exception cref="InvalidInputException">The number is not above 0, or another clip is set.</exception>
    [Setting]
    public double? GlobalClipNorm { get => globalClipNorm; set => globalClipNorm = Limit(value, nameof(GlobalClipNorm), globalClipNorm); }

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
        if (parameters.Count != gradients.Count) throw Error.Input($"{Name}.Apply", "each parameter needs one gradient", $"{parameters.Count} parameters and {gradients.Count} gradients");
        double rate = LearningRate.At(Steps);
        if (!double.IsFinite(rate)) throw Error.Input($"{Name}.Apply", $"the learning rate of step {Steps} is not finite", $"{rate}");

        if (plan is null || !plan.Fits(parameters)) plan = new UpdatePlan(Name, parameters, SlotsOf);
        plan.Take(Name, gradients);
        try
        {
            GradientClip.Scale(plan, clipNorm, globalClipNorm);
            plan.Limit = clipValue ?? double.PositiveInfinity;
            plan.IsGood = isGood;
            step.Begin(plan, rate, Steps + 1);
            // An update in tensor operations knows of no condition: somebody has to look.
            if (IsFused || isGood is null || isGood.Item() != 0) Update(step);
            foreach (var parameter in plan.Parameters)
                if (parameter.Constraint is { } constraint) parameter.Assign(constraint(parameter.Value.StopGradient()));
            Steps++;
        }
        finally
        {
            plan.LetGo();
        }
    }

    /// <summary>Names of the tensors, of the parameter's shape and 0 at first, that are kept for each parameter from step to step.</summary>
    protected virtual IReadOnlyList<string> SlotNames => [];

    /// <summary>Whether the update is one of our kernels, which on a device look themselves whether the step is good.</summary>
    private protected virtual bool IsFused => false;

    /// <summary>Changes the parameters; for optimizers of one's own.</summary>
    /// <param name="step">Parameters, clipped gradients, rate and slots.</param>
    protected abstract void Update(OptimizerStep step);

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
