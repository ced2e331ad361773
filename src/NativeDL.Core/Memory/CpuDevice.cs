namespace NativeDL;

/// <summary>The processor: tensors stand in main memory, kernels run on NativeDL's own threads.</summary>
internal sealed class CpuDevice() : Device("cpu")
{
    public CpuPool Pool { get; } = new();

    public override MemoryStats MemoryStats() => Pool.Stats();

    public override long TrimPool() => Pool.Trim();

    public override bool TracksOrigins { get => Pool.TrackOrigins; set => Pool.TrackOrigins = value; }

    public override string LeakReport() => Pool.LeakReport();

    internal override void Execute(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs) => CpuDispatch.Run(op, inputs, outputs);

    internal override unsafe void CopyFrom(Tensor source, nint target, long bytes) => source.Device.Download(source.Address, (void*)target, bytes);

    internal override void Copy(Tensor source, Tensor target) => CopyLoop.Run(source, target);

    internal override void Convert(Tensor source, Tensor target)
    {
        if (target.DType.IsHalf()) HalfPrecision.Narrow(source, target);
        else HalfPrecision.Widen(source, target);
    }

    internal override void Fill(Tensor target, double value) => FillLoop.Run(target, value);

    internal override DeviceUpdate UpdateOf(Tensor[] values, Tensor[][] slots, int[] groups) => new CpuUpdate(values, slots, groups);

    internal override void MarkNotFinite(Tensor x, Tensor marks, int place)
    {
        if (FiniteCheck.FirstBad(x) < 0) return;
        using var open = marks.Open<int>();
        unsafe { open.Pointer[place] = 1; }
    }

    internal override Storage Allocate(long bytes, out nint address) => Pool.Allocate(bytes, out address);

    internal override unsafe void Upload(void* source, nint target, long bytes) => Buffer.MemoryCopy(source, (void*)target, bytes, bytes);

    internal override unsafe void Download(nint source, void* target, long bytes) => Buffer.MemoryCopy((void*)source, target, bytes, bytes);
}
