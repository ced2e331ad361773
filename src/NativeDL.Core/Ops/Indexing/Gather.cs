using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The slices that <paramref name="indices"/> name along an axis: <c>[…a, n, …b], [i…] -> […a, i…, …b]</c>.
    /// With axis 0 of a matrix this is an embedding look-up. Negative indices are refused.
    /// </summary>
    /// <param name="indices">Int32 or Int64 of any shape, from 0 to n − 1.</param>
    /// <param name="axis">The axis that is looked up in.</param>
    /// <remarks>
    /// Every row is looked up at the same places, as by NumPy's <c>take</c> and PyTorch's <c>index_select</c>. What PyTorch calls gather, an index of its own
    /// for each
    /// element such as one value a row, is <see cref="TakeAlongAxis(Tensor, int)"/>.
    /// A device that works on its own while the program goes on cannot refuse an index: on CUDA the slice of one that is out
    /// of range is NaN (0 for whole numbers).
    /// </remarks>
    /// <exception cref="InvalidInputException">An index is out of range; the first is named (on the CPU).</exception>
    public Tensor Gather(Tensor indices, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new GatherOp(Shape.Axis("gather", axis)).Run(this, IndexList.Normalize("gather", indices));
    }

    /// <summary>
    /// Adds slices of this tensor into a tensor of zeros at the places that <paramref name="indices"/> name: the adjoint of
    /// <see cref="Gather(Tensor, int)"/>. <c>[…a, i…, …b], [i…] -> […a, n, …b]</c>; slices with one index are added in their order.
    /// </summary>
    internal Tensor ScatterAdd(Tensor indices, int axis, int size) => new ScatterAddOp(axis, size).Run(this, IndexList.Normalize("scatter_add", indices));
}

/// <summary>What gathers and scatters share: indices as Int32, within their range.</summary>
internal static class IndexList
{
    public static Tensor Normalize(string op, Tensor indices) =>
        indices.DType.IsIndex() ? indices.Cast(DType.Int32)
        : throw Error.DType(op, "indices are whole numbers", $"{indices.DType} {indices.Shape}", "Int32 or Int64");

    /// <summary>Numbers of elements before and behind an axis.</summary>
    public static (long Outer, long Inner) Around(int axis, Shape shape)
    {
        long outer = 1, inner = 1;
        for (int i = 0; i < axis; i++) outer *= shape[i];
        for (int i = axis + 1; i < shape.Rank; i++) inner *= shape[i];
        return (outer, inner);
    }

    /// <summary>Refuses an index out of range, on the CPU; kernels of other devices leave its slice out.</summary>
    public static unsafe void Check(string op, Tensor indices, int size)
    {
        using var open = indices.Open<int>();
        for (long i = 0; i < indices.ElementCount; i++)
            if ((uint)open.Pointer[i] >= (uint)size)
                throw Error.Input(op, $"index number {i} is out of range", $"{open.Pointer[i]}", $"0 to {size - 1}");
    }
}

/// <summary>y[a, i, b] = x[a, index[i], b].</summary>
internal sealed unsafe partial class GatherOp(int axis) : Op, IOp
{
    public override string Name => "gather";

    protected override OpTraits Traits => OpTraits.Moves;

    protected override void Infer(Operands x, Results y)
    {
        var dimensions = x[0].Shape.Dimensions;
        y.Set(0, [.. dimensions[..axis], .. x[1].Shape.Dimensions, .. dimensions[(axis + 1)..]], x[0].DType);
    }

    // What is looked up has the steps of the list it was looked up by, and what stands before the axis its own.
    protected override Tensor? ComputeMask(Operands x, Tensor y) =>
        MaskRules.Both(x[0].Mask is { } mask && mask.Rank <= axis ? mask : null, axis == 0 ? x[1].Mask : null);

    protected override void Compute<T>(Operands x, Results y)
    {
        int size = x[0].Shape[axis];
        IndexList.Check(Name, x[1], size);
        if (y[0].ElementCount == 0) return;
        var (outer, inner) = IndexList.Around(axis, x[0].Shape);
        Rows(x[0], x[1], y[0], outer, size, x[1].ElementCount, inner * sizeof(T));
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        var (outer, inner) = IndexList.Around(axis, x[0].Shape);
        stream.Device.LaunchOver(Name, x[0].DType, y[0].ElementCount, x[0], x[1], y[0], outer, x[0].Shape[axis], checked((int)x[1].ElementCount), inner);
    }

    protected override Tensors Backward(BackwardCall call) => [call.Gradient().ScatterAdd(call.Input(1), axis, call.InputShape(0)[axis]), null];

