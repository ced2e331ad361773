using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Place of the greatest of all elements, counted row by row: Int32 []. The first of equal ones; a NaN counts as the greatest.</summary>
    /// <exception cref="ShapeMismatchException">There is no element to choose from.</exception>
    public Tensor ArgMax() => new ArgMaxOp(Shape.Axes("argmax", []), false).Run(this);

    /// <summary>
    /// Place of the greatest element along an axis, as Int32. <c>[…, n, …] -> […, …]</c> The first of equal ones; a NaN counts as the greatest.
    /// </summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="keepDims">Whether the axis stays with size 1.</param>
    /// <exception cref="ShapeMismatchException">There is no element to choose from.</exception>
    public Tensor ArgMax(int axis, bool keepDims = false) => new ArgMaxOp([Shape.Axis("argmax", axis)], keepDims).Run(this);

    /// <summary>Place of the smallest of all elements, counted row by row: Int32 []. The first of equal ones; a NaN counts as the smallest.</summary>
    /// <exception cref="ShapeMismatchException">There is no element to choose from.</exception>
    public Tensor ArgMin() => new ArgMinOp(Shape.Axes("argmin", []), false).Run(this);

    /// <summary>
    /// Place of the smallest element along an axis, as Int32. <c>[…, n, …] -> […, …]</c> The first of equal ones; a NaN counts as the smallest.
    /// </summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="keepDims">Whether the axis stays with size 1.</param>
    /// <exception cref="ShapeMismatchException">There is no element to choose from.</exception>
    public Tensor ArgMin(int axis, bool keepDims = false) => new ArgMinOp([Shape.Axis("argmin", axis)], keepDims).Run(this);
}

/// <summary>Place of the greatest element over axes (normalized, rising), counted row by row.</summary>
internal sealed partial class ArgMaxOp(int[] axes, bool keepDims) : ArgExtremumOp<MaxReducer>(axes, keepDims), IOp
{
    public override string Name => "argmax";

    public static OpSpec Spec => ArgSpec("argmax", (x, axis, keep) => x.ArgMax(axis, keep));
}

/// <summary>Place of the smallest element over axes (normalized, rising), counted row by row.</summary>
internal sealed partial class ArgMinOp(int[] axes, bool keepDims) : ArgExtremumOp<MinReducer>(axes, keepDims), IOp
{
    public override string Name => "argmin";

    public static OpSpec Spec => ArgSpec("argmin", (x, axis, keep) => x.ArgMin(axis, keep));
}

/// <summary>What the places of the greatest and the smallest have in common.</summary>
internal abstract class ArgExtremumOp<TR>(int[] axes, bool keepDims) : ReductionOp(axes, keepDims) where TR : struct, IReducer
{
    protected override Saved Saves => Saved.Nothing;

    protected override DType TypeOf(Tensor x) => DType.Int32;

    protected override void Check(Tensor x)
    {
        if (x.DType is DType.Bool or DType.UInt8)
            throw Error.DType(Name, "the element type has no order here", $"{x.DType} {x.Shape}", "a floating-point type, Int32 or Int64",
                "convert it with Cast");
        RequireElements(x);
        if (x.Shape.Only(Axes) is { IsKnown: true } group && group.ElementCount > int.MaxValue)
            throw Error.Shape(Name, "the places do not fit Int32", $"{group.ElementCount} elements, axes [{string.Join(", ", Axes)}] of shape {x.Shape}",
                "fewer than 2³¹");
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount > 0) ArgReduction.Run<TR, T>(x[0], Axes, y[0]);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount > 0) stream.Device.Reduce(Name, x[0], Axes, y[0]);
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("a place is a whole number and has no derivative");

    protected static OpSpec ArgSpec(string name, Func<Tensor, int, bool, Tensor> run) => new(name, "[…a, n, …b] -> Int32 […c]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4), Domain.Distinct);
        int axis = d.Axis(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [run(t[0], axis, keep)], $"axis {axis}, keepDims {keep}");
    })
    { Differentiable = false, TwiceDifferentiable = false };
}

/// <summary>Places of extrema. Whatever the pieces, the first of the extreme elements is found, so the order of work does not show.</summary>
internal static unsafe class ArgReduction
{
    private const int RowPiece = 16 * 1024;
    private const int ColumnBlock = 1024;

