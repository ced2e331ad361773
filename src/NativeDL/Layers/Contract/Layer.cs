namespace NativeDL;

/// <summary>
/// A part of a network: it turns one tensor or several into one or several, and owns the parameters it needs for that.
/// The object is the configuration; parameters are made when the first input, and so its shape, is known.
/// </summary>
/// <example>A layer of one's own:
/// <code>
/// sealed class Scale : Layer
/// {
///     private Parameter? factor;
///     protected override void CreateWeights(Shape input) => factor = AddWeight("factor", [input[^1]], "ones");
///     protected override Tensor Forward(Tensor x, CallContext call) => x * factor!;
/// }
/// </code></example>
[Family(ByClassName = true, NamesItself = true)]
public abstract partial class Layer
{
    private readonly Lock building = new();
    private DType? dtype;
    private bool isDTypeSet;
    private Making? making;
    private FirstValues? firstValues; // of parameters that were made before there was data
    private volatile bool isBuilt;

    /// <summary>A layer.</summary>
    /// <param name="name">Its name inside of a model; by default its type's, numbered where it occurs again.</param>
    protected Layer(string? name = null) => this.name = name;

    /// <summary>Where random numbers come from where it is the outermost layer of a call.</summary>
    internal virtual RandomState OwnRandom => RandomState.Default;

    /// <summary>Whether the parameters exist.</summary>
    public bool IsBuilt => isBuilt;

    /// <summary>
    /// The element type of the parameters. Unless it is set before they are made: the first floating-point input's, and Float32 until
    /// one was seen. Where it is set, floating-point inputs of another type are converted to it.
    /// </summary>
    /// <exception cref="InvalidInputException">The parameters are made already, of another type.</exception>
    public DType DType
    {
        get => dtype ?? DType.Float32;
        set
        {
            if ((isBuilt || own.Count > 0) && value != DType)
                throw Error.Input($"{Name}.DType", "the parameters are made already", $"{value}, and parameters of {DType}", null,
                    "set it where the layer is made: new Dense(8) { DType = DType.BFloat16 }");
            (dtype, isDTypeSet) = (value, true);
        }
    }

    /// <summary>The element type that was set or found out; null before.</summary>
    internal DType? GivenDType => dtype;

    /// <summary>Whether the element type was set, and not found out from an input.</summary>
    internal bool IsDTypeSet => isDTypeSet;

    /// <summary>
    /// Whether floating-point inputs become of the type that <see cref="DType"/> was set to. Not where they are no features, such as indices.
    /// </summary>
    protected virtual bool ConvertsInputs => true;

    /// <summary>The element type that a file tells.</summary>
    internal void RestoreDType(DType fileDType, bool isSet) => (dtype, isDTypeSet) = (fileDType, isSet);

    /// <summary>Shape of the last result, batch axis included; null before the first call.</summary>
    internal Shape? LastOutput { get; private set; }

    /// <summary>Symbols of the shapes and types of the first inputs, for any batch; none before the first call.</summary>
    internal Tensors Signature { get; private set; }

    /// <summary>Turns <paramref name="x"/> into the layer's result; makes the parameters first if this is the first call.</summary>
    /// <param name="x">The input, batch axis first.</param>
    /// <param name="training">Whether this is a step of training: dropout drops, batch normalization uses the batch's statistics.</param>
    /// <exception cref="ShapeMismatchException">The input does not fit the layer; the error names the layer.</exception>
    public Tensor Call(Tensor x, bool training = false) => Call(x, new CallContext(training));

    /// <summary>Turns <paramref name="x"/> into the layer's result, as part of a call: so a layer calls those inside of it.</summary>
    /// <param name="x">The input, batch axis first.</param>
    /// <param name="call">The context that the caller was given.</param>
    /// <exception cref="ShapeMismatchException">The input does not fit the layer; the error names the layer.</exception>
    public Tensor Call(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        var outputs = Call((Tensors)x, call);
        return outputs.Count == 1 ? outputs[0]
            : throw Error.Input($"{Name}.Call", "the layer gives several tensors", $"{outputs}", "one",
                "hand its input over as Tensors, then it gives Tensors: layer.Call([x])");
    }

