namespace NativeDL.Metrics;

/// <summary>
/// 2·P·R/(P + R) of the longest common subsequence l of what is said and a reference, averaged over rows: P = l/said, R = l/reference (Lin 2004). Of several
/// references the best counts. Targets are token numbers <c>[N, T]</c> or <c>[N, R, T]</c>; predictions token numbers <c>[N, T]</c> or scores
/// <c>[N, T, tokens]</c>. (as KerasHub's)
/// </summary>
/// <remarks>Tokens are read back, which waits for a device: for evaluations rather than for every step.</remarks>
/// <param name="paddingId">A token number that is no token, wherever it stands; null for none.</param>
[Registered("rouge_l")]
public sealed class RougeL(int? paddingId = 0) : MeanMetric
{
    /// <summary>A token number that is no token, or null.</summary>
    public int? PaddingId => paddingId;

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        int[][] said = TokenRows.Said(Name, prediction, paddingId);
        int[][][] references = TokenRows.Right(Name, target, said.Length, paddingId);
        Add(Tensor.FromArray([.. said.Select((row, i) => references[i].Select(r => Score(row, r)).DefaultIfEmpty(0).Max())]), weights?.To(Device.Cpu));
    }

    private static double Score(int[] said, int[] reference) =>
        said.Length + reference.Length == 0 ? 0 : 2.0 * CommonLength(said, reference) / (said.Length + reference.Length);

    private static int CommonLength(int[] a, int[] b)
    {
        // Of all of a so far, with each beginning of b.
        var lengths = new int[b.Length + 1];
        foreach (int token in a)
        {
            int diagonal = 0;
            for (int j = 1; j <= b.Length; j++)
                (diagonal, lengths[j]) = (lengths[j], b[j - 1] == token ? diagonal + 1 : Math.Max(lengths[j], lengths[j - 1]));
        }
        return lengths[^1];
    }
}
