namespace NativeDL;

/// <summary>While open on a thread, notes the first layer whose output is not finite.</summary>
internal sealed class NonFiniteProbe : IDisposable
{
    [ThreadStatic] private static NonFiniteProbe? current;

    /// <summary>Path of the layer, or null.</summary>
    public string? First { get; private set; }

    public static NonFiniteProbe Start() => current = new NonFiniteProbe();

    /// <summary>Called with every layer's output; inner layers come before the ones around them.</summary>
    public static void See(Layer layer, Tensor output)
    {
        if (current is { First: null } probe && FiniteCheck.FirstBad(output) >= 0) probe.First = layer.Path;
    }

    public void Dispose() => current = null;
}
