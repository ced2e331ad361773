namespace NativeDL;

/// <summary>A size of tiles in which the kernels of products exist, as <c>gemm.cuh</c> has them.</summary>
/// <param name="Name">Its part of the kernels' names.</param>
/// <param name="Side">Rows and columns of the result that a block sums up.</param>
/// <param name="Threads">Threads of a block.</param>
internal sealed record ProductTile(string Name, int Side, int Threads)
{
    public static readonly ProductTile Large = new("large", 128, 256), Medium = new("medium", 64, 128), Small = new("small", 32, 64);

    /// <summary>Whether there are kernels with these tiles for an element type: the large tile of float64 would fill the registers.</summary>
    public bool Exists(DType dtype) => dtype == DType.Float32 || this != Large;

    /// <summary>Tiles that cover a result.</summary>
    public long Count(long m, long n) => (m + Side - 1) / Side * ((n + Side - 1) / Side);
}

/// <summary>How a product of m × n results, each a sum of k terms, is cut for a card: by type and sizes alone.</summary>
/// <param name="Tile">What a block sums up.</param>
/// <param name="Parts">Parts of the sums, each summed by blocks of its own and joined in their order by a second launch.</param>
/// <param name="PartLength">Terms of a part.</param>
/// <param name="Blocks">Tiles of all matrices.</param>
internal readonly record struct ProductPlan(ProductTile Tile, int Parts, int PartLength, uint Blocks)
{
    // Blocks that keep most cards busy; terms that are worth a second launch.
    private const int EnoughBlocks = 128, LeastTerms = 256;

    // No panel is deeper.
    private const int PartMultiple = 32;

    /// <summary>The largest tiles that are enough, the sums in parts where nothing else is, and do not lie beyond the edges for the most part.</summary>
    public static ProductPlan Of(DType dtype, long m, long n, long k, long matrices = 1)
    {
        long mostParts = Math.Max(1, k / LeastTerms);
        bool Suits(ProductTile tile)
        {
            double tiles = tile.Count(m, n);
            return tile.Exists(dtype) && tiles * matrices * mostParts >= EnoughBlocks && tiles * tile.Side * tile.Side <= 1.5 * m * n;
        }

        var tile = Suits(ProductTile.Large) ? ProductTile.Large : Suits(ProductTile.Medium) ? ProductTile.Medium : ProductTile.Small;
        long blocks = Math.Max(1, tile.Count(m, n) * matrices);
        return Of(tile, (int)Math.Clamp(2 * EnoughBlocks / blocks, 1, mostParts), m, n, k, matrices);
    }

    /// <summary>Tiles of that size, the sums in about that many parts.</summary>
    public static ProductPlan Of(ProductTile tile, int parts, long m, long n, long k, long matrices = 1)
    {
        long length = Math.Min(((k + parts - 1) / parts + PartMultiple - 1) / PartMultiple * PartMultiple, int.MaxValue / PartMultiple * PartMultiple);
        double blocks = (double)tile.Count(m, n) * matrices;
        if (blocks > int.MaxValue)
            throw Error.Shape("matmul", "the result has too many tiles for one launch", $"{matrices} matrices of {m} × {n}", $"at most {int.MaxValue} tiles of {tile.Side} × {tile.Side}", "take a part of the batch at a time");
        return new(tile, (int)Math.Max(1, (k + length - 1) / Math.Max(1, length)), (int)length, (uint)blocks);
    }
}
