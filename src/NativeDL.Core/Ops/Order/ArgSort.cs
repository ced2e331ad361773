using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The places of the elements along an axis in rising order, as Int32: <c>x.TakeAlongAxis(x.ArgSort())</c> is sorted. <c>[…, n, …] -> Int32 […, n, …]</c>
    /// </summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="descending">Whether the greatest comes first.</param>
    /// <remarks>
    /// Equal elements keep their order, also in falling order. −0 equals +0. NaN counts as greater than every number, as in NumPy and PyTorch.
    /// </remarks>
    /// <exception cref="ShapeMismatchException">There is no such axis.</exception>
    public Tensor ArgSort(int axis = -1, bool descending = false) => AlongLast(axis, "argsort", new ArgSortOp(descending));
}

/// <summary>y[…, i] = the place of the element that is number i in order, along the last axis.</summary>
internal sealed unsafe partial class ArgSortOp(bool descending) : Op, IOp
{
    // Rows that are sorted one by one where they are short, by digits where they are not.
    private const int Short = 48;

    public override string Name => "argsort";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape, DType.Int32);

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        int n = x[0].Shape[^1];
        ulong turn = OrderKey.Turn(sizeof(T), descending);
        ByRows(x[0].ElementCount / n, x, y, rows =>
        {
            using var keys = new Scratch<ulong>(2L * n);
            using var spare = new Scratch<int>(n);
            for (int r = 0; r < rows.Count; r++)
            {
                var from = rows.Operand<T>(0).Slice(r * n, n);
                for (int i = 0; i < n; i++) keys.Pointer[i] = OrderKey.Of(from[i]) ^ turn;
                fixed (int* places = rows.Result<int>(0).Slice(r * n, n)) Sort(keys.Pointer, places, spare.Pointer, n, sizeof(T));
            }
        });
    }

    // Places by their keys; room for as many keys stands behind these.
    private static void Sort(ulong* keys, int* places, int* spare, int n, int bytes)
    {
        for (int i = 0; i < n; i++) places[i] = i;
        if (n <= Short)
        {
            for (int i = 1; i < n; i++)
            {
                ulong key = keys[i];
                int j = i;
                for (; j > 0 && keys[j - 1] > key; j--) (keys[j], places[j]) = (keys[j - 1], places[j - 1]);
                (keys[j], places[j]) = (key, i);
            }
            return;
        }
        ulong* from = keys, to = keys + n;
        int* here = places, there = spare;
        var starts = stackalloc int[256];
        for (int shift = 0; shift < 8 * bytes; shift += 8)
        {
            new Span<int>(starts, 256).Clear();
            for (int i = 0; i < n; i++) starts[(byte)(from[i] >> shift)]++;
            if (starts[(byte)(from[0] >> shift)] == n) continue;   // a digit that all have
            for (int digit = 0, start = 0; digit < 256; digit++) (starts[digit], start) = (start, start + starts[digit]);
            for (int i = 0; i < n; i++)
            {
                int at = starts[(byte)(from[i] >> shift)]++;
                (to[at], there[at]) = (from[i], here[i]);
            }
            var keysNow = to;
            to = from;
            from = keysNow;
            int* placesNow = there;
            there = here;
            here = placesNow;
        }
        if (here != places) Buffer.MemoryCopy(here, places, 4L * n, 4L * n);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        int n = x[0].Shape[^1];
        long rows = y[0].ElementCount / n;
        var device = stream.Device;
        var keys = OrderKey.OnCard(device, x[0], descending);
        var pairs = SortedPairs.Room(device, Name, rows, n);
        if (x[0].DType.Size() == 8)
        {
            // By the lower half first: the second sort leaves the order of what is equal to it.
            var order = Tensor.Empty(y[0].Shape, DType.Int32, device);
            SortedPairs.Places(device, keys, null, 0, pairs, rows, n, order);
            SortedPairs.Places(device, keys, order, 32, pairs, rows, n, y[0]);
            order.Free();
        }
        else SortedPairs.Places(device, keys, null, 0, pairs, rows, n, y[0]);
        pairs.Free();
        keys.Free();
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("a place is a whole number and has no derivative");

    public static OpSpec Spec => new("argsort", "[…a, n, …b] -> Int32 […a, n, …b]", d =>
    {
        var x = OrderDraw.Tensor(d, d.Shape(1, 4));
        int axis = d.Axis(x.Rank);
        bool descending = d.Flag();
        return new OpCase([x], t => [t[0].ArgSort(axis, descending)], $"axis {axis}, descending {descending}");
    })
    { Differentiable = false, TwiceDifferentiable = false, Flops = c => c.Elements * Math.Log2(1 + c.Elements) };
}

/// <summary>What operations of order are tried on.</summary>
internal static class OrderDraw
{
    /// <summary>Numbers far from each other, or whole numbers of which many are equal: float32 has them in the same order as float64.</summary>
    public static Tensor Tensor(Draw d, Shape shape) => d.Flag() ? d.Tensor(shape).Round() : d.Tensor(shape, Domain.Distinct);
}

/// <summary>The bitonic sort of a card: pairs of 32 bits of a key and a number, rows padded to powers of two.</summary>
internal static class SortedPairs
{
    private const int Span = 1024; // as in bitonic.cuh

    /// <summary>Memory for the pairs of all rows.</summary>
    public static Tensor Room(CudaDevice device, string op, long rows, int n)
    {
        long all = rows * (long)BitOperations.RoundUpToPowerOf2((uint)Math.Max(n, 2));
        if (all > 1L << 32)
            throw Error.Shape(op, "these are more elements than a card sorts at once", $"{rows} rows of {n}", "2³² or fewer, rows taken as powers of two",
            "sort the rows in parts");
        return Tensor.Empty([checked((int)(all / 2)), 2], DType.Int64, device);
    }

    /// <summary>
    /// Sorts the numbers of each row by 32 bits of their keys, from <paramref name="shift"/> on; those of <paramref name="order"/>, where it is given.
    /// </summary>
    public static void Places(CudaDevice device, Tensor keys, Tensor? order, int shift, Tensor pairs, long rows, int n, Tensor places)
    {
        uint padded = BitOperations.RoundUpToPowerOf2((uint)Math.Max(n, 2)), span = Math.Min(padded, Span);
        long all = rows * padded;
        uint block = Math.Clamp(span / 2, 32, 256);
        device.Launch("argsort", DType.Int64, CudaKernels.Grid(all, (int)span), block, keys, order, pairs, n, padded, span, shift);
        Merge(device, pairs, all, padded);
        device.LaunchOver("argsort_places", DType.Int32, rows * n, pairs, order, places, rows, n, padded);
    }

    /// <summary>The steps beyond a block's reach: spans of each row are sorted already, rising and falling in turn.</summary>
    public static void Merge(CudaDevice device, Tensor pairs, long all, uint padded)
    {
        for (ulong length = 2 * Span; length <= padded; length *= 2)
        {
            uint turns = length == padded ? 0 : (uint)length;   // all of a row rises at last
            for (uint distance = (uint)(length / 2); distance >= Span; distance /= 2)
                device.LaunchOver("sort_exchange", DType.Int64, all / 2, pairs, checked((uint)(all / 2)), turns, distance);
            device.Launch("sort_merge", DType.Int64, CudaKernels.Grid(all, Span), 256, pairs, turns);
        }
    }
}
