using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>x limited to [<paramref name="min"/>, <paramref name="max"/>]; NaN stays NaN. <c>[…] -> […]</c></summary>
    /// <remarks>The derivative is 1 inside and at the limits, 0 outside. Also known as clamp.</remarks>
    /// <exception cref="InvalidInputException">A limit is NaN, or the lower one is above the upper one.</exception>
    public Tensor Clip(double min, double max)
    {
        if (!(min <= max)) throw Error.Input("clip", "the lower limit must not be above the upper one", $"{min} and {max}");
        return new UnaryOp<ClipOp>(new ClipOp(min, max)).Run(this);
    }

    /// <summary>The larger of a and b, elementwise with broadcasting; NaN if either is NaN. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <remarks>Where both are equal the gradient goes to <paramref name="a"/>.</remarks>
    public static Tensor Maximum(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return BinaryOp<MaximumOp>.Instance.Run(a, b);
    }

    /// <summary>The smaller of a and b, elementwise with broadcasting; NaN if either is NaN. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <remarks>Where both are equal the gradient goes to <paramref name="a"/>.</remarks>
    public static Tensor Minimum(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return BinaryOp<MinimumOp>.Instance.Run(a, b);
    }
}

internal readonly partial struct ClipOp(double min, double max) : IUnary, IOp
{
    public static string Name => "clip";

    public static bool FloatingOnly => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        Vector<T> low = Lanes.Constant<T>(min), high = Lanes.Constant<T>(max);
        x = Vector.ConditionalSelect(Vector.LessThan(x, low), low, x);
        return Vector.ConditionalSelect(Vector.GreaterThan(x, high), high, x);
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => new BinaryOp<ClipGradOp>(new ClipGradOp(min, max)).Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Clip(-1, 1.5), Domain.Real.Away(-1, 1.5));
}

/// <summary>dx = dy where min ≤ x ≤ max, else 0.</summary>
internal readonly partial struct ClipGradOp(double min, double max) : IBinary, IOp
{
    public static string Name => "clip_grad";

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged
    {
        var outside = Vector.LessThan(x, Lanes.Constant<T>(min)) | Vector.GreaterThan(x, Lanes.Constant<T>(max));
        return Vector.AndNot(dy, outside);
    }

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => null;

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => new BinaryOp<ClipGradOp>(this).Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, (x, dy) => new BinaryOp<ClipGradOp>(new ClipGradOp(-1, 1.5)).Run(x, dy), Domain.Real.Away(-1, 1.5),
        Domain.Real) with { FlatOperands = [0] };
}

internal readonly struct MaximumOp : IBinary, IOp
{
    public static string Name => "maximum";

    // Neither is above the other: equal, or one of them NaN, which their sum hands on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged
    {
        var second = Vector.ConditionalSelect(Vector.GreaterThan(b, a), b, a + b);
        return Vector.ConditionalSelect(Vector.GreaterThanOrEqual(a, b), a, second);
    }

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => Tensor.Where(a < b, dy.Like(0), dy);

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => Tensor.Where(a < b, dy, dy.Like(0));

    public static OpSpec Spec => Extremes.Spec(Name, Tensor.Maximum);
}

internal readonly struct MinimumOp : IBinary, IOp
{
    public static string Name => "minimum";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged
    {
        var second = Vector.ConditionalSelect(Vector.LessThan(b, a), b, a + b);
        return Vector.ConditionalSelect(Vector.LessThanOrEqual(a, b), a, second);
    }

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => Tensor.Where(a > b, dy.Like(0), dy);

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => Tensor.Where(a > b, dy, dy.Like(0));

    public static OpSpec Spec => Extremes.Spec(Name, Tensor.Minimum);
}

/// <summary>What maximum and minimum share.</summary>
internal static class Extremes
{
    /// <summary>Operands that are nowhere near a tie: whole numbers against numbers far from whole.</summary>
    public static OpSpec Spec(string name, Func<Tensor, Tensor, Tensor> call) => new(name, "[…a], […b] -> […a∨b]", d =>
    {
        var (a, b) = d.BroadcastShapes();
        return new OpCase([d.Tensor(a).Round(), d.Tensor(b, Domain.Real.Away(-3, -2, -1, 0, 1, 2))], x => [call(x[0], x[1])]);
    })
    { Bytes = c => 4.0 * (c.Elements + c.Inputs[0].ElementCount + c.Inputs[1].ElementCount) };
}
