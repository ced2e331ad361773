using System.Globalization;
using System.Text;

namespace NativeDL;

/// <summary>Prints tensors as NumPy prints arrays: columns aligned, long axes shortened to their first and last three.</summary>
internal static class TensorPrinter
{
    private const int Edge = 3;
    private const int MostElements = 1000;

    public static string Print(Tensor tensor)
    {
        bool shorten = tensor.ElementCount > MostElements;
        var places = new List<long>();
        Visit(tensor.Shape, 0, 0, shorten, places.Add, null);
        var texts = new Queue<string>(tensor.DType.IsFloating() ? Fractions(tensor, places) : Wholes(tensor, places));
        int width = texts.Select(t => t.Length).DefaultIfEmpty().Max();
        var text = new StringBuilder();
        Visit(tensor.Shape, 0, 0, shorten, _ => text.Append(texts.Dequeue().PadLeft(width)), text);
        return text.ToString();
    }

    private static IEnumerable<string> Wholes(Tensor tensor, List<long> places)
    {
        var values = tensor.Cast(DType.Int64).ToArray<long>();
        return places.Select(i => tensor.DType == DType.Bool ? values[i] != 0 ? "True" : "False" : values[i].ToString(CultureInfo.InvariantCulture));
    }

    // Calls leaf for every shown element, and writes brackets and separators if there is a text.
    private static void Visit(Shape shape, int axis, long offset, bool shorten, Action<long> leaf, StringBuilder? text)
    {
        if (axis == shape.Rank)
        {
            leaf(offset);
            return;
        }
        text?.Append('[');
        int n = shape[axis];
        for (int i = 0; i < n; i++)
        {
            if (i > 0) text?.Append(axis == shape.Rank - 1 ? " " : new string('\n', shape.Rank - 1 - axis) + new string(' ', axis + 1));
            if (shorten && n > 2 * Edge && i == Edge)
            {
                text?.Append("...");
                i = n - Edge - 1;
                continue;
            }
            Visit(shape, axis + 1, offset + i * shape.Strides[axis], shorten, leaf, text);
        }
        text?.Append(']');
    }

    private static IEnumerable<string> Fractions(Tensor tensor, List<long> places)
    {
        var values = tensor.ToDoubles();
        var shown = places.Select(i => values[i]).ToList();
        var finite = shown.Where(double.IsFinite).Select(Math.Abs).Where(v => v > 0).ToList();
        bool scientific = finite.Count > 0 && (finite.Max() >= 1e8 || finite.Min() < 1e-4 || finite.Max() / finite.Min() > 1e6);
        string pattern = scientific ? "0.0000e+00" : shown.All(v => !double.IsFinite(v) || v == Math.Truncate(v)) ? "0." : "0.0000";
        return shown.Select(v => double.IsNaN(v) ? "nan" : double.IsInfinity(v) ? v > 0 ? "inf" : "-inf" : v.ToString(pattern, CultureInfo.InvariantCulture) + (pattern == "0." ? "." : ""));
    }
}
