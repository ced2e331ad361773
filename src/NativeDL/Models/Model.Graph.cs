namespace NativeDL;

public partial class Model
{
    private readonly ModelGraph? graph; // of a model that was made of symbols
    private ModelGraph? traced;         // of another, once asked for
    private Graph? view;                // of either

    /// <summary>A model of the calls between symbols.</summary>
    /// <param name="inputs">Where it begins: what <see cref="Input(Shape, string, DType)"/> gave, one or several, or inner tensors of another model.</param>
    /// <param name="outputs">Where it ends, one or several: what layers and operations made of the inputs.</param>
    /// <param name="name">Its name inside of another model.</param>
    /// <example><code>
    /// var x = Model.Input(28, 28, 1);
    /// var h = new Dense(64, "relu").Call(new Flatten().Call(x));
    /// var model = new Model(x, new Dense(10).Call(h));
    /// </code></example>
    /// <remarks>Layers are shared with every other model of the same calls, and so are their parameters.</remarks>
    /// <exception cref="InvalidInputException">An output needs an input that is not among the inputs, or an input leads to no output; the error names both
    /// ends.</exception>
    public Model(Tensors inputs, Tensors outputs, string? name = null) : this(name, Symbol.Of(inputs) ?? RandomState.Default.Fork())
    {
        graph = new ModelGraph(inputs, outputs, Name);
        foreach (var layer in graph.Layers) Track(layer);
        MarkBuilt(graph.Inputs);
    }

    /// <summary>Enters models of symbols into the registry: a file holds their graph.</summary>
    internal static void Enter() => Registry.Add<Layer, Model>("Model", static (model, settings) => model.WriteGraph(settings), static settings =>
    {
        var (inputs, outputs) = GraphFile.Read(settings.Json, settings.Graph.Read<Layer>, settings.Graph.Path);
        return new Model(inputs, outputs);
    }, ["Functional"]);

    private void WriteGraph(Configuration settings)
    {
        if (graph is not null) GraphFile.Write(graph, settings.Json, settings.Graph.Write);
    }

    /// <summary>
    /// Every call, each after those whose results it needs, with the values that go in and come out: what a picture or an export is made from.
    /// </summary>
    /// <exception cref="InvalidInputException">The model was not built yet, so that nothing is known of its calls.</exception>
    public Graph Graph
    {
        get
        {
            var own = RequireGraph(nameof(Graph));
            return view ??= new Graph(own, NameOf);
        }
    }

    /// <summary>A symbol: a tensor without data, from which a model begins. <c>Model.Input(28, 28, 1)</c> is <c>[None, 28, 28, 1]</c>.</summary>
    /// <remarks>The symbol from which a given model begins is <c>model.Inputs[0]</c>.</remarks>
    /// <param name="shape">Shape of one example, without the batch axis; <see cref="Shape.None"/> for a length that is not known.</param>
    public static new Tensor Input(params int[] shape) => Input(Shape.Of(shape));

    /// <summary>A symbol: a tensor without data, from which a model begins.</summary>
    /// <param name="shape">Shape of one example, without the batch axis; <see cref="Shape.None"/> for a length that is not known.</param>
    /// <param name="name">The input's name, by which data may be handed over.</param>
    /// <param name="dtype">The element type.</param>
    public static new Tensor Input(Shape shape, string? name = null, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Tensor.Symbolic([Shape.None, .. shape], dtype, name, RandomState.Default.Fork());
    }

    /// <summary>The layer of that name, or at that path: <c>conv2d_1</c>, <c>block/dense</c>.</summary>
    /// <exception cref="InvalidInputException">There is none; the error lists the names.</exception>
    public Layer GetLayer(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (graph is null && IsBuilt) traced ??= Trace(); // so that the layer's Input and Output are known
        foreach (var layer in Layers)
        {
            string own = NameOf(layer);
            if (own == name) return layer;
            if (!name.StartsWith(own + "/", StringComparison.Ordinal)) continue;
            string rest = name[(own.Length + 1)..];
            if (layer is Model inner) return inner.GetLayer(rest);
            if (layer.Paths().FirstOrDefault(p => p.Path == rest).Layer is { } found) return found;
        }
        throw Error.Input($"{Name}.GetLayer", $"there is no layer named '{name}'", null,
            Layers.Count == 0 ? "nothing: the model has no layers" : $"one of {string.Join(", ", Layers.Select(NameOf).Distinct())}");
    }

