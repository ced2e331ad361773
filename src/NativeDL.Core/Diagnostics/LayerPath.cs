namespace NativeDL;

/// <summary>The way from the outermost layer that was called to one inside of it.</summary>
/// <param name="outer">The way to the layer around it; null for the outermost.</param>
/// <param name="name">The layer's name there.</param>
internal sealed class LayerPath(LayerPath? outer, string name)
{
    /// <summary>The names without the outermost's, as parameters are named in a model: <c>block/dense_1</c>. Of the outermost its own name.</summary>
    public string Inner => outer is null or { IsOutermost: true } ? name : $"{outer.Inner}/{name}";

    private bool IsOutermost => outer is null;

    /// <summary>All names, such as <c>'model/block/dense_1'</c>.</summary>
    public override string ToString() => $"'{Join()}'";

    private string Join() => outer is null ? name : $"{outer.Join()}/{name}";
}
