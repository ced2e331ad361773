namespace NativeDL;

/// <summary>What all layers of one call share.</summary>
internal sealed class CallRun
{
    private const int MostCalls = 100_000;

    private readonly List<Action> waiting = [];
    private int calls;
    private Dictionary<(CarriedState, Layer), int>? uses;
    private Tensor? latest;
    private LayerPath? latestFrom;

    /// <summary>Where what is drawn comes from, if that was named.</summary>
    public RandomState? Source { get; init; }

    /// <summary>The outermost layer's own source, or that of the graph that is being made: first values come from it.</summary>
    public RandomState? Own { get; set; }

    /// <summary>Whether changes wait for <see cref="Commit"/>; else they are made at once.</summary>
    public bool Waits { get; init; }

    /// <summary>Whether outputs are looked at for NaN and infinities.</summary>
    public bool LooksForNonFinite { get; init; }

    /// <summary>Whether every number stays of the type it has: a check exchanges parameters for float64 ones.</summary>
    public bool IsExact { get; init; }

    /// <summary>Whether the call is on placeholders: what layers do with them is not recorded in any graph that lasts.</summary>
    public bool Infers { get; init; }

    /// <summary>A layer is called. On placeholders only so often: layers that call each other twice, and those inside of them, would never end.</summary>
    /// <exception cref="InvalidInputException">There are too many calls.</exception>
    public void Count()
    {
        if (Infers && ++calls > MostCalls)
            throw Error.Input("Model", "layers inside of layers are called too often", $"more than {MostCalls} calls for one",
                "a model whose shapes are found sooner");
    }

    /// <summary>Path of the first layer whose output was not finite, inner layers before those around them; or null.</summary>
    public string? FirstNonFinite { get; private set; }

    /// <summary>What layers added to the loss.</summary>
    public List<Tensor> Losses { get; } = [];

    /// <summary>Makes a change, or lets it wait.</summary>
    public void Do(Action change)
    {
        if (Waits) waiting.Add(change);
        else change();
    }

    /// <summary>
    /// On a device: whether the step turned out good, a Bool scalar that nobody has read. Changes are made so that they come to nothing where it is false.
    /// </summary>
    public Tensor? IsGood { get; private set; }

    /// <summary>Makes the changes that wait, in their order.</summary>
    public void Commit(Tensor? isGood = null)
    {
        IsGood = isGood;
        foreach (var change in waiting) change();
        waiting.Clear();
    }

    /// <summary>The next value of a state, or the old one where the step was not good.</summary>
    public Tensor Next(Tensor old, Tensor next) => IsGood is null ? next : Tensor.Where(IsGood, next, old);

    /// <summary>A layer gave its outputs: notes what errors, probes and later uses want to know.</summary>
    public void Leave(LayerPath path, Tensors outputs)
    {
        (latest, latestFrom) = (outputs[0], path);
        if (!LooksForNonFinite || FirstNonFinite is not null) return;
        foreach (var y in outputs)
            if (y.DType.IsFloating() && FiniteCheck.FirstBad(y) >= 0)
            {
                FirstNonFinite = path.Inner;
                return;
            }
    }

    /// <summary>For the error of a layer that cannot use <paramref name="x"/>: which layer made it.</summary>
    public string MadeBy(Tensor x) => ReferenceEquals(x, latest) ? $", which layer '{latestFrom!.Inner}' made as {x.Shape}" : "";

    /// <summary>Counts the uses of a layer in this call, from 0, each carried state by itself.</summary>
    public int NextUse(CarriedState state, Layer layer)
    {
        uses ??= [];
        int use = uses.GetValueOrDefault((state, layer));
        uses[(state, layer)] = use + 1;
        return use;
    }
}
