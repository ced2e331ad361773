namespace NativeDL;

/// <summary>The calls between a model's inputs and its outputs, each after those whose results it needs.</summary>
internal sealed class ModelGraph
{
    private readonly Dictionary<Tensor, int> places = new(ReferenceEqualityComparer.Instance); // of symbols among the values of a run
    private readonly HashSet<GraphNode> done = [];
    private readonly List<Step> steps = [];
    private readonly int[] results;
    private readonly string model;

    /// <summary>Finds the way from the outputs back to the inputs.</summary>
    /// <param name="inputs">Symbols; named by the names they were made with, where all have one.</param>
    /// <param name="outputs">Symbols that follow from them alone.</param>
    /// <param name="model">The model's name, for errors.</param>
    /// <exception cref="InvalidInputException">An input leads to no output, or an output needs what is not among the inputs.</exception>
    public ModelGraph(Tensors inputs, Tensors outputs, string model)
    {
        this.model = model;
        Require(inputs, "inputs");
        Require(outputs, "outputs");
        Inputs = inputs.GivenNames is not null ? inputs
            : Tensors.Of([.. inputs]).WithNames(inputs.All(x => x.Symbol!.Name is not null) ? [.. inputs.Select(x => x.Symbol!.Name!)] : null);
        Results = outputs;
        OutputNames = outputs.GivenNames;
        foreach (var x in inputs)
            if (!places.TryAdd(x, places.Count)) throw Error.Input(What, "an input stands twice among the inputs", Label(x));
        for (int i = 0; i < outputs.Count; i++) Follow(outputs[i], outputs.Names?[i] ?? $"{i}");
        var used = steps.SelectMany(s => s.Node.Inputs).Concat(outputs).ToHashSet();
        foreach (var x in inputs)
            if (!used.Contains(x)) throw Error.Input(What, "an input leads to no output", $"{Label(x)} and outputs {string.Join(", ", outputs.Select(Label))}",
                "each output and input connected", "leave the input out");
        results = [.. outputs.Select(y => places[y])];
        // Seen from the end, the first use of a value is its last.
        var needed = results.ToHashSet();
        for (int i = steps.Count - 1; i >= 0; i--)
            steps[i] = steps[i] with { Last = [.. steps[i].From.Concat(steps[i].To).Where(v => v >= 0 && needed.Add(v))] };
    }

    /// <summary>The symbols that stand for what the model is given.</summary>
    public Tensors Inputs { get; }

    /// <summary>The symbols of what it gives.</summary>
    public Tensors Results { get; }

    /// <summary>The names that were given to what it gives; null where none were.</summary>
    public IReadOnlyList<string>? OutputNames { get; }

    /// <summary>The calls in order.</summary>
    public IEnumerable<GraphNode> Nodes => steps.Select(s => s.Node);

    /// <summary>The layers in the order of their first calls.</summary>
    public IEnumerable<Layer> Layers => Nodes.OfType<LayerNode>().Select(n => n.Layer).Distinct();

    /// <summary>Some calls of a chain, by themselves.</summary>
    public ModelGraph Part(int start, int length) => new(steps[start].Node.Inputs, steps[start + length - 1].Node.Outputs, model);

    /// <summary>Runs the calls on other tensors.</summary>
    public Tensors Run(Tensors inputs, CallContext call)
    {
        var values = new Tensor?[places.Count];
        for (int i = 0; i < inputs.Count; i++) values[i] = inputs[i];
        var device = inputs[0].Device;
        foreach (var step in steps)
        {
            var on = new Tensor[step.From.Length];
            for (int i = 0; i < on.Length; i++) on[i] = step.From[i] < 0 ? Constant(step.Node.Inputs[i], device) : values[step.From[i]]!;
            var made = step.Node.Replay(Tensors.Of(on).WithNames(step.Node.Inputs.GivenNames), call);
            for (int i = 0; i < step.To.Length; i++)
                if (step.To[i] >= 0) values[step.To[i]] = made[i];
            foreach (int done in step.Last) values[done] = null; // its memory may be used again
        }
        return Tensors.Of([.. results.Select(i => values[i]!)]);
    }

    /// <summary>What stands for a symbol in texts: the input's name, or the call that makes it.</summary>
    public static string Label(Tensor symbol) => symbol.Symbol switch
    {
        null => $"a tensor with data, {symbol.DType} {symbol.Shape}",
        { From: { } from } s => $"'{from.Name}'{(from.Outputs.Count > 1 ? $", result {s.Output}" : "")}",
        { Name: { } name } => $"the input '{name}'",
        _ => $"an input of shape {symbol.Shape}",
    };

    private string What => $"Model({model})";

    // Depth first from an output, without recursion: a chain may be thousands of calls long.
    private void Follow(Tensor output, string which)
    {
        var open = new Stack<(GraphNode Node, int Next)>();
        Enter(output);
        while (open.TryPop(out var top))
        {
            if (top.Next < top.Node.Inputs.Count)
            {
                open.Push((top.Node, top.Next + 1));
                Enter(top.Node.Inputs[top.Next]);
                continue;
            }
            if (!done.Add(top.Node)) continue;
            // A result that was declared an input of the model is not taken from the call.
            int[] to = [.. top.Node.Outputs.Select(y => places.TryAdd(y, places.Count) ? places[y] : -1)];
            steps.Add(new Step(top.Node, [.. top.Node.Inputs.Select(x => x.IsSymbolic ? places[x] : -1)], to, []));
        }

        void Enter(Tensor x)
        {
            if (!x.IsSymbolic || places.ContainsKey(x)) return;
            var from = x.Symbol!.From ?? throw Error.Input(What, "an output needs an input that is not among the model's",
                $"output {which}, {Label(output)}, and {Label(x)}", $"from {string.Join(", ", Inputs.Select(Label))} alone",
                    "name every input that the outputs follow from");
            open.Push((from, 0));
        }
    }

    private void Require(Tensors symbols, string what)
    {
        if (symbols.Count == 0) throw Error.Input(What, $"a model needs {what}", "none", "one or more");
        foreach (var x in symbols)
            if (x is not { IsSymbolic: true }) throw Error.Input(What, $"the {what} of a model are symbols", x is null ? "null" : Label(x), null,
                "begin with Model.Input(28, 28, 1) and call layers on it");
    }

    // What was captured as data goes where the run is.
    private static Tensor Constant(Tensor x, Device device) => x.Device == device || device == Device.Symbolic ? x : x.To(device);

    private sealed record Step(GraphNode Node, int[] From, int[] To, int[] Last);
}
