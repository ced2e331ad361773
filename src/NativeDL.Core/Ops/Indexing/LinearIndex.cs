using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// y[…] = the number of the element, counted row by row, that the coordinates at the end name. <c>Int32 […, k] -> Int32 […]</c>. A coordinate out of
/// range is refused on the CPU; on a card it gives −1, which names nothing.
/// </summary>
internal sealed partial class LinearIndexOp(int[] dims) : Op, IOp
{
    public override string Name => "linear_index";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape[..^1], DType.Int32);

    protected override void Compute<T>(Operands x, Results y)
    {
        var coordinates = x.Span<int>(0);
        var numbers = y.Span<int>(0);
        for (int i = 0, at = 0; i < numbers.Length; i++)
        {
            int number = 0;
            for (int k = 0; k < dims.Length; k++, at++)
            {
                if ((uint)coordinates[at] >= (uint)dims[k])
                    throw Error.Input(Name, $"coordinate {k} of index number {i} is out of range", $"{coordinates[at]}", $"0 to {dims[k] - 1}");
                number = number * dims[k] + coordinates[at];
            }
            numbers[i] = number;
        }
    }

    // Whole numbers that the card's own operations multiply and add.
    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        Tensor? number = null, inside = null;
        for (int k = 0; k < dims.Length; k++)
        {
            var coordinate = x[0].Narrow(-1, k, 1).Reshape(y[0].Shape);
            var here = (coordinate >= 0) & (coordinate < dims[k]);
            inside = inside is null ? here : inside & here;
            number = number is null ? coordinate : number * dims[k] + coordinate;
        }
        Tensor.CopyInto(Tensor.Where(inside!, number!, -1), y[0]);
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("an index is a whole number and has no derivative");

    public static OpSpec Spec => new("linear_index", "Int32 […, k] -> Int32 […]", d =>
    {
        int[] dims = [.. Enumerable.Range(0, d.Int(1, 3)).Select(_ => d.Size(9))];
        var shape = d.Shape(0, 2);
        return new OpCase([Draw(d, dims, shape)], x => [new LinearIndexOp(dims).Run(x)], $"in [{string.Join(", ", dims)}]");
    })
    { Differentiable = false, TwiceDifferentiable = false };

    /// <summary>Coordinates within sizes.</summary>
    internal static Tensor Draw(Draw d, int[] dims, Shape shape) => Tensor.Stack([.. dims.Select(size => d.Indices(shape, size))], -1);
}

public sealed partial class Tensor
{
    /// <summary>
    /// The elements, or slices, that coordinates name: y[i…] = x[index[i…, 0], index[i…, 1], …]. <c>[…a, …b], [i…, k] -> [i…, …b]</c>, where …a are the
    /// first k axes
    /// </summary>
    /// <param name="indices">Int32 or Int64, a coordinate of 0 or more for each of the first k axes.</param>
    /// <remarks>
    /// TensorFlow's and ONNX' GatherND. The gradient adds up where an element is named twice. On CUDA what is named out of range is NaN (0 for whole numbers).
    /// </remarks>
    /// <exception cref="ShapeMismatchException">There are more coordinates than axes, or none.</exception>
    /// <exception cref="InvalidInputException">A coordinate is out of range; the first is named (on the CPU).</exception>
    public Tensor GatherNd(Tensor indices)
    {
        var (numbers, rest) = Linear("gather_nd", indices);
        int rows = NativeDL.Shape.Dimension("gather_nd", Shape[..^rest.Rank].ElementCount);
        return Reshape([rows, .. rest.Dimensions]).Gather(numbers);
    }

    // Coordinates as numbers of slices, and the slices' shape.
    private (Tensor Numbers, Shape Slice) Linear(string name, Tensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        indices = IndexList.Normalize(name, indices);
        int k = indices.Rank == 0 ? 0 : indices.Shape[^1];
        if (k < 1 || k > Rank)
            throw Error.Shape(name, "the last axis of the indices holds a coordinate for each of the first axes", $"indices {indices.Shape} for {Shape}",
            Rank == 0 ? "a tensor that has an axis" : $"1 to {Rank} coordinates");
        for (int i = 0; i < k; i++) _ = Shape[i];   // known
        return (new LinearIndexOp([.. Shape.Dimensions[..k]]).Run(indices), Shape[k..]);
    }
}

internal abstract class GatherNdSpec : IOp
{
    public static OpSpec Spec => new("gather_nd", "[…a], [i…] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3));
        int k = d.Int(1, x.Rank);
        var indices = LinearIndexOp.Draw(d, [.. x.Shape.Dimensions[..k]], new Draw([d.Int(0, 9), d.Int(0, 9), d.Int(0, 9)]) { MaxElements = 12 }.Shape(0, 2));
        return new OpCase([x, indices], t => [t[0].GatherNd(t[1])], $"{k} coordinates");
    })
    { Flops = _ => 0, ReductionLength = c => c.Elements };
}
