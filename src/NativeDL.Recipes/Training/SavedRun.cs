namespace NativeDL.Recipes;

/// <summary>What a model file tells of the run that made it.</summary>
public static class SavedRun
{
    /// <summary>The data set that a model was trained on; null when the file does not say.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static string? DatasetOf(string path) =>
        RunRecord.Read(path) is { } record ? Recipe.All.FirstOrDefault(r => r.Name == record.Recipe)?.Dataset : null;
}