    public static void Run<TR, T>(Tensor x, int[] axes, Tensor y) where TR : struct, IReducer where T : unmanaged, INumber<T>
    {
        var (source, outer, length, inner) = Reduction.Arrange(x, axes);
        using var openX = source.Open<T>();
        using var openY = y.Open<int>();
        var px = openX.Pointer;
        int* py = openY.Pointer;
        if (inner > 1)
        {
            long blocks = (inner + ColumnBlock - 1) / ColumnBlock;
            long perTask = Math.Max(1, Workers.Grain / (length * Math.Min(inner, ColumnBlock)));
            Workers.For(outer * blocks, perTask, (start, end) =>
            {
                for (long task = start; task < end; task++)
                {
                    (long o, long block) = Math.DivRem(task, blocks);
                    long column = block * ColumnBlock;
                    Columns<TR, T>(px + o * length * inner + column, inner, length, py + o * inner + column, (int)Math.Min(ColumnBlock, inner - column));
                }
            });
        }
        else if (length > RowPiece && outer < 64)
        {
            int pieces = (int)((length + RowPiece - 1) / RowPiece);
            using var scratch = new Scratch<long>(outer * pieces);
            long* found = scratch.Pointer;
            Workers.Run(checked((int)(outer * pieces)), i =>
            {
                (long row, long piece) = Math.DivRem(i, pieces);
                long first = piece * RowPiece;
                found[i] = first + Row<TR, T>(px + row * length + first, Math.Min(RowPiece, length - first));
            });
            for (long r = 0; r < outer; r++)
            {
                long best = found[r * pieces];
                for (int i = 1; i < pieces; i++)
                    if (Beats<TR, T>(px[r * length + found[r * pieces + i]], px[r * length + best])) best = found[r * pieces + i];
                py[r] = (int)best;
            }
        }
        else
        {
            Workers.For(outer, Math.Max(1, Workers.Grain / length), (start, end) =>
            {
                for (long r = start; r < end; r++) py[r] = (int)Row<TR, T>(px + r * length, length);
            });
        }
    }

    // The extreme value first, then its place: two quick looks at a piece that is in the cache the second time.
    private static long Row<TR, T>(T* x, long n) where TR : struct, IReducer where T : unmanaged, INumber<T>
    {
        var extreme = RowReduction.Run<TR, AsItIs, T>(x, n, default);
        bool nan = T.IsNaN(extreme);
        var wanted = new Vector<T>(extreme);
        long i = 0;
        if (!nan)
            while (i <= n - Vector<T>.Count && !Vector.EqualsAny(Vector.Load(x + i), wanted)) i += Vector<T>.Count;
        while (nan ? !T.IsNaN(x[i]) : x[i] != extreme) i++;
        return i;
    }

    private static void Columns<TR, T>(T* x, long stride, long rows, int* y, int columns) where TR : struct, IReducer where T : unmanaged, INumber<T>
    {
        // Places are kept as whole numbers of the elements' size, so that one mask serves both.
        var best = stackalloc T[ColumnBlock];
        var places = stackalloc T[ColumnBlock];
        new Span<T>(x, columns).CopyTo(new Span<T>(best, columns));
        new Span<T>(places, columns).Clear();
        for (long r = 1; r < rows; r++)
        {
            var row = x + r * stride;
            var place = sizeof(T) == 4 ? Vector.As<int, T>(new Vector<int>((int)r)) : Vector.As<long, T>(new Vector<long>(r));
            int c = 0;
            for (; c <= columns - Vector<T>.Count; c += Vector<T>.Count)
            {
                Vector<T> fresh = Vector.Load(row + c), old = Vector.Load(best + c);
                var beats = Vector.AndNot(Vector.Equals(old, old), Vector.Equals(TR.Join(old, fresh), old));
                Vector.ConditionalSelect(beats, fresh, old).Store(best + c);
                Vector.ConditionalSelect(beats, place, Vector.Load(places + c)).Store(places + c);
            }
            for (; c < columns; c++)
            {
                if (!Beats<TR, T>(row[c], best[c])) continue;
                best[c] = row[c];
                places[c] = place[0];
            }
        }
        for (int c = 0; c < columns; c++) y[c] = sizeof(T) == 4 ? ((int*)places)[c] : (int)((long*)places)[c];
    }

    /// <summary>Whether a later element takes the place of the best so far; a NaN does, unless there is one already.</summary>
    private static bool Beats<TR, T>(T later, T best) where TR : struct, IReducer where T : unmanaged, INumber<T> =>
        !T.IsNaN(best) && (T.IsNaN(later) || (TR.Join(best, later) == later && later != best));
}
