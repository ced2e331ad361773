namespace NativeDL.Cuda;

internal sealed partial class CudaDevice
{
    internal override void Execute(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        foreach (var y in outputs) y.Allocate(this);
        using var named = new RunningOp(op);
        bool half = false, packs = false;
        foreach (var x in inputs)
        {
            half |= x.DType.IsHalf();
            packs |= !x.IsContiguous;
        }
        foreach (var y in outputs) half |= y.DType.IsHalf();
        var traits = op.TraitsNow;
        packs &= (traits & OpTraits.Strided) == 0;
        bool widens = half && (traits & (OpTraits.Moves | OpTraits.Stored)) == 0 && !HasHalfKernel(op, inputs, outputs);
        if (packs || widens) Prepared(op, widens, inputs, outputs);
        else op.LaunchNow(new Operands(inputs), new Results(outputs), Stream);
        foreach (var x in inputs) GC.KeepAlive(x);
    }

    // Operands as the kernels take them; half-precision numbers as float32 where there is no kernel that reads them itself.
    private void Prepared(Op op, bool widens, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor[] x = [.. inputs], y = [.. outputs];
        for (int i = 0; i < x.Length; i++)
        {
            if (widens && x[i].DType.IsHalf()) x[i] = Converted(x[i], Tensor.Empty(x[i].Shape, DType.Float32, this));
            else if ((op.TraitsNow & OpTraits.Strided) == 0) x[i] = x[i].Packed();
        }
        for (int i = 0; i < y.Length; i++)
            if (widens && y[i].DType.IsHalf()) y[i] = Tensor.Empty(y[i].Shape, DType.Float32, this);
        op.LaunchNow(new Operands(x), new Results(y), Stream);
        for (int i = 0; i < x.Length; i++)
            if (!ReferenceEquals(x[i], inputs[i])) x[i].Free();
        for (int i = 0; i < y.Length; i++)
        {
            if (ReferenceEquals(y[i], outputs[i])) continue;
            Converted(y[i], outputs[i]);
            y[i].Free();
        }
    }

    private Tensor Converted(Tensor x, Tensor y)
    {
        Elementwise($"cast_{y.DType.KernelSuffix()}", [x], y, []);
        return y;
    }

    // By the kernels' names: an operation runs in half precision itself as soon as there is such a kernel.
    private static bool HasHalfKernel(Op op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        foreach (var x in inputs)
            if (x.DType.IsHalf()) return CudaKernels.All.ContainsKey($"{op.Name}_{x.DType.KernelSuffix()}");
        return CudaKernels.All.ContainsKey($"{op.Name}_{outputs[0].DType.KernelSuffix()}");
    }

    /// <summary>The operation whose kernels this thread launches; for errors.</summary>
    internal static Op? Running => running;

    [ThreadStatic] private static Op? running;

    private readonly ref struct RunningOp
    {
        private readonly Op? outer;

        public RunningOp(Op op) => (outer, running) = (running, op);

        public void Dispose() => running = outer;
    }
}
