using System.Numerics;

namespace NativeDL;

/// <summary>
/// An operation of floating-point numbers alone, which is computed with their functions: <c>T.Exp</c>, <c>T.Log</c>, <c>T.Sqrt</c> …
/// Other operands are refused before <see cref="Op.Infer"/>; half-precision ones arrive as float32.
/// </summary>
/// <example>With a reduction, on all threads:
/// <code>
/// sealed class RowLogSumExp : FloatingOp   // log Σ eˣ of each row: [r, n] -> [r]
/// {
///     protected override Saved Saves => Saved.Both;
///     protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape[..^1], x[0].DType);
///     protected override void Compute&lt;T>(Operands x, Results y)
///     {
///         int n = x[0].Shape[^1];
///         ByRows(y[0].ElementCount, x, y, rows =>
///         {
///             var a = rows.Operand&lt;T>(0);
///             var b = rows.Result&lt;T>(0);
///             for (int r = 0; r &lt; rows.Count; r++)
///             {
///                 T max = T.NegativeInfinity, sum = T.Zero;
///                 foreach (var v in a.Slice(r * n, n)) max = T.Max(max, v);
///                 foreach (var v in a.Slice(r * n, n)) sum += T.Exp(v - max);
///                 b[r] = max + T.Log(sum);
///             }
///         });
///     }
///     protected override Tensors Backward(BackwardCall call) =>
///         call.Gradient().ExpandDims(-1) * (call.Input(0) - call.Output().ExpandDims(-1)).Exp();
/// }
/// </code></example>
/// <remarks>
/// Override <see cref="Compute{T}"/>; or, in a language where a generic method is hard to override, such as F#, both of
/// <see cref="ComputeFloat32"/> and <see cref="ComputeFloat64"/>.
/// </remarks>
public abstract class FloatingOp : Op
{
    /// <summary>Computes on the processor.</summary>
    /// <typeparam name="T">float or double: the type that is computed with. Half-precision results are rounded once, at the end.</typeparam>
    /// <param name="x">The operands, their elements side by side unless <see cref="Op.Traits"/> say otherwise.</param>
    /// <param name="y">The results, whose memory holds anything yet.</param>
    protected new virtual void Compute<T>(Operands x, Results y) where T : unmanaged, IFloatingPointIeee754<T> => base.Compute<T>(x, y);

    /// <summary>As <see cref="Compute{T}"/>, for float: operands of <see cref="DType.Float32"/> and of half precision.</summary>
    protected virtual void ComputeFloat32(Operands x, Results y) => Compute<float>(x, y);

    /// <summary>As <see cref="Compute{T}"/>, for double: operands of <see cref="DType.Float64"/>.</summary>
    protected virtual void ComputeFloat64(Operands x, Results y) => Compute<double>(x, y);

    internal sealed override void ComputeAs(DType type, Operands x, Results y)
    {
        if (type == DType.Float32) ComputeFloat32(x, y);
        else if (type == DType.Float64) ComputeFloat64(x, y);
        else throw Error.DType(Name, "it is computed with floating-point numbers", $"{type}", "Float32 or Float64",
            "leave out OpTraits.Moves and OpTraits.Stored");
    }

    private protected sealed override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        // Whole numbers, such as places, may stand beside them.
        bool floats = false;
        foreach (var x in inputs) floats |= x.DType.IsFloating();
        if (!floats) RequireFloating(inputs[0]);
        base.Execute(device, inputs, outputs);
    }
}
