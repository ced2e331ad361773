using NativeDL.Cuda;

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

    /// <summary>A contiguous copy that is not recorded.</summary>
    internal Tensor Copy()
    {
        var result = Empty(Shape, DType, Device);
        CopyInto(this, result);
        return result;
    }

    /// <summary>This tensor if its elements stand in row-major order, else an unrecorded copy: what a kernel reads.</summary>
    internal Tensor Packed() => IsContiguous ? this : Copy();

    /// <summary>Overwrites <paramref name="target"/> with <paramref name="source"/> of the same shape and element type.</summary>
    internal static void CopyInto(Tensor source, Tensor target)
    {
        if (source.Device != target.Device)
        {
            var staged = source.Packed();
            long bytes = staged.ElementCount * staged.DType.Size();
            target.Device.CopyFrom(staged, target.Address, bytes);
            GC.KeepAlive(staged);
            GC.KeepAlive(target);
        }
        else source.Device.Copy(source, target);
    }
}

/// <summary>y = x, moved to memory of its own; any element type.</summary>
internal sealed class CloneOp : Op, IOp
{
    public static readonly CloneOp Instance = new();

    public override string Name => "copy";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided | OpTraits.Moves;

    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    protected override void Compute<T>(Operands x, Results y) => Tensor.CopyInto(x[0], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => Tensor.CopyInto(x[0], y[0]);

    protected override Tensors Backward(BackwardCall call) => [call.Gradient()];

    public static OpSpec Spec => OpSpec.Unary("copy", x => x.Clone(), Domain.Real) with { Flops = _ => 0 };
}

/// <summary>y = x on another device.</summary>
internal sealed partial class TransferOp(Device device) : Op
{
    public override string Name => "to";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    private protected override void Execute(Device from, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if (inputs[0].IsSymbolic)
        {
            base.Execute(from, inputs, outputs);
            return;
        }
        outputs[0] = Tensor.Empty(inputs[0].Shape, inputs[0].DType, device);
        Tensor.CopyInto(inputs[0], outputs[0]);
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].IsSymbolic ? x[0].Mask : x[0].Mask?.To(device);

    protected override Tensors Backward(BackwardCall call) => [call.Gradient().To(call.InputDevice)];
}
