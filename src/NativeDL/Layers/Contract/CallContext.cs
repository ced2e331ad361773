namespace NativeDL;

/// <summary>
/// What a layer knows of the call that it is part of: whether it trains, which steps are masked, where random numbers
/// come from, what state is carried. A layer hands the context on to the layers inside of it.
/// </summary>
/// <example><code>
/// protected override Tensor Forward(Tensor x, CallContext call) => x + dense.Call(x.Dropout(0.1, call.Random), call);
/// </code></example>
/// <remarks>A context serves one call at a time. The numbers that layers draw are its random state's, in the order of the calls.</remarks>
public sealed class CallContext
{
    private readonly CallRun run;
    private int use = -1;

    /// <summary>A context for a call from outside.</summary>
    /// <param name="training">Whether this is a step of training: dropout drops, batch normalization uses the batch's statistics.</param>
    /// <param name="random">Where dropout and the like draw from; <see cref="RandomState.Default"/> unless named.</param>
    /// <param name="state">What layers carry from the call before; none, and each begins anew, unless named.</param>
    public CallContext(bool training = false, RandomState? random = null, CarriedState? state = null)
        : this(new CallRun { Source = random, State = state }, null, null, training, null)
    {
    }

    private CallContext(CallRun run, Layer? layer, LayerPath? path, bool training, Tensor? mask)
    {
        this.run = run;
        Layer = layer;
        Path = path;
        Training = training;
        Mask = mask;
    }

    /// <summary>Whether this is a step of training.</summary>
    public bool Training { get; }

    /// <summary>The mask of the layer's input, of several the first's: Bool <c>[N, T]</c>, true where a step counts. Null where all count.</summary>
    public Tensor? Mask { get; }

    /// <summary>Where random numbers come from.</summary>
    public RandomState Random => run.Source ?? RandomState.Default;

    /// <summary>
    /// What this layer carries from one call to the next: none at first, then what the layer sets. It is kept apart for
    /// each use of a layer in one call; no gradient flows from one call to the next.
    /// </summary>
    public Tensors State
    {
        get => run.State is { } states && Layer is not null ? states.Of(Layer, Use()) : default;
        set
        {
            if (run.State is not { } states || Layer is null) return;
            var (layer, nth, next) = (Layer, Use(), value);
            run.Do(() => states.Set(layer, nth, next));
        }
    }

    /// <summary>Losses that layers added in this call, such as a divergence; <c>Fit</c> adds them to its own.</summary>
    public IReadOnlyList<Tensor> Losses => run.Losses;

    /// <summary>The layer that is called; null outside of any.</summary>
    internal Layer? Layer { get; }

    /// <summary>The way to it from the outermost layer called.</summary>
    internal LayerPath? Path { get; }

    /// <summary>What the whole call shares.</summary>
    internal CallRun Run => run;

    /// <summary>Changes state that gradients do not reach, such as running statistics. In a step of <c>Fit</c> the change waits until loss and gradients have proved finite, and is dropped otherwise.</summary>
    /// <param name="parameter">Holds the state.</param>
    /// <param name="next">Gives the new value, of the same shape, from the old one.</param>
    public void Update(Parameter parameter, Func<Tensor, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(next);
        run.Do(() => parameter.Assign(run.Next(parameter.Value, next(parameter.Value))));
    }

    /// <inheritdoc cref="Update(Parameter, Func{Tensor, Tensor})"/>
    /// <param name="parameter">Holds the state.</param>
    /// <param name="next">The new value, of the same shape.</param>
    public void Update(Parameter parameter, Tensor next)
    {
        ArgumentNullException.ThrowIfNull(next);
        Update(parameter, _ => next);
    }

    /// <summary>Adds a term to the loss of the step, such as a penalty on what the layer made.</summary>
    /// <param name="loss">A scalar.</param>
    public void AddLoss(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.ElementCount != 1) throw Error.Shape("CallContext.AddLoss", "a loss is one number", $"{loss.Shape}", "[]", "take the mean or the sum");
        run.Losses.Add(loss.Rank == 0 ? loss : loss.Sum());
    }

    /// <summary>The mask of a tensor of this call, Bool <c>[N, T]</c>; null where all its steps count.</summary>
    public Tensor? MaskOf(Tensor x) => run.MaskOf(x);

    /// <summary>Says which steps of a tensor count; layers that keep the time axis pass it on.</summary>
    /// <param name="x">The tensor, <c>[N, T, …]</c>.</param>
    /// <param name="mask">Bool <c>[N, T]</c>, true where a step counts; null for all.</param>
    /// <exception cref="ShapeMismatchException">The mask's dimensions are not the tensor's first ones.</exception>
    public void SetMask(Tensor x, Tensor? mask) => run.SetMask(x, mask);

    /// <summary>The same call for the layers inside, in the other mode: part of a network may be held in inference while the rest trains.</summary>
    public CallContext With(bool training) => training == Training ? this : new CallContext(run, Layer, Path, training, Mask);

    /// <summary>The context in which a layer is called from this one.</summary>
    internal CallContext Enter(Layer layer, string name, Tensors inputs) => new(run, layer, new LayerPath(Path, name), Training, run.MaskOfFirst(inputs));

    /// <summary>A step of training, whose changes wait for <see cref="CallRun.Commit"/>.</summary>
    internal static CallContext ForStep(RandomState? random = null, CarriedState? state = null) =>
        new(new CallRun { Source = random, State = state, Waits = true }, null, null, true, null);

    /// <summary>A call that looks for the first layer whose output is not finite, and changes nothing.</summary>
    internal static CallContext ForDiagnosis(bool training) => new(new CallRun { Waits = true, LooksForNonFinite = true }, null, null, training, null);

    /// <summary>A call on placeholders, that tells shapes and changes nothing.</summary>
    internal static CallContext ForInference(bool training) => new(new CallRun { Waits = true, Infers = true }, null, null, training, null);

    /// <summary>A call on symbols whose calls of layers become a graph.</summary>
    internal static CallContext ForRecording() => new(new CallRun { Waits = true }, null, null, false, null);

    // Which use of the layer in this call this is; counted only for layers that carry state.
    private int Use() => use >= 0 ? use : use = run.NextUse(Layer!);
}
