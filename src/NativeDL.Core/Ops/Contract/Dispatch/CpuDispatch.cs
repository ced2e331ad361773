using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Runs an operation on the processor: has operands prepared where they need it, chooses the type that is computed with.</summary>
internal static class CpuDispatch
{
    public static void Run(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var traits = op.TraitsNow;
        bool packs = false, widens = false;
        foreach (var y in outputs)
        {
            y.Allocate(Device.Cpu);
            widens |= y.DType.IsHalf();
        }
        foreach (var x in inputs) widens |= x.DType.IsHalf();
        if ((traits & OpTraits.Strided) == 0)
            foreach (var x in inputs) packs |= !x.IsContiguous;
        widens &= (traits & (OpTraits.Moves | OpTraits.Stored)) == 0;
        if (packs || widens) RunPrepared(op, packs, widens, inputs, outputs);
        else op.ComputeAs(TypeOf(op, traits, inputs, outputs), new Operands(inputs), new Results(outputs));
        if ((traits & OpTraits.Strided) == 0)
            foreach (var x in inputs) GC.KeepAlive(x);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunPrepared(Op op, bool packs, bool widens, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var type = TypeOf(op, op.TraitsNow, inputs, outputs);
        var prepared = new Prepared(Device.Cpu, packs, widens, inputs, outputs);
        op.ComputeAs(widens && type.IsHalf() ? DType.Float32 : type, prepared.Operands, prepared.Results);
        prepared.Finish(Device.Cpu);
    }

    // The type of the first floating-point operand; of whole numbers alone, the first one's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DType TypeOf(Op op, OpTraits traits, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if ((traits & OpTraits.Moves) != 0) return outputs[0].DType.Bits();
        if ((traits & OpTraits.ChoosesType) != 0) return op.ComputeTypeOf(new Operands(inputs), new Results(outputs));
        foreach (var x in inputs)
            if (x.DType.IsFloating()) return x.DType;
        return inputs[0].DType;
    }
}
