namespace NativeDL.Layers;

/// <summary>The largest value of each window and channel; ties go to the first. <c>[N, H, W, C] -> [N, H′, W′, C]</c> (spec 3.14)</summary>
/// <param name="poolSize">Height and width of the window.</param>
/// <param name="strides">Step of the window; its size by default.</param>
/// <param name="padding"><c>valid</c>, <c>same</c> or numbers of rows and columns.</param>
/// <param name="name">The layer's name.</param>
public sealed class MaxPool2D(int poolSize = 2, int? strides = null, Padding padding = default, string? name = null) : Layer(name), ILayer
{
    private readonly int strides = Pools.Checked("MaxPool2D", poolSize, strides);

    private protected override string KerasName => "max_pooling2d";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        Conv2D.RequireImages(x.Shape, "MaxPool2D");
        return x.MaxPool2D((poolSize, poolSize), (strides, strides), padding);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => Pools.Write(config, poolSize, strides, padding);

    static LayerSpec ILayer.Spec => new("MaxPool2D", c => new MaxPool2D(c.Int("poolSize"), c.Int("strides"), Windows.Read(c.Ints("padding"))),
        d => new LayerCase(new MaxPool2D(d.Int(1, 3), d.Int(1, 2), d.OneOf(Padding.Valid, Padding.Same)), d.Tensor([d.Int(1, 2), d.Int(3, 5), d.Int(3, 5), d.Int(1, 3)], Domain.Distinct))) { PlainGradient = true };
}

/// <summary>The mean of each window and channel; padding does not count. <c>[N, H, W, C] -> [N, H′, W′, C]</c> (spec 3.15)</summary>
/// <inheritdoc cref="MaxPool2D"/>
public sealed class AveragePooling2D(int poolSize = 2, int? strides = null, Padding padding = default, string? name = null) : Layer(name), ILayer
{
    private readonly int strides = Pools.Checked("AveragePooling2D", poolSize, strides);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        Conv2D.RequireImages(x.Shape, "AveragePooling2D");
        return x.AvgPool2D((poolSize, poolSize), (strides, strides), padding);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => Pools.Write(config, poolSize, strides, padding);

    static LayerSpec ILayer.Spec => new("AveragePooling2D", c => new AveragePooling2D(c.Int("poolSize"), c.Int("strides"), Windows.Read(c.Ints("padding"))),
        d => new LayerCase(new AveragePooling2D(d.Int(1, 3), d.Int(1, 2), d.OneOf(Padding.Valid, Padding.Same)), d.Tensor([d.Int(1, 2), d.Int(3, 5), d.Int(3, 5), d.Int(1, 3)]))) { PlainGradient = true };
}

/// <summary>The mean of each channel over the image. <c>[N, H, W, C] -> [N, C]</c> (spec 3.17)</summary>
/// <param name="name">The layer's name.</param>
public sealed class GlobalAveragePooling2D(string? name = null) : Layer(name), ILayer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        Conv2D.RequireImages(x.Shape, "GlobalAveragePooling2D");
        return x.Mean(1, 2);
    }

    static LayerSpec ILayer.Spec => new("GlobalAveragePooling2D", _ => new GlobalAveragePooling2D(), d => new LayerCase(new GlobalAveragePooling2D(), d.Tensor([d.Int(1, 2), d.Int(1, 5), d.Int(1, 5), d.Int(1, 3)]))) { PlainGradient = true };
}

/// <summary>The largest value of each channel over the image; ties go to the first. <c>[N, H, W, C] -> [N, C]</c> (spec 3.18)</summary>
/// <param name="name">The layer's name.</param>
public sealed class GlobalMaxPooling2D(string? name = null) : Layer(name), ILayer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        Conv2D.RequireImages(x.Shape, "GlobalMaxPooling2D");
        return x.Max(1, 2);
    }

    static LayerSpec ILayer.Spec => new("GlobalMaxPooling2D", _ => new GlobalMaxPooling2D(), d => new LayerCase(new GlobalMaxPooling2D(), d.Tensor([d.Int(1, 2), d.Int(1, 5), d.Int(1, 5), d.Int(1, 3)], Domain.Distinct))) { PlainGradient = true };
}

/// <summary>What the pooling layers share.</summary>
internal static class Pools
{
    public static int Checked(string layer, int poolSize, int? strides) =>
        poolSize >= 1 && strides is null or >= 1 ? strides ?? poolSize : throw Error.Input(layer, "window and stride must be 1 or more", $"window {poolSize}, stride {strides}");

    public static void Write(LayerConfig config, int poolSize, int strides, Padding padding)
    {
        config.Set("poolSize", poolSize);
        config.Set("strides", strides);
        config.Set("padding", Windows.Write(padding));
    }
}
