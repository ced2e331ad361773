using NativeDL.Cuda;

namespace NativeDL;

/// <summary>Matrix products on a card: <c>gemm.cu</c>.</summary>
internal static unsafe class CudaGemm
{
    /// <summary>y = activation(op(a) · op(b) + bias) for every matrix of the batch, along which operands broadcast.</summary>
    public static void Run(CudaDevice device, in MatrixOperand a, in MatrixOperand b, Shape batch, int m, int n, int k, in ProductResult result)
    {
        if (result.Y.DType.IsHalf()) CudaTensorProduct.Run(device, a, b, batch, m, n, k, result);
        else Run(device, a, b, batch, m, n, k, result, ProductPlan.Of(result.Y.DType, m, n, k, batch.ElementCount));
    }

    // A large product reads an operand whose terms stand side by side slower than one whose rows or columns do: it is turned once
    // instead by every block that reads it. From so many results a term it gains more than the turning takes.
    private const int WorthTurningA = 3072, WorthTurningB = 1536;

    /// <summary>The same, cut as told.</summary>
    public static void Run(CudaDevice device, in MatrixOperand a, in MatrixOperand b, Shape batch, int m, int n, int k, in ProductResult result,
        in ProductPlan plan)
    {
        if (result.Y.ElementCount == 0) return;
        MatrixOperand left = a, right = b;
        if (plan.Tile == ProductTile.Large && batch.ElementCount == 1)
        {
            if (!a.Transposed && n >= WorthTurningA) left = new(Turned(a, m, k), true, m);
            if (b.Transposed && m >= WorthTurningB) right = new(Turned(b, n, k), false, n);
        }
        Launch(device, left, right, batch, m, n, k, result, plan);
        if (!ReferenceEquals(left.Tensor, a.Tensor)) left.Tensor.Free();
        if (!ReferenceEquals(right.Tensor, b.Tensor)) right.Tensor.Free();
    }

    // An operand of which `lines` stand one after another as [terms, lines].
    private static Tensor Turned(in MatrixOperand x, int lines, int terms) => x.Tensor.View([terms, lines], [1, x.Lead], 0).Copy();

    private static void Launch(CudaDevice device, in MatrixOperand a, in MatrixOperand b, Shape batch, int m, int n, int k, in ProductResult result,
        in ProductPlan plan)
    {
        var sizes = SizesOf(a, b, batch, m, n, k, plan.PartLength);
        CudaProduct.Run(device, "gemm", plan, a.Tensor, b.Tensor, result, KernelArgument.Structure(&sizes));
    }

    /// <summary>What the kernels know of a product.</summary>
    public static Sizes SizesOf(in MatrixOperand a, in MatrixOperand b, Shape batch, int m, int n, int k, int partLength)
    {
        ReadOnlySpan<Tensor> begins = batch.ElementCount == 1 ? [] : [a.FirstElements, b.FirstElements];
        return new Sizes
        {
            M = m, N = n, K = k, Part = partLength,
            RowA = a.Transposed ? 1 : a.Lead, StepA = a.Transposed ? a.Lead : 1,
            StepB = b.Transposed ? 1 : b.Lead, ColumnB = b.Transposed ? b.Lead : 1,
            Matrices = batch.ElementCount,
            Batch = CudaWalk.Of("matmul", batch, begins),
        };
    }

    /// <summary><c>ndl_gemm</c>.</summary>
    internal struct Sizes
    {
        public int M, N, K, Part;
        public long RowA, StepA, ColumnB, StepB, Matrices;
        public CudaWalk Batch;
    }
}
