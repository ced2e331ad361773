namespace NativeDL.Recipes;

/// <summary>What a model file tells of the run that made it.</summary>
public static class SavedRun
{
    /// <summary>The recipe that made a model; null when the file does not say, or names one that is not known here.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static Recipe? RecipeOf(string path) => RunRecord.Read(path) is { } record ? Recipe.All.FirstOrDefault(r => r.Name == record.Recipe) : null;
}
