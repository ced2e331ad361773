using NativeDL.Formats;
using NativeDL.Layers;

namespace NativeDL;

/// <summary>
/// A part of a network: it turns a tensor into a tensor, and owns the parameters it needs for that. The object
/// is the configuration; parameters are made when the first input, and so its shape, is known.
/// </summary>
/// <example>A layer of one's own:
/// <code>
/// sealed class Scale : Layer
/// {
///     private Parameter? factor;
///     protected override void Create(Shape input) => factor = AddWeight("factor", [input[^1]], "ones");
///     protected override Tensor Forward(Tensor x, bool training) => x * factor!;
/// }
/// </code></example>
public abstract class Layer
{
    private readonly List<Parameter> own = [];
    private readonly List<Layer> layers = [];
    private readonly List<(Parameter Parameter, Regularizer Regularizer)> regularized = [];
    private readonly Lock building = new();
    private string? name;
    private Layer? parent;
    private bool trainable = true;
    private volatile bool isBuilt;

    /// <summary>A layer.</summary>
    /// <param name="name">Its name inside of a model; by default its type's, numbered where it occurs again.</param>
    protected Layer(string? name = null) => this.name = name;

    /// <summary>The layer's name: given, or its type's in lower case.</summary>
    public string Name
    {
        get => name ?? KerasName;
        private set => name = value;
    }

    /// <summary>The names of the layers around it and its own, without the outermost: <c>block/conv2d</c>.</summary>
    public string Path => parent?.parent is null ? Name : $"{parent.Path}/{Name}";

    /// <summary>Whether the parameters exist.</summary>
    public bool IsBuilt => isBuilt;

    /// <summary>The layers inside of this one, in order.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>Every parameter, this layer's own first, then those of the layers inside; a shared one once.</summary>
    public IReadOnlyList<Parameter> Parameters
    {
        get
        {
            var all = new List<Parameter>();
            Collect(all, []);
            return all;
        }
    }

    /// <summary>
    /// Whether training changes the layer. Freezing keeps every parameter, and every running statistic, to the bit.
    /// </summary>
    public bool Trainable
    {
        get => trainable;
        set
        {
            trainable = value;
            foreach (var p in own) p.Trainable = value && !fixedParameters.Contains(p);
            foreach (var layer in layers) layer.Trainable = value;
        }
    }

    /// <summary>Shape of the last result, batch axis included; null before the first call.</summary>
    internal Shape? LastOutput { get; private set; }

    /// <summary>Shape of the first input, batch axis included; null before the first call.</summary>
    internal Shape? FirstInput { get; private set; }

    /// <summary>The name of a layer that was given none: its type's, unless Keras calls the type otherwise.</summary>
    private protected virtual string KerasName => DefaultName(GetType().Name);

    private readonly HashSet<Parameter> fixedParameters = [];

    /// <summary>Turns <paramref name="x"/> into the layer's result; makes the parameters first if this is the first call.</summary>
    /// <param name="x">The input, batch axis first.</param>
    /// <param name="training">Whether this is a step of training: dropout drops, batch normalization uses the batch's statistics.</param>
    /// <exception cref="ShapeMismatchException">The input does not fit the layer; the error names the layer.</exception>
    public Tensor Call(Tensor x, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var level = LayerPath.Enter(Name);
        if (!isBuilt) BuildFor(x);
        var y = Forward(x, training) ?? throw Error.Input(GetType().Name, "the layer's Forward gave no tensor", "null");
        LastOutput = y.Shape;
        NonFiniteProbe.See(this, y);
        return y;
    }

    /// <summary>Makes the parameters for inputs of the given shape and finds the shapes inside, by a call on zeros.</summary>
    /// <param name="inputShape">Batch axis first; a batch of 0 or less stands for any.</param>
    /// <exception cref="ShapeMismatchException">The shape does not fit.</exception>
    public void Build(params ReadOnlySpan<int> inputShape)
    {
        if (inputShape.Length == 0) throw Error.Shape($"{Name}.Build", "the shape needs a batch axis", "[]", "[batch, …]");
        var dims = inputShape.ToArray();
        dims[0] = Math.Max(1, dims[0]);
        using var scope = TensorScope.Begin();
        Call(Tensor.Zeros(dims));
    }

    /// <summary>Makes the parameters; called once, before the first <see cref="Forward"/>, with the first input's shape.</summary>
    /// <param name="input">Shape of the input, batch axis first.</param>
    protected virtual void Create(Shape input) { }

    /// <summary>The forward pass, in tensor operations; gradients come by themselves.</summary>
    /// <param name="x">The input, batch axis first.</param>
    /// <param name="training">Whether this is a step of training.</param>
    protected abstract Tensor Forward(Tensor x, bool training);

    /// <summary>Writes what the layer's constructor needs into a model file; nothing by default.</summary>
    /// <param name="config">Where to write.</param>
    protected internal virtual void WriteConfig(LayerConfig config) { }

    /// <summary>Makes a parameter of this layer; for use in <see cref="Create"/>.</summary>
    /// <param name="parameterName">The last part of its path.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="initializer">Its first values; Glorot uniform by default.</param>
    /// <param name="weightTrainable">False for running statistics and other state that gradients do not reach.</param>
    /// <param name="regularizer">A penalty that <c>Fit</c> adds to the loss.</param>
    protected Parameter AddWeight(string parameterName, Shape shape, Initializer? initializer = null, bool weightTrainable = true, Regularizer? regularizer = null)
    {
        using var outside = TensorScope.Suspend();
        string path = $"{Path}/{parameterName}";
        var value = StoredWeights.Current is { } stored ? stored.Take(path, shape) : (initializer ?? "glorot_uniform").Create(shape, RandomState.Default, DType.Float32);
        var parameter = new Parameter(path, value.To(Device.Default), weightTrainable && trainable);
        own.Add(parameter);
        if (!weightTrainable) fixedParameters.Add(parameter);
        if (regularizer is not null) regularized.Add((parameter, regularizer));
        return parameter;
    }

