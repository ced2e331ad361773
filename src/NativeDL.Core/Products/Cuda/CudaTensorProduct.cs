using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// Products of half-precision matrices by a card's tensor cores: <c>gemm_tensor.cu</c>. Sums are float32; results are rounded once,
/// as they are stored.
/// </summary>
internal static unsafe class CudaTensorProduct
{
    private const int Capability = 80, Pack = 8, Processors = 132;

    /// <summary>A size of tiles in which the kernels exist.</summary>
    /// <param name="Name">Its part of the kernels' names.</param>
    /// <param name="Rows">Rows of the result that a block sums up.</param>
    /// <param name="Columns">Columns likewise.</param>
    /// <param name="Threads">Threads of a block.</param>
    /// <param name="SharedBytes">Its panels of both operands.</param>
    /// <param name="Cost">What a tile takes a multiprocessor, against others.</param>
    internal sealed record Tile(string Name, int Rows, int Columns, int Threads, int SharedBytes, double Cost)
    {
        public static readonly Tile
            Large = new("large", 128, 256, 256, 3 * 64 * (128 + 256) * 2, 8),
            Medium = new("medium", 64, 64, 128, 4 * 64 * (64 + 64) * 2, 1.6);

        /// <summary>Tiles that cover the results.</summary>
        public long Count(long m, long n, long matrices) => (m + Rows - 1) / Rows * ((n + Columns - 1) / Columns) * matrices;

        public double Time(long m, long n, long matrices) => (Count(m, n, matrices) + Processors - 1) / Processors * Cost;
    }

    // Terms that are worth a part, and of which a part is a multiple.
    private const int LeastTerms = 256, PartMultiple = 64;

    /// <summary>Whether the kernels can read the operands where they stand: rows at whole, aligned 16 bytes, and an even number of columns.</summary>
    public static bool Takes(CudaDevice device, in MatrixOperand a, in MatrixOperand b, Shape batch, int n, int k) =>
        device.Properties.Capability >= Capability && n % 2 == 0 && k > 0 && IsPacked(a, batch) && IsPacked(b, batch);

    private static bool IsPacked(in MatrixOperand x, Shape batch)
    {
        if (!x.Tensor.DType.IsHalf() || x.Lead % Pack != 0 || x.Tensor.Address % 16 != 0) return false;
        if (batch.ElementCount == 1) return true;
        foreach (long stride in x.Tensor.Strides[..^2])
            if (stride % Pack != 0) return false;
        return true;
    }

    /// <summary>y = activation(op(a) · op(b) + bias) for every matrix of the batch, along which operands broadcast.</summary>
    public static void Run(CudaDevice device, in MatrixOperand a, in MatrixOperand b, Shape batch, int m, int n, int k, in ProductResult result)
    {
        var tile = Tile.Large.Time(m, n, batch.ElementCount) <= Tile.Medium.Time(m, n, batch.ElementCount) ? Tile.Large : Tile.Medium;
        long blocks = tile.Count(m, n, batch.ElementCount);
        Run(device, a, b, batch, m, n, k, result, tile, (int)Math.Clamp(2 * Processors / blocks, 1, Math.Max(1, k / LeastTerms)));
    }

    /// <summary>The same with tiles of that size, the sums in about so many parts.</summary>
    public static void Run(CudaDevice device, in MatrixOperand a, in MatrixOperand b, Shape batch, int m, int n, int k, in ProductResult result, Tile tile,
        int parts)
    {
        if (result.Y.ElementCount == 0) return;
        int length = ((k + parts - 1) / parts + PartMultiple - 1) / PartMultiple * PartMultiple;
        parts = (k + length - 1) / length;
        bool relu = result.Activation?.Name == ReluOp.Name;
        if (parts == 1 && result.Z is null && (relu || result.Activation is null))
        {
            Launch(device, tile, a, b, batch, m, n, k, 1, length, result.Bias, result.Y, null, relu);
            return;
        }
        var sums = Tensor.Empty([parts, .. result.Y.Shape], DType.Float32, device);
        Launch(device, tile, a, b, batch, m, n, k, parts, length, null, null, sums, false);
        var y = Tensor.Empty(result.Y.Shape, DType.Float32, device);
        var z = result.Z is null ? null : Tensor.Empty(result.Y.Shape, DType.Float32, device);
        var bias = result.Bias?.Cast(DType.Float32);
        CudaProduct.AddParts(device, sums, parts, new(y, z, bias, result.Activation));
        device.Convert(y, result.Y);
        if (z is not null) device.Convert(z, result.Z!);
        sums.Free();
        y.Free();
        z?.Free();
        bias?.Free();
    }

    private static void Launch(CudaDevice device, Tile tile, in MatrixOperand a, in MatrixOperand b, Shape batch, int m, int n, int k, int parts, int length,
        Tensor? bias, Tensor? y, Tensor? sums, bool relu)
    {
        long blocks = tile.Count(m, n, batch.ElementCount);
        if (blocks > int.MaxValue)
            throw Error.Shape("matmul", "the result has too many tiles for one launch", $"{batch.ElementCount} matrices of {m} × {n}",
                $"at most {int.MaxValue} tiles of {tile.Rows} × {tile.Columns}", "take a part of the batch at a time");
        var sizes = CudaGemm.SizesOf(a, b, batch, m, n, k, length);
        device.LaunchShared($"gemm_tensor_{tile.Name}", a.Tensor.DType, new dim3((uint)blocks, (uint)parts), (uint)tile.Threads, tile.SharedBytes,
            a.Tensor, b.Tensor, bias, y, sums, KernelArgument.Structure(&sizes), relu ? 1 : 0);
    }
}