    private static void Rows(Tensor x, Tensor indices, Tensor y, long outer, long size, long count, long rowBytes)
    {
        using var openX = x.Open<byte>();
        using var openI = indices.Open<int>();
        using var openY = y.Open<byte>();
        byte* px = openX.Pointer, py = openY.Pointer;
        int* index = openI.Pointer;
        Workers.For(outer * count, Math.Max(1, 64 * 1024 / rowBytes), (start, end) =>
        {
            for (long r = start; r < end; r++)
            {
                (long o, long i) = Math.DivRem(r, count);
                Buffer.MemoryCopy(px + (o * size + index[i]) * rowBytes, py + r * rowBytes, rowBytes, rowBytes);
            }
        });
    }

    public static OpSpec Spec => new("gather", "[…a], [i…] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3));
        int axis = d.Axis(x.Rank);
        var indices = d.Indices(new Draw([d.Int(0, 9), d.Int(0, 9), d.Int(0, 9)]) { MaxElements = 12 }.Shape(0, 2), x.Shape[axis < 0 ? axis + x.Rank : axis]);
        return new OpCase([x, indices], t => [t[0].Gather(t[1], axis)], $"axis {axis}");
    })
    { Flops = _ => 0 };
}

/// <summary>y = zeros; y[a, index[i], b] += x[a, i, b], in the order of i.</summary>
internal sealed unsafe partial class ScatterAddOp(int axis, int size) : Op, IOp
{
    public override string Name => "scatter_add";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        var dimensions = x[0].Shape.Dimensions;
        y.Set(0, [.. dimensions[..axis], size, .. dimensions[(axis + x[1].Rank)..]], x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        IndexList.Check(Name, x[1], size);
        y[0].Fill(0);
        if (x[0].ElementCount > 0) Sum<T>(x[0], x[1], y[0]);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        y[0].Fill(0);
        if (x[0].ElementCount > 0) Sum(stream.Device, x[0], x[1], y[0]);
    }

    protected override Tensors Backward(BackwardCall call) => [call.Gradient().Gather(call.Input(1), axis), null];

    // Sorts pairs of target and number in launches that double the sorted length, then adds up what stands together.
    private void Sum(CudaDevice device, Tensor x, Tensor indices, Tensor y)
    {
        const int Span = 1024, Chunk = 32; // as in the kernels
        var (outer, inner) = IndexList.Around(axis, y.Shape);
        int count = checked((int)indices.ElementCount), all = checked((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 2))),
            span = Math.Min(all, Span);
        int chunks = (count + Chunk - 1) / Chunk;
        Tensor keys = Tensor.Empty([all], DType.Int64, x.Device),
            parts = Tensor.Empty([checked((int)(2 * chunks * outer)), checked((int)inner)], x.DType, x.Device);
        uint block = (uint)Math.Clamp(span / 2, 32, 256), blocks = (uint)(all / span);
        device.Launch("scatter_add_sort", DType.Int32, blocks, block, indices, keys, count, size, span);
        SortedPairs.Merge(device, keys, all, (uint)all);
        long work = chunks * outer * inner;
        device.LaunchOver(Name, x.DType, work, x, keys, parts, y, outer, size, count, inner);
        if (chunks > 1) device.LaunchOver("scatter_add_join", x.DType, work, keys, parts, y, outer, size, count, inner);
        keys.Free();
        parts.Free();
    }

    // Rows are grouped by their target first, so that each target has one writer and sums in a fixed order.
    private void Sum<T>(Tensor x, Tensor indices, Tensor y) where T : unmanaged, INumber<T>
    {
        var (outer, inner) = IndexList.Around(axis, y.Shape);
        using var openX = x.Open<T>();
        using var openI = indices.Open<int>();
        using var openY = y.Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        int* index = openI.Pointer;
        int count = checked((int)indices.ElementCount);
        var first = new int[size + 1];
        for (int i = 0; i < count; i++) first[index[i] + 1]++;
        for (int s = 0; s < size; s++) first[s + 1] += first[s];
        var order = new int[count];
        var at = (int[])first.Clone();
        for (int i = 0; i < count; i++) order[at[index[i]]++] = i;

        Workers.For(outer * size, Math.Max(1, Workers.Grain / inner), (start, end) =>
        {
            for (long r = start; r < end; r++)
            {
                (long o, long target) = Math.DivRem(r, size);
                for (int k = first[target]; k < first[target + 1]; k++)
                {
                    T* from = px + (o * count + order[k]) * inner, to = py + r * inner;
                    for (long j = 0; j < inner; j++) to[j] += from[j];
                }
            }
        });
    }

    public static OpSpec Spec => new("scatter_add", "[…a], [i…] -> […b]", d =>
    {
        int n = d.Size(9), rows = d.Size(9), inner = d.Size(9);
        return new OpCase([d.Tensor([rows, inner]), d.Indices([rows], n)], t => [t[0].ScatterAdd(t[1], 0, n)], $"into {n}");
    });
}
