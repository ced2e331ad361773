namespace NativeDL.Cuda;

internal sealed unsafe partial class CudaDevice
{
    // As in copy.cu.
    private const int TileSide = 64, TileAcross = 32, TileDown = 8;

    // What is narrower leaves most of a tile empty.
    private const int LeastSide = 16;

    // Below this many elements a copy costs more than what it saves.
    private const long WorthTurning = 1 << 15;

    internal override void Copy(Tensor source, Tensor target)
    {
        if (CudaWalk.TryTiles(source, target, TileSide, LeastSide, out var walk, out long tiles))
            Launch("transpose", source.DType.Bits(), CudaKernels.Grid(tiles, 1), new dim3(TileAcross, TileDown), source, target,
                KernelArgument.Structure(&walk));
        else LaunchElementwise("copy", source.DType.Bits(), [source], target, []);
    }

    /// <summary>
    /// A big operand that runs across memory, such as a transposed matrix, as a copy in the result's order: the copy goes
    /// tile by tile, where an elementwise walk would fetch a whole line of memory for every element.
    /// </summary>
    private static Tensor Turned(Tensor x)
    {
        if (x.IsContiguous || x.ElementCount < WorthTurning) return x;
        int inner = x.Rank - 1;
        while (x.Shape[inner] == 1) inner--;
        if (x.Strides[inner] is 0 or 1 || x.Shape[inner] < LeastSide) return x;
        for (int d = 0; d < inner; d++)
            if (x.Strides[d] == 1 && x.Shape[d] >= LeastSide) return x.Copy();
        return x;
    }
}
