using System.Runtime.CompilerServices;
using NativeDL.Formats;

namespace NativeDL.Data;

/// <summary>Pictures and their labels from IDX files.</summary>
internal static class IdxPictures
{
    /// <summary>Pairs a file of images with a file of labels.</summary>
    public static Dataset Read(string imagesPath, string labelsPath, IReadOnlyList<string> classNames)
    {
        using var outside = TensorScope.Suspend();
        var x = Images(Idx.Load(imagesPath), imagesPath);
        var y = Labels(Idx.Load(labelsPath), labelsPath, classNames.Count);
        if (x.Shape[0] != y.Shape[0])
            throw new ModelFormatException("Idx", labelsPath, 4, "images and labels differ in number",
                $"{y.Shape[0]} labels", $"{x.Shape[0]}");
        return new Dataset(x, y, classNames: classNames);
    }

    private static unsafe Tensor Images(Tensor raw, string path)
    {
        if (raw.DType != DType.UInt8 || raw.Rank != 3)
            throw new ModelFormatException("Idx", path, 2, "the file does not hold grey pictures",
                $"{raw.DType} {raw.Shape}", "UInt8 [N, height, width]");
        var result = new Tensor([.. raw.Shape.Dimensions, 1], DType.Float32, Device.Cpu);
        using var from = raw.Open<byte>();
        using var to = result.Open<float>();
        // Division, not a product with 1/255: 255 becomes exactly 1.
        var grey = new float[256];
        for (var v = 0; v < 256; v++)
            grey[v] = v / 255f;
        Convert(from.Pointer, to.Pointer, raw.ElementCount, grey);
        return result;
    }

    // 47 million pixels: too long a loop to begin unoptimized.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Convert(byte* from, float* to, long count, float[] grey)
    {
        for (long i = 0; i < count; i++)
            to[i] = grey[from[i]];
    }

    private static unsafe Tensor Labels(Tensor raw, string path, int classes)
    {
        if (raw.DType != DType.UInt8 || raw.Rank != 1)
            throw new ModelFormatException("Idx", path, 2, "the file does not hold labels", $"{raw.DType} {raw.Shape}", "UInt8 [N]");
        var result = new Tensor(raw.Shape, DType.Int32, Device.Cpu);
        using var from = raw.Open<byte>();
        using var to = result.Open<int>();
        for (long i = 0; i < raw.ElementCount; i++)
        {
            if (from.Pointer[i] >= classes)
                throw new ModelFormatException("Idx", path, 8 + i, "a label is out of range", $"{from.Pointer[i]}", $"0 to {classes - 1}");
            to.Pointer[i] = from.Pointer[i];
        }
        return result;
    }
}
