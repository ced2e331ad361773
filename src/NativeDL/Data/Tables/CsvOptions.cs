namespace NativeDL;

/// <summary>What the label column of a CSV file holds.</summary>
public enum CsvLabels
{
    /// <summary>
    /// Classes if every label is a whole number from 0 on, or one is a name; else values. Whole numbers of which some are
    /// no classes, such as −1, are refused: only the caller knows what they are.
    /// </summary>
    Auto,

    /// <summary>Classes: Int32 labels <c>[N]</c>. Names are numbered in alphabetical order, whole numbers are kept.</summary>
    Classes,

    /// <summary>Numbers to predict: Float32 labels <c>[N, 1]</c>.</summary>
    Values,
}

/// <summary>How a CSV file is to be read.</summary>
public sealed record CsvOptions
{
    /// <summary>Between two fields; a comma by default.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>
    /// Whether the first line has the columns' names. By default that shows: it has where no feature in it is a number, or where columns
    /// are chosen by name, and has not where all are; where only some are, or they could count the columns, the file is refused.
    /// </summary>
    public bool? HasHeader { get; init; }

    /// <summary>The label column, by name or by its number from 0; the last column by default.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>The feature columns, by name or by their number from 0; all but the label column by default.</summary>
    public IReadOnlyList<string>? FeatureColumns { get; init; }

    /// <summary>
    /// The classes in the order of their numbers, such as those of the data that a model was trained with (<see cref="Model.ClassNames"/>); by
    /// default those in the file, in alphabetical order. A label that is none of them is refused.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>What the label column holds.</summary>
    public CsvLabels Labels { get; init; } = CsvLabels.Auto;
}
