using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Runs an operation on the processor: lays operands straight, chooses the type that is computed with.</summary>
internal static class CpuDispatch
{
    public static void Run(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        foreach (var y in outputs) y.Allocate();
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
        foreach (var x in inputs) GC.KeepAlive(x);
    }

    private static void Typed(Op op, OpTraits traits, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = new Operands(inputs);
        var y = new Results(outputs, Device.Cpu);
        if ((traits & OpTraits.Moves) != 0)
        {
            switch (outputs[0].DType.Size())
            {
                case 8: op.ComputeNow<long>(x, y); break;
                case 4: op.ComputeNow<int>(x, y); break;
                case 2: op.ComputeNow<ushort>(x, y); break;
                default: op.ComputeNow<byte>(x, y); break;
            }
            return;
        }
        switch (op.ComputeTypeOf(x, y))
        {
            case DType.Float32: op.ComputeNow<float>(x, y); break;
            case DType.Float64: op.ComputeNow<double>(x, y); break;
            case DType.Int32: op.ComputeNow<int>(x, y); break;
            case DType.Int64: op.ComputeNow<long>(x, y); break;
            case DType.BFloat16 or DType.Float16 when (traits & OpTraits.Stored) != 0: op.ComputeNow<ushort>(x, y); break;
            case DType.BFloat16 or DType.Float16: Widened(op, inputs, outputs); break;
            case DType.Bool or DType.UInt8: op.ComputeNow<byte>(x, y); break;
            default: throw new UnreachableException();
        }
    }

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
        op.ComputeNow<float>(new Operands(x), new Results(y, Device.Cpu));
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
