using System.Globalization;
using System.Text;

namespace NativeDL;

public abstract partial class Layer
{
    private readonly List<(string Name, Parameter Parameter)> own = [];
    private readonly HashSet<Parameter> fixedParameters = [];
    private readonly List<(Parameter Parameter, Regularizer Regularizer)> regularized = [];
    private readonly List<Layer> layers = [];
    private readonly Dictionary<Layer, string> names = []; // of the layers inside
    private string? name;
    private bool trainable = true;

    /// <summary>The layer's name: given, or its type's in lower case, numbered where the first model that it became part of has another one like it.</summary>
    /// <remarks>A model in which the name is taken knows the layer by another number: <see cref="NamedParameters"/> and <c>Summary</c> say which.</remarks>
    public string Name => name ?? KerasName;

    /// <summary>The layers inside of this one, in order.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>Every parameter, this layer's own first, then those of the layers inside; a shared one once.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. Tree().SelectMany(layer => layer.own, (_, p) => p.Parameter)];

    /// <summary>The parameters of this layer alone.</summary>
    internal IEnumerable<Parameter> OwnParameters => own.Select(p => p.Parameter);

    /// <summary>The parameters that training changes.</summary>
    public IReadOnlyList<Parameter> TrainableParameters => [.. Parameters.Where(p => p.Trainable)];

    /// <summary>
    /// Every parameter by its path from this layer on, such as <c>block/conv2d/kernel</c>, in the order of <see cref="Parameters"/>:
    /// the names in this model's files. A shared layer has the path at which it first stands.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Parameter>> NamedParameters
    {
        get
        {
            var all = new List<KeyValuePair<string, Parameter>>();
            foreach (var (layer, path) in Paths())
                foreach (var (last, parameter) in layer.own) all.Add(KeyValuePair.Create(path.Length == 0 ? last : $"{path}/{last}", parameter));
            return all;
        }
    }

    /// <summary>Whether training changes the layer. Freezing keeps every parameter, and every running statistic, to the bit.</summary>
    public bool Trainable
    {
        get => trainable;
        set
        {
            trainable = value;
            foreach (var (_, p) in own) p.Trainable = value && !fixedParameters.Contains(p);
            foreach (var layer in layers) layer.Trainable = value;
        }
    }

    /// <summary>The number of elements of all parameters.</summary>
    public long CountParameters() => Parameters.Sum(p => p.Shape.ElementCount);

    /// <summary>The name of a layer that was given none: its type's, unless Keras calls the type otherwise.</summary>
    private protected virtual string KerasName => DefaultName(GetType().Name);

    /// <summary>Makes <paramref name="layer"/> part of this one, so that its parameters are found; for use in constructors of layers and models.</summary>
    /// <returns>The same layer.</returns>
    /// <exception cref="InvalidInputException">The layer would be part of itself, or two were given the same name.</exception>
    protected TLayer Track<TLayer>(TLayer layer) where TLayer : Layer
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Tree().Contains(this))
            throw Error.Input($"{Name}.Add", "a layer cannot be part of itself", layer == this ? null : $"'{Name}' is inside of '{layer.Name}'");
        if (!names.ContainsKey(layer))
        {
            string free = FreeName(layer);
            names.Add(layer, free);
            layer.name ??= free;
        }
        layers.Add(layer);
        if (!trainable) layer.Trainable = false;
        return layer;
    }

    /// <summary>The name by which this layer knows one inside of it.</summary>
    internal string NameOf(Layer layer) => names.GetValueOrDefault(layer) ?? layer.Name;

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
    internal IEnumerable<Layer> Tree() => Paths().Select(p => p.Layer);

    /// <summary>This layer, at the empty path, and all inside with their paths from here, a shared one once.</summary>
    internal List<(Layer Layer, string Path)> Paths()
    {
        var found = new List<(Layer, string)>();
        var seen = new HashSet<Layer>();
        Walk(this, "");
        return found;

        void Walk(Layer layer, string path)
        {
            if (!seen.Add(layer)) return;
            found.Add((layer, path));
            foreach (var child in layer.layers) Walk(child, path.Length == 0 ? layer.NameOf(child) : $"{path}/{layer.NameOf(child)}");
        }
    }

    // The name that a model file gives.
    internal void Restore(string fileName) => name = fileName;

    private string FreeName(Layer layer)
    {
        var taken = names.Values.ToHashSet();
        if (!taken.Contains(layer.Name)) return layer.Name;
        string stem = layer.KerasName;
        if (!IsNumbered(layer.Name, stem)) throw Error.Input($"{Name}.Add", $"two layers have the name '{layer.Name}'", null, null,
            "names make the paths of parameters and must differ inside of a model");
        int n = 1;
        while (taken.Contains($"{stem}_{n}")) n++;
        return $"{stem}_{n}";
    }

    // Whether a name is one that would be given by itself: dense, dense_1 …
    private static bool IsNumbered(string name, string stem) =>
        name == stem || (name.StartsWith(stem + "_", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(stem.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    // Conv2D -> conv2d, BatchNormalization -> batch_normalization, as Keras names them.
    private static string DefaultName(string type)
    {
        var text = new StringBuilder();
        for (int i = 0; i < type.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(type[i]) && !char.IsDigit(type[i - 1])
                && (char.IsLower(type[i - 1]) || (i + 1 < type.Length && char.IsLower(type[i + 1])));
            if (startsWord) text.Append('_');
            text.Append(char.ToLowerInvariant(type[i]));
        }
        return text.ToString();
    }
}
