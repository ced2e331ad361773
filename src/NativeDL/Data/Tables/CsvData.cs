using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace NativeDL.Data;

/// <summary>Turns the records of a CSV file into features and labels.</summary>
internal static class CsvData
{
    public static Dataset Read(byte[] bytes, string path, CsvOptions options)
    {
        if (options.Delimiter is '"' or '\r' or '\n' || char.IsAsciiLetterOrDigit(options.Delimiter))
            throw Error.Input("Datasets.Csv(options)", "the delimiter cannot be", $"'{options.Delimiter}'", "a comma, semicolon, tab …");
        if (!Utf8.IsValid(bytes))
            throw new ModelFormatException("Csv", path, null, "the file is not UTF-8 text");
        var text = Encoding.UTF8.GetString(bytes);
        var reader = new CsvReader(text, options.Delimiter, path);

        var fields = new List<string>();
        if (!reader.Read(fields))
            throw new ModelFormatException("Csv", path, null, "the file has no rows");
        var names = options.HasHeader ?? HasNames(fields, text, options, path) ? fields.ToArray() : null;
        var width = fields.Count;
        var label = options.LabelColumn is { } l ? Column(l, names, width, path) : width - 1;
        var columns = options.FeatureColumns is { } f
            ? f.Select(c => Column(c, names, width, path)).ToArray()
            : [.. Enumerable.Range(0, width).Where(c => c != label)];
        if (columns.Length == 0)
            throw new ModelFormatException("Csv", path, null, "no column is left for the features", $"{width} column{(width == 1 ? "" : "s")}", "two or more",
                width == 1 ? reader.OtherDelimiter(fields[0]) : null);

        var x = new List<float>();
        var labels = new List<(string Text, int Line)>();
        for (var more = names is null || reader.Read(fields); more; more = reader.Read(fields))
        {
            if (fields.Count != width)
                throw reader.Wrong(reader.Line, "the number of fields differs from the first line's", $"{fields.Count}", $"{width}");
            foreach (var c in columns)
                x.Add(Number(fields[c], reader, reader.Line, Title(c, names)));
            if (fields[label].Length == 0)
                throw reader.Wrong(reader.Line, $"column {Title(label, names)} has no label");
            labels.Add((fields[label], reader.Line));
        }
        if (labels.Count == 0)
            throw new ModelFormatException("Csv", path, null, "the file has a header and no rows");

        using var outside = TensorScope.Suspend();
        var (y, classes) = options.ClassNames is { } given
            ? Labels(labels, given, reader, Title(label, names))
            : Labels(labels, options.Labels, reader, Title(label, names));
        return new Dataset(Tensor.FromSpan<float>(x.ToArray(), [labels.Count, columns.Length], Device.Cpu), y, classNames: classes);
    }

