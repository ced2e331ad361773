using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>a = b, elementwise with broadcasting, as <see cref="DType.Bool"/>. NaN equals nothing. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <exception cref="DTypeMismatchException">The operands have different element types.</exception>
    public Tensor Equal(Tensor b) => Compare<EqualOp>(b);

    /// <summary>a = c; the number takes the tensor's element type.</summary>
    public Tensor Equal(double c) => Compare<EqualOp>(Like(c));

    /// <summary>a ≠ b, elementwise with broadcasting, as <see cref="DType.Bool"/>. NaN differs from everything.</summary>
    /// <inheritdoc cref="Equal(Tensor)"/>
    public Tensor NotEqual(Tensor b) => Compare<NotEqualOp>(b);

    /// <summary>a ≠ c; the number takes the tensor's element type.</summary>
    public Tensor NotEqual(double c) => Compare<NotEqualOp>(Like(c));

    /// <summary>a &lt; b, elementwise with broadcasting, as <see cref="DType.Bool"/>. False where either is NaN.</summary>
    /// <inheritdoc cref="Equal(Tensor)"/>
    public Tensor Less(Tensor b) => Compare<LessOp>(b);

    /// <summary>a &lt; c; the number takes the tensor's element type.</summary>
    public Tensor Less(double c) => Compare<LessOp>(Like(c));

    /// <summary>a ≤ b, elementwise with broadcasting, as <see cref="DType.Bool"/>. False where either is NaN.</summary>
    /// <inheritdoc cref="Equal(Tensor)"/>
    public Tensor LessEqual(Tensor b) => Compare<LessEqualOp>(b);

    /// <summary>a ≤ c; the number takes the tensor's element type.</summary>
    public Tensor LessEqual(double c) => Compare<LessEqualOp>(Like(c));

    /// <summary>a &gt; b, elementwise with broadcasting, as <see cref="DType.Bool"/>. False where either is NaN.</summary>
    /// <inheritdoc cref="Equal(Tensor)"/>
    public Tensor Greater(Tensor b) => Compare<GreaterOp>(b);

    /// <summary>a &gt; c; the number takes the tensor's element type.</summary>
    public Tensor Greater(double c) => Compare<GreaterOp>(Like(c));

    /// <summary>a ≥ b, elementwise with broadcasting, as <see cref="DType.Bool"/>. False where either is NaN.</summary>
    /// <inheritdoc cref="Equal(Tensor)"/>
    public Tensor GreaterEqual(Tensor b) => Compare<GreaterEqualOp>(b);

    /// <summary>a ≥ c; the number takes the tensor's element type.</summary>
    public Tensor GreaterEqual(double c) => Compare<GreaterEqualOp>(Like(c));

    /// <summary>a = b, elementwise, which is no <c>bool</c>; see <see cref="Equal(Tensor)"/>. Whether a tensor is there at all: <c>x is null</c>.</summary>
    public static Tensor operator ==(Tensor a, Tensor b) => Compare<EqualOp>(a, b);

    /// <summary>
    /// a ≠ b, elementwise, which is no <c>bool</c>; see <see cref="NotEqual(Tensor)"/>. Whether a tensor is there at all: <c>x is not null</c>.
    /// </summary>
    public static Tensor operator !=(Tensor a, Tensor b) => Compare<NotEqualOp>(a, b);

    /// <summary>a &lt; b, elementwise; see <see cref="Less(Tensor)"/>.</summary>
    public static Tensor operator <(Tensor a, Tensor b) => Compare<LessOp>(a, b);

    /// <summary>a &gt; b, elementwise; see <see cref="Greater(Tensor)"/>.</summary>
    public static Tensor operator >(Tensor a, Tensor b) => Compare<GreaterOp>(a, b);

    /// <summary>a ≤ b, elementwise; see <see cref="LessEqual(Tensor)"/>.</summary>
    public static Tensor operator <=(Tensor a, Tensor b) => Compare<LessEqualOp>(a, b);

    /// <summary>a ≥ b, elementwise; see <see cref="GreaterEqual(Tensor)"/>.</summary>
    public static Tensor operator >=(Tensor a, Tensor b) => Compare<GreaterEqualOp>(a, b);

    /// <summary>Whether both are true, elementwise; see <see cref="And(Tensor)"/>: <c>(x > 0) &amp; (x &lt; 1)</c>.</summary>
    public static Tensor operator &(Tensor a, Tensor b) => Compare<AndOp>(a, b);

    /// <summary>Whether at least one is true, elementwise; see <see cref="Or(Tensor)"/>.</summary>
    public static Tensor operator |(Tensor a, Tensor b) => Compare<OrOp>(a, b);

    /// <summary>Whether exactly one is true, elementwise; see <see cref="Xor(Tensor)"/>.</summary>
    public static Tensor operator ^(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        return a.Xor(b);
    }

    /// <summary>True where x is false; see <see cref="Not()"/>.</summary>
    public static Tensor operator !(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Not();
    }

    /// <summary>True where x is false, as NumPy and PyTorch write it; see <see cref="Not()"/>.</summary>
    public static Tensor operator ~(Tensor x) => !x;

    /// <summary>Whether it is the very same tensor, so that sets and dictionaries of tensors work; <c>==</c> compares the elements.</summary>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Whether both are true, elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <exception cref="DTypeMismatchException">An operand is not <see cref="DType.Bool"/>.</exception>
    public Tensor And(Tensor b) => Compare<AndOp>(b);

    /// <summary>Whether at least one is true, elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <inheritdoc cref="And(Tensor)"/>
    public Tensor Or(Tensor b) => Compare<OrOp>(b);

    /// <summary>Whether exactly one is true, elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <inheritdoc cref="And(Tensor)"/>
    public Tensor Xor(Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        if (DType != DType.Bool || b.DType != DType.Bool)
            throw Error.DType("xor", "the operands must hold truth values", $"{DType} {Shape} and {b.DType} {b.Shape}", "Bool", "make them by comparisons");
        return NotEqual(b);
    }

    /// <summary>True where this is false. <c>[…] -> […]</c></summary>
    /// <inheritdoc cref="And(Tensor)"/>
    public Tensor Not()
    {
        if (DType != DType.Bool) throw Error.DType("not", "the operand must hold truth values", $"{DType} {Shape}", "Bool", "make them by a comparison");
        return Equal(0);
    }

    /// <summary>True where x is NaN. <c>[…] -> […]</c></summary>
    public Tensor IsNaN() => NotEqual(this);

    /// <summary>True where x is neither NaN nor infinite. <c>[…] -> […]</c></summary>
    public Tensor IsFinite() => DType.IsFloating() ? (this - this).Equal(0) : Equal(this);

    /// <summary>True where x is +∞ or −∞. <c>[…] -> […]</c></summary>
    public Tensor IsInf() => DType.IsFloating() ? Abs().Equal(double.PositiveInfinity) : NotEqual(this);

    private Tensor Compare<TFn>(Tensor b) where TFn : struct, IComparison => Compare<TFn>(this, b);

    private static Tensor Compare<TFn>(Tensor a, Tensor b) where TFn : struct, IComparison
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return ComparisonOp<TFn>.Instance.Run(a, b);
    }
}

