namespace NativeDL;

// Compositions of three operands: each is two or three passes, whose gradients are those of the parts.
public sealed partial class Tensor
{
    /// <summary>a + weight·(b − a), from a at 0 to b at 1, elementwise with broadcasting; exact at both ends. <c>[…a], […b], […w] -> […a∨b∨w]</c></summary>
    /// <param name="end">b.</param>
    /// <param name="weight">How far to go; beyond [0, 1] it extrapolates.</param>
    /// <exception cref="DTypeMismatchException">The operands are not floating-point of one type.</exception>
    public Tensor Lerp(Tensor end, Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(end);
        ArgumentNullException.ThrowIfNull(weight);
        var way = end - this;
        return Where(weight < 0.5, this + weight * way, end - (1 - weight) * way);
    }

    /// <inheritdoc cref="Lerp(Tensor, Tensor)"/>
    public Tensor Lerp(Tensor end, double weight)
    {
        ArgumentNullException.ThrowIfNull(end);
        return weight < 0.5 ? this + (end - this) * weight : end - (end - this) * (1 - weight);
    }

    /// <summary>x + value·a·b, elementwise with broadcasting. <c>[…x], […a], […b] -> […x∨a∨b]</c></summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="value">A number that the product is multiplied by.</param>
    public Tensor Addcmul(Tensor a, Tensor b, double value = 1)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return this + (value == 1 ? a * b : a * b * value);
    }

    /// <summary>x + value·a/b, elementwise with broadcasting. <c>[…x], […a], […b] -> […x∨a∨b]</c></summary>
    /// <param name="a">What is divided.</param>
    /// <param name="b">By what it is divided.</param>
    /// <param name="value">A number that the quotient is multiplied by.</param>
    public Tensor Addcdiv(Tensor a, Tensor b, double value = 1)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return this + (value == 1 ? a / b : a / b * value);
    }
}
