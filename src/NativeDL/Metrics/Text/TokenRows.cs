namespace NativeDL.Metrics;

/// <summary>Rows of token numbers, read back: how often which of them follow each other is counted in main memory.</summary>
internal static class TokenRows
{
    /// <summary>What a model says: token numbers <c>[N, T]</c>, or the highest of scores <c>[N, T, tokens]</c>.</summary>
    public static int[][] Said(string name, Tensor prediction, int? padding)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        var tokens = prediction.DType.IsIndex() ? prediction : prediction.Rank == 3 ? prediction.StopGradient().ArgMax(-1) : null;
        return tokens?.Rank == 2 ? Of(tokens, padding)
            : throw Error.Shape(name, "predictions are rows of tokens", $"{prediction.DType} {prediction.Shape}",
                "token numbers [N, T], or scores [N, T, tokens]");
    }

    /// <summary>What is right: one row for each, <c>[N, T]</c>, or several, <c>[N, R, T]</c>.</summary>
    public static int[][][] Right(string name, Tensor target, int rows, int? padding)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!target.DType.IsIndex()) throw Error.DType(name, "targets are token numbers", $"{target.DType}", "Int32 or Int64");
        if (target.Rank is not (2 or 3) || target.Shape[0] != rows)
            throw Error.Shape(name, "the targets do not fit the predictions", $"targets {target.Shape} for {rows} rows",
                $"[{rows}, T], or [{rows}, references, T]");
        int each = target.Rank == 2 ? 1 : target.Shape[1];
        return [.. Of(target.Reshape(rows * each, target.Shape[^1]), padding).Chunk(Math.Max(each, 1))];
    }

    /// <summary>The weight of each row.</summary>
    public static double[] Weights(string name, Tensor? weights, int rows) => weights is null ? [.. Enumerable.Repeat(1.0, rows)]
        : SampleWeights.Over(name, weights, [rows], DType.Float64).ToArray<double>();

    private static int[][] Of(Tensor tokens, int? padding) =>
        [.. tokens.Cast(DType.Int32).ToArray<int>().Chunk(Math.Max(1, tokens.Shape[1]))
            .Select(row => padding is { } none ? row.Where(t => t != none).ToArray() : row)];
}
