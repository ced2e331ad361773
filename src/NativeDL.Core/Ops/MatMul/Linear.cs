using NativeDL.Cuda;

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
        var op = new LinearOp(activation);
        return bias is null ? op.Run(this, weights) : op.Run(this, weights, bias);
    }
}

/// <summary>y = activation(x·W + b); a second result z = x·W + b is kept for a derivative of the activation that looks at it.</summary>
internal sealed unsafe partial class LinearOp(Epilogue? activation) : Op, IOp
{
    public override string Name => "linear";

    protected override Saved Saves => activation is null ? Saved.Inputs : Saved.Both;

    protected override int ResultCount => activation is { NeedsOperand: true } && GradientTape.IsRecording ? 2 : 1;

    protected override OpTraits Traits => OpTraits.Strided;

    protected override void Infer(Operands x, Results y)
    {
        Shape input = x[0].Shape, w = x[1].Shape;
        RequireSameDType(x);
        RequireFloating(x[0]);
        if (w.Rank != 2 || input.Rank == 0 || !Shape.IsSame(input.Dimension(^1), w.Dimension(0)))
            throw Error.Shape(Name, "the operand does not fit the weights", $"x {input} and weights {w}", "x […, in] and weights [in, out]");
        if (x.Count > 2 && (x[2].Rank != 1 || !Shape.IsSame(x[2].Shape.Dimension(0), w.Dimension(1))))
            throw Error.Shape(Name, "the bias does not fit the weights", $"bias {x[2].Shape} and weights {w}", $"bias {w[1..]}");
        _ = input.Rows(Name);
        var shape = input.With(input.Rank - 1, w.Dimension(1));
        for (int i = 0; i < y.Count; i++) y.Set(i, shape, x[0].DType);
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => MaskRules.OfRows(x[0], y);

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        MatrixOperand left = Rows(x[0]), right = MatrixOperand.Of(x[1], false);
        var bias = x.Count > 2 ? x[2].Packed() : null;
        using var openX = left.Tensor.Open<T>();
        using var openW = right.Tensor.Open<T>();
        using var openB = (bias ?? right.Tensor).Open<T>();
        T* px = openX.Pointer, pw = openW.Pointer, py = (T*)y.Pointer(0);
        var pb = bias is null ? null : openB.Pointer;
        var pz = y.Count > 1 ? (T*)y.Pointer(1) : null;
        int n = x[1].Shape[1], k = x[1].Shape[0], m = (int)(y[0].ElementCount / n);
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

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        int n = x[1].Shape[1], k = x[1].Shape[0], m = (int)(y[0].ElementCount / n);
        var result = new ProductResult(y[0], y.Count > 1 ? y[1] : null, x.Count > 2 ? x[2].Packed() : null, activation);
        CudaGemm.Run(stream.Device, Rows(x[0]), MatrixOperand.Of(x[1], false), Shape.Scalar, m, n, k, result);
    }

    /// <summary>The recorded product before its sigmoid, computed once more; null if it has another activation.</summary>
    internal Tensor? BeforeSigmoid(Node call)
    {
        if (activation is not Epilogue<SigmoidOp>) return null;
        Tensor x = call.Input(0).Tensor!, w = call.Input(1).Tensor!;
        return x.Linear(w, call.InputCount > 2 ? call.Input(2).Tensor : null);
    }

    internal override bool LaunchesHalves(CudaDevice device, Operands x, Tensor y) =>
        y.ElementCount > 0 && CudaTensorProduct.Takes(device, Rows(x[0]), MatrixOperand.Of(x[1], false), Shape.Scalar, x[1].Shape[1], x[1].Shape[0]);

    // However many dimensions x has, its rows are one matrix; a matrix itself is read in place also if it is transposed.
    private static MatrixOperand Rows(Tensor x) => x.Rank == 2 ? MatrixOperand.Of(x, false) : new MatrixOperand(x.Packed(), false, Math.Max(1, x.Shape[^1]));

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), w = call.Input(1);
        var dz = call.Gradient();
        bool hasOperand = call.ResultCount > 1;
        if (activation is not null) dz = activation.Derivative(hasOperand ? call.Output(1) : null, call.Output(), dz);
        if (hasOperand && call.HasGradient(1)) dz += call.Gradient(1);
        var rows = dz.Rank == 2 ? dz : dz.Reshape(dz.Shape.Rows(Name), dz.Shape[^1]);
        var dx = call.Needs(0) ? rows.MatMul(w, false, true).Reshape(x.Shape) : null;
        var dw = call.Needs(1) ? (x.Rank == 2 ? x : x.Reshape(x.Shape.Rows(Name), x.Shape[^1])).MatMul(rows, true) : null;
        return call.Count == 2 ? [dx, dw] : [dx, dw, call.Needs(2) ? rows.Sum(0) : null];
    }

    public static OpSpec Spec => new("linear", "[…, in], [in, out], [out]? -> […, out]", d =>
    {
        int k = d.Size(9), n = d.Size(9);
        var x = d.Tensor([.. d.OneOf<int[]>([3], [1], [8], [2, 3], []), k]);
        var w = d.Tensor([k, n]);
        bool bias = d.Flag();
        // One whose derivative looks at the result, one whose derivative looks at the value before it.
        var activation = d.OneOf(null, Epilogue.Of<TanhOp>(), Epilogue.Of<SoftplusOp>());
        return new OpCase(bias ? [x, w, d.Tensor([n])] : [x, w], t => [t[0].Linear(t[1], bias ? t[2] : null, activation)],
            $"bias {bias}, activation {activation?.Name ?? "none"}");
    })
    {
        LayoutMatters = "transposed operands are read in place, and OpenBLAS sums them in another order",
        ReductionLength = c => c.Inputs[1].Shape[0],
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].Shape[1],
        Bytes = c => 4.0 * (c.Inputs[0].ElementCount + c.Inputs[1].ElementCount + c.Inputs[0].ElementCount / c.Inputs[1].Shape[0] * c.Inputs[1].Shape[1]),
    };
}
