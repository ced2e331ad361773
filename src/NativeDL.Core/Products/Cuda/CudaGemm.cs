using NativeDL.Cuda;

namespace NativeDL;

/// <summary>Matrix products on a card: <c>gemm.cu</c>.</summary>
internal static unsafe class CudaGemm
{
    /// <summary>y = activation(op(a) · op(b) + bias) for every matrix of the batch, along which operands broadcast.</summary>
    public static void Run(CudaDevice device, in MatrixOperand a, in MatrixOperand b, Shape batch, int m, int n, int k, in ProductResult result) =>
        Run(device, a, b, batch, m, n, k, result, ProductPlan.Of(result.Y.DType, m, n, k, batch.ElementCount));

    /// <summary>The same, cut as told.</summary>
    public static void Run(CudaDevice device, in MatrixOperand a, in MatrixOperand b, Shape batch, int m, int n, int k, in ProductResult result,
        in ProductPlan plan)
    {
        if (result.Y.ElementCount == 0) return;
        ReadOnlySpan<Tensor> begins = batch.ElementCount == 1 ? [] : [a.FirstElements, b.FirstElements];
        var sizes = new Sizes
        {
            M = m, N = n, K = k, Part = plan.PartLength,
            RowA = a.Transposed ? 1 : a.Lead, StepA = a.Transposed ? a.Lead : 1,
            StepB = b.Transposed ? 1 : b.Lead, ColumnB = b.Transposed ? b.Lead : 1,
            Matrices = batch.ElementCount,
            Batch = CudaWalk.Of("matmul", batch, begins),
        };
        CudaProduct.Run(device, "gemm", plan, a.Tensor, b.Tensor, result, KernelArgument.Structure(&sizes));
    }

    // ndl_gemm
    private struct Sizes
    {
        public int M, N, K, Part;
        public long RowA, StepA, ColumnB, StepB, Matrices;
        public CudaWalk Batch;
    }
}
