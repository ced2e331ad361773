namespace NativeDL;

/// <summary>What layers carry from one call to the next, such as the state of a recurrent layer: give the same object to each call.</summary>
/// <example><code>
/// var state = new CarriedState();
/// foreach (var part in parts) y = model.Call(part, new CallContext(state: state));
/// model.Fit(stream, batchSize: 16, shuffle: false, state: new CarriedState());
/// </code></example>
/// <remarks>No gradient flows from one call to the next: backpropagation through time is cut there.</remarks>
public sealed class CarriedState
{
    private readonly Dictionary<(Layer Layer, int Use), (Tensors State, int Rows)> states = [];

    /// <summary>How many layers carry something.</summary>
    public int Count => states.Count;

    /// <summary>Whether <c>Fit</c> begins each epoch with what the one before left; else each begins anew.</summary>
    public bool KeepsOverEpochs { get; init; }

    /// <summary>Lets go of everything: each layer begins anew.</summary>
    public void Reset() => states.Clear();

    internal Tensors Of(Layer layer, int use, int rows)
    {
        var (state, before) = states.GetValueOrDefault((layer, use));
        if (before != rows && state.Count > 0 && before != Shape.None && rows != Shape.None)
            foreach (var s in state)
                if (s.Rank > 0 && s.Shape[0] == before)
                    throw Error.Shape("CarriedState", "the state that is carried is of a batch of another size",
                        $"a batch of {rows} rows, and the state {s.DType} {s.Shape} of one of {before}", "batches of one size",
                        "drop the remainder of the last batch, or Reset() the state before another stream begins");
        return state;
    }

    internal void Set(Layer layer, int use, int rows, Tensors state)
    {
        using var outside = TensorScope.Suspend();
        states[(layer, use)] = (state.Select(s => s.StopGradient().Clone()), rows);
    }
}
