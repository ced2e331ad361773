using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>|x|; the derivative at 0 is 0. <c>[…] -> […]</c></summary>
    public Tensor Abs() => UnaryOp<AbsOp>.Instance.Run(this);

    /// <summary>−1 below 0, 0 at 0, 1 above, NaN for NaN. Its derivative is 0. <c>[…] -> […]</c></summary>
    public Tensor Sign() => UnaryOp<SignOp>.Instance.Run(this);

    /// <summary>The largest whole number not above x. Its derivative is 0. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Floor() => UnaryOp<FloorOp>.Instance.Run(this);

    /// <summary>The smallest whole number not below x. Its derivative is 0. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Ceiling() => UnaryOp<CeilingOp>.Instance.Run(this);

    /// <summary>The nearest whole number; halves go to the even one. Its derivative is 0. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Round() => UnaryOp<RoundOp>.Instance.Run(this);
}

internal readonly struct AbsOp : IUnary, IOp
{
    public static string Name => "abs";

    public static bool FloatingOnly => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => Vector.Abs(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.Sign();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Abs(), Domain.Real.Away(0));
}

internal readonly struct SignOp : IUnary, IOp
{
    public static string Name => "sign";

    public static Saved Saves => Saved.Nothing;

    public static bool FloatingOnly => false;

    // What is neither above nor below 0 stays what it is: 0 or NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        var below = Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), -Vector<T>.One, x);
        return Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, below);
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Sign(), Domain.Real.Away(0)) with { FlatOperands = [0] };
}

internal readonly struct FloorOp : IUnary, IOp
{
    // Between whole numbers, where a finite difference sees no step.
    internal static readonly Domain BetweenSteps = Domain.Real.Away(-3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5);

    public static string Name => "floor";

    public static Saved Saves => Saved.Nothing;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => typeof(T) == typeof(float)
        ? Vector.As<float, T>(Vector.Floor(Vector.As<T, float>(x)))
        : Vector.As<double, T>(Vector.Floor(Vector.As<T, double>(x)));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Floor(), BetweenSteps) with { FlatOperands = [0] };
}

internal readonly struct CeilingOp : IUnary, IOp
{
    public static string Name => "ceiling";

    public static Saved Saves => Saved.Nothing;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => typeof(T) == typeof(float)
        ? Vector.As<float, T>(Vector.Ceiling(Vector.As<T, float>(x)))
        : Vector.As<double, T>(Vector.Ceiling(Vector.As<T, double>(x)));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Ceiling(), FloorOp.BetweenSteps) with { FlatOperands = [0] };
}

internal readonly struct RoundOp : IUnary, IOp
{
    public static string Name => "round";

    public static Saved Saves => Saved.Nothing;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => typeof(T) == typeof(float)
        ? Vector.As<float, T>(Vector.Round(Vector.As<T, float>(x)))
        : Vector.As<double, T>(Vector.Round(Vector.As<T, double>(x)));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Round(), FloorOp.BetweenSteps) with { FlatOperands = [0] };
}
