using System.Runtime.InteropServices;

namespace NativeDL.Metrics;

/// <summary>
/// BLEU of a corpus: BP·exp((1/n)·Σ log pₖ), where pₖ is the share of the k-grams said that stand in a reference too, each no more often than there, and
/// BP = exp(1 − r/c) where the c tokens said are fewer than the r of the nearest references (Papineni et al. 2002). Targets are token numbers <c>[N, T]</c>, or
/// several references <c>[N, R, T]</c>; predictions token numbers <c>[N, T]</c> or scores <c>[N, T, tokens]</c>. (as KerasHub's)
/// </summary>
/// <remarks>Tokens are read back, which waits for a device: for evaluations rather than for every step.</remarks>
[Registered("bleu")]
public sealed class Bleu : Metric
{
    private readonly RunningSum matches, possible, lengths;

    /// <summary>A metric that has seen nothing.</summary>
    /// <param name="maxOrder">n, the longest k-grams.</param>
    /// <param name="smooth">Whether one is added to every number of k-grams, so that none is 0 (Lin and Och 2004).</param>
    /// <param name="paddingId">A token number that is no token, wherever it stands; null for none.</param>
    public Bleu(int maxOrder = 4, bool smooth = false, int? paddingId = 0)
    {
        MaxOrder = maxOrder is >= 1 and <= 100 ? maxOrder : throw Error.Input("Bleu", "the order is out of range", $"{maxOrder}", "1 to 100");
        (Smooth, PaddingId) = (smooth, paddingId);
        (matches, possible, lengths) = (AddSum("matches", maxOrder), AddSum("possible", maxOrder), AddSum("lengths", 2));
    }

    /// <summary>n, the longest k-grams.</summary>
    public int MaxOrder { get; }

    /// <summary>Whether one is added to every number of k-grams.</summary>
    public bool Smooth { get; }

    /// <summary>A token number that is no token, or null.</summary>
    public int? PaddingId { get; }

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override double Result
    {
        get
        {
            double[] right = matches.ToArray(), all = possible.ToArray(), tokens = lengths.ToArray();
            if (tokens[1] == 0) return double.NaN;
            double more = Smooth ? 1 : 0, logs = 0;
            for (int k = 0; k < MaxOrder; k++) logs += Math.Log(Counted.Ratio(right[k] + more, all[k] + more)) / MaxOrder;
            return tokens[0] == 0 ? 0 : Math.Exp(logs + Math.Min(0, 1 - tokens[1] / tokens[0]));
        }
    }

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        int[][] said = TokenRows.Said(Name, prediction, PaddingId);
        int[][][] references = TokenRows.Right(Name, target, said.Length, PaddingId);
        double[] w = TokenRows.Weights(Name, weights, said.Length), right = new double[MaxOrder], all = new double[MaxOrder], tokens = new double[2];
        for (int i = 0; i < said.Length; i++)
        {
            for (int k = 1; k <= MaxOrder; k++)
            {
                var most = new Dictionary<Gram, int>();
                foreach (int[] reference in references[i])
                    foreach (var (gram, times) in Grams(reference, k))
                        CollectionsMarshal.GetValueRefOrAddDefault(most, gram, out _) = Math.Max(times, most[gram]);
                right[k - 1] += w[i] * Grams(said[i], k).Sum(g => Math.Min(g.Value, most.GetValueOrDefault(g.Key)));
                all[k - 1] += w[i] * Math.Max(0, said[i].Length - k + 1);
            }
            tokens[0] += w[i] * said[i].Length;
            // Of two that are equally near the shorter.
            tokens[1] += w[i] * references[i].Select(r => r.Length).OrderBy(n => Math.Abs(n - said[i].Length)).ThenBy(n => n).FirstOrDefault();
        }
        matches.Add(Tensor.FromArray(right));
        possible.Add(Tensor.FromArray(all));
        lengths.Add(Tensor.FromArray(tokens));
    }

    private static Dictionary<Gram, int> Grams(int[] tokens, int k)
    {
        var counts = new Dictionary<Gram, int>();
        for (int i = 0; i + k <= tokens.Length; i++) CollectionsMarshal.GetValueRefOrAddDefault(counts, new Gram(tokens, i, k), out _)++;
        return counts;
    }

    /// <summary>k tokens in a row.</summary>
    private readonly struct Gram(int[] tokens, int start, int count) : IEquatable<Gram>
    {
        private ReadOnlySpan<int> Tokens => tokens.AsSpan(start, count);

        public bool Equals(Gram other) => Tokens.SequenceEqual(other.Tokens);

        public override bool Equals(object? other) => other is Gram gram && Equals(gram);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (int token in Tokens) hash.Add(token);
            return hash.ToHashCode();
        }
    }
}
