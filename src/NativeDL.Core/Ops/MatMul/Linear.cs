using System.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>y = x·W + b: a dense layer. <c>x […, in], W [in, out], b [out] -> […, out]</c></summary>
    /// <param name="weights">W.</param>
    /// <param name="bias">b, or null for none.</param>
    /// <exception cref="ShapeMismatchException">The last dimension of x is not the first of W, or b does not fit W.</exception>
    public Tensor Linear(Tensor weights, Tensor? bias = null) => Linear(weights, bias, activation: null);

    /// <summary>y = activation(x·W + b), the activation applied while the result is in the cache.</summary>
    internal Tensor Linear(Tensor weights, Tensor? bias, Epilogue? activation)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return LinearOp.Run(this, weights, bias, activation);
    }
}

/// <summary>y = activation(x·W + b); a second result z = x·W + b exists when the derivative of the activation looks at it.</summary>
internal sealed unsafe class LinearOp : LegacyOp, IOp
{
    private readonly Epilogue? activation;
    private readonly bool keepsOperand;

    private LinearOp(Epilogue? activation, bool keepsOperand) => (this.activation, this.keepsOperand) = (activation, keepsOperand);

    public override string Name => "linear";

    protected override Saved Saves => activation is null ? Saved.Inputs : Saved.Both;

    public static Tensor Run(Tensor x, Tensor weights, Tensor? bias, Epilogue? activation)
    {
        bool keep = activation is { NeedsOperand: true } && GradientTape.IsRecording;
        var op = new LinearOp(activation, keep);
        ReadOnlySpan<Tensor> inputs = bias is null ? [x, weights] : [x, weights, bias];
        return keep ? op.RunMany(2, inputs)[0] : op.Run(inputs);
    }

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], w = inputs[1];
        RequireSameDType(inputs);
        RequireFloating(x);
        if (w.Rank != 2 || x.Rank == 0 || x.Shape[^1] != w.Shape[0])
            throw Error.Shape(Name, "the operand does not fit the weights", $"x {x.Shape} and weights {w.Shape}", "x […, in] and weights [in, out]");
        var bias = inputs.Length > 2 ? inputs[2] : null;
        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != w.Shape[1]))
            throw Error.Shape(Name, "the bias does not fit the weights", $"bias {bias.Shape} and weights {w.Shape}", $"bias [{w.Shape[1]}]");
        var shape = x.Shape.With(x.Rank - 1, w.Shape[1]);
        var y = outputs[0] = Tensor.Empty(shape, x.DType, x.Device);
        var z = keepsOperand ? outputs[1] = Tensor.Empty(shape, x.DType, x.Device) : null;
        if (y.ElementCount == 0) return;
        int m = x.RowCount, k = w.Shape[0], n = w.Shape[1];
        var left = x.Rank == 2 ? MatrixOperand.Of(x, false) : new MatrixOperand(x.Packed(), false, Math.Max(1, k));
        var right = MatrixOperand.Of(w, false);
        var result = new ProductResult(y, z, bias?.Packed(), activation);
        if (!x.Device.IsCpu) CudaGemm.Run(left, right, Shape.Scalar, m, n, k, result);
        else if (x.DType == DType.Float32) Multiply<float>(left, right, m, n, k, result);
        else Multiply<double>(left, right, m, n, k, result);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), w = call.Input(1);
        var dz = call.Gradient();
        if (activation is not null) dz = activation.Derivative(keepsOperand ? call.Output(1) : null, call.Output(), dz);
        if (keepsOperand && call.HasGradient(1)) dz += call.Gradient(1);
        var rows = dz.Rank == 2 ? dz : dz.Reshape(dz.RowCount, dz.Shape[^1]);
        var dx = call.Needs(0) ? rows.MatMul(w, false, true).Reshape(x.Shape) : null;
        var dw = call.Needs(1) ? (x.Rank == 2 ? x : x.Reshape(x.RowCount, x.Shape[^1])).MatMul(rows, true) : null;
        return call.Count == 2 ? [dx, dw] : [dx, dw, call.Needs(2) ? rows.Sum(0) : null];
    }

    private static void Multiply<T>(MatrixOperand left, MatrixOperand right, int m, int n, int k, ProductResult result) where T : unmanaged, INumber<T>
    {
        var (y, z, bias, activation) = result;
        using var openX = left.Tensor.Open<T>();
        using var openW = right.Tensor.Open<T>();
        using var openB = (bias ?? y).Open<T>();
        using var openY = y.Open<T>();
        using var openZ = (z ?? y).Open<T>();
        T* px = openX.Pointer, pw = openW.Pointer, py = openY.Pointer;
        T* pb = bias is null ? null : openB.Pointer;
        T* pz = z is null ? null : openZ.Pointer;
        bool transX = left.Transposed, transW = right.Transposed;
        int ldx = left.Lead, ldw = right.Lead;
        if (m == 1 || n == 1)
        {
            Gemm.Run(transX, transW, m, n, k, T.One, px, ldx, pw, ldw, T.Zero, py, n);
            Epilogue.Apply(activation, py, pz, n, m, n, pb);
            return;
        }
        var tiles = Gemm.GemmTiles.Of(m, n, k);
        Workers.Run(tiles.Count, i =>
        {
            var t = tiles[i];
            Gemm.Tile(t, transX, transW, k, T.One, px, ldx, pw, ldw, T.Zero, py, n);
            long at = (long)t.Row * n + t.Column;
            Epilogue.Apply(activation, py + at, pz is null ? null : pz + at, n, t.Rows, t.Columns, pb is null ? null : pb + t.Column);
        });
    }

    public static OpSpec Spec => new("linear", "[…, in], [in, out], [out]? -> […, out]", d =>
    {
        int k = d.Size(9), n = d.Size(9);
        var x = d.Tensor([.. d.OneOf<int[]>([3], [1], [8], [2, 3], []), k]);
        var w = d.Tensor([k, n]);
        bool bias = d.Flag();
        // One whose derivative looks at the result, one whose derivative looks at the value before it.
        var activation = d.OneOf(null, Epilogue.Of<TanhOp>(), Epilogue.Of<SoftplusOp>());
        return new OpCase(bias ? [x, w, d.Tensor([n])] : [x, w], t => [t[0].Linear(t[1], bias ? t[2] : null, activation)], $"bias {bias}, activation {activation?.Name ?? "none"}");
    })
    {
        LayoutMatters = "transposed operands are read in place, and OpenBLAS sums them in another order",
        PlainGradient = true,
        ReductionLength = c => c.Inputs[1].Shape[0],
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].Shape[1],
        Bytes = c => 4.0 * (c.Inputs[0].ElementCount + c.Inputs[1].ElementCount + c.Inputs[0].ElementCount / c.Inputs[1].Shape[0] * c.Inputs[1].Shape[1]),
    };
}
