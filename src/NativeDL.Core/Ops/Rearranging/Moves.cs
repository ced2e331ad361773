namespace NativeDL;

// Rearrangements that are views, or views put together: each gradient is that of its parts.
public sealed partial class Tensor
{
    /// <summary>Two axes exchanged: a view. <c>[a, b, c] -> [c, b, a]</c> for 0 and 2</summary>
    /// <exception cref="ShapeMismatchException">There is no such axis.</exception>
    public Tensor SwapAxes(int axis1, int axis2) => Transpose(axis1, axis2);

    /// <summary>An axis moved to another place, the others in their order: a view. <c>[a, b, c] -> [b, c, a]</c> for 0 and −1</summary>
    /// <param name="source">The axis.</param>
    /// <param name="destination">Where it stands in the result.</param>
    /// <exception cref="ShapeMismatchException">There is no such axis.</exception>
    public Tensor MoveAxis(int source, int destination) => MoveAxis([source], [destination]);

    /// <summary>Axes moved to other places, the others in their order: a view.</summary>
    /// <param name="source">The axes.</param>
    /// <param name="destination">Where each stands in the result.</param>
    /// <exception cref="ShapeMismatchException">There is no such axis, one is named twice, or there are not as many places.</exception>
    public Tensor MoveAxis(int[] source, int[] destination)
    {
        const string name = "moveaxis";
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        if (source.Length != destination.Length)
            throw Error.Shape(name, "there must be a place for each axis", $"axes [{string.Join(", ", source)}] to [{string.Join(", ", destination)}]");
        int[] from = [.. source.Select(a => Shape.Axis(name, a))], to = [.. destination.Select(a => Shape.Axis(name, a))];
        if (from.Distinct().Count() != from.Length || to.Distinct().Count() != to.Length)
            throw Error.Shape(name, "an axis is named twice", $"axes [{string.Join(", ", source)}] to [{string.Join(", ", destination)}] of shape {Shape}");
        var others = new Queue<int>(Enumerable.Range(0, Rank).Except(from));
        int[] order = [.. Enumerable.Range(0, Rank).Select(i => Array.IndexOf(to, i) is >= 0 and var at ? from[at] : others.Dequeue())];
        return Permute(order);
    }

    /// <summary>
    /// The tensor in at most <paramref name="chunks"/> parts along an axis, all of one size but the last, which may be smaller: views. Of 7 in 3
    /// these are 3, 3 and 1.
    /// </summary>
    /// <param name="chunks">The most parts.</param>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <remarks>PyTorch's <c>chunk</c>; <see cref="Split(int, int)"/> refuses what does not divide evenly.</remarks>
    /// <exception cref="InvalidInputException">There is less than one part.</exception>
    public Tensor[] Chunk(int chunks, int axis = 0)
    {
        int a = Shape.Axis("chunk", axis), n = Shape[a];
        if (chunks < 1) throw Error.Input("chunk", "there must be one part or more", $"{chunks}");
        int size = (int)Math.Max(1, ((long)n + chunks - 1) / chunks), count = Math.Max(1, (int)(((long)n + size - 1) / size));
        return [.. Enumerable.Range(0, count).Select(i => Narrow(a, i * size, Math.Min(size, n - i * size)))];
    }

    /// <summary>The whole tensor repeated along each axis, so many times along each. <c>[a, b] -> [2a, 3b]</c> for [2, 3]</summary>
    /// <param name="repeats">For the last axes; more numbers than axes make new outer ones, as in NumPy.</param>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public Tensor Tile(int[] repeats)
    {
        ArgumentNullException.ThrowIfNull(repeats);
        var result = repeats.Length > Rank ? Reshape(NativeDL.Shape.Of([.. Enumerable.Repeat(1, repeats.Length - Rank), .. Shape.Dimensions])) : this;
        int first = result.Rank - repeats.Length;
        for (int i = 0; i < repeats.Length; i++)
            if (repeats[i] != 1) result = result.Tile(repeats[i], first + i);
        return result;
    }

    /// <summary>Each slice along an axis repeated, side by side. <c>[…, n, …] -> […, n · repeats, …]</c></summary>
    /// <param name="repeats">How many times.</param>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <remarks>NumPy's <c>repeat</c>, PyTorch's <c>repeat_interleave</c>; the whole repeated is <see cref="Tile(int, int)"/>.</remarks>
    /// <exception cref="InvalidInputException">The number is negative.</exception>
    public Tensor Repeat(int repeats, int axis)
    {
        int a = Shape.Axis("repeat", axis);
        if (repeats < 0) throw Error.Input("repeat", "the number of repetitions is negative", $"{repeats}");
        var spread = ExpandDims(a + 1);
        return spread.BroadcastTo(spread.Shape.With(a + 1, repeats))
            .Reshape(Shape.With(a, NativeDL.Shape.Product("repeat", Shape.Dimension(a), repeats)));
    }

