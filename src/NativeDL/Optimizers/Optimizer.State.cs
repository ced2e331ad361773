namespace NativeDL;

public abstract partial class Optimizer
{
    private readonly List<(Parameter Parameter, Parameter[] Slots)> slots = [];
    private readonly Dictionary<Parameter, Parameter[]> slotsOf = [];

    // The paths of parameters in the model that is trained; others go by their own names.
    private Dictionary<Parameter, string> paths = [];

    // Loaded, but their parameters were not seen yet.
    private readonly Dictionary<string, Parameter> waiting = [];

    /// <summary>
    /// What the optimizer keeps from step to step, named <c>parameter/slot</c>: with <see cref="Steps"/> all that an exact
    /// resumption needs. The tensors are the live ones, which the next step overwrites.
    /// </summary>
    /// <exception cref="InvalidInputException">Two parameters have the same name.</exception>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State
    {
        get
        {
            var state = new List<KeyValuePair<string, Tensor>>();
            var names = new HashSet<string>();
            var known = slots.SelectMany(s => s.Slots.Zip(SlotNames, (slot, name) => KeyValuePair.Create($"{NameOf(s.Parameter)}/{name}", slot.Value)));
            foreach (var slot in known.Concat(waiting.Select(w => KeyValuePair.Create(w.Key, w.Value.Value))))
            {
                if (!names.Add(slot.Key)) throw Error.Input($"{Name}.State", "two parameters have the same name, so that their states cannot be told apart", $"'{slot.Key}' twice", null, "give the parameters different names");
                state.Add(slot);
            }
            return state;
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
    /// <exception cref="InvalidInputException">The number of steps is negative or a name occurs twice. Shapes are checked when the parameters are first seen.</exception>
    public void Load(IReadOnlyList<KeyValuePair<string, Tensor>> state, long steps)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (steps < 0) throw Error.Input($"{Name}.Load", "the number of steps is negative", $"{steps}", "0 or more");
        var loaded = new Dictionary<string, Parameter>();
        foreach (var (name, tensor) in state)
            if (!loaded.TryAdd(name, new Parameter(name, tensor, trainable: false))) throw Error.Input($"{Name}.Load", "a name occurs twice", $"'{name}'");
        plan = null;
        slots.Clear();
        slotsOf.Clear();
        waiting.Clear();
        foreach (var (name, slot) in loaded) waiting.Add(name, slot);
        Steps = steps;
    }

    /// <summary>The slots of a parameter, of its shape and device and the element type that is computed with: Float32 beside half-precision parameters.</summary>
    private Parameter[] SlotsOf(Parameter parameter)
    {
        if (!slotsOf.TryGetValue(parameter, out var own))
        {
            own = [.. SlotNames.Select(name => Slot(parameter, $"{NameOf(parameter)}/{name}"))];
            slotsOf.Add(parameter, own);
            slots.Add((parameter, own));
        }
        foreach (var slot in own)
        {
            slot.CastTo(parameter.DType.ComputeType());
            slot.MoveTo(parameter.Value.Device);
        }
        return own;
    }

    private string NameOf(Parameter parameter) => paths.GetValueOrDefault(parameter) ?? parameter.Name;

    private Parameter Slot(Parameter parameter, string name)
    {
        if (waiting.Remove(name, out var slot))
            return slot.Shape == parameter.Shape && slot.DType.IsFloating() ? slot
                : throw Error.Shape($"{Name}.Load", $"the loaded '{name}' does not fit its parameter", $"{slot.DType} {slot.Shape}", $"{parameter.DType} {parameter.Shape}");
        using (TensorScope.Suspend()) return new Parameter(name, Tensor.Zeros(parameter.Shape, parameter.DType.ComputeType(), parameter.Value.Device), trainable: false);
    }
}
