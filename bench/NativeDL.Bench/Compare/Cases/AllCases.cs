namespace NativeDL.Bench.Compare.Cases;

/// <summary>Every row of the comparison, in its order.</summary>
internal static class AllCases
{
    public static IReadOnlyList<CompareCase> List { get; } =
    [
        .. TrainingSteps.Cases,
        .. Products.Cases,
        .. Operations.Cases,
        .. Convolutions.Cases,
    ];
}
