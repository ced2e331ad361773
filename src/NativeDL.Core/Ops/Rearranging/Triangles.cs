namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The lower triangle of the last two axes, zeros above it. <c>[…, m, n] -> […, m, n]</c></summary>
    /// <param name="diagonal">The last diagonal that stays: 0 the main one, above it where positive, below where negative.</param>
    /// <exception cref="ShapeMismatchException">There are not two axes.</exception>
    public Tensor Tril(int diagonal = 0) => Triangle("tril", diagonal, lower: true);

    /// <summary>The upper triangle of the last two axes, zeros below it. <c>[…, m, n] -> […, m, n]</c></summary>
    /// <param name="diagonal">The first diagonal that stays: 0 the main one, above it where positive, below where negative.</param>
    /// <exception cref="ShapeMismatchException">There are not two axes.</exception>
    public Tensor Triu(int diagonal = 0) => Triangle("triu", diagonal, lower: false);

    private Tensor Triangle(string name, int diagonal, bool lower)
    {
        if (Rank < 2) throw Error.Shape(name, "a triangle is part of a matrix", $"{Shape}", "two axes or more");
        Tensor rows = Numbers(Shape[^2]).ExpandDims(-1), columns = Numbers(Shape[^1]), along = columns - rows;
        return Where(lower ? along <= diagonal : along >= diagonal, this, Like(0));
    }

    // 0 … n − 1 as Int32, beside this tensor.
    private Tensor Numbers(int n) => Arange(n).To(IsSymbolic ? Device.Default : Device);

    /// <summary>
    /// The coordinates of a grid: of k vectors k tensors of one shape, each of which repeats its vector along the other axes.
    /// <c>[a], [b] -> [b, a], [b, a]</c> for "xy", <c>[a, b], [a, b]</c> for "ij"
    /// </summary>
    /// <param name="tensors">Vectors.</param>
    /// <param name="indexing">"xy", where the first vector goes across and the second down, or "ij", where each goes along the axis of its number.</param>
    /// <exception cref="ShapeMismatchException">There is none, or one is not a vector.</exception>
    /// <exception cref="InvalidInputException">The indexing is neither.</exception>
    public static Tensor[] Meshgrid(IReadOnlyList<Tensor> tensors, string indexing = "xy")
    {
        ArgumentNullException.ThrowIfNull(tensors);
        RequireAll("meshgrid", tensors);
        if (indexing is not ("xy" or "ij")) throw Error.Input("meshgrid", "there is no such indexing", $"'{indexing}'", "\"xy\" or \"ij\"");
        foreach (var t in tensors)
            if (t.Rank != 1) throw Error.Shape("meshgrid", "the coordinates of an axis are a vector", $"{t.Shape}", "[n]");
        int rank = tensors.Count;
        int Axis(int i) => indexing == "xy" && rank > 1 && i < 2 ? 1 - i : i;
        var dims = new int[rank];
        for (int i = 0; i < rank; i++) dims[Axis(i)] = tensors[i].Shape.Dimension(0);
        return [.. tensors.Select((t, i) =>
        {
            int[] along = [.. Enumerable.Repeat(1, rank)];
            along[Axis(i)] = t.Shape.Dimension(0);
            return t.Reshape(NativeDL.Shape.Of(along)).BroadcastTo(dims);
        })];
    }
}

internal abstract class TrilSpec : IOp
{
    public static OpSpec Spec => TriangleSpec("tril", (x, k) => x.Tril(k));

    internal static OpSpec TriangleSpec(string name, Func<Tensor, int, Tensor> run) => new(name, "[…a] -> […a]", d =>
    {
        var x = d.Tensor(d.Shape(2, 4));
        int diagonal = d.Int(0, 8) - 4;
        return new OpCase([x], t => [run(t[0], diagonal)], $"diagonal {diagonal}");
    });
}

internal abstract class TriuSpec : IOp
{
    public static OpSpec Spec => TrilSpec.TriangleSpec("triu", (x, k) => x.Triu(k));
}

internal abstract class MeshgridSpec : IOp
{
    public static OpSpec Spec => new("meshgrid", "[a], [b] -> […c], […c]", d =>
    {
        bool across = d.Flag();
        return new OpCase([d.Tensor([d.Size(17)]), d.Tensor([d.Size(17)])], x => Tensor.Meshgrid(x, across ? "xy" : "ij"), across ? "xy" : "ij");
    })
    { Flops = _ => 0, ReductionLength = c => c.Elements };
}