    /// <summary>Turns several tensors into the layer's results.</summary>
    /// <param name="inputs">The inputs, in order or by the layer's names.</param>
    /// <param name="training">Whether this is a step of training.</param>
    /// <exception cref="InvalidInputException">The number of inputs is not the layer's.</exception>
    /// <exception cref="ShapeMismatchException">The inputs do not fit the layer; the error names the layer.</exception>
    public Tensors Call(Tensors inputs, bool training = false) => Call(inputs, new CallContext(training));

    /// <summary>Turns several tensors into the layer's results, as part of a call.</summary>
    /// <inheritdoc cref="Call(Tensors, bool)" path="/exception"/>
    /// <param name="inputs">The inputs, in order or by the layer's names.</param>
    /// <param name="call">The context that the caller was given.</param>
    public Tensors Call(Tensors inputs, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(call);
        string known = call.Layer?.NameOf(this) ?? Name;
        bool records = !call.Run.Infers && inputs.Any(x => x is { IsSymbolic: true });
        try
        {
            RequireTensors(inputs, "the inputs");
            if (records) return Record(inputs, call);
            var device = inputs[0].Device;
            device.NoteLayer(call.Path);
            if (isDTypeSet && ConvertsInputs && !call.Run.IsExact) inputs = inputs.Select(x => x.DType.IsFloating() && x.DType != DType ? x.Cast(DType) : x);
            var inside = call.Enter(this, known, inputs);
            if (!isBuilt) BuildFor(inputs, inside);
            if (firstValues is { } waiting && device != Device.Symbolic) Settle(waiting, device);
            var outputs = firstValues is null ? Forward(inputs, inside) : Infer(inputs, inside);
            RequireTensors(outputs, "what the layer's Forward gave");
            LastOutput = outputs[0].Shape;
            outputs = WithMasks(inputs, outputs, inside);
            inside.Run.Leave(inside.Path!, outputs);
            device.NoteLayer(inside.Path);
            return outputs;
        }
        catch (NativeDLException e) when (!records && e.Within(known)) // a call that records is one inside of it
        {
            throw; // never: the filter only notes the layer's name
        }
    }

