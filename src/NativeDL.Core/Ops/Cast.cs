using System.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The elements converted to another type; fractions are cut off, values out of range saturate. <c>[…] -> […]</c></summary>
    /// <remarks>Gradients flow between floating-point types only.</remarks>
    public Tensor Cast(DType dtype) => dtype == DType ? this : new CastOp(dtype).Run(this);
}

/// <summary>y = x as another element type.</summary>
internal sealed unsafe class CastOp(DType dtype) : Op, IOp
{
    public override string Name => "cast";

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        var y = outputs[0] = Tensor.Empty(x.Shape, dtype, x.Device);
        if (!x.Device.IsCpu)
        {
            x.Device.Elementwise($"cast_{dtype.KernelSuffix()}", inputs, y, []);
            return;
        }
        x = x.Packed();
        switch (x.DType)
        {
            case DType.Float32: From<float>(x, y); break;
            case DType.Float64: From<double>(x, y); break;
            case DType.Int32: From<int>(x, y); break;
            case DType.Int64: From<long>(x, y); break;
            default: From<byte>(x, y); break;
        }
    }

    public override Tensor?[] Backward(in BackwardCall call) =>
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
            default: ToBool<TX>(x, y); break;
        }
    }

    private static void Convert<TX, TY>(Tensor x, Tensor y) where TX : unmanaged, INumber<TX> where TY : unmanaged, INumber<TY>
    {
        using var openX = x.Open<TX>();
        using var openY = y.Open<TY>();
        TX* px = openX.Pointer;
        TY* py = openY.Pointer;
        Workers.For(x.ElementCount, Workers.Grain, (start, end) =>
        {
            for (long i = start; i < end; i++) py[i] = TY.CreateSaturating(px[i]);
        });
    }

    private static void ToBool<TX>(Tensor x, Tensor y) where TX : unmanaged, INumber<TX>
    {
        using var openX = x.Open<TX>();
        using var openY = y.Open<byte>();
        TX* px = openX.Pointer;
        byte* py = openY.Pointer;
        for (long i = 0; i < x.ElementCount; i++) py[i] = TX.IsZero(px[i]) ? (byte)0 : (byte)1;
    }

    public static OpSpec Spec => new("cast", "[…] -> […]", d => new OpCase([d.Tensor(d.Shape(0, 3))], x => [x[0].Cast(DType.Float64)]))
    { PlainGradient = true };
}
