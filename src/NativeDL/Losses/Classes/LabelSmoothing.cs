namespace NativeDL.Losses;

/// <summary>
/// Targets of which a share is spread evenly over all classes, so that no loss asks for a certainty that no logits reach (Szegedy et al. 2016).
/// </summary>
internal static class LabelSmoothing
{
    /// <summary>y·(1 − share) + share/classes; a single output stands for two classes.</summary>
    public static Tensor Of(Tensor y, double share, int classes) => share == 0 ? y : y * (1 - share) + share / classes;

    /// <summary>Refuses what is no share.</summary>
    public static double Share(double share, string loss) => share is >= 0 and <= 1 ? share
        : throw Error.Input(loss, "the label smoothing is a share", $"{share}", "0 to 1");
}
