namespace NativeDL;

public abstract partial class Optimizer
{
    // In a state, beside a parameter's slots: how many steps it has made, where that is not the optimizer's own number.
    private const string StepName = "step";

    private readonly Dictionary<Parameter, ParameterState> states = [];

    // The paths of parameters in the model that is trained; others go by their own names.
    private Dictionary<Parameter, string> paths = [];

    // Loaded, but their parameters were not seen yet.
    private readonly Dictionary<string, Parameter> waiting = [];
    private long loadedSteps;

    /// <summary>
    /// What the optimizer keeps from step to step, named <c>parameter/slot</c>: with <see cref="Steps"/> all that an exact
    /// resumption needs. A parameter that has not made all of those steps has their number beside, as <c>parameter/step</c>, an
    /// Int64 scalar. The tensors are the live ones, which the next step overwrites.
    /// </summary>
    /// <exception cref="InvalidInputException">Two parameters have the same name.</exception>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State
    {
        get
        {
            var state = new List<KeyValuePair<string, Tensor>>();
            var names = new HashSet<string>();
            foreach (var (parameter, kept) in states)
            {
                for (int i = 0; i < kept.Slots.Length; i++) Add($"{NameOf(parameter)}/{SlotNames[i]}", kept.Slots[i].Value);
                foreach (var (name, slot) in AroundNames.Zip(kept.Around)) Add($"{NameOf(parameter)}/{name}", slot.Value);
                if (kept.Steps != Updates(Steps)) Add($"{NameOf(parameter)}/{StepName}", Tensor.Scalar(kept.Steps, DType.Int64));
            }
            foreach (var (name, slot) in waiting) Add(name, slot.Value);
            if (Updates(loadedSteps) != Updates(Steps))
                foreach (string name in waiting.Keys.Select(n => $"{OwnerOf(n)}/{StepName}").Distinct().Where(n => !waiting.ContainsKey(n)))
                    Add(name, Tensor.Scalar(Updates(loadedSteps), DType.Int64));
            return state;

            void Add(string name, Tensor value)
            {
                if (!names.Add(name)) throw Error.Input($"{Name}.State", "two parameters have the same name, so that their states cannot be told apart",
                    $"'{name}' twice", null, "give the parameters different names");
                state.Add(KeyValuePair.Create(name, value));
            }
        }
    }

    /// <summary>The state with the parameters' names in a model.</summary>
    internal IReadOnlyList<KeyValuePair<string, Tensor>> StateOf(IReadOnlyList<KeyValuePair<string, Parameter>> named)
    {
        paths = named.ToDictionary(p => p.Value, p => p.Key);
        return State;
    }

    /// <summary>Goes on from a state that <see cref="StateOf"/> gave.</summary>
    internal void Load(IReadOnlyList<KeyValuePair<string, Tensor>> state, long steps, IReadOnlyList<KeyValuePair<string, Parameter>> named)
    {
        Load(state, steps);
        paths = named.ToDictionary(p => p.Value, p => p.Key);
    }

    /// <summary>Goes on from a state: the next step is then the one that would have followed it.</summary>
    /// <param name="state">As <see cref="State"/> gave it; the tensors are copied.</param>
    /// <param name="steps">As <see cref="Steps"/> gave it.</param>
    /// <exception cref="InvalidInputException">The number of steps is negative or a name occurs twice. Shapes are checked when the parameters are first
    /// seen.</exception>
    public void Load(IReadOnlyList<KeyValuePair<string, Tensor>> state, long steps)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (steps < 0) throw Error.Input($"{Name}.Load", "the number of steps is negative", $"{steps}", "0 or more");
        var loaded = new Dictionary<string, Parameter>();
        foreach (var (name, tensor) in state)
            if (!loaded.TryAdd(name, new Parameter(name, tensor, trainable: false))) throw Error.Input($"{Name}.Load", "a name occurs twice", $"'{name}'");
        plan = null;
        states.Clear();
        waiting.Clear();
        foreach (var (name, slot) in loaded) waiting.Add(name, slot);
        Steps = loadedSteps = steps;
    }

    /// <summary>The parameter that an entry of a state belongs to.</summary>
    internal static string OwnerOf(string entry) => entry[..Math.Max(0, entry.LastIndexOf('/'))];

    /// <summary>Whether an entry of a state is the number of steps of its parameter.</summary>
    internal static bool IsStepCount(string entry) => entry.EndsWith($"/{StepName}", StringComparison.Ordinal);

    private string NameOf(Parameter parameter) => paths.GetValueOrDefault(parameter) ?? parameter.Name;

    // What is kept of a parameter; of one that was not seen before what was loaded, or nothing yet.
    private ParameterState KeptOf(Parameter parameter)
    {
        if (states.TryGetValue(parameter, out var known)) return known;
        string[] around = [.. AroundNames], all = [.. SlotNames, .. around];
        if (all.Contains(StepName) || all.Distinct().Count() < all.Length)
            throw Error.Input($"{Name}.SlotNames", $"slots have different names, and none is '{StepName}', which is the number of steps",
                $"{string.Join(", ", all)}");
        string name = NameOf(parameter);
        bool isLoaded = all.Length == 0 || all.Any(slot => waiting.ContainsKey($"{name}/{slot}"));
        var state = new ParameterState(parameter, [.. SlotNames.Select(slot => SlotOf(parameter, $"{name}/{slot}", SlotShape(slot, parameter)))],
            [.. around.Select(slot => SlotOf(parameter, $"{name}/{slot}", parameter.Shape))]) { Steps = isLoaded ? Updates(loadedSteps) : 0 };
        if (waiting.Remove($"{name}/{StepName}", out var steps)) state.Steps = (long)steps.Value.Item();
        states.Add(parameter, state);
        return state;
    }

    private Parameter SlotOf(Parameter parameter, string name, Shape shape)
    {
        if (waiting.Remove(name, out var slot))
            return slot.Shape == shape && slot.DType.IsFloating() ? slot
                : throw Error.Shape($"{Name}.Load", $"the loaded '{name}' does not fit its parameter", $"{slot.DType} {slot.Shape}",
                    $"{parameter.DType} {shape}");
        using (TensorScope.Suspend()) return new Parameter(name, Tensor.Zeros(shape, parameter.DType.ComputeType(), parameter.Value.Device),
            trainable: false);
    }
}
