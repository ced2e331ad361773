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
    internal Tensor ScatterAdd(Tensor indices, int axis, int size) => new ScatterAddOp(axis, size).Run(this, IndexList.Normalize("scatterAdd", indices));
}

/// <summary>What gathers and scatters share: indices as checked Int32.</summary>
internal static class IndexList
{
    public static Tensor Normalize(string op, Tensor indices) =>
        indices.DType.IsIndex() ? indices.Cast(DType.Int32).Contiguous()
        : throw Error.DType(op, "indices are whole numbers", $"{indices.DType} {indices.Shape}", "Int32 or Int64");

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
internal sealed unsafe class GatherOp(int axis) : LegacyOp, IOp
{
    public override string Name => "gather";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], indices = inputs[1];
        Shape shape = [.. x.Shape.Dimensions[..axis], .. indices.Shape.Dimensions, .. x.Shape.Dimensions[(axis + 1)..]];
        int size = x.Shape[axis];
        if (x.Device.IsCpu) IndexList.Check(Name, indices, size);
        var y = outputs[0] = Tensor.Empty(shape, x.DType, x.Device);
        if (y.ElementCount == 0) return;
        long outer = 1, inner = 1;
        for (int i = 0; i < axis; i++) outer *= x.Shape[i];
        for (int i = axis + 1; i < x.Rank; i++) inner *= x.Shape[i];
        if (!x.Device.IsCpu) CudaDevice.Of(x).LaunchOver(Name, x.DType, y.ElementCount, x.Packed(), indices, y, outer, size, checked((int)indices.ElementCount), inner);
        else Rows(x.Packed(), indices, y, outer, size, indices.ElementCount, inner * x.DType.Size());
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
    { PlainGradient = true, Flops = _ => 0 };
}

/// <summary>y = zeros; y[a, index[i], b] += x[a, i, b], in the order of i.</summary>
internal sealed unsafe class ScatterAddOp(int axis, int size) : LegacyOp, IOp
{
    public override string Name => "scatterAdd";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], indices = inputs[1];
        RequireFloating(x);
        if (x.Device.IsCpu) IndexList.Check(Name, indices, size);
        Shape shape = [.. x.Shape.Dimensions[..axis], size, .. x.Shape.Dimensions[(axis + indices.Rank)..]];
        var y = outputs[0] = Tensor.Zeros(shape, x.DType, x.Device);
        if (x.ElementCount == 0) return;
        long outer = 1, inner = 1;
        for (int i = 0; i < axis; i++) outer *= shape[i];
        for (int i = axis + 1; i < shape.Rank; i++) inner *= shape[i];
        if (!x.Device.IsCpu) OnCuda(x.Packed(), indices, y, outer, inner);
        else if (x.DType == DType.Float32) Typed<float>(x.Packed(), indices, y, outer, inner);
        else Typed<double>(x.Packed(), indices, y, outer, inner);
    }

    protected override Tensors Backward(BackwardCall call) => [call.Gradient().Gather(call.Input(1), axis), null];

    // Sorts pairs of target and number in launches that double the sorted length, then adds up what stands together.
    private void OnCuda(Tensor x, Tensor indices, Tensor y, long outer, long inner)
    {
        const int Span = 1024, Chunk = 32; // as in the kernels
        var device = CudaDevice.Of(x);
        int count = checked((int)indices.ElementCount), all = checked((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 2))), span = Math.Min(all, Span);
        int chunks = (count + Chunk - 1) / Chunk;
        Tensor keys = Tensor.Empty([all], DType.Int64, x.Device), parts = Tensor.Empty([checked((int)(2 * chunks * outer)), checked((int)inner)], x.DType, x.Device);
        uint block = (uint)Math.Clamp(span / 2, 32, 256), blocks = (uint)(all / span);
        device.Launch("scatterAddSort", DType.Int32, blocks, block, indices, keys, count, size, span);
        for (uint length = 2 * (uint)span; length <= (uint)all; length *= 2)
        {
            for (uint distance = length / 2; distance >= Span; distance /= 2)
                device.LaunchOver("scatterAddExchange", DType.Int32, all / 2, keys, (uint)all / 2, length, distance);
            device.Launch("scatterAddMerge", DType.Int32, blocks, block, keys, length);
        }
        long work = chunks * outer * inner;
        device.LaunchOver(Name, x.DType, work, x, keys, parts, y, outer, size, count, inner);
        if (chunks > 1) device.LaunchOver("scatterAddJoin", x.DType, work, keys, parts, y, outer, size, count, inner);
        keys.Free();
        parts.Free();
    }

    // Rows are grouped by their target first, so that each target has one writer and sums in a fixed order.
    private void Typed<T>(Tensor x, Tensor indices, Tensor y, long outer, long inner) where T : unmanaged, System.Numerics.INumber<T>
    {
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

    public static OpSpec Spec => new("scatterAdd", "[…a], [i…] -> […b]", d =>
    {
        int n = d.Size(9), rows = d.Size(9), inner = d.Size(9);
        return new OpCase([d.Tensor([rows, inner]), d.Indices([rows], n)], t => [t[0].ScatterAdd(t[1], 0, n)], $"into {n}");
    })
    { PlainGradient = true };
}
