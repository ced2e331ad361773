using System.Globalization;
using System.Text;

namespace NativeDL;

/// <summary>Prints tensors as NumPy prints arrays: columns aligned, lines of 75 characters, long axes shortened to their first and last three.</summary>
internal static class TensorPrinter
{
    private const int Edge = 3;
    private const int MostElements = 1000;
    private const int LineWidth = 75;

    public static string Print(Tensor tensor, string? format = null, IFormatProvider? provider = null)
    {
        bool shorten = tensor.ElementCount > MostElements;
        var places = new List<long>();
        Places(tensor.Shape, 0, 0, shorten, places);
        if (places.Count == 0) return "[]";
        var words = !string.IsNullOrEmpty(format) && tensor.DType != DType.Bool ? Formatted(tensor, places, format, provider ?? CultureInfo.InvariantCulture)
            : tensor.DType.IsFloating() ? Fractions(tensor, places) : Wholes(tensor, places);
        if (tensor.Rank == 0) return words[0];
        int width = words.Max(w => w.Length);
        var text = new StringBuilder();
        Write(tensor.Shape, 0, shorten, new Queue<string>(words.Select(w => w.PadLeft(width))), text);
        return text.ToString();
    }

    // The positions that are shown, in their order.
    private static void Places(Shape shape, int axis, long offset, bool shorten, List<long> places)
    {
        if (axis == shape.Rank)
        {
            places.Add(offset);
            return;
        }
        for (int i = 0; i < shape[axis]; i++)
        {
            if (IsGap(shape[axis], i, shorten)) i = shape[axis] - Edge;
            Places(shape, axis + 1, offset + i * shape.Strides[axis], shorten, places);
        }
    }

    private static bool IsGap(int size, int i, bool shorten) => shorten && size > 2 * Edge && i == Edge;

    private static void Write(Shape shape, int axis, bool shorten, Queue<string> words, StringBuilder text)
    {
        bool isRow = axis == shape.Rank - 1;
        string indent = new(' ', axis + 1), newLine = new string('\n', shape.Rank - 1 - axis) + indent;
        int line = indent.Length;
        text.Append('[');
        for (int i = 0; i < shape[axis]; i++)
        {
            bool gap = IsGap(shape[axis], i, shorten);
            if (i > 0 && !isRow) text.Append(newLine);
            if (isRow)
            {
                string word = gap ? "..." : words.Dequeue();
                if (line + word.Length > LineWidth - axis - 1 && line > indent.Length)
                {
                    // The padding of a line's last number goes.
                    while (text[^1] == ' ') text.Length--;
                    text.Append('\n').Append(indent);
                    line = indent.Length;
                }
                text.Append(word);
                line += word.Length + 1;
                if (i + 1 < shape[axis]) text.Append(' ');
            }
            else if (gap) text.Append("...");
            else Write(shape, axis + 1, shorten, words, text);
            if (gap) i = shape[axis] - Edge - 1;
        }
        text.Append(']');
    }

    private static string[] Formatted(Tensor tensor, List<long> places, string format, IFormatProvider provider)
    {
        if (!tensor.DType.IsFloating())
        {
            var wholes = tensor.Cast(DType.Int64).ToArray<long>();
            return [.. places.Select(i => wholes[i].ToString(format, provider))];
        }
        var values = tensor.ToDoubles();
        return [.. places.Select(i => tensor.DType == DType.Float32 ? ((float)values[i]).ToString(format, provider) : values[i].ToString(format, provider))];
    }

    private static string[] Wholes(Tensor tensor, List<long> places)
    {
        var values = tensor.Cast(DType.Int64).ToArray<long>();
        return [.. places.Select(i => tensor.DType == DType.Bool ? values[i] != 0 ? "True" : "False" : values[i].ToString(CultureInfo.InvariantCulture))];
    }

    private static string[] Fractions(Tensor tensor, List<long> places)
    {
        var values = tensor.ToDoubles();
        var numbers = places.Select(i => new Number(values[i], tensor.DType)).ToList();
        if (tensor.Rank == 0) return [numbers[0].ToString()];
        var sizes = numbers.Where(n => n.IsFinite && n.Value != 0).Select(n => Math.Abs(n.Value)).ToList();
        bool scientific = sizes.Count > 0 && (sizes.Max() >= 1e8 || sizes.Min() < 1e-4 || sizes.Max() / sizes.Min() > 1000);
        var parts = numbers.Select(n => n.Parts(scientific)).ToList();
        int digits = parts.Max(p => p.Fraction.Length);
        return [.. parts.Select(p => p.Whole + (p.Point ? "." : "")
            + (scientific ? p.Point ? p.Fraction.PadRight(digits, '0') : "" : p.Point ? p.Fraction.PadRight(digits) : "") + p.Exponent)];
    }

    /// <summary>A number in as few digits as tell it from its neighbours, and at most 8 after the point.</summary>
    private readonly struct Number(double value, DType dtype)
    {
        private const int MostDigits = 8;

        public double Value => value;

        public bool IsFinite => double.IsFinite(value);

        public (string Whole, bool Point, string Fraction, string Exponent) Parts(bool scientific)
        {
            if (!IsFinite) return (ToString(), false, "", "");
            string sign = double.IsNegative(value) ? "-" : "";
            string text = scientific ? Scientific() : Positional();
            int point = text.IndexOf('.'), exponent = scientific ? text.IndexOf('e') : text.Length;
            return (sign + text[..point], true, text[(point + 1)..exponent].TrimEnd('0'), text[exponent..]);
        }

        // 12.5
        private string Positional()
        {
            string text = decimal.Parse(Shortest, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
            if (text.Length - 1 - text.IndexOf('.') > MostDigits && text.Contains('.'))
                text = Math.Abs(value).ToString($"F{MostDigits}", CultureInfo.InvariantCulture);
            return text.Contains('.') ? text : text + ".";
        }

        // 1.25e+01
        private string Scientific()
        {
            string digits = new([.. Shortest.TakeWhile(c => c != 'E').Where(char.IsAsciiDigit)]);
            int needed = Math.Min(MostDigits, Math.Max(0, digits.TrimStart('0').TrimEnd('0').Length - 1));
            string pattern = "0." + new string('0', needed) + "e+00";
            string text = Math.Abs(value).ToString(pattern, CultureInfo.InvariantCulture);
            return needed == 0 ? text.Replace("e", ".e", StringComparison.Ordinal) : text;
        }

        private string Shortest => dtype.Shortest(Math.Abs(value));

        public override string ToString()
        {
            if (double.IsNaN(value)) return "nan";
            if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
            double size = Math.Abs(value);
            if (size != 0 && (size < 1e-4 || size >= 1e16))
            {
                var (whole, _, fraction, exponent) = Parts(scientific: true);
                return whole + (fraction.Length > 0 ? "." + fraction : "") + exponent;
            }
            string text = decimal.Parse(Shortest, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
            return (double.IsNegative(value) ? "-" : "") + text + (text.Contains('.') ? "" : ".0");
        }
    }
}
