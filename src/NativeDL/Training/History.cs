using System.Globalization;
using System.Text;

namespace NativeDL;

/// <summary>What training reported, one row an epoch: the loss and every metric, and with the prefix <c>val_</c> those of the validation data.</summary>
public sealed class History
{
    private readonly List<string> columns = [];
    private readonly Dictionary<string, List<double>> values = [];

    /// <summary>Epochs that were done before the first row, when training was resumed.</summary>
    public int EpochsBefore { get; internal init; }

    /// <summary>Number of epochs finished.</summary>
    public int Epochs { get; private set; }

    /// <summary>The columns, in the order in which they first appeared: <c>loss</c>, <c>accuracy</c>, <c>val_loss</c> …</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>Why training ended before the last epoch, or null.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>A column, one value an epoch; a metric also by another of its names: <c>mae</c>, <c>val_mae</c>.</summary>
    /// <exception cref="InvalidInputException">There is no such column; the error lists those there are.</exception>
    public IReadOnlyList<double> this[string column] => values.TryGetValue(MeasuredNames.Find(column, values.ContainsKey), out var list) ? list
        : throw Error.UnknownName("column of the history", column, columns);

    /// <summary>Whether there is such a column.</summary>
    public bool Contains(string column) => values.ContainsKey(MeasuredNames.Find(column, values.ContainsKey));

    /// <summary>The history as comma-separated values with a heading.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("epoch");
        foreach (string column in columns) text.Append(',').Append(column);
        for (int e = 0; e < Epochs; e++)
        {
            text.Append('\n').Append(EpochsBefore + e + 1);
            foreach (string column in columns) text.Append(',').Append(values[column][e].ToString("R", CultureInfo.InvariantCulture));
        }
        return text.Append('\n').ToString();
    }

    /// <summary>Writes <see cref="ToCsv"/> to a file; an existing file is replaced as a whole or not at all.</summary>
    public void SaveCsv(string path) => Formats.AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToCsv())));

    /// <summary>The curves of a quantity, training and validation together, as an SVG picture.</summary>
    /// <param name="quantity">A column without prefix, such as <c>loss</c>.</param>
    public string ToSvg(string quantity = "loss")
    {
        var chart = new Plotting.LineChart { Title = quantity, XLabel = "epoch", YLabel = quantity, WholeX = true };
        chart.Add("training", this[quantity]);
        if (Contains($"val_{quantity}")) chart.Add("validation", this[$"val_{quantity}"]);
        return chart.ToSvg();
    }

    /// <summary>Writes <see cref="ToSvg"/> to a file.</summary>
    public void SaveSvg(string path, string quantity = "loss") =>
        Formats.AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToSvg(quantity))));

    /// <summary>The rows, one an epoch.</summary>
    internal IReadOnlyList<IReadOnlyList<KeyValuePair<string, double>>> Rows() =>
        [.. Enumerable.Range(0, Epochs).Select(e => columns.ConvertAll(c => KeyValuePair.Create(c, values[c][e])))];

    internal void Add(IEnumerable<KeyValuePair<string, double>> row)
    {
        foreach (var (column, value) in row)
        {
            if (!values.TryGetValue(column, out var list))
            {
                columns.Add(column);
                values[column] = list = [.. Enumerable.Repeat(double.NaN, Epochs)];
            }
            list.Add(value);
        }
        Epochs++;
        foreach (var list in values.Values) if (list.Count < Epochs) list.Add(double.NaN);
    }
}
