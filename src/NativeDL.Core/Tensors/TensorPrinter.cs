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
        var values = tensor.ToDoubles();
        bool shorten = values.Length > MostElements;
        var shown = new List<double>();
        Visit(tensor.Shape, 0, 0, shorten, i => shown.Add(values[i]), null);
        var format = Format(tensor.DType, shown);
        int width = shown.Count == 0 ? 0 : shown.Max(v => format(v).Length);
        var text = new StringBuilder();
        Visit(tensor.Shape, 0, 0, shorten, i => text.Append(format(values[i]).PadLeft(width)), text);
        return text.ToString();
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

    private static Func<double, string> Format(DType dtype, List<double> shown)
    {
        if (dtype == DType.Bool) return v => v != 0 ? "True" : "False";
        if (!dtype.IsFloating()) return v => v.ToString("0", CultureInfo.InvariantCulture);
        var finite = shown.Where(double.IsFinite).Select(Math.Abs).Where(v => v > 0).ToList();
        bool scientific = finite.Count > 0 && (finite.Max() >= 1e8 || finite.Min() < 1e-4 || finite.Max() / finite.Min() > 1e6);
        string pattern = scientific ? "0.0000e+00" : shown.All(v => !double.IsFinite(v) || v == Math.Truncate(v)) ? "0." : "0.0000";
        return v => double.IsNaN(v) ? "nan" : double.IsInfinity(v) ? v > 0 ? "inf" : "-inf" : v.ToString(pattern, CultureInfo.InvariantCulture) + (pattern == "0." ? "." : "");
    }
}
