using System.Collections.Concurrent;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// Launches kernels of sums of products: <c>{family}_{tile}</c>, or <c>{family}_{tile}_{activation}</c> where the family
/// has a kernel that ends with the activation; else the activation follows as the elementwise operation that it is.
/// </summary>
internal static unsafe class CudaProduct
{
    private static readonly ConcurrentDictionary<(string Family, string Stage, string Activation, DType DType), string?> Names = new();

    /// <summary>The product of the operands; <paramref name="sizes"/> is what its family wants to know besides.</summary>
    public static void Run(CudaDevice device, string family, in ProductPlan plan, Tensor a, Tensor b, in ProductResult result, KernelArgument sizes)
    {
        if (result.Y.ElementCount == 0) return;
        if (plan.Parts == 1)
        {
            Launch(device, family, plan, a, b, result, sizes);
            return;
        }
        var parts = Tensor.Empty([plan.Parts, .. result.Y.Shape], a.DType, a.Device);
        Launch(device, family, plan, a, b, new(parts), sizes);
        AddParts(device, parts, plan.Parts, result);
        parts.Free();
    }

    /// <summary>A kernel of which threads work on elements of the result.</summary>
    public static void LaunchOver(CudaDevice device, string family, string stage, Tensor a, Tensor b, in ProductResult result, KernelArgument sizes)
    {
        var last = new Stage(family, stage, result);
        var numbers = last.Numbers;
        device.LaunchOver(last.Kernel, a.DType, result.Y.ElementCount, a, b, result.Bias, last.Y, last.Z, sizes, KernelArgument.Structure(&numbers));
        last.Finish(device);
    }

    private static void Launch(CudaDevice device, string family, in ProductPlan plan, Tensor a, Tensor b, in ProductResult result, KernelArgument sizes)
    {
        var last = new Stage(family, plan.Tile.Name, result);
        var numbers = last.Numbers;
        device.Launch(last.Kernel, a.DType, new dim3(plan.Blocks, (uint)plan.Parts), (uint)plan.Tile.ThreadsFor(a.DType), a, b, result.Bias, last.Y, last.Z,
            sizes, KernelArgument.Structure(&numbers));
        last.Finish(device);
    }

    /// <summary>y = activation(bias + the sum over the first dimension of <paramref name="parts"/>, in its order).</summary>
    public static void AddParts(CudaDevice device, Tensor parts, int count, in ProductResult result)
    {
        var last = new Stage("gemm", "sum", result);
        var numbers = last.Numbers;
        device.LaunchOver(last.Kernel, parts.DType, result.Y.ElementCount, parts, count, result.Bias, result.Y.Shape[^1], last.Y, last.Z,
            result.Y.ElementCount, KernelArgument.Structure(&numbers));
        last.Finish(device);
    }

    // The launch that ends a product, and what follows where its kernel does not know the activation.
    private readonly ref struct Stage
    {
        private readonly ProductResult result;
        private readonly bool fused;

        public Stage(string family, string stage, in ProductResult result)
        {
            this.result = result;
            string? kernel = Find(family, stage, result.Activation?.Name ?? "", result.Y.DType);
            fused = kernel is not null;
            Kernel = kernel ?? Find(family, stage, "", result.Y.DType)!;
        }

        public string Kernel { get; }

        public Tensor Y => fused ? result.Y : result.Z ?? result.Y;

        public Tensor? Z => fused ? result.Z : null;

        public CudaAttributes Numbers
        {
            get
            {
                CudaAttributes numbers = default;
                result.Activation?.Numbers.CopyTo(new Span<double>(numbers.Values, CudaAttributes.Most));
                return numbers;
            }
        }

        public void Finish(CudaDevice device)
        {
            if (!fused) device.Elementwise(result.Activation!.Name, [Y], result.Y, result.Activation.Numbers);
        }
    }

    private static string? Find(string family, string stage, string activation, DType dtype) =>
        Names.GetOrAdd((family, stage, activation, dtype), static key =>
        {
            string name = $"{key.Family}_{key.Stage}{(key.Activation.Length == 0 ? "" : "_")}{key.Activation}";
            return key.Activation.Length == 0 || CudaKernels.All.ContainsKey($"{name}_{key.DType.KernelSuffix()}") ? name : null;
        });
}
