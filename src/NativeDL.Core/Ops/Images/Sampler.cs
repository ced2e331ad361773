namespace NativeDL;

/// <summary>Looks up points between pixels. Gradients flow to the pixels and, where points lie between them, to the places.</summary>
internal static class Sampler
{
    /// <summary>
    /// The pixels at places, by the four around each: <c>images [N, H, W, C], image […a], y […b], x […c] -> […a∨b∨c, C]</c>, the last three
    /// broadcasting.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="image">Whole numbers: which image a point lies in.</param>
    /// <param name="y">Rows, with fractions.</param>
    /// <param name="x">Columns, with fractions.</param>
    /// <param name="zeros">Whether what lies beyond the border is 0; else it is the last pixel.</param>
    public static Tensor Bilinear(Tensor images, Tensor image, Tensor y, Tensor x, bool zeros)
    {
        Tensor top = y.Floor().StopGradient(), left = x.Floor().StopGradient(), down = y - top, right = x - left;
        var sum = Corner(0, 0);
        for (int i = 1; i < 4; i++) sum += Corner(i / 2, i % 2);
        return sum;

        Tensor Corner(int below, int beside) => Pixels(images, image, top + below, left + beside,
            (below == 0 ? 1 - down : down) * (beside == 0 ? 1 - right : right), zeros);
    }

    /// <summary>The pixels nearest to places; no gradient flows to those.</summary>
    public static Tensor Nearest(Tensor images, Tensor image, Tensor y, Tensor x, bool zeros) =>
        Pixels(images, image, y.Round().StopGradient(), x.Round().StopGradient(), null, zeros);

    // The pixels at whole rows and columns, each times its weight.
    private static Tensor Pixels(Tensor images, Tensor image, Tensor row, Tensor column, Tensor? weight, bool zeros)
    {
        var (n, h, w, c) = images.Shape;
        int pixels = Shape.Product("sample", Shape.Product("sample", n, h), w);
        Tensor inRow = row.Clip(0, h - 1), inColumn = column.Clip(0, w - 1);
        var place = image * (h * w) + inRow.Cast(DType.Int32) * w + inColumn.Cast(DType.Int32);
        var found = images.Reshape(pixels, c).Gather(place);
        if (zeros)
        {
            var inside = ((row == inRow) & (column == inColumn)).Cast(images.DType);
            weight = weight is null ? inside : weight * inside;
        }
        return weight is null ? found : found * weight.ExpandDims(-1);
    }

    /// <summary>The numbers of images as a shape that broadcasts with places: [N, 1, 1].</summary>
    public static Tensor Numbers(int n, int ones, Device device)
    {
        var shape = new int[1 + ones];
        Array.Fill(shape, 1);
        shape[0] = n;
        return Tensor.FromSpan<int>(Enumerable.Range(0, n).ToArray(), shape, device);
    }
}
