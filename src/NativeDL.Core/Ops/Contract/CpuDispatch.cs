using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Runs an operation on the processor: lays operands straight, chooses the type that is computed with.</summary>
internal static class CpuDispatch
{
    public static void Run(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        foreach (var y in outputs) y.Allocate(Device.Cpu);
        var traits = op.TraitsNow;
        if ((traits & OpTraits.Strided) == 0)
        {
            foreach (var x in inputs)
            {
                if (x.IsContiguous) continue;
                Packed(op, inputs, outputs);
                return;
            }
        }
        Typed(op, traits, inputs, outputs);
        if ((traits & OpTraits.Strided) == 0)
            foreach (var x in inputs) GC.KeepAlive(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Typed(Op op, OpTraits traits, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = new Operands(inputs);
        var y = new Results(outputs);
        var type = (traits & OpTraits.Moves) != 0 ? BitsOf(outputs[0].DType)
            : (traits & OpTraits.ChoosesType) != 0 ? op.ComputeTypeOf(x, y)
            : inputs[0].DType;
        if (type.IsHalf() && (traits & (OpTraits.Moves | OpTraits.Stored)) == 0) Widened(op, inputs, outputs);
        else op.ComputeAs(type, x, y);
    }

    // Elements that are only moved go by their size.
    private static DType BitsOf(DType dtype) => dtype.Size() switch
    {
        8 => DType.Int64,
        4 => DType.Int32,
        2 => DType.Float16,
        _ => DType.UInt8,
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Packed(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var packed = new Tensor[inputs.Length];
        for (int i = 0; i < packed.Length; i++) packed[i] = inputs[i].Packed();
        Typed(op, op.TraitsNow, packed, outputs);
        for (int i = 0; i < packed.Length; i++)
            if (!ReferenceEquals(packed[i], inputs[i])) packed[i].Free();
    }

    // Half-precision operands and results as float32 beside them: computed and summed in float32, rounded once at the store.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Widened(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor[] x = [.. inputs], y = [.. outputs];
        for (int i = 0; i < x.Length; i++)
            if (x[i].DType.IsHalf()) x[i] = HalfPrecision.Widen(x[i]);
        for (int i = 0; i < y.Length; i++)
            if (y[i].DType.IsHalf()) y[i] = Tensor.Empty(y[i].Shape, DType.Float32, Device.Cpu);
        op.ComputeAs(DType.Float32, new Operands(x), new Results(y));
        for (int i = 0; i < x.Length; i++)
            if (!ReferenceEquals(x[i], inputs[i])) x[i].Free();
        for (int i = 0; i < y.Length; i++)
        {
            if (ReferenceEquals(y[i], outputs[i])) continue;
            HalfPrecision.Narrow(y[i], outputs[i]);
            y[i].Free();
        }
    }
}