    /// <summary>
    /// Makes the parameters for inputs of the given shape and finds the shapes inside. Nothing is computed, and the parameters' first values only when they are
    /// needed.
    /// </summary>
    /// <param name="inputShape">Batch axis first; a batch of 0 or less, or another dimension that is <see cref="Shape.None"/>, stands for any.</param>
    /// <exception cref="ShapeMismatchException">The shape does not fit.</exception>
    public void Build(params int[] inputShape)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        if (inputShape.Length == 0) throw Error.Shape($"{Name}.Build", "the shape needs a batch axis", "[]", "[batch, …]");
        Call(Tensor.Symbolic([inputShape[0] > 0 ? inputShape[0] : Shape.None, .. inputShape[1..]], DType), CallContext.ForInference(training: false));
    }

    /// <summary>Makes the parameters; called once, before the first <c>Forward</c>, with the first input's shape.</summary>
    /// <param name="input">Shape of the input, batch axis first; a dimension that is not known yet is <see cref="Shape.None"/>.</param>
    protected virtual void CreateWeights(Shape input) { }

    /// <summary>Makes the parameters of a layer of several inputs; unless overridden, as for the first alone.</summary>
    /// <param name="inputs">Shapes of the inputs, batch axis first.</param>
    protected virtual void CreateWeightsForAll(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        CreateWeights(inputs[0]);
    }

    /// <summary>The forward pass of a layer of one tensor, in tensor operations; gradients come by themselves.</summary>
    /// <param name="x">The input, batch axis first.</param>
    /// <param name="call">Training or not, mask, random state; hand it on to the layers inside.</param>
    protected virtual Tensor Forward(Tensor x, CallContext call) =>
        throw Error.Input(GetType().Name, "the layer has no forward pass", null,
            "Forward(Tensor, CallContext), or Forward(Tensors, CallContext) for several tensors, overridden in the class");

    /// <summary>The forward pass of a layer of several tensors, in tensor operations.</summary>
    /// <param name="inputs">The inputs, batch axis first.</param>
    /// <param name="call">Training or not, masks, random state; hand it on to the layers inside.</param>
    protected virtual Tensors Forward(Tensors inputs, CallContext call) =>
        inputs.Count == 1 ? Forward(inputs[0], call) : throw Error.Input(GetType().Name, "the layer takes one tensor", $"{inputs}", "one");

    /// <summary>
    /// The mask of an output. Unless overridden, the one that it has: what the operations passed on (see <see cref="Tensor.Mask"/>), or
    /// <c>WithMask</c> said. An output without one takes that of the input where the time axis is kept: where it has as many
    /// dimensions as the masked input, the first of them the mask's.
    /// </summary>
    /// <param name="inputs">The inputs, with their masks.</param>
    /// <param name="output">One of the layer's outputs.</param>
    /// <param name="call">The context of the call.</param>
    /// <returns>Bool <c>[N, T]</c>, true where a step counts; null where all do.</returns>
    protected virtual Tensor? ComputeMask(Tensors inputs, Tensor output, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(call);
        if (output.Mask is { } passed) return passed;
        if (call.Mask is not { } mask) return null;
        foreach (var x in inputs)
            if (ReferenceEquals(x.Mask, mask) && x.Rank == output.Rank && output.Rank > mask.Rank && MaskRules.IsOf(mask, output)) return mask;
        return null;
    }

    /// <summary>The constructor call: <c>Dense(32, "relu")</c>.</summary>
    public override string ToString() => Describe.Call(this);

    /// <summary>Makes a parameter of this layer, on the device of the first input; for use in <see cref="CreateWeights"/>.</summary>
    /// <param name="name">The last part of its path.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="initializer">Its first values; Glorot uniform by default.</param>
    /// <param name="trainable">False for running statistics and other state that gradients do not reach.</param>
    /// <param name="regularizer">A penalty that <c>Fit</c> adds to the loss.</param>
    /// <param name="constraint">What it must be after each step of an optimizer.</param>
    /// <param name="dtype">The element type; the layer's by default.</param>
    /// <exception cref="InvalidInputException">The layer has a parameter of that name.</exception>
    /// <exception cref="ShapeMismatchException">A dimension is not known.</exception>
    protected Parameter AddWeight(string name, Shape shape, Initializer? initializer = null, bool trainable = true, Regularizer? regularizer = null,
        Constraint? constraint = null, DType? dtype = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (own.Exists(p => p.Name == name)) throw Error.Input($"{Name}.AddWeight", "the layer has a parameter of that name", $"'{name}' twice");
        if (shape.Contains(Shape.None)) throw Error.Shape($"{Name}.AddWeight", $"a dimension of '{name}' is not known", $"{shape}",
            "sizes that do not depend on the batch or on an unknown length");
        using var outside = TensorScope.Suspend();
        var device = making is null || making.Device == Device.Symbolic ? Device.Default : making.Device;
        var (first, type) = (initializer ?? "glorot_uniform", dtype ?? DType);
        var random = making?.Random ?? OwnRandom.Fork();
        var value = Tensor.Deferred(shape, type, device, making?.Values ?? new FirstValues(), () => first.Create(shape, random, type));
        var parameter = Parameter.Holding($"{making?.Call.Path?.Inner ?? Name}/{name}", value, trainable && this.trainable);
        own.Add((name, parameter));
        if (!trainable) fixedParameters.Add(parameter);
        if (constraint is not null) parameter.Constraint = constraint.Call;
        if (regularizer is not null) regularized.Add((parameter, regularizer));
        return parameter;
    }

    /// <summary>Refuses an input one of whose dimensions is not the one the layer was built for.</summary>
    private protected void RequireWidth(Tensor x, CallContext call, int axis, int expected, string what)
    {
        if (x.Rank <= Math.Abs(axis) - (axis < 0 ? 1 : 0) || x.Shape.Dimension(axis) != expected)
            throw Error.Shape(GetType().Name, $"the input's number of {what} is not the one that the layer '{call.Path!.Inner}' was built for",
                $"input of shape {x.Shape}{call.Run.MadeBy(x)}", $"{expected} {what}",
                "widths of layers that follow each other must match; a new model is built from its first input");
    }

    private void BuildFor(Tensors inputs, CallContext call)
    {
        // Parameters outlive every scope, also when they are made lazily inside of one; several threads may predict at once.
        lock (building)
        {
            if (isBuilt) return;
            using var outside = TensorScope.Suspend();
            var (before, given) = (own.ConvertAll(p => p.Parameter), dtype);
            dtype ??= inputs.FirstOrDefault(x => x.DType.IsFloating())?.DType;
            making = new Making(call, inputs[0].Device, new FirstValues());
            try
            {
                CreateWeightsForAll([.. inputs.Select(x => x.Shape)]);
                if (making.Device == Device.Symbolic) firstValues = making.Values;
                else making.Values.Make();
            }
            catch
            {
                // What was made of them is of no use: the next call begins anew.
                dtype = given;
                own.RemoveAll(p => !before.Contains(p.Parameter));
                fixedParameters.RemoveWhere(p => !before.Contains(p));
                regularized.RemoveAll(r => !before.Contains(r.Parameter));
                throw;
            }
            finally
            {
                making = null;
            }
            MarkBuilt(inputs);
        }
    }

    /// <summary>Notes that the layer is ready for inputs like these.</summary>
    private protected void MarkBuilt(Tensors inputs)
    {
        if (inputs.GivenNames is null) inputs = Tensors.Of([.. inputs]);
        Signature = inputs.Select(x => Tensor.Symbolic(x.Rank == 0 ? x.Shape : [Shape.None, .. x.Shape[1..]], x.DType));
        isBuilt = true;
    }

    private void RequireTensors(Tensors tensors, string what)
    {
        if (tensors.Count == 0) throw Error.Input(GetType().Name, $"{what} are no tensors", "none", "one or more");
        foreach (var x in tensors)
            if (x is null) throw Error.Input(GetType().Name, $"a tensor is missing among {what}", "null");
    }

    private Tensors WithMasks(Tensors inputs, Tensors outputs, CallContext call)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            var (y, mask) = (outputs[i], ComputeMask(inputs, outputs[i], call));
            if (ReferenceEquals(mask, y.Mask)) continue;
            if (inputs.Contains(y))
            {
                // What is handed on as it came keeps its own mask wherever else it is used.
                y = y.Alias();
                int place = i;
                outputs = Tensors.Of([.. outputs.Select((o, n) => n == place ? y : o)]).NamedAs(outputs);
            }
            y.SetMask(mask);
        }
        return outputs;
    }

    // While no data was seen, the parameters are symbols too: what a layer makes of them alone is not computed either.
    private Tensors Infer(Tensors inputs, CallContext call)
    {
        lock (building)
        {
            var values = own.ConvertAll(p => p.Parameter.Value);
            try
            {
                foreach (var (_, parameter) in own)
                    if (parameter.Value.IsDeferred) parameter.Exchange(Tensor.Symbolic(parameter.Shape, parameter.DType));
                return Forward(inputs, call);
            }
            finally
            {
                for (int i = 0; i < values.Count; i++) own[i].Parameter.Exchange(values[i]);
            }
        }
    }

    // The first data says where the parameters live that were made without any.
    private void Settle(FirstValues waiting, Device device)
    {
        lock (building)
        {
            foreach (var (_, parameter) in own)
                if (parameter.Value.IsDeferred) parameter.MoveTo(device);
            waiting.Make();
            firstValues = null;
        }
    }

    /// <summary>What parameters are made for: the call, the device of its input, and their values.</summary>
    private sealed record Making(CallContext Call, Device Device, FirstValues Values)
    {
        private RandomState? random;

        /// <summary>Where the values come from: each layer's from a fork, so that it does not matter when they are made.</summary>
        public RandomState Random => random ??= Call.Run.Own!.Fork();
    }
}
