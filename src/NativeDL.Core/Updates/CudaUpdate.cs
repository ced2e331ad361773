using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// The update on a card: kernels made by <c>update.cuh</c>, each launch for as many parameters as its arguments have room for.
/// Nothing waits: norms, and the factors that follow from them, stay on the card. The step's numbers do too: a rule with a kernel
/// of its own for them is sent its settings once, and counts its steps there; those of others go there in the stream's order where
/// they change. So a launch's arguments are the same in every step, and a graph of launches, replayed, makes further steps.
/// </summary>
internal sealed unsafe class CudaUpdate : DeviceUpdate
{
    // As in update.cuh.
    private const int Piece = 4096, Row = 16;

    private readonly CudaDevice device;
    private readonly List<Launch> launches = [];
    private readonly long blocks;
    private double[] known = []; // the numbers that are on the card, or the settings
    private UpdateRule? found;   // whose kernels are there
    private bool counts;         // whether one of them makes the numbers
    private Tensor? numbers, settings, partial, scales;
    private bool isScaled;

    public CudaUpdate(CudaDevice device, Tensor[] values, Tensor[][] slots, int[] groups) : base(device, values, slots, groups)
    {
        this.device = device;
        var full = Enumerable.Range(0, values.Length).Where(t => values[t].ElementCount > 0);
        foreach (var likes in full.GroupBy(t => (values[t].DType, Group: groups[t], Slots: slots[t].Length)))
            foreach (int[] tensors in likes.Chunk(UpdateTable.Room(likes.Key.Slots)))
            {
                launches.Add(new Launch(likes.Key.DType, likes.Key.Group, tensors, blocks));
                blocks += tensors.Sum(BlocksOf);
            }
    }

    public override Tensor SumOfSquares()
    {
        if (blocks == 0) return Tensor.Zeros(Shape.Scalar, DType.Float64, device);
        Square();
        return partial!.Sum();
    }

    protected override void Scale(double? norm, double? globalNorm, Tensor? elsewhere)
    {
        isScaled = (norm ?? globalNorm) is not null && blocks > 0;
        if (!isScaled) return;
        using (TensorScope.Suspend()) scales ??= Tensor.Full([Values.Length], 1, DType.Float64, device);
        if (elsewhere is null) Square(); // else SumOfSquares has done it
        if (globalNorm is { } all) device.LaunchRows("clip_all", DType.Float64, 1, blocks, partial, blocks, elsewhere, scales, Values.Length, all);
        else
            foreach (var launch in launches)
            {
                var table = Table(launch);
                device.Launch("clip_each", DType.Float64, (uint)launch.Tensors.Length, 32, KernelArgument.Structure(&table), partial, launch.FirstBlock,
                    scales, norm!.Value);
            }
    }

    protected override Tensor Scaled(Tensor gradient, int i) => isScaled ? gradient * scales!.View([], [], i).Cast(gradient.DType) : gradient;

    protected override void Pass(UpdateRule rule, double[][] numbers, double[][]? settings, long[] steps, double[] shares, Tensor? isGood)
    {
        if (launches.Count == 0) return;
        Require(rule);
        if (counts && settings is not null) Count(rule, settings, steps, shares);
        else Tell(rule, numbers, shares);
        foreach (var launch in launches)
        {
            var table = Table(launch);
            device.Launch(rule.Kernel, launch.DType, (uint)table.Blocks, launch.Threads(Values), KernelArgument.Structure(&table), this.numbers, launch.Group,
                isScaled ? scales : null, Limit, isGood);
        }
        GC.KeepAlive(this);
    }

    private void Require(UpdateRule rule)
    {
        if (ReferenceEquals(rule, found)) return;
        if (CudaKernels.All.Count > 0 && launches.Find(l => !CudaKernels.All.ContainsKey($"{rule.Kernel}_{l.DType.KernelSuffix()}")) is { } missing)
            throw Error.Device($"Optimizer({rule.Kernel})", "the optimizer's rule has no kernel of that name", $"{missing.DType} on {device}", null,
                "a rule in tensor operations, by Optimizer.Update(ParameterStep), runs on any device");
        found = rule;
        counts = CudaKernels.All.ContainsKey(NumbersOf(rule) + "_f64");
    }

    private static string NumbersOf(UpdateRule rule) => rule.Kernel + "_numbers";

