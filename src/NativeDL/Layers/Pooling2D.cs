namespace NativeDL.Layers;

/// <summary>What the pools over windows of images have in common.</summary>
public abstract class Pooling2D : Layer
{
    private protected Pooling2D(Size2D poolSize, Size2D strides, Padding padding, string? name)
        : base(name)
    {
        PoolSize = Windows.Checked(GetType().Name, "the window", poolSize, 2);
        Strides = Windows.Checked(GetType().Name, "the stride", strides, poolSize.Or(2));
        Padding = padding;
    }

    /// <summary>Height and width of the window.</summary>
    public Size2D PoolSize { get; }

    /// <summary>Steps of the window.</summary>
    public Size2D Strides { get; }

    /// <summary>How the window meets the border.</summary>
    public Padding Padding { get; }

    /// <inheritdoc/>
    protected sealed override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        Windows.RequireImages(x.Shape, GetType().Name);
        return Pool(x);
    }

    private protected abstract Tensor Pool(Tensor images);
}

/// <summary>What the pools over whole images have in common.</summary>
public abstract class GlobalPooling2D : Layer
{
    private protected GlobalPooling2D(bool keepDims, string? name)
        : base(name) => KeepDims = keepDims;

    /// <summary>Whether height and width stay as 1.</summary>
    public bool KeepDims { get; }

    /// <inheritdoc/>
    protected sealed override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        Windows.RequireImages(x.Shape, GetType().Name);
        return Pool(x);
    }

    private protected abstract Tensor Pool(Tensor images);
}

/// <summary>The largest value of each window and channel; ties go to the first. <c>[N, H, W, C] -> [N, H′, W′, C]</c> (spec 3.14)</summary>
/// <param name="poolSize">Height and width of the window; 2 by default.</param>
/// <param name="strides">Steps of the window; its size by default.</param>
/// <param name="padding"><c>valid</c>, <c>same</c> or numbers of rows and columns.</param>
/// <param name="name">The layer's name.</param>
[Registered("MaxPool2D", "MaxPooling2D")]
public sealed class MaxPool2D(Size2D poolSize = default, Size2D strides = default, Padding padding = default, string? name = null)
    : Pooling2D(poolSize, strides, padding, name), ILayer
{
    private protected override string KerasName => "max_pooling2d";

    private protected override Tensor Pool(Tensor images) => images.MaxPool2D(PoolSize, Strides, Padding);

    static LayerSpec ILayer.Spec => new("MaxPool2D", d => new LayerCase(
        new MaxPool2D(d.Int(1, 3), d.Int(1, 2), d.OneOf(Padding.Valid, Padding.Same)),
            d.Tensor([d.Int(1, 2), d.Int(3, 5), d.Int(3, 5), d.Int(1, 3)], Domain.Distinct)));
}

/// <summary>The mean of each window and channel; padding does not count. <c>[N, H, W, C] -> [N, H′, W′, C]</c> (spec 3.15)</summary>
/// <param name="poolSize">Height and width of the window; 2 by default.</param>
/// <param name="strides">Steps of the window; its size by default.</param>
/// <param name="padding"><c>valid</c>, <c>same</c> or numbers of rows and columns.</param>
/// <param name="name">The layer's name.</param>
[Registered("AvgPool2D", "AveragePooling2D")]
public sealed class AvgPool2D(Size2D poolSize = default, Size2D strides = default, Padding padding = default, string? name = null)
    : Pooling2D(poolSize, strides, padding, name), ILayer
{
    private protected override string KerasName => "average_pooling2d";

    private protected override Tensor Pool(Tensor images) => images.AvgPool2D(PoolSize, Strides, Padding);

    static LayerSpec ILayer.Spec => new("AvgPool2D", d => new LayerCase(
        new AvgPool2D(d.Int(1, 3), d.Int(1, 2), d.OneOf(Padding.Valid, Padding.Same)), d.Tensor([d.Int(1, 2), d.Int(3, 5), d.Int(3, 5), d.Int(1, 3)])));
}

/// <summary>The mean of each channel over the image. <c>[N, H, W, C] -> [N, C]</c> (spec 3.17)</summary>
/// <param name="keepDims">Whether height and width stay as 1: <c>[N, 1, 1, C]</c>.</param>
/// <param name="name">The layer's name.</param>
[Registered("GlobalAvgPool2D", "GlobalAveragePooling2D")]
public sealed class GlobalAvgPool2D(bool keepDims = false, string? name = null) : GlobalPooling2D(keepDims, name), ILayer
{
    private protected override string KerasName => "global_average_pooling2d";

    private protected override Tensor Pool(Tensor images) => images.Mean((1, 2), KeepDims);

    static LayerSpec ILayer.Spec =>
        new("GlobalAvgPool2D", d => new LayerCase(new GlobalAvgPool2D(d.Flag()), d.Tensor([d.Int(1, 2), d.Int(1, 5), d.Int(1, 5), d.Int(1, 3)])));
}

/// <summary>The largest value of each channel over the image; ties go to the first. <c>[N, H, W, C] -> [N, C]</c> (spec 3.18)</summary>
/// <param name="keepDims">Whether height and width stay as 1: <c>[N, 1, 1, C]</c>.</param>
/// <param name="name">The layer's name.</param>
[Registered("GlobalMaxPool2D", "GlobalMaxPooling2D")]
public sealed class GlobalMaxPool2D(bool keepDims = false, string? name = null) : GlobalPooling2D(keepDims, name), ILayer
{
    private protected override string KerasName => "global_max_pooling2d";

    private protected override Tensor Pool(Tensor images) => images.Max((1, 2), KeepDims);

    static LayerSpec ILayer.Spec => new("GlobalMaxPool2D", d =>
        new LayerCase(new GlobalMaxPool2D(d.Flag()), d.Tensor([d.Int(1, 2), d.Int(1, 5), d.Int(1, 5), d.Int(1, 3)], Domain.Distinct)));
}
