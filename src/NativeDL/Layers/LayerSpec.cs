namespace NativeDL.Layers;

/// <summary>What a built-in layer says of itself: its name, and a sample for the checks.</summary>
internal sealed record LayerSpec(string Type, Func<Draw, LayerCase> Sample);

/// <summary>A layer and an input for it.</summary>
internal sealed record LayerCase(Layer Layer, Tensor Input)
{
    public override string ToString() => $"{Layer.GetType().Name} on {Input.DType} {Input.Shape}";
}

/// <summary>Implemented by every built-in layer; the list is generated from it.</summary>
internal interface ILayer
{
    static abstract LayerSpec Spec { get; }
}

/// <summary>Every built-in layer, for the checks.</summary>
[RegistryOf(typeof(ILayer))]
internal static partial class LayerRegistry;