    /// <summary>Each slice along an axis repeated, each so many times as its number says. <c>[…, n, …] -> […, Σ repeats, …]</c></summary>
    /// <param name="repeats">A number of 0 or more for each slice.</param>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <exception cref="ShapeMismatchException">There is not one number for each slice.</exception>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public Tensor Repeat(int[] repeats, int axis)
    {
        ArgumentNullException.ThrowIfNull(repeats);
        int a = Shape.Axis("repeat", axis);
        if (!NativeDL.Shape.IsSame(repeats.Length, Shape.Dimension(a)))
            throw Error.Shape("repeat", $"there must be a number for each slice of axis {a}", $"{repeats.Length} numbers for {Shape}");
        if (repeats.Any(r => r < 0)) throw Error.Input("repeat", "a number of repetitions is negative", $"{repeats.Min()}");
        int[] places = [.. repeats.SelectMany((r, i) => Enumerable.Repeat(i, r))];
        return Gather(FromSpan<int>(places, [places.Length], IsSymbolic ? Device.Default : Device), a);
    }

    /// <summary>The elements moved on along axes; what goes beyond the end comes in at the start. <c>[…] -> […]</c></summary>
    /// <param name="shift">By how many places; to the front where negative.</param>
    /// <param name="axes">Each of these axes; where none is named the elements are moved on in row-major order, as in NumPy.</param>
    public Tensor Roll(int shift, Axes axes = default)
    {
        if (!axes.AreGiven) return Rank == 1 ? Roll(shift, 0) : Reshape(-1).Roll(shift, 0).Reshape(Shape);
        var result = this;
        foreach (int a in axes.In("roll", Shape))
        {
            int n = Shape[a], from = n == 0 ? 0 : (int)(((long)n - shift % n) % n);
            if (from != 0) result = Concat([result.Narrow(a, from, n - from), result.Narrow(a, 0, from)], a);
        }
        return result;
    }
}

internal abstract class SwapAxesSpec : IOp
{
    public static OpSpec Spec => new("swapaxes", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int first = d.Axis(x.Rank), second = d.Axis(x.Rank);
        return new OpCase([x], t => [t[0].SwapAxes(first, second)], $"axes {first} and {second}");
    })
    { Flops = _ => 0 };
}

internal abstract class MoveAxisSpec : IOp
{
    public static OpSpec Spec => new("moveaxis", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int from = d.Axis(x.Rank), to = d.Axis(x.Rank);
        return new OpCase([x], t => [t[0].MoveAxis(from, to)], $"{from} to {to}");
    })
    { Flops = _ => 0 };
}

internal abstract class TileSpec : IOp
{
    public static OpSpec Spec => new("tile", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 3));
        int[] repeats = [.. Enumerable.Range(0, d.Int(0, 3)).Select(_ => d.Int(1, 3))];
        return new OpCase([x], t => [t[0].Tile(repeats)], $"[{string.Join(", ", repeats)}] times");
    })
    { Flops = _ => 0, ReductionLength = c => c.Elements };
}

internal abstract class RepeatSpec : IOp
{
    public static OpSpec Spec => new("repeat", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3));
        int axis = d.Axis(x.Rank), times = d.Int(1, 3);
        int[]? each = d.Flag() ? [.. Enumerable.Range(0, x.Shape[axis]).Select(i => 1 + i % 3)] : null;
        return new OpCase([x], t => [each is null ? t[0].Repeat(times, axis) : t[0].Repeat(each, axis)],
            $"axis {axis}, {(each is null ? $"{times}" : "several")} times");
    })
    { Flops = _ => 0, ReductionLength = c => c.Elements };
}

internal abstract class RollSpec : IOp
{
    public static OpSpec Spec => new("roll", "[…a] -> […a]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int[] axes = d.Axes(x.Rank);
        int shift = d.Int(0, 40) - 20;
        return new OpCase([x], t => [t[0].Roll(shift, axes)], $"by {shift}, axes [{string.Join(", ", axes)}]");
    })
    { Flops = _ => 0 };
}
