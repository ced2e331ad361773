using System.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>a + b, elementwise with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => BinaryOp<AddOp>.Instance.Run(a, b);

    /// <summary>a − b, elementwise with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => BinaryOp<SubtractOp>.Instance.Run(a, b);

    /// <summary>a · b, elementwise with broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => BinaryOp<MultiplyOp>.Instance.Run(a, b);

    /// <summary>a / b, elementwise with broadcasting; whole numbers are divided towards 0, and divided by 0 they give 0, as in NumPy.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => BinaryOp<DivideOp>.Instance.Run(a, b);

    /// <summary>−x.</summary>
    public static Tensor operator -(Tensor x) => UnaryOp<NegateOp>.Instance.Run(x);

    /// <summary>x².</summary>
    public Tensor Square() => UnaryOp<SquareOp>.Instance.Run(this);

    // A number beside this tensor takes its element type and device; beside a symbol it is made when a graph is run.
    internal Tensor Like(double value) => IsSymbolic ? DeferredLike(value) : Full(Shape.Scalar, value, DType, Device);

    // Apart, since what a closure captures is allocated where its method begins.
    private Tensor DeferredLike(double value)
    {
        var (dtype, device) = (DType, Device.Default);
        return Deferred(Shape.Scalar, dtype, device, new FirstValues(), () => Full(Shape.Scalar, value, dtype, device));
    }
}

internal readonly struct AddOp : IBinary, IOp
{
    public static string Name => "add";

    public static Saved Saves => Saved.Nothing;

    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a + b;

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => dy;

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a + b, Domain.Real, Domain.Real);
}

internal readonly struct SubtractOp : IBinary, IOp
{
    public static string Name => "subtract";

    public static Saved Saves => Saved.Nothing;

    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a - b;

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => -dy;

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a - b, Domain.Real, Domain.Real);
}

internal readonly struct MultiplyOp : IBinary, IOp
{
    public static string Name => "multiply";

    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a * b;

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * b;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * a;

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a * b, Domain.Real, Domain.Real);
}

internal readonly struct DivideOp : IBinary, IOp
{
    public static string Name => "divide";

    public static Saved Saves => Saved.Both;

    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double)) return a / b;
        // The processor traps where there is no quotient, and where it has a bit too many (the least number by −1: it wraps).
        var none = Vector.Equals(b, Vector<T>.Zero);
        var minus = Vector.Equals(b, -Vector<T>.One);
        var quotient = a / Vector.ConditionalSelect(none | minus, Vector<T>.One, b);
        return Vector.AndNot(Vector.ConditionalSelect(minus, -a, quotient), none);
    }

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy / b;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => -dy * (y / b); // not by b², which overflows and vanishes early

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a / b, Domain.Real, Domain.Real.Away(0)) with { Float32Error = 16 };
}

internal readonly struct NegateOp : IUnary, IOp
{
    public static string Name => "negate";

    public static Saved Saves => Saved.Nothing;

    public static bool FloatingOnly => false;

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => -x;

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => -dy;

    public static OpSpec Spec => OpSpec.Unary(Name, x => -x, Domain.Real);
}

internal readonly struct SquareOp : IUnary, IOp
{
    public static string Name => "square";

    public static bool FloatingOnly => false;

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => x * x;

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x * 2;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Square(), Domain.Real);
}
