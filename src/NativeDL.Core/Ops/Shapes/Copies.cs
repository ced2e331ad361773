namespace NativeDL;

public sealed unsafe partial class Tensor
{
    /// <summary>A contiguous copy that shares memory with nobody.</summary>
    public Tensor Clone() => CloneOp.Instance.Run(this);

    /// <summary>This tensor if its elements stand in row-major order, else a contiguous copy.</summary>
    public Tensor Contiguous() => IsContiguous ? this : Clone();

    /// <summary>The tensor on another device; this one if it is there already.</summary>
    public Tensor To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device == Device ? this : new TransferOp(device).Run(this);
    }

    /// <summary>A contiguous copy that no tape hears of.</summary>
    internal Tensor Copy()
    {
        var result = Empty(Shape, DType, Device);
        CopyInto(this, result);
        return result;
    }

    /// <summary>This tensor if its elements stand in row-major order, else a copy that no tape hears of: what a kernel reads.</summary>
    internal Tensor Packed() => IsContiguous ? this : Copy();

    /// <summary>Overwrites <paramref name="target"/> with <paramref name="source"/> of the same shape and element type.</summary>
    internal static void CopyInto(Tensor source, Tensor target)
    {
        if (source.Device != target.Device)
        {
            var staged = source.Packed();
            long bytes = staged.ElementCount * staged.DType.Size();
            if (target.Device.IsCpu) staged.Device.Download(staged.Address, (void*)target.Address, bytes);
            else if (staged.Device.IsCpu) target.Device.Upload((void*)staged.Address, target.Address, bytes);
            else CopyInto(staged.To(Device.Cpu), target);
            GC.KeepAlive(staged);
            GC.KeepAlive(target);
        }
        else if (source.Device.IsCpu) CopyLoop.Run(source, target);
        else source.Device.Copy(source, target);
    }
}

/// <summary>y = x, moved to memory of its own; any element type.</summary>
internal sealed class CloneOp : Op, IOp
{
    public static readonly CloneOp Instance = new();

    public override string Name => "copy";

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs) => outputs[0] = inputs[0].Copy();

    public override Tensor?[] Backward(in BackwardCall call) => [call.Gradient()];

    public static OpSpec Spec => OpSpec.Unary("copy", x => x.Clone(), Domain.Real) with { PlainGradient = true, Flops = _ => 0 };
}

/// <summary>y = x on another device.</summary>
internal sealed class TransferOp(Device device) : Op
{
    public override string Name => "to";

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        outputs[0] = Tensor.Empty(inputs[0].Shape, inputs[0].DType, device);
        Tensor.CopyInto(inputs[0], outputs[0]);
    }

    public override Tensor?[] Backward(in BackwardCall call) => [call.Gradient().To(call.InputDevice)];
}
