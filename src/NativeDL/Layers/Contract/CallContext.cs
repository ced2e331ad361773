namespace NativeDL;

/// <summary>
/// What a layer knows of the call that it is part of: whether it trains, which steps are masked, where random numbers
/// come from, what state is carried. A layer hands the context on to the layers inside of it.
/// </summary>
/// <example><code>
/// protected override Tensor Forward(Tensor x, CallContext call) => x + dense.Call(x.Dropout(0.1, call.Random), call);
/// </code></example>
/// <remarks>A context serves one call at a time. The numbers that layers draw are its random state's, in the order of the calls.</remarks>
public sealed partial class CallContext
{
    private readonly CallRun run;
    private readonly CarriedState? carried;
    private int use = -1;
    private int rows = Shape.None; // of the layer's first input

    /// <summary>A context for a call from outside.</summary>
    /// <param name="training">Whether this is a step of training: dropout drops, batch normalization uses the batch's statistics.</param>
    /// <param name="random">Where dropout and the like draw from; a model's own source unless named, outside of any <see cref="RandomState.Default"/>.</param>
    /// <param name="state">What layers carry from the call before; none, and each begins anew, unless named.</param>
    public CallContext(bool training = false, RandomState? random = null, CarriedState? state = null)
        : this(new CallRun { Source = random }, null, null, training, state)
    {
    }

    private CallContext(CallRun run, Layer? layer, LayerPath? path, bool training, CarriedState? carried)
    {
        this.run = run;
        this.carried = carried;
        Layer = layer;
        Path = path;
        Training = training;
    }

    /// <summary>Whether this is a step of training.</summary>
    public bool Training { get; }

    /// <summary>
    /// The mask of the layer's input, of several the first that is there: Bool <c>[N, T]</c>, true where a step counts. Null where all count.
    /// <see cref="Tensor.Mask"/> has that of each.
    /// </summary>
    public Tensor? Mask { get; private init; }

    /// <summary>Where random numbers come from.</summary>
    public RandomState Random => run.Source ?? run.Own ?? RandomState.Default;

    /// <summary>
    /// What this layer carries from one call to the next, each tensor <c>[N, …]</c> or a single number: none at first, then what the
    /// layer sets. It is kept apart for each use of a layer in one call; no gradient flows from one call to the next.
    /// </summary>
    /// <exception cref="ShapeMismatchException">What is carried is of a batch of another size.</exception>
    public Tensors State
    {
        get => carried is not null && Layer is not null ? carried.Of(Layer, Use(), rows) : default;
        set
        {
            if (carried is not { } states || Layer is null) return;
            var (layer, nth, size, next) = (Layer, Use(), rows, value);
            run.Do(() => states.Set(layer, nth, size, next));
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

    /// <summary>
    /// Changes state that gradients do not reach, such as running statistics. In a step of <c>Fit</c> the change waits until loss and gradients have proved
    /// finite, and is dropped otherwise.
    /// </summary>
    /// <param name="parameter">Holds the state.</param>
    /// <param name="next">Gives the new value, of the same shape, from the old one.</param>
    public void Update(Parameter parameter, Func<Tensor, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(next);
        run.Do(() => parameter.Replace(run.Next(parameter.Value, next(parameter.Value))));
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

    /// <summary>The same call for the layers inside, in the other mode: part of a network may be held in inference while the rest trains.</summary>
    public CallContext With(bool training) => training == Training ? this : new CallContext(run, Layer, Path, training, carried) { Mask = Mask, rows = rows };

    /// <summary>The same call for the layers inside, with another carried state; added losses and changes that wait stay those of the call.</summary>
    /// <param name="state">What the layers carry; null for nothing, so that each begins anew.</param>
    public CallContext With(CarriedState? state) =>
        ReferenceEquals(state, carried) ? this : new CallContext(run, Layer, Path, Training, state) { Mask = Mask, rows = rows };

    /// <summary>The context in which a layer is called from this one.</summary>
    internal CallContext Enter(Layer layer, string name, Tensors inputs)
    {
        run.Count();
        run.Own ??= layer.OwnRandom;
        Tensor? mask = null;
        for (int i = 0; i < inputs.Count && mask is null; i++) mask = inputs[i].Mask;
        return new(run, layer, new LayerPath(Path, name), Training, carried) { Mask = mask,
            rows = inputs[0].Rank == 0 ? Shape.None : inputs[0].Shape.Dimension(0) };
    }

    /// <summary>A step of training, whose changes wait for <see cref="CallRun.Commit"/>.</summary>
    internal static CallContext ForStep(CarriedState? state = null) =>
        new(new CallRun { Source = RandomState.Default, Waits = true }, null, null, true, state);

    /// <summary>A call that looks for the first layer whose output is not finite, and changes nothing.</summary>
    internal static CallContext ForDiagnosis(bool training, CarriedState? state = null) =>
        new(new CallRun { Source = RandomState.Default, Waits = true, LooksForNonFinite = true }, null, null, training, state);

    /// <summary>A call on placeholders, that tells shapes and changes nothing.</summary>
    internal static CallContext ForInference(bool training) => new(new CallRun { Waits = true, Infers = true }, null, null, training, null);

    /// <summary>The same call of the same layer on placeholders.</summary>
    internal CallContext ForPlaceholders(RandomState? ofGraph) =>
        new(new CallRun { Waits = true, Infers = true, Own = run.Own ?? ofGraph }, Layer, Path, Training, null);

    /// <summary>A call on symbols whose calls of layers become a graph.</summary>
    internal static CallContext ForRecording() => new(new CallRun { Waits = true }, null, null, false, null);

    /// <summary>A call that computes in the types that it is given, and changes nothing.</summary>
    internal static CallContext ForCheck(bool training) =>
        new(new CallRun { Source = RandomState.Default, Waits = true, IsExact = true }, null, null, training, null);

    // Which use of the layer in this call this is; counted only for layers that carry state.
    private int Use() => use >= 0 ? use : use = run.NextUse(carried!, Layer!);
}
