namespace NativeDL;

/// <summary>The operation of an elementwise function of one operand: […] -> […].</summary>
internal sealed class UnaryOp<TFn>(TFn fn = default) : Op where TFn : struct, IUnary
{
    /// <summary>For functions without attributes.</summary>
    public static readonly UnaryOp<TFn> Instance = new();

    public override string Name => TFn.Name;

    public override Saved Saves => TFn.Saves;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        if (TFn.FloatingOnly) RequireFloating(x);
        else RequireNumber(x);
        var y = outputs[0] = new Tensor(x.Shape, x.DType, x.Device);
        if (x.Device.IsCpu) UnaryLoop.Run(fn, x, y);
        else x.Device.Elementwise(TFn.Name, inputs, y, fn.Attributes);
    }

    public override Tensor?[] Backward(in BackwardCall call) =>
        [fn.Derivative((Saves & Saved.Inputs) != 0 ? call.Input(0) : null!, (Saves & Saved.Output) != 0 ? call.Output() : null!, call.Gradient())];
}

/// <summary>The operation of an elementwise function of two operands: […a], […b] -> […broadcast].</summary>
internal sealed class BinaryOp<TFn>(TFn fn = default) : Op where TFn : struct, IBinary
{
    /// <summary>For functions without attributes.</summary>
    public static readonly BinaryOp<TFn> Instance = new();

    public override string Name => TFn.Name;

    public override Saved Saves => TFn.Saves;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        RequireSameDType(inputs);
        Tensor a = inputs[0], b = inputs[1];
        if (TFn.FloatingOnly) RequireFloating(a);
        else RequireNumber(a);
        var y = outputs[0] = new Tensor(Shape.Broadcast(TFn.Name, a.Shape, b.Shape), a.DType, a.Device);
        if (a.Device.IsCpu) BinaryLoop.Run(fn, a, b, y);
        else a.Device.Elementwise(TFn.Name, inputs, y, fn.Attributes);
    }

    public override Tensor?[] Backward(in BackwardCall call)
    {
        bool inputs = (Saves & Saved.Inputs) != 0;
        Tensor a = inputs ? call.Input(0) : null!, b = inputs ? call.Input(1) : null!;
        var y = (Saves & Saved.Output) != 0 ? call.Output() : null!;
        var dy = call.Gradient();
        return [call.Needs(0) ? fn.Left(a, b, y, dy) : null, call.Needs(1) ? fn.Right(a, b, y, dy) : null];
    }
}

/// <summary>The operation of a comparison: […a], […b] -> […broadcast] of truth values; no gradient flows.</summary>
internal sealed class ComparisonOp<TFn> : Op where TFn : struct, IComparison
{
    public static readonly ComparisonOp<TFn> Instance = new();

    public override string Name => TFn.Name;

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        RequireSameDType(inputs);
        Tensor a = inputs[0], b = inputs[1];
        if (TFn.TruthOnly && a.DType != DType.Bool) throw Error.DType(Name, "the operands must hold truth values", $"{a.DType} {a.Shape} and {b.Shape}", "Bool", "make them by comparisons");
        var y = outputs[0] = new Tensor(Shape.Broadcast(TFn.Name, a.Shape, b.Shape), DType.Bool, a.Device);
        if (a.Device.IsCpu) ComparisonLoop.Run<TFn>(a, b, y);
        else a.Device.Elementwise(TFn.Name, inputs, y, []);
    }

    public override Tensor?[] Backward(in BackwardCall call) => throw NoDerivative("a comparison has no derivative");
}
