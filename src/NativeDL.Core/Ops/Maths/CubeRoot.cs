using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>∛x, of negative numbers too. <c>[…] -> […]</c></summary>
    /// <remarks>The derivative at 0 is +∞, as the maths says.</remarks>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Cbrt() => UnaryOp<CbrtOp>.Instance.Run(this);
}

internal readonly struct CbrtOp : IUnary, IOp
{
    public static string Name => "cbrt";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Cbrt(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / (y.Square() * 3);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Cbrt(), Domain.Real.Away(0), 30) with { CardUlps = 2 };
}
