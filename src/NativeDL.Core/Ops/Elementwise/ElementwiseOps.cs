using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>What the elementwise operations share.</summary>
internal static class Elementwise
{
    /// <summary>Whether the function is compiled for a type: what it refuses while inferring costs no code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Takes<T>(bool floatingOnly, bool wholeOnly) where T : unmanaged =>
        (!wholeOnly && (typeof(T) == typeof(float) || typeof(T) == typeof(double)))
        || (!floatingOnly && (typeof(T) == typeof(int) || typeof(T) == typeof(long)))
        || (wholeOnly && typeof(T) == typeof(byte));

    /// <summary>
    /// Executes what was inferred. What dispatch looks up of other operations is known of these, one result, operands of one type through
    /// any strides: looking took 4 of the 57 ns of adding 64 numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TBody>(Op op, TBody body, Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs) where TBody : struct, ITypedBody
    {
        var type = inputs[0].DType;
        if (!device.IsCpu || type.IsHalf())
        {
            device.Execute(op, inputs, outputs);
            return;
        }
        outputs[0].Allocate(device);
        ByType.Run(type, body, new Operands(inputs), new Results(outputs));
    }
}

/// <summary>The operation of an elementwise function of one operand: […] -> […].</summary>
internal sealed class UnaryOp<TFn>(TFn fn = default) : Op, IActivation where TFn : struct, IUnary
{
    /// <summary>For functions without attributes.</summary>
    public static readonly UnaryOp<TFn> Instance = new();

    public override string Name => TFn.Name;

    public override OpAttributes Attributes => fn.Attributes;

    public Tensor Run(Tensor x)
    {
        Tensor y = null!;
        Run([x], new Span<Tensor>(ref y));
        return y;
    }

    Epilogue IActivation.AsEpilogue => Epilogue.Of(fn);

    /// <summary>The function with its attributes.</summary>
    internal TFn Function => fn;

    protected override Saved Saves => TFn.Saves;

    protected override OpTraits Traits => OpTraits.Strided;

    protected override void Infer(Operands x, Results y)
    {
        if (TFn.WholeOnly) RequireWhole(x[0]);
        else if (TFn.FloatingOnly) RequireFloating(x[0]);
        else RequireNumber(x[0]);
        y[0] = x[0];
    }

    private protected override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Infer(new Operands(inputs), new Results(outputs));
        Elementwise.Execute(this, new Body(fn), device, inputs, outputs);
    }

    internal override void ComputeAs(DType type, Operands x, Results y) => ByType.Run(type, new Body(fn), x, y);

    private readonly struct Body(TFn fn) : ITypedBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(Operands x, Results y) where T : unmanaged, INumber<T>
        {
            if (Elementwise.Takes<T>(TFn.FloatingOnly, TFn.WholeOnly)) UnaryLoop.Run<TFn, T>(fn, x[0], y[0]);
            else throw new UnreachableException();   // refused while inferring
        }
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) => stream.Device.Elementwise(TFn.Name, x.All, y[0], fn.Numbers);

    protected override Tensors Backward(BackwardCall call) =>
        [fn.Derivative((Saves & Saved.Inputs) != 0 ? call.Input(0) : null!, (Saves & Saved.Output) != 0 ? call.Output() : null!, call.Gradient())];
}

/// <summary>The operation of an elementwise function of two operands: […a], […b] -> […broadcast].</summary>
internal sealed class BinaryOp<TFn>(TFn fn = default) : Op where TFn : struct, IBinary
{
    /// <summary>For functions without attributes.</summary>
    public static readonly BinaryOp<TFn> Instance = new();

    public override string Name => TFn.Name;

    public override OpAttributes Attributes => fn.Attributes;

    public Tensor Run(Tensor a, Tensor b)
    {
        Tensor y = null!;
        Run([a, b], new Span<Tensor>(ref y));
        return y;
    }

    protected override Saved Saves => TFn.Saves;

    protected override OpTraits Traits => OpTraits.Strided;

    protected override void Infer(Operands x, Results y)
    {
        if (x[0].DType != x[1].DType) throw Mixed(x[0], x[1]);
        if (TFn.WholeOnly) RequireWhole(x[0]);
        else if (TFn.FloatingOnly) RequireFloating(x[0]);
        else RequireNumber(x[0]);
        y.Set(0, Shape.Broadcast(TFn.Name, x[0].Shape, x[1].Shape), x[0].DType);
    }

    private protected override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Infer(new Operands(inputs), new Results(outputs));
        Elementwise.Execute(this, new Body(fn), device, inputs, outputs);
    }

    internal override void ComputeAs(DType type, Operands x, Results y) => ByType.Run(type, new Body(fn), x, y);

    private readonly struct Body(TFn fn) : ITypedBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(Operands x, Results y) where T : unmanaged, INumber<T>
        {
            if (Elementwise.Takes<T>(TFn.FloatingOnly, TFn.WholeOnly)) BinaryLoop.Run<TFn, T>(fn, x[0], x[1], y[0]);
            else throw new UnreachableException();   // refused while inferring
        }
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) => stream.Device.Elementwise(TFn.Name, x.All, y[0], fn.Numbers);

    protected override Tensors Backward(BackwardCall call)
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

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        if (TFn.TruthOnly && x[0].DType != DType.Bool)
            throw Error.DType(Name, "the operands must hold truth values", $"{x[0].DType} {x[0].Shape} and {x[1].Shape}", "Bool", "make them by comparisons");
        y.Set(0, Shape.Broadcast(TFn.Name, x[0].Shape, x[1].Shape), DType.Bool);
    }

    private protected override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Infer(new Operands(inputs), new Results(outputs));
        Elementwise.Execute(this, new Body(), device, inputs, outputs);
    }

    internal override void ComputeAs(DType type, Operands x, Results y) => ByType.Run(type, new Body(), x, y);

    private readonly struct Body : ITypedBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(Operands x, Results y) where T : unmanaged, INumber<T> => ComparisonLoop.Run<TFn, T>(x[0], x[1], y[0]);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) => stream.Device.Elementwise(TFn.Name, x.All, y[0], []);

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("a comparison has no derivative");
}
