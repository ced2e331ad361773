namespace NativeDL;

/// <summary>Where tensors without data live: operations on them are recorded, not computed.</summary>
internal sealed class SymbolDevice() : Device("symbolic")
{
    public override MemoryStats MemoryStats() => default;

    public override long TrimPool() => 0;

    internal override void Execute(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs) => _ = new OpNode(op, inputs, outputs);

    internal override Storage Allocate(long bytes, out nint address) => throw NoMemory();

    internal override unsafe void Upload(void* source, nint target, long bytes) => throw NoMemory();

    internal override unsafe void Download(nint source, void* target, long bytes) => throw NoMemory();

    internal override void CopyFrom(Tensor source, nint target, long bytes) => throw NoMemory();

    internal override void Copy(Tensor source, Tensor target) => throw NoMemory();

    internal override void Convert(Tensor source, Tensor target) => throw NoMemory();

    internal override void Fill(Tensor target, double value) => throw NoMemory();

    internal override DeviceUpdate UpdateOf(Tensor[] values, Tensor[][] slots, int[] groups) => throw NoMemory();

    internal override void MarkNotFinite(Tensor x, Tensor marks, int place) => throw NoMemory();

    private static InvalidInputException NoMemory() => Error.Input("Tensor", "a graph holds shapes and no data");
}
