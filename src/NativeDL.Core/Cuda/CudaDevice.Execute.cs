using System.Collections.Concurrent;

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
        bool widens = half && (traits & (OpTraits.Moves | OpTraits.Stored)) == 0 && !HasHalfKernel(op, inputs, outputs)
            && !op.LaunchesHalves(this, new Operands(inputs), outputs[0]);
        if (packs || widens)
        {
            var prepared = new Prepared(this, (traits & OpTraits.Strided) == 0, widens, inputs, outputs);
            op.LaunchNow(prepared.Operands, prepared.Results, Stream);
            prepared.Finish(this);
        }
        else op.LaunchNow(new Operands(inputs), new Results(outputs), Stream);
        foreach (var x in inputs) GC.KeepAlive(x);
    }

    internal override void Convert(Tensor source, Tensor target) => Elementwise(CastOp.KernelTo(target.DType), [source], target, []);

    // By the kernels' names: an operation runs in half precision itself as soon as there is such a kernel.
    private static bool HasHalfKernel(Op op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        var type = outputs[0].DType;
        foreach (var x in inputs)
        {
            if (!x.DType.IsHalf()) continue;
            type = x.DType;
            break;
        }
        return HalfKernels.GetOrAdd((op.Name, type), static key => CudaKernels.All.ContainsKey($"{key.Op}_{key.Type.KernelSuffix()}"));
    }

    private static readonly ConcurrentDictionary<(string Op, DType Type), bool> HalfKernels = new();

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
