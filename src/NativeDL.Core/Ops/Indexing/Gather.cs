namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The slices that <paramref name="indices"/> name along an axis: <c>[…a, n, …b], [i…] -> […a, i…, …b]</c>.
    /// With axis 0 of a matrix this is an embedding look-up. Negative indices are refused.
    /// </summary>
    /// <param name="indices">Int32 or Int64 of any shape, from 0 to n − 1.</param>
    /// <param name="axis">The axis that is looked up in.</param>
    /// <exception cref="InvalidInputException">An index is out of range; the first is named.</exception>
    public Tensor Gather(Tensor indices, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new GatherOp(Shape.Axis("gather", axis)).Run(this, IndexList.Normalize("gather", indices));
    }

    /// <summary>
    /// Adds slices of this tensor into a tensor of zeros at the places that <paramref name="indices"/> name: the adjoint of
    /// <see cref="Gather"/>. <c>[…a, i…, …b], [i…] -> […a, n, …b]</c>; slices with one index are added in their order.
    /// </summary>
    internal Tensor ScatterAdd(Tensor indices, int axis, int size) => new ScatterAddOp(axis, size).Run(this, IndexList.Normalize("scatterAdd", indices));
}

/// <summary>What gathers and scatters share: indices as checked Int32.</summary>
internal static class IndexList
{
    public static Tensor Normalize(string op, Tensor indices) =>
        indices.DType.IsIndex() ? indices.Cast(DType.Int32).Contiguous()
        : throw Error.DType(op, "indices are whole numbers", $"{indices.DType} {indices.Shape}", "Int32 or Int64");

    public static unsafe void Check(string op, Tensor indices, int size)
    {
        using var open = indices.Open<int>();
        for (long i = 0; i < indices.ElementCount; i++)
            if ((uint)open.Pointer[i] >= (uint)size)
                throw Error.Input(op, $"index number {i} is out of range", $"{open.Pointer[i]}", $"0 to {size - 1}");
    }
}

/// <summary>y[a, i, b] = x[a, index[i], b].</summary>
internal sealed unsafe class GatherOp(int axis) : Op, IOp
{
    public override string Name => "gather";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], indices = inputs[1];
        Shape shape = [.. x.Shape.Dimensions[..axis], .. indices.Shape.Dimensions, .. x.Shape.Dimensions[(axis + 1)..]];
        RequireCpu(x);
        IndexList.Check(Name, indices, x.Shape[axis]);
        var y = outputs[0] = Tensor.Empty(shape, x.DType, x.Device);
        if (y.ElementCount == 0) return;
        long outer = 1, inner = x.DType.Size();
        for (int i = 0; i < axis; i++) outer *= x.Shape[i];
        for (int i = axis + 1; i < x.Rank; i++) inner *= x.Shape[i];
        Rows(x.Contiguous(), indices, y, outer, x.Shape[axis], indices.ElementCount, inner);
    }

    public override Tensor?[] Backward(in BackwardCall call) => [call.Gradient().ScatterAdd(call.Input(1), axis, call.InputShape(0)[axis]), null];

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
internal sealed unsafe class ScatterAddOp(int axis, int size) : Op, IOp
{
    public override string Name => "scatterAdd";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], indices = inputs[1];
        RequireFloating(x);
        RequireCpu(x);
        IndexList.Check(Name, indices, size);
        Shape shape = [.. x.Shape.Dimensions[..axis], size, .. x.Shape.Dimensions[(axis + indices.Rank)..]];
        var y = outputs[0] = Tensor.Zeros(shape, x.DType, x.Device);
        if (x.ElementCount == 0) return;
        long outer = 1, inner = 1;
        for (int i = 0; i < axis; i++) outer *= shape[i];
        for (int i = axis + 1; i < shape.Rank; i++) inner *= shape[i];
        if (x.DType == DType.Float32) Typed<float>(x.Contiguous(), indices, y, outer, inner);
        else Typed<double>(x.Contiguous(), indices, y, outer, inner);
    }

    public override Tensor?[] Backward(in BackwardCall call) => [call.Gradient().Gather(call.Input(1), axis), null];

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
