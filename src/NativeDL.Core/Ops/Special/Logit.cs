using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// log(x/(1 − x)), whose inverse is <see cref="Sigmoid()"/>; −∞ at 0, +∞ at 1, NaN outside. Accurate near ½, where it is 0. <c>[…] -> […]</c>
    /// </summary>
    /// <remarks>Where probabilities may be exactly 0 or 1, <see cref="Clip(double, double)"/> them first.</remarks>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Logit() => UnaryOp<LogitOp>.Instance.Run(this);
}

internal readonly struct LogitOp : IUnary, IOp
{
    public static string Name => "logit";

    // Near ½ as 2·atanh(2x − 1), whose argument is exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        Vector<T> one = Vector<T>.One, half = Lanes.Constant<T>(0.5);
        var near = VectorMath.Atanh(x + x - one);
        return Vector.ConditionalSelect(Vector.LessThanOrEqual(Vector.Abs(x - half), Lanes.Constant<T>(0.25)), near + near, VectorMath.Log(x / (one - x)));
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / (x * (1 - x));

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Logit(), Domain.Unit, 60) with { CardUlps = 6 };
}
