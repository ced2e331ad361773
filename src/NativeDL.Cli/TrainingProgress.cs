using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using NativeDL.Recipes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NativeDL.Cli;

/// <summary>Shows how training goes on: drawn live on a terminal, as lines elsewhere, not at all when quiet.</summary>
internal abstract class TrainingProgress : Callback, IProgress<DatasetProgress>
{
    /// <summary>Runs a training with its progress shown.</summary>
    public static TrainingResult Show(Terminal terminal, bool quiet, Func<TrainingProgress, TrainingResult> train)
    {
        if (quiet) return train(new SilentProgress());
        if (terminal.Live is not { } live) return train(new PlainProgress(terminal.Error));
        var notes = new LiveProgress.NotesColumn();
        return live.Progress().Columns(LiveProgress.Columns(live.Profile.Width, notes)).Start(context => train(new LiveProgress(live, context, notes)));
    }

    /// <summary>Says what comes next.</summary>
    public abstract void Announce(string stage);

    /// <inheritdoc/>
    public abstract void Report(DatasetProgress value);

    /// <summary>The logs in one line: <c>loss 0.0312  accuracy 0.9911</c>.</summary>
    protected static string Line(Logs logs) =>
        string.Join("  ", logs.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} {l.Value:0.0000}")));
}

/// <summary>Shows nothing.</summary>
internal sealed class SilentProgress : TrainingProgress
{
    public override void Announce(string stage) { }

    public override void Report(DatasetProgress value) { }
}

/// <summary>A line for each stage and each epoch, and now and then one between: for logs and pipes.</summary>
internal sealed class PlainProgress(TextWriter lines) : TrainingProgress
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    private readonly Stopwatch sinceLine = Stopwatch.StartNew();
    private readonly Stopwatch epoch = new();
    private string fetching = "";

    public override void Announce(string stage) => Write(stage);

    public override void Report(DatasetProgress value)
    {
        string now = value.File.Length == 0 ? $"  asking {value.Source}" : $"  {value.File} from {value.Source}";
        if (now != fetching) Write(fetching = now);
    }

    public override void OnEpochBegin(TrainingState state) => epoch.Restart();

    public override void OnBatchEnd(TrainingState state)
    {
        if (sinceLine.Elapsed >= Silence) Write($"  epoch {state.Epoch}/{state.Epochs}, step {state.Step}/{state.StepsPerEpoch}: {Line(state.Logs)}");
    }

    public override void OnEpochEnd(TrainingState state) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"epoch {state.Epoch}/{state.Epochs}: {Line(state.Logs)}  ({epoch.Elapsed.TotalSeconds:0.0} s)"));

    private void Write(string line)
    {
        lines.WriteLine(line);
        sinceLine.Restart();
    }
}

/// <summary>A bar for each epoch, with loss and accuracy beside it.</summary>
internal sealed class LiveProgress(IAnsiConsole console, ProgressContext context, LiveProgress.NotesColumn notes) : TrainingProgress
{
    private ProgressTask? epoch;
    private ProgressTask? fetching;
    private string file = "";

    /// <summary>What stands in a row; a narrow terminal gets a short bar and no clock, so that rows stay rows.</summary>
    public static ProgressColumn[] Columns(int width, NotesColumn notes) => width < 90
        ? [new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = Math.Clamp(width - 70, 4, 30) }, new PercentageColumn(),
            notes]
        : [new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = Math.Clamp(width - 80, 10, 30) }, new PercentageColumn(),
            new ElapsedTimeColumn(), notes];

    public override void Announce(string stage) => console.MarkupLineInterpolated($"[grey]{stage}[/]");

    public override void Report(DatasetProgress value)
    {
        if (value.File.Length == 0) return;
        if (fetching is null || file != value.File)
        {
            if (fetching is not null) fetching.Value = fetching.MaxValue;
            file = value.File;
            fetching = context.AddTask(Markup.Escape(file), maxValue: Math.Max(1, value.TotalBytes));
            notes.Write(fetching, value.Source);
        }
        fetching.Value = value.Bytes;
    }

    public override void OnEpochBegin(TrainingState state) => epoch = context.AddTask($"epoch {state.Epoch}/{state.Epochs}", maxValue: state.StepsPerEpoch);

    public override void OnBatchEnd(TrainingState state)
    {
        epoch!.Value = state.Step;
        notes.Write(epoch, Short(state.Logs));
    }

    public override void OnEpochEnd(TrainingState state)
    {
        epoch!.Value = epoch.MaxValue;
        notes.Write(epoch, Short(state.Logs));
        epoch.StopTask();
    }

    // The validation's numbers in the order of the training's: "loss 0.0614 accuracy 0.9814 val 0.0385 0.9860".
    private static string Short(Logs logs)
    {
        const string validation = "val_";
        string line = "";
        bool named = false;
        foreach (var (key, value) in logs)
        {
            bool after = key.StartsWith(validation, StringComparison.Ordinal);
            line += string.Create(CultureInfo.InvariantCulture, $"{(after ? named ? "" : "val " : key + " ")}{value:0.0000} ");
            named |= after;
        }
        return line.TrimEnd();
    }

    /// <summary>A text at the end of the row: loss and accuracy, or where a file comes from. Drawn by a thread of its own.</summary>
    internal sealed class NotesColumn : ProgressColumn
    {
        private readonly ConcurrentDictionary<int, string> notes = [];

        public void Write(ProgressTask task, string note) => notes[task.Id] = note;

        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(notes.GetValueOrDefault(task.Id, ""));
    }
}