internal readonly struct EqualOp : IComparison, IOp
{
    public static string Name => "equal";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Vector.Equals(a, b);

    public static OpSpec Spec => OpSpec.Comparison(Name, (a, b) => a.Equal(b));
}

internal readonly struct NotEqualOp : IComparison, IOp
{
    public static string Name => "not_equal";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Vector.OnesComplement(Vector.Equals(a, b));

    public static OpSpec Spec => OpSpec.Comparison(Name, (a, b) => a.NotEqual(b));
}

internal readonly struct LessOp : IComparison, IOp
{
    public static string Name => "less";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Vector.LessThan(a, b);

    public static OpSpec Spec => OpSpec.Comparison(Name, (a, b) => a < b);
}

internal readonly struct LessEqualOp : IComparison, IOp
{
    public static string Name => "less_equal";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Vector.LessThanOrEqual(a, b);

    public static OpSpec Spec => OpSpec.Comparison(Name, (a, b) => a <= b);
}

internal readonly struct GreaterOp : IComparison, IOp
{
    public static string Name => "greater";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Vector.GreaterThan(a, b);

    public static OpSpec Spec => OpSpec.Comparison(Name, (a, b) => a > b);
}

internal readonly struct GreaterEqualOp : IComparison, IOp
{
    public static string Name => "greater_equal";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Vector.GreaterThanOrEqual(a, b);

    public static OpSpec Spec => OpSpec.Comparison(Name, (a, b) => a >= b);
}

internal readonly struct AndOp : IComparison, IOp
{
    public static string Name => "and";

    public static bool TruthOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a & b;

    public static OpSpec Spec => OpSpec.Comparison(Name, (a, b) => (a > 0).And(b > 0));
}

internal readonly struct OrOp : IComparison, IOp
{
    public static string Name => "or";

    public static bool TruthOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a | b;

    public static OpSpec Spec => OpSpec.Comparison(Name, (a, b) => (a > 0).Or(b > 0));
}
