namespace NativeDL;

/// <summary>What layers carry from one call to the next, such as the state of a recurrent layer: give the same object to each call.</summary>
/// <example><code>
/// var state = new CarriedState();
/// foreach (var part in parts) y = model.Call(part, new CallContext(state: state));
/// </code></example>
/// <remarks>No gradient flows from one call to the next: backpropagation through time is cut there.</remarks>
public sealed class CarriedState
{
    private readonly Dictionary<(Layer Layer, int Use), Tensors> states = [];

    /// <summary>How many layers carry something.</summary>
    public int Count => states.Count;

    /// <summary>Lets go of everything: each layer begins anew.</summary>
    public void Reset() => states.Clear();

    internal Tensors Of(Layer layer, int use) => states.GetValueOrDefault((layer, use));

    internal void Set(Layer layer, int use, Tensors state)
    {
        using var outside = TensorScope.Suspend();
        states[(layer, use)] = state.Select(s => s.StopGradient().Clone());
    }
}