    // A row of numbers for each group: the share that decay leaves, then the rule's own.
    private void Tell(UpdateRule rule, double[][] numbers, double[] shares)
    {
        var next = new double[numbers.Length * Row];
        for (int group = 0; group < numbers.Length; group++)
        {
            if (numbers[group].Length >= Row)
                throw Error.Input(rule.Kernel, "the optimizer's rule has too many numbers", $"{numbers[group].Length}", $"at most {Row - 1}");
            Fill(next, group, shares[group], numbers[group]);
        }
        Send(ref this.numbers, next);
    }

    // The same of settings, with the steps at the end of each row. The kernel counts them on, and so does what is known of them here.
    private void Count(UpdateRule rule, double[][] settings, long[] steps, double[] shares)
    {
        var next = new double[steps.Length * Row];
        for (int group = 0; group < steps.Length; group++)
        {
            Fill(next, group, shares[group], settings[group]);
            next[(group + 1) * Row - 1] = steps[group];
        }
        Send(ref this.settings, next);
        using (TensorScope.Suspend()) numbers ??= Tensor.Empty([steps.Length, Row], DType.Float64, device);
        device.LaunchOver(NumbersOf(rule), DType.Float64, steps.Length, numbers, this.settings, steps.Length);
        for (int group = 0; group < steps.Length; group++) known[(group + 1) * Row - 1]++;
    }

    private static void Fill(double[] rows, int group, double share, double[] own)
    {
        rows[group * Row] = share;
        own.CopyTo(rows, group * Row + 1);
    }

    // What is there already need not be sent.
    private void Send(ref Tensor? to, double[] next)
    {
        if (next.AsSpan().SequenceEqual(known)) return;
        using (TensorScope.Suspend()) to ??= Tensor.Empty([next.Length / Row, Row], DType.Float64, device);
        fixed (double* first = next) device.Upload(first, to.Address, sizeof(double) * next.Length);
        known = next;
    }

    private void Square()
    {
        using (TensorScope.Suspend()) partial ??= Tensor.Empty([checked((int)blocks)], DType.Float64, device);
        foreach (var launch in launches)
        {
            var table = Table(launch);
            device.Launch("gradient_squares", launch.DType, (uint)table.Blocks, launch.Threads(Values), KernelArgument.Structure(&table), partial,
                launch.FirstBlock);
        }
        GC.KeepAlive(this);
    }

    private UpdateTable Table(Launch launch)
    {
        UpdateTable table = default;
        foreach (int t in launch.Tensors) table.Add(t, BlocksOf(t), Values[t], Gradients[t]!, Slots[t]);
        return table;
    }

    private int BlocksOf(int tensor) => checked((int)((Values[tensor].ElementCount + Piece - 1) / Piece));

    private sealed record Launch(DType DType, int Group, int[] Tensors, long FirstBlock)
    {
        // No more threads than the longest parameter has use for, at 4 elements each.
        public uint Threads(Tensor[] values) => (uint)Math.Clamp((Tensors.Max(t => values[t].ElementCount) + 127) / 128 * 32, 32, 256);
    }
}

/// <summary>Where the tensors of a launch are: <c>ndl_update_table</c> of <c>update.cuh</c>.</summary>
internal unsafe struct UpdateTable
{
    // What a launch's 4 KiB of arguments have room for.
    private const int Most = 64, MostAddresses = 320;

    private fixed ulong address[MostAddresses];
    private fixed long count[Most];
    private fixed int number[Most], block[Most + 1];
    private int tensors, each;

    /// <summary>How many tensors with so many slots a table has room for.</summary>
    public static int Room(int slots) => Math.Max(1, Math.Min(Most, MostAddresses / (2 + slots)));

    /// <summary>Blocks of threads that the tensors need together.</summary>
    public readonly int Blocks => block[tensors];

    public void Add(int position, int blocks, Tensor value, Tensor change, Tensor[] slots)
    {
        each = 2 + slots.Length;
        int at = tensors * each;
        (address[at], address[at + 1]) = ((ulong)value.Address, (ulong)change.Address);
        for (int s = 0; s < slots.Length; s++) address[at + 2 + s] = (ulong)slots[s].Address;
        (count[tensors], number[tensors]) = (value.ElementCount, position);
        block[tensors + 1] = block[tensors] + blocks;
        tensors++;
    }
}
