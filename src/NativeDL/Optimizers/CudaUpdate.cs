using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// The update on a CUDA device: the kernels of <c>optimizers.cu</c>, each launch for as many parameters as its arguments
/// have room for. Nothing waits: norms, and the factors that follow from them, stay on the device.
/// </summary>
internal sealed unsafe class CudaUpdate
{
    // As in the kernels.
    private const int Piece = 4096;

    private readonly UpdatePlan plan;
    private readonly CudaDevice device;
    private readonly List<Launch> launches = [];
    private readonly long blocks;
    private Tensor? partial, scales;
    private bool isScaled;

    public CudaUpdate(UpdatePlan plan)
    {
        this.plan = plan;
        device = CudaDevice.Of(plan.Values[0]);
        var full = Enumerable.Range(0, plan.Values.Length).Where(t => plan.Values[t].ElementCount > 0);
        foreach (var likes in full.GroupBy(t => plan.Values[t].DType))
            foreach (int[] tensors in likes.Chunk(UpdateTable.Most))
            {
                launches.Add(new Launch(likes.Key, tensors, blocks));
                blocks += tensors.Sum(BlocksOf);
            }
    }

    /// <summary>Launches a rule over all parameters.</summary>
    public void Run(string rule, UpdateNumbers numbers, double limit)
    {
        foreach (var launch in launches)
        {
            var table = Table(launch);
            device.Launch(rule, launch.DType, (uint)table.Blocks, launch.Threads(plan), KernelArgument.Structure(&table), KernelArgument.Structure(&numbers), isScaled ? scales : null, limit, plan.IsGood);
        }
        GC.KeepAlive(plan);
    }

    /// <summary>Has the factors made that bring each gradient's norm, or the norm of all, under a limit.</summary>
    public void Clip(double? norm, double? globalNorm)
    {
        isScaled = (norm ?? globalNorm) is not null && blocks > 0;
        if (!isScaled) return;
        using (TensorScope.Suspend())
        {
            partial ??= Tensor.Empty([checked((int)blocks)], DType.Float64, device);
            scales ??= Tensor.Full([plan.Values.Length], 1, DType.Float64, device);
        }
        foreach (var launch in launches)
        {
            var table = Table(launch);
            device.Launch("gradient_squares", launch.DType, (uint)table.Blocks, launch.Threads(plan), KernelArgument.Structure(&table), partial, launch.FirstBlock);
            if (norm is { } each) device.Launch("clip_each", DType.Float64, (uint)launch.Tensors.Length, 32, KernelArgument.Structure(&table), partial, launch.FirstBlock, scales, each);
        }
        if (globalNorm is { } all) device.LaunchRows("clip_all", DType.Float64, 1, blocks, partial, blocks, scales, plan.Values.Length, all);
        GC.KeepAlive(plan);
    }

    /// <summary>What a gradient is multiplied with in this step, a tensor of one number; null for nothing.</summary>
    public Tensor? Scale(int i) => isScaled ? scales!.View([], [], i) : null;

    private UpdateTable Table(Launch launch)
    {
        UpdateTable table = default;
        foreach (int t in launch.Tensors)
        {
            var slots = plan.Slots[t];
            table.Add(t, BlocksOf(t), plan.Values[t], plan.Gradients[t]!, slots.Length > 0 ? slots[0].Value : null, slots.Length > 1 ? slots[1].Value : null);
        }
        return table;
    }

    private int BlocksOf(int tensor) => checked((int)((plan.Values[tensor].ElementCount + Piece - 1) / Piece));

    private sealed record Launch(DType DType, int[] Tensors, long FirstBlock)
    {
        // No more threads than the longest parameter has use for, at 4 elements each.
        public uint Threads(UpdatePlan plan) => (uint)Math.Clamp((Tensors.Max(t => plan.Values[t].ElementCount) + 127) / 128 * 32, 32, 256);
    }
}

/// <summary>Where the tensors of a launch are: <c>update_table</c> of <c>optimizers.cu</c>.</summary>
internal unsafe struct UpdateTable
{
    /// <summary>As many as a launch's 4 KiB of arguments have room for.</summary>
    public const int Most = 64;

    private fixed ulong parameter[Most], gradient[Most], first[Most], second[Most];
    private fixed long count[Most];
    private fixed int number[Most], block[Most + 1];
    private int tensors;

    /// <summary>Blocks of threads that the tensors need together.</summary>
    public readonly int Blocks => block[tensors];

    public void Add(int position, int blocks, Tensor value, Tensor change, Tensor? slot, Tensor? secondSlot)
    {
        (parameter[tensors], gradient[tensors]) = ((ulong)value.Address, (ulong)change.Address);
        (first[tensors], second[tensors]) = ((ulong)(slot?.Address ?? 0), (ulong)(secondSlot?.Address ?? 0));
        (count[tensors], number[tensors]) = (value.ElementCount, position);
        block[tensors + 1] = block[tensors] + blocks;
        tensors++;
    }
}