    /// <summary>The layer of that name, or at that path, whose class is known: <c>model.GetLayer&lt;Dense>("head").Kernel</c>.</summary>
    /// <typeparam name="T">The layer's class.</typeparam>
    /// <exception cref="InvalidInputException">There is none, or it is of another class.</exception>
    public T GetLayer<T>(string name) where T : Layer => GetLayer(name) is var layer && layer is T found ? found
        : throw Error.Input($"{Name}.GetLayer", $"the layer '{name}' is of another class", layer.GetType().Name, typeof(T).Name);

    /// <summary>Of a model made of symbols its name and size, of another the constructor call.</summary>
    public override string ToString() => graph is null ? base.ToString()
        : $"{GetType().Name}(\"{Name}\", {Many(graph.Inputs.Count, "input")}, {Many(graph.Results.Count, "output")}, {Many(Layers.Count, "layer")})";

    private static string Many(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    /// <inheritdoc/>
    protected override Tensors Forward(Tensors inputs, CallContext call) =>
        graph is null ? base.Forward(inputs, call) : graph.Run(Matched(inputs), call).Told(OutputNames);

    /// <inheritdoc/>
    protected override Tensor? ComputeMask(Tensors inputs, Tensor output, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(output);
        return graph is null ? base.ComputeMask(inputs, output, call) : output.Mask;
    }

    private protected override (Tensors Inputs, Tensors Outputs) Symbols(string member)
    {
        var own = RequireGraph(member);
        return (own.Inputs, own.Results.Told([.. Graph.Outputs.Select(y => y.Key)]));
    }

    /// <summary>The graph of the calls; of a model that was not made of symbols by calling it on some, null before it is built.</summary>
    private protected ModelGraph? FindGraph() => graph ?? (IsBuilt ? traced ??= Trace() : null);

    /// <summary>A part of another model's calls.</summary>
    private protected void TakeGraph(ModelGraph part)
    {
        traced = part;
        view = null;
        MarkBuilt(part.Inputs);
    }

    /// <summary>The layers changed: what was known of the calls is no longer true.</summary>
    private protected void ForgetGraph() => (traced, view) = (null, null);

    private ModelGraph RequireGraph(string member) => FindGraph()
        ?? throw Error.Input($"{Name}.{member}", "the model is not built yet", null, null, "call Build with the input's shape, or call the model once");

    private ModelGraph Trace()
    {
        var inputs = Signature.Select(x => Tensor.Symbolic(x.Shape, x.DType));
        var outputs = Forward(inputs, CallContext.ForRecording().Enter(this, Name, inputs));
        return new ModelGraph(inputs, outputs, Name);
    }

    // The inputs in the order of the model's.
    private Tensors Matched(Tensors given)
    {
        var wanted = graph!.Inputs;
        if (given.Count != wanted.Count) throw Error.Input(Name, "the number of inputs is not the model's", $"{given}", $"{wanted}");
        if (given.GivenNames is { } names && !names.SequenceEqual(wanted.Names ?? []))
        {
            if (wanted.Names is null || !names.ToHashSet().SetEquals(wanted.Names))
                throw Error.Input(Name, "the names of the inputs are not the model's", $"{given}", $"{wanted}");
            given = Tensors.Of([.. wanted.Names.Select(n => given[n])]).WithNames(wanted.Names);
        }
        for (int i = 0; i < given.Count; i++)
            if (!given[i].Shape.IsCompatible(wanted[i].Shape))
                throw Error.Shape(Name, $"input {wanted.Names?[i] ?? $"{i}"} is not of the shape that the model was made for", $"{given[i].Shape}",
                    $"{wanted[i].Shape}",
                    given[i].Rank == wanted[i].Rank - 1 ? "the batch axis comes first: add it with ExpandDims(0)" : null);
        return given;
    }
}
