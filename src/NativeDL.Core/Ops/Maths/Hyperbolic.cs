using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Hyperbolic sine, (eˣ − e⁻ˣ)/2. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Sinh() => UnaryOp<SinhOp>.Instance.Run(this);

    /// <summary>Hyperbolic cosine, (eˣ + e⁻ˣ)/2. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Cosh() => UnaryOp<CoshOp>.Instance.Run(this);

    /// <summary>The error function, 2/√π · ∫₀ˣ exp(−t²) dt. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Erf() => UnaryOp<ErfOp>.Instance.Run(this);
}

internal readonly struct SinhOp : IUnary, IOp
{
    public static string Name => "sinh";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Sinh(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.Cosh();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Sinh(), Domain.Real, 20);
}

internal readonly struct CoshOp : IUnary, IOp
{
    public static string Name => "cosh";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Cosh(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.Sinh();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Cosh(), Domain.Real, 20);
}

internal readonly struct ErfOp : IUnary, IOp
{
    public static string Name => "erf";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Erf(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * (-x.Square()).Exp() * (2 / Math.Sqrt(Math.PI));

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Erf(), Domain.Real, 25);
}
