using System.Globalization;
using System.Text;
using NativeDL.Formats;

namespace NativeDL;

/// <summary>
/// Writes loss and metrics to a file, a line for each epoch, as soon as it is done: <c>epoch,loss,accuracy,val_loss …</c>, epochs counted from 1. The file is
/// replaced as a whole each time; a training that is gone on with writes on where it stood.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="separator">What stands between two values.</param>
/// <param name="append">Whether lines that are there already stay before those of this training.</param>
public sealed class CSVLogger(string path, string separator = ",", bool append = false) : Callback
{
    private readonly string path = string.IsNullOrEmpty(path) ? throw Error.Input("CSVLogger", "the file has no name", "''") : path;
    private readonly string separator = string.IsNullOrEmpty(separator) ? throw Error.Input("CSVLogger", "the separator is empty", "''") : separator;
    private string[] before = [];

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingState state) => before = append && File.Exists(path) ? File.ReadAllLines(path) : [];

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var history = state.History;
        var text = new StringBuilder();
        foreach (string line in before) text.Append(line).Append('\n');
        if (before.Length == 0) text.AppendJoin(separator, history.Columns.Prepend("epoch")).Append('\n');
        foreach (var (i, row) in history.Rows().Index())
            text.Append(history.EpochsBefore + i + 1).Append(separator)
                .AppendJoin(separator, row.Select(v => v.Value.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <inheritdoc/>
    protected internal override void WriteState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        saved.Set("before", before.Length);
    }

    /// <inheritdoc/>
    protected internal override void ReadState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        // The lines that were there are the first of those that are.
        before = [.. before.Take((int)saved.Number("before"))];
    }
}
