namespace NativeDL.Recipes;

/// <summary>What a run of a recipe gave.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="BatchSize">Rows a step.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Model">The trained model.</param>
/// <param name="History">The loss and what else is measured, one row an epoch.</param>
/// <param name="Test">What the test data showed; of a classifier, <see cref="Predictions"/>.</param>
/// <param name="Seconds">Time of the training alone, validation included, data loading not.</param>
/// <param name="ExamplesPerSecond">Examples trained on a second, over the whole of <paramref name="Seconds"/>.</param>
/// <param name="WeightsSha256">SHA-256 over the bytes of all parameters, in the order of their names.</param>
/// <param name="Folder">Where model, history and report are.</param>
public sealed record TrainingResult(
    Recipe Recipe, int Epochs, int BatchSize, ulong Seed, Model Model, History History, Findings Test,
    double Seconds, double ExamplesPerSecond, string WeightsSha256, string Folder);