    /// <summary>
    /// Changes state that gradients do not reach, such as running statistics; for use in <see cref="Forward"/>. In a step of
    /// <c>Fit</c> the change waits until loss and gradients have proved finite, and is dropped otherwise.
    /// </summary>
    /// <param name="state">The parameter that holds the state.</param>
    /// <param name="next">Gives the new value, of the same shape, from the old one.</param>
    protected static void UpdateState(Parameter state, Func<Tensor, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(next);
        StateUpdates.Add(() => state.Assign(next(state.Value)));
    }

    /// <summary>Makes <paramref name="layer"/> part of this one, so that its parameters are found; for use in constructors of layers and models.</summary>
    /// <returns>The same layer.</returns>
    protected TLayer Track<TLayer>(TLayer layer) where TLayer : Layer
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Tree().Contains(this)) throw Error.Input($"{Name}.Add", "a layer cannot be part of itself", layer == this ? null : $"'{Name}' is inside of '{layer.Name}'");
        // Of a layer that stands elsewhere too, the path there is the one that names its parameters.
        string name = layer.parent is null || !layers.Contains(layer) ? FreeName(layer) : layer.Name;
        layers.Add(layer);
        if (layer.parent is null)
        {
            layer.parent = this;
            layer.Name = name;
            layer.Rename();
        }
        if (!trainable) layer.Trainable = false;
        return layer;
    }

    /// <summary>The penalties of this layer and those inside, as one scalar; null when there are none.</summary>
    internal Tensor? Penalty()
    {
        Tensor? sum = null;
        foreach (var layer in Tree())
            foreach (var (parameter, regularizer) in layer.regularized)
            {
                var penalty = regularizer.Call(parameter);
                sum = sum is null ? penalty : sum + penalty;
            }
        return sum;
    }

    /// <summary>This layer and all inside, a shared one once.</summary>
    internal IEnumerable<Layer> Tree()
    {
        var seen = new HashSet<Layer>();
        return Walk(this);

        IEnumerable<Layer> Walk(Layer layer)
        {
            if (!seen.Add(layer)) yield break;
            yield return layer;
            foreach (var child in layer.layers)
                foreach (var inner in Walk(child)) yield return inner;
        }
    }

    /// <summary>Refuses an input whose last dimension is not the one the layer was built for.</summary>
    private protected void RequireWidth(Tensor x, int axis, int expected, string what)
    {
        if (x.Rank <= Math.Abs(axis) - (axis < 0 ? 1 : 0) || x.Shape[axis < 0 ? x.Rank + axis : axis] != expected)
            throw Error.Shape(GetType().Name, $"the input's number of {what} is not the one that the layer '{Path}' was built for", $"input of shape {x.Shape}{Before()}", $"{expected} {what}", "widths of layers that follow each other must match; a new model is built from its first input");
    }

    // The neighbour whose output does not fit, for the error.
    private string Before()
    {
        if (parent is null) return "";
        int i = parent.layers.IndexOf(this);
        if (i == 0) return parent.Before();
        return parent.layers[i - 1] is { LastOutput: { } shape } before ? $", which layer '{before.Path}' made as {shape}" : "";
    }

    private void BuildFor(Tensor x)
    {
        // Parameters outlive every scope, also when they are made lazily inside of one; several threads may predict at once.
        lock (building)
        {
            if (isBuilt) return;
            using var outside = TensorScope.Suspend();
            var before = own.ToList();
            try
            {
                Create(x.Shape);
            }
            catch
            {
                // What was made of them is of no use: the next call begins anew.
                own.RemoveAll(p => !before.Contains(p));
                fixedParameters.RemoveWhere(p => !before.Contains(p));
                regularized.RemoveAll(r => !before.Contains(r.Parameter));
                throw;
            }
            FirstInput = x.Shape;
            isBuilt = true;
        }
    }

    // The name that a model file gives.
    internal void Restore(string fileName) => name = fileName;

    private void Rename()
    {
        foreach (var p in own) p.Name = $"{Path}/{p.Name[(p.Name.LastIndexOf('/') + 1)..]}";
        foreach (var layer in layers) layer.Rename();
    }

    private string FreeName(Layer layer)
    {
        var taken = layers.Where(l => l != layer && l.name is not null).Select(l => l.name!).ToHashSet();
        if (layer.name is { } given)
            return taken.Add(given) ? given : throw Error.Input($"{Name}.Add", $"two layers have the name '{given}'", null, null,
                layer.parent is null ? "names make the paths of parameters and must differ inside of a model" : $"the one that is part of '{layer.parent.Name}' already keeps its name there; give one of the two another name");
        string stem = layer.Name;
        if (!taken.Contains(stem)) return stem;
        int n = 1;
        while (taken.Contains($"{stem}_{n}")) n++;
        return $"{stem}_{n}";
    }

    private void Collect(List<Parameter> all, HashSet<Layer> seen)
    {
        if (!seen.Add(this)) return;
        all.AddRange(own);
        foreach (var layer in layers) layer.Collect(all, seen);
    }

    // Conv2D -> conv2d, BatchNormalization -> batch_normalization, as Keras names them.
    private static string DefaultName(string type)
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < type.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(type[i]) && !char.IsDigit(type[i - 1]) && (char.IsLower(type[i - 1]) || (i + 1 < type.Length && char.IsLower(type[i + 1])));
            if (startsWord) text.Append('_');
            text.Append(char.ToLowerInvariant(type[i]));
        }
        return text.ToString();
    }
}
