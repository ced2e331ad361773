namespace NativeDL;

/// <summary>The path of the layer that this thread is calling, for error messages.</summary>
internal sealed class LayerPath
{
    [ThreadStatic] private static LayerPath? here;

    private readonly LayerPath? outer;
    private readonly string name;

    private LayerPath(LayerPath? outer, string name) => (this.outer, this.name) = (outer, name);

    /// <summary>The path, such as <c>'model/block/dense_1'</c>, or null outside of any layer.</summary>
    public static LayerPath? Current => here;

    /// <summary>Enters a layer until the result is disposed.</summary>
    public static Level Enter(string name)
    {
        here = new LayerPath(here, name);
        return new Level(here.outer);
    }

    /// <inheritdoc/>
    public override string ToString() => $"'{Join()}'";

    private string Join() => outer is null ? name : $"{outer.Join()}/{name}";

    public readonly ref struct Level(LayerPath? outer)
    {
        /// <summary>Leaves the layer.</summary>
        public void Dispose() => here = outer;
    }
}
