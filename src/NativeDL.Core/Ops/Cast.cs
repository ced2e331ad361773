using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The elements converted to another type; fractions are cut off, values out of range saturate. <c>[…] -> […]</c></summary>
    /// <remarks>Gradients flow between floating-point types only. Also known as astype.</remarks>
    public Tensor Cast(DType dtype) => dtype == DType ? this : new CastOp(dtype).Run(this);
}

/// <summary>y = x as another element type.</summary>
internal sealed unsafe partial class CastOp(DType dtype) : Op, IOp
{
    public override string Name => "cast";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided | OpTraits.Stored;

    protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape, dtype);

    protected override void Compute<T>(Operands x, Results y)
    {
        var from = x[0].Packed();
        if (x[0].DType.IsHalf())
        {
            var wide = Tensor.Empty(from.Shape, DType.Float32, Device.Cpu);
            HalfPrecision.Widen(from, wide);
            From<float>(wide, y[0]);
            wide.Free();
        }
        else From<T>(from, y[0]);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) => stream.Device.Elementwise(KernelTo(dtype), x.All, y[0], []);

    /// <summary>The name of the kernels to a type, which the operand's type completes.</summary>
    internal static string KernelTo(DType dtype) => Kernels[(int)dtype];

    private static readonly string[] Kernels = [.. Enum.GetValues<DType>().Select(dtype => $"cast_{dtype.KernelSuffix()}")];

    protected override Tensors Backward(BackwardCall call) =>
        [call.InputDType(0).IsFloating() ? call.Gradient().Cast(call.InputDType(0)) : null];

    private void From<TX>(Tensor x, Tensor y) where TX : unmanaged, INumber<TX>
    {
        switch (dtype)
        {
            case DType.Float32: Convert<TX, float>(x, y); break;
            case DType.Float64: Convert<TX, double>(x, y); break;
            case DType.Int32: Convert<TX, int>(x, y); break;
            case DType.Int64: Convert<TX, long>(x, y); break;
            case DType.UInt8: Convert<TX, byte>(x, y); break;
            case DType.Bool: ToBool<TX>(x, y); break;
            default: ToHalf<TX>(x, y); break;
        }
    }

    // By way of float64, which holds all but huge Int64 exactly: one rounding.
    private static void ToHalf<TX>(Tensor x, Tensor y) where TX : unmanaged, INumber<TX>
    {
        if (x.DType == DType.Float32)
        {
            HalfPrecision.Narrow(x, y);
            return;
        }
        bool brain = y.DType == DType.BFloat16;
        using var openX = x.Open<TX>();
        using var openY = y.Open<ushort>();
        var px = openX.Pointer;
        ushort* py = openY.Pointer;
        Workers.For(x.ElementCount, Workers.Grain, (start, end) =>
        {
            for (long i = start; i < end; i++)
            {
                double value = double.CreateSaturating(px[i]);
                py[i] = brain ? ((BFloat16)value).Bits : BitConverter.HalfToUInt16Bits((Half)value);
            }
        });
    }

    private static void Convert<TX, TY>(Tensor x, Tensor y) where TX : unmanaged, INumber<TX> where TY : unmanaged, INumber<TY>
    {
        using var openX = x.Open<TX>();
        using var openY = y.Open<TY>();
        var px = openX.Pointer;
        var py = openY.Pointer;
        Workers.For(x.ElementCount, Workers.Grain, (start, end) =>
        {
            for (long i = start; i < end; i++) py[i] = TY.CreateSaturating(px[i]);
        });
    }

    private static void ToBool<TX>(Tensor x, Tensor y) where TX : unmanaged, INumber<TX>
    {
        using var openX = x.Open<TX>();
        using var openY = y.Open<byte>();
        var px = openX.Pointer;
        byte* py = openY.Pointer;
        for (long i = 0; i < x.ElementCount; i++) py[i] = TX.IsZero(px[i]) ? (byte)0 : (byte)1;
    }

    public static OpSpec Spec => new("cast", "[…] -> […]", d => new OpCase([d.Tensor(d.Shape(0, 3))], x => [x[0].Cast(DType.Float64)]));
}
