namespace NativeDL;

/// <summary>A size of tiles in which the kernels of products exist, as <c>tile.cuh</c> has them.</summary>
/// <param name="Name">Its part of the kernels' names.</param>
/// <param name="Rows">Rows of the result that a block sums up.</param>
/// <param name="Columns">Columns likewise.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="Rates">The share of its multiply-adds that a multiprocessor does with one block, two, up to as many as it holds.</param>
internal sealed record ProductTile(string Name, int Rows, int Columns, int Threads, params double[] Rates)
{
    // Rates as measured on an H200: native/lab/gemm/notes.md.
    public static readonly ProductTile
        Large = new("large", 128, 128, 128, 0.45, 0.78),
        Tall = new("tall", 128, 64, 128, 0.53, 0.68),
        Medium = new("medium", 64, 64, 64, 0.28, 0.44, 0.56, 0.66),
        Small = new("small", 32, 32, 64, 0.11, 0.17, 0.21, 0.25);

    /// <summary>All of them, the largest first.</summary>
    public static readonly ProductTile[] All = [Large, Tall, Medium, Small];

    /// <summary>Whether there are kernels with these tiles for an element type: the large ones of float64 would fill the registers.</summary>
    public bool Exists(DType dtype) => dtype == DType.Float32 || (this != Large && this != Tall);

    /// <summary>Threads of a block for an element type: those of float64 have half the columns.</summary>
    public int ThreadsFor(DType dtype) => this == Medium && dtype == DType.Float64 ? 2 * Threads : Threads;

    /// <summary>Tiles that cover a result.</summary>
    public long Count(long m, long n) => (m + Rows - 1) / Rows * ((n + Columns - 1) / Columns);

    /// <summary>Steps of a multiprocessor that sums up so many blocks of a step each, as many at once as it holds.</summary>
    public double Steps(long blocks)
    {
        long left = blocks % Rates.Length;
        return Rows * Columns * ((blocks - left) / Rates[^1] + (left == 0 ? 0 : left / Rates[left - 1]));
    }
}

/// <summary>How a product of m × n results, each a sum of k terms, is cut for a card: by type and sizes alone.</summary>
/// <param name="Tile">What a block sums up.</param>
/// <param name="Parts">Parts of the sums, each summed by blocks of its own and joined in their order by a second launch.</param>
/// <param name="PartLength">Terms of a part.</param>
/// <param name="Blocks">Tiles of all matrices.</param>
internal readonly record struct ProductPlan(ProductTile Tile, int Parts, int PartLength, uint Blocks)
{
    // A card is taken for one of so many multiprocessors, each with so many multiply-adds a cycle: an H100 or H200.
    private const int Processors = 132, Rate = 128;

    // Terms that are worth a part, and the most parts; no panel is deeper than the last.
    private const int LeastTerms = 64, MostParts = 256, PartMultiple = 32;

    // In cycles: what a block begins and ends with, as terms; a second launch, what it takes for each part, and for each number of it.
    private const double BlockTerms = 32, Launch = 4400, PartCycles = 100, NumberCycles = 0.006;

    /// <summary>The tiles, and the parts that fill the card once, twice and so on, which take the least time.</summary>
    public static ProductPlan Of(DType dtype, long m, long n, long k, long matrices = 1)
    {
        long most = Math.Clamp(k / LeastTerms, 1, MostParts);
        ProductPlan best = default;
        double least = double.PositiveInfinity;
        foreach (var tile in ProductTile.All)
        {
            long blocks = Math.Max(1, tile.Count(m, n) * matrices);
            if (!tile.Exists(dtype) || (blocks > uint.MaxValue && best.Tile is not null)) continue;
            for (int fill = 0; fill <= 8; fill++)
            {
                int parts = (int)Math.Clamp(fill * Processors / blocks, 1, most);
                if (fill > 0 && parts == 1) continue;
                var plan = Of(tile, parts, m, n, k, matrices);
                double cycles = tile.Steps((blocks * plan.Parts + Processors - 1) / Processors) * (plan.PartLength + BlockTerms) / Rate;
                if (plan.Parts > 1) cycles += Launch + plan.Parts * (PartCycles + (double)m * n * matrices * NumberCycles);
                if (cycles < least) (best, least) = (plan, cycles);
            }
        }
        return best;
    }

    /// <summary>Tiles of that size, the sums in about that many parts.</summary>
    public static ProductPlan Of(ProductTile tile, int parts, long m, long n, long k, long matrices = 1)
    {
        long length = Math.Min(((k + parts - 1) / parts + PartMultiple - 1) / PartMultiple * PartMultiple, int.MaxValue / PartMultiple * PartMultiple);
        double blocks = (double)tile.Count(m, n) * matrices;
        if (blocks > int.MaxValue)
            throw Error.Shape("matmul", "the result has too many tiles for one launch", $"{matrices} matrices of {m} × {n}",
                $"at most {int.MaxValue} tiles of {tile.Rows} × {tile.Columns}", "take a part of the batch at a time");
        return new(tile, (int)Math.Max(1, (k + length - 1) / Math.Max(1, length)), (int)length, (uint)blocks);
    }
}
