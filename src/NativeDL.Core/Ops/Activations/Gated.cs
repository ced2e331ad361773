namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The gated linear unit: the first half along an axis times σ of the second. <c>[…, 2n, …] -> […, n, …]</c></summary>
    /// <param name="axis">The axis that is halved; the last by default.</param>
    /// <exception cref="ShapeMismatchException">The axis has an odd size.</exception>
    public Tensor Glu(int axis = -1) => Gated("glu", axis, gate => gate.Sigmoid());

    /// <summary>The first half along an axis times GELU of the second (Shazeer 2020). <c>[…, 2n, …] -> […, n, …]</c></summary>
    /// <param name="axis">The axis that is halved; the last by default.</param>
    /// <param name="approximate">Whether by the tangent: see <see cref="Gelu(bool)"/>.</param>
    /// <exception cref="ShapeMismatchException">The axis has an odd size.</exception>
    public Tensor Geglu(int axis = -1, bool approximate = false) => Gated("geglu", axis, gate => gate.Gelu(approximate));

    /// <summary>The first half along an axis times SiLU of the second (Shazeer 2020). <c>[…, 2n, …] -> […, n, …]</c></summary>
    /// <param name="axis">The axis that is halved; the last by default.</param>
    /// <exception cref="ShapeMismatchException">The axis has an odd size.</exception>
    public Tensor Swiglu(int axis = -1) => Gated("swiglu", axis, gate => gate.Silu());

    private Tensor Gated(string name, int axis, Func<Tensor, Tensor> gate)
    {
        int a = Shape.Axis(name, axis);
        if (Shape[a] % 2 != 0) throw Error.Shape(name, $"axis {a} cannot be halved", $"{Shape}", null, "it holds values and gates: twice as many as come out");
        var halves = Split(2, a);
        return halves[0] * gate(halves[1]);
    }
}
