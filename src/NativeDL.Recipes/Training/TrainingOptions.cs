namespace NativeDL.Recipes;

/// <summary>How to run a recipe; what is null stays as the recipe has it.</summary>
public sealed record TrainingOptions
{
    /// <summary>Epochs.</summary>
    public int? Epochs { get; init; }

    /// <summary>Rows a step.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Seeds the parameters, the order of the rows and dropout. The same seed gives the same weights to the bit.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Where to compute; the CPU by default.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Where the model, the history and the report go; a folder of its own below <c>runs</c> by default.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether a run that is in the folder already, finished or stopped, may be lost.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Called as training goes on.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Told of each stage before it begins: loading, training, testing; and, when training fails, where what was reached is.</summary>
    public Action<string>? Announce { get; init; }

    /// <summary>Told how far the fetching of the data has come.</summary>
    public IProgress<DatasetProgress>? Fetching { get; init; }
}
