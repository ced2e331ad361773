namespace NativeDL.Layers;

/// <summary>The largest value of each window and channel; ties go to the first. <c>[N, H, W, C] -> [N, H′, W′, C]</c> (spec 3.14)</summary>
/// <param name="poolSize">Height and width of the window; 2 by default.</param>
/// <param name="strides">Steps of the window; its size by default.</param>
/// <param name="padding"><c>valid</c>, <c>same</c> or numbers of rows and columns.</param>
/// <param name="name">The layer's name.</param>
[Registered("MaxPool2D", "MaxPooling2D")]
public sealed class MaxPool2D(Size2D poolSize = default, Size2D strides = default, Padding padding = default, string? name = null) : Layer(name), ILayer
{
    /// <summary>Height and width of the window.</summary>
    public Size2D PoolSize { get; } = Windows.Checked("MaxPool2D", "the window", poolSize, 2);

    /// <summary>Steps of the window.</summary>
    public Size2D Strides { get; } = Windows.Checked("MaxPool2D", "the stride", strides, poolSize.Or(2));

    /// <summary>How the window meets the border.</summary>
    public Padding Padding => padding;

    private protected override string KerasName => "max_pooling2d";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        Windows.RequireImages(x.Shape, "MaxPool2D");
        return x.MaxPool2D(PoolSize, Strides, padding);
    }

    static LayerSpec ILayer.Spec => new("MaxPool2D", d => new LayerCase(
        new MaxPool2D(d.Int(1, 3), d.Int(1, 2), d.OneOf(Padding.Valid, Padding.Same)), d.Tensor([d.Int(1, 2), d.Int(3, 5), d.Int(3, 5), d.Int(1, 3)], Domain.Distinct)));
}

/// <summary>The mean of each window and channel; padding does not count. <c>[N, H, W, C] -> [N, H′, W′, C]</c> (spec 3.15)</summary>
/// <param name="poolSize">Height and width of the window; 2 by default.</param>
/// <param name="strides">Steps of the window; its size by default.</param>
/// <param name="padding"><c>valid</c>, <c>same</c> or numbers of rows and columns.</param>
/// <param name="name">The layer's name.</param>
[Registered("AvgPool2D", "AveragePooling2D")]
public sealed class AvgPool2D(Size2D poolSize = default, Size2D strides = default, Padding padding = default, string? name = null) : Layer(name), ILayer
{
    /// <summary>Height and width of the window.</summary>
    public Size2D PoolSize { get; } = Windows.Checked("AvgPool2D", "the window", poolSize, 2);

    /// <summary>Steps of the window.</summary>
    public Size2D Strides { get; } = Windows.Checked("AvgPool2D", "the stride", strides, poolSize.Or(2));

    /// <summary>How the window meets the border.</summary>
    public Padding Padding => padding;

    private protected override string KerasName => "average_pooling2d";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        Windows.RequireImages(x.Shape, "AvgPool2D");
        return x.AvgPool2D(PoolSize, Strides, padding);
    }

    static LayerSpec ILayer.Spec => new("AvgPool2D", d => new LayerCase(
        new AvgPool2D(d.Int(1, 3), d.Int(1, 2), d.OneOf(Padding.Valid, Padding.Same)), d.Tensor([d.Int(1, 2), d.Int(3, 5), d.Int(3, 5), d.Int(1, 3)])));
}

/// <summary>The mean of each channel over the image. <c>[N, H, W, C] -> [N, C]</c> (spec 3.17)</summary>
/// <param name="keepDims">Whether height and width stay as 1: <c>[N, 1, 1, C]</c>.</param>
/// <param name="name">The layer's name.</param>
[Registered("GlobalAvgPool2D", "GlobalAveragePooling2D")]
public sealed class GlobalAvgPool2D(bool keepDims = false, string? name = null) : Layer(name), ILayer
{
    /// <summary>Whether height and width stay as 1.</summary>
    public bool KeepDims => keepDims;

    private protected override string KerasName => "global_average_pooling2d";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        Windows.RequireImages(x.Shape, "GlobalAvgPool2D");
        return x.Mean((1, 2), keepDims);
    }

    static LayerSpec ILayer.Spec => new("GlobalAvgPool2D", d => new LayerCase(new GlobalAvgPool2D(d.Flag()), d.Tensor([d.Int(1, 2), d.Int(1, 5), d.Int(1, 5), d.Int(1, 3)])));
}

/// <summary>The largest value of each channel over the image; ties go to the first. <c>[N, H, W, C] -> [N, C]</c> (spec 3.18)</summary>
/// <param name="keepDims">Whether height and width stay as 1: <c>[N, 1, 1, C]</c>.</param>
/// <param name="name">The layer's name.</param>
[Registered("GlobalMaxPool2D", "GlobalMaxPooling2D")]
public sealed class GlobalMaxPool2D(bool keepDims = false, string? name = null) : Layer(name), ILayer
{
    /// <summary>Whether height and width stay as 1.</summary>
    public bool KeepDims => keepDims;

    private protected override string KerasName => "global_max_pooling2d";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        Windows.RequireImages(x.Shape, "GlobalMaxPool2D");
        return x.Max((1, 2), keepDims);
    }

    static LayerSpec ILayer.Spec => new("GlobalMaxPool2D", d => new LayerCase(new GlobalMaxPool2D(d.Flag()), d.Tensor([d.Int(1, 2), d.Int(1, 5), d.Int(1, 5), d.Int(1, 3)], Domain.Distinct)));
}