    // Whether the first line holds names: no feature of it is a number then, and all are in a row.
    private static bool HasNames(List<string> first, string text, CsvOptions options, string path)
    {
        string[] chosen = [.. options.FeatureColumns ?? [], .. options.LabelColumn is { } l ? [l] : (string[])[]];
        if (!chosen.All(c => int.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return true;
        var label = options.LabelColumn is { } column ? int.Parse(column, CultureInfo.InvariantCulture) : first.Count - 1;
        int[] features = options.FeatureColumns is { } f
            ? [.. f.Select(c => int.Parse(c, CultureInfo.InvariantCulture)).Where(c => c < first.Count)]
            : [.. Enumerable.Range(0, first.Count).Where(c => c != label)];
        var numbers = features.Count(c => TryNumber(first[c], out _));
        if (numbers == 0)
            return features.Length > 0 || !first.TrueForAll(s => TryNumber(s, out _));
        if (first.TrueForAll(s => TryNumber(s, out _)))
            return false;
        var second = new List<string>();
        var following = new CsvReader(text, options.Delimiter, path);
        var isLabel = label < first.Count && !TryNumber(first[label], out _) && following.Read(second) && following.Read(second) &&
            label < second.Count && TryNumber(second[label], out _);
        var counts = features.Length > 1 && ((int[])[0, 1]).Any(from => features.Select((c, i) => first[c] == $"{from + i}").All(same => same));
        if (isLabel)
            return true;
        if (numbers < features.Length || counts)
            throw new ModelFormatException("Csv", path, null, "the first line may have the columns' names, or be a row",
                string.Join(", ", first.Take(10).Select(Short)), null, "say which by HasHeader of CsvOptions");
        return false;
    }

    private static (Tensor Y, string[] Classes) Labels(List<(string Text, int Line)> labels, IReadOnlyList<string> classes, CsvReader reader, string column)
    {
        var number = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < classes.Count; i++)
            if (!number.TryAdd(classes[i] ?? throw Error.Input("Datasets.Csv(options)", "a class has no name", "null"), i))
                throw Error.Input("Datasets.Csv(options)", "two classes have one name", $"'{classes[i]}'");
        var indices = new int[labels.Count];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = number.TryGetValue(labels[i].Text, out var n) ? n
                : throw reader.Wrong(labels[i].Line, $"the label in column {column} is none of the classes", $"\"{Short(labels[i].Text)}\"",
                    classes.Count == 0 ? "classes, of which ClassNames of CsvOptions has none" : string.Join(", ", classes.Take(50).Select(Short)));
        return (Tensor.FromSpan<int>(indices, [indices.Length], Device.Cpu), [.. classes]);
    }

    private static (Tensor Y, string[] Classes) Labels(
        List<(string Text, int Line)> labels, CsvLabels kind, CsvReader reader, string column)
    {
        var indices = new int[labels.Count];
        var noClass = Array.FindIndex([.. labels], l => !TryClass(l.Text, out _));
        var whole = noClass < 0;
        for (var i = 0; i < indices.Length && whole; i++)
            _ = TryClass(labels[i].Text, out indices[i]);
        if (kind == CsvLabels.Auto)
        {
            if (!whole && labels.All(l => IsWhole(l.Text)))
                throw reader.Wrong(labels[noClass].Line, $"column {column} has whole numbers, and one of them is no class",
                    $"\"{Short(labels[noClass].Text)}\"",
                    $"0 to {int.MaxValue}", "set Labels of CsvOptions: Values takes the column as numbers, Classes as names");
            kind = whole || !labels.All(l => TryNumber(l.Text, out _)) ? CsvLabels.Classes : CsvLabels.Values;
        }

        if (kind == CsvLabels.Values)
        {
            var values = new float[labels.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = Number(labels[i].Text, reader, labels[i].Line, column);
            return (Tensor.FromSpan<float>(values, [values.Length, 1], Device.Cpu), []);
        }
        if (whole)
            return (Tensor.FromSpan<int>(indices, [indices.Length], Device.Cpu), []);
        var classes = labels.Select(l => l.Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var number = classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        for (var i = 0; i < indices.Length; i++)
            indices[i] = number[labels[i].Text];
        return (Tensor.FromSpan<int>(indices, [indices.Length], Device.Cpu), classes);
    }

    private static int Column(string name, string[]? names, int width, string path)
    {
        var found = names is null ? -1 : Array.IndexOf(names, name);
        if (found >= 0 && Array.LastIndexOf(names!, name) is var last && last != found)
            throw new ModelFormatException("Csv", path, null, $"two columns are called \"{Short(name)}\"", $"columns {found} and {last}", null,
                "choose columns by their numbers, with HasHeader of CsvOptions set");
        if (found < 0 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < width)
            found = number;
        return found >= 0 ? found : throw new ModelFormatException("Csv", path, null, $"there is no column \"{Short(name)}\"",
            names is null ? $"columns 0 to {width - 1}" : string.Join(", ", names.Take(50).Select(Short)));
    }

    private static float Number(string text, CsvReader reader, int line, string column)
    {
        if (!TryNumber(text, out var value))
            throw reader.Wrong(line, $"column {column} is not a number", text.Length == 0 ? "an empty field" : $"\"{Short(text)}\"",
                "a number with a decimal point");
        // An infinity that is written in digits is a number that grew too large.
        if (float.IsInfinity(value) && text.Any(char.IsAsciiDigit))
            throw reader.Wrong(line, $"column {column} has a number that Float32 cannot hold", $"\"{Short(text)}\"", "at most 3.4e38 in magnitude");
        return value;
    }

    private static bool TryClass(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool IsWhole(string text) => text.AsSpan().TrimStart("+-") is { Length: > 0 } digits && !digits.ContainsAnyExceptInRange('0', '9');

    private static bool TryNumber(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static string Title(int column, string[]? names) => names is null ? $"{column}" : $"\"{Short(names[column])}\"";

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

/// <summary>A table by <see cref="Datasets.Csv"/>, with its defaults.</summary>
[Registered("csv")]
internal sealed class CsvFormat : FileFormat, IDatasetFormat
{
    public override string Ending => ".csv";

    public Dataset ReadDataset(string path) => Datasets.Csv(path);
}
