namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Channels laid out as blocks of pixels, the block's place first: y[n, h·b + i, w·b + j, c] = x[n, h, w, (i·b + j)·C + c].
    /// <c>[N, H, W, b²·C] -> [N, H·b, W·b, C]</c>
    /// </summary>
    /// <param name="blockSize">b.</param>
    /// <remarks>TensorFlow's <c>depth_to_space</c>, ONNX' in its mode DCR; PyTorch's order is <see cref="PixelShuffle(int)"/>.</remarks>
    /// <exception cref="ShapeMismatchException">The channels are no multiple of b², or there are not four axes.</exception>
    public Tensor DepthToSpace(int blockSize) => ToSpace("depth_to_space", blockSize, channelsFirst: false);

    /// <summary>Blocks of pixels laid out as channels: <see cref="DepthToSpace(int)"/> back. <c>[N, H·b, W·b, C] -> [N, H, W, b²·C]</c></summary>
    /// <param name="blockSize">b.</param>
    /// <exception cref="ShapeMismatchException">Height or width is no multiple of b, or there are not four axes.</exception>
    public Tensor SpaceToDepth(int blockSize) => ToDepth("space_to_depth", blockSize, channelsFirst: false);

    /// <summary>
    /// Channels laid out as blocks of pixels, the channel first: y[n, h·r + i, w·r + j, c] = x[n, h, w, c·r² + i·r + j].
    /// <c>[N, H, W, C·r²] -> [N, H·r, W·r, C]</c>
    /// </summary>
    /// <param name="factor">r.</param>
    /// <remarks>Shi and others 2016; PyTorch's <c>PixelShuffle</c> with channels last, ONNX' <c>DepthToSpace</c> in its mode CRD.</remarks>
    /// <exception cref="ShapeMismatchException">The channels are no multiple of r², or there are not four axes.</exception>
    public Tensor PixelShuffle(int factor) => ToSpace("pixel_shuffle", factor, channelsFirst: true);

    /// <summary>Blocks of pixels laid out as channels: <see cref="PixelShuffle(int)"/> back. <c>[N, H·r, W·r, C] -> [N, H, W, C·r²]</c></summary>
    /// <param name="factor">r.</param>
    /// <exception cref="ShapeMismatchException">Height or width is no multiple of r, or there are not four axes.</exception>
    public Tensor PixelUnshuffle(int factor) => ToDepth("pixel_unshuffle", factor, channelsFirst: true);

    private Tensor ToSpace(string name, int b, bool channelsFirst)
    {
        var (n, h, w, c) = Image(name, b);
        long area = (long)b * b;
        if (c == NativeDL.Shape.None || c % area != 0)
            throw Error.Shape(name, "the channels are no multiple of a block's pixels", $"{Shape}, blocks of {b} by {b}", $"a multiple of {area}");
        int channels = (int)(c / area);
        var apart = channelsFirst ? Reshape(NativeDL.Shape.Of([n, h, w, channels, b, b])).Permute(0, 1, 4, 2, 5, 3)
            : Reshape(NativeDL.Shape.Of([n, h, w, b, b, channels])).Permute(0, 1, 3, 2, 4, 5);
        return apart.Reshape(NativeDL.Shape.Of([n, NativeDL.Shape.Product(name, h, b), NativeDL.Shape.Product(name, w, b), channels]));
    }

    private Tensor ToDepth(string name, int b, bool channelsFirst)
    {
        var (n, h, w, c) = Image(name, b);
        if (h == NativeDL.Shape.None || w == NativeDL.Shape.None || h % b != 0 || w % b != 0)
            throw Error.Shape(name, "the image does not divide into blocks", $"{Shape}, blocks of {b} by {b}", $"height and width a multiple of {b}");
        var apart = Reshape(NativeDL.Shape.Of([n, h / b, b, w / b, b, c]));
        return apart.Permute(channelsFirst ? [0, 1, 3, 5, 2, 4] : [0, 1, 3, 2, 4, 5])
            .Reshape(NativeDL.Shape.Of([n, h / b, w / b, NativeDL.Shape.Product(name, c, NativeDL.Shape.Product(name, b, b))]));
    }

    private (int N, int H, int W, int C) Image(string name, int block)
    {
        if (block < 1) throw Error.Input(name, "a block has one pixel or more", $"{block}");
        if (Rank != 4) throw Error.Shape(name, "the operand is no batch of images", $"{Shape}", "[N, H, W, C]");
        return (Shape.Dimension(0), Shape.Dimension(1), Shape.Dimension(2), Shape.Dimension(3));
    }
}

internal abstract class DepthToSpaceSpec : IOp
{
    public static OpSpec Spec => ToSpace("depth_to_space", (x, b) => x.DepthToSpace(b));

    internal static OpSpec ToSpace(string name, Func<Tensor, int, Tensor> run) => new(name, "[N, H, W, C] -> [N, OH, OW, c]", d =>
    {
        int b = d.Int(1, 3);
        return new OpCase([d.Tensor([d.Size(2), d.Size(4), d.Size(3), b * b * d.Size(3)])], x => [run(x[0], b)], $"by {b}");
    })
    { Flops = _ => 0 };

    internal static OpSpec ToDepth(string name, Func<Tensor, int, Tensor> run) => new(name, "[N, H, W, C] -> [N, OH, OW, c]", d =>
    {
        int b = d.Int(1, 3);
        return new OpCase([d.Tensor([d.Size(2), b * d.Size(4), b * d.Size(3), d.Size(3)])], x => [run(x[0], b)], $"by {b}");
    })
    { Flops = _ => 0 };
}

internal abstract class SpaceToDepthSpec : IOp
{
    public static OpSpec Spec => DepthToSpaceSpec.ToDepth("space_to_depth", (x, b) => x.SpaceToDepth(b));
}

internal abstract class PixelShuffleSpec : IOp
{
    public static OpSpec Spec => DepthToSpaceSpec.ToSpace("pixel_shuffle", (x, r) => x.PixelShuffle(r));
}

internal abstract class PixelUnshuffleSpec : IOp
{
    public static OpSpec Spec => DepthToSpaceSpec.ToDepth("pixel_unshuffle", (x, r) => x.PixelUnshuffle(r));
}
