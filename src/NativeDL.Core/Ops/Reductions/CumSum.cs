using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Sum of the elements up to and including each one along an axis. <c>[…, n, …] -> […, n, …]</c></summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="reverse">Whether to sum from the end of the axis instead.</param>
    /// <returns>Of the element type; of Int32 it is Int64. Float32 is summed in float64 on the CPU and by pieces on a card: long sums stay exact.</returns>
    public Tensor CumSum(int axis = -1, bool reverse = false) =>
        new CumSumOp(Shape.Axis("cumsum", axis), reverse).Run(DType == DType.Int32 ? Cast(DType.Int64) : this);
}

/// <summary>y[…, i, …] = Σ x[…, j, …] over j ≤ i, or over j ≥ i.</summary>
internal sealed unsafe partial class CumSumOp(int axis, bool reverse) : Op, IOp
{
    public override string Name => "cumsum";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided;

    protected override void Infer(Operands x, Results y)
    {
        RequireNumber(x[0]);
        y[0] = x[0];
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (x[0].ElementCount == 0) return;
        var (source, outer, length, inner) = Reduction.Arrange(x[0], [axis]);
        Pieces(stream.Device, source, outer, length, inner, y[0]);
    }

    protected override Tensors Backward(BackwardCall call) => [new CumSumOp(axis, !reverse).Run(call.Gradient())];

    protected override void Compute<T>(Operands x, Results y)
    {
        if (x[0].ElementCount == 0) return;
        if (typeof(T) == typeof(float)) Accumulate<T, double>(x[0], y[0]);
        else Accumulate<T, T>(x[0], y[0]);
    }

    // The sums so far are held in TSum: in float32 they would stop growing at 2²⁴ ones.
    private void Accumulate<T, TSum>(Tensor x, Tensor y) where T : unmanaged, INumber<T> where TSum : unmanaged, INumber<TSum>
    {
        var (source, outer, length, inner) = Reduction.Arrange(x, [axis]);
        using var openX = source.Open<T>();
        using var openY = y.Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        Workers.For(outer, Math.Max(1, Workers.Grain / (length * inner)), (start, end) =>
        {
            using var scratch = new Scratch<TSum>(inner);
            var sums = scratch.Pointer;
            long step = reverse ? -inner : inner;
            for (long o = start; o < end; o++)
            {
                long first = o * length * inner + (reverse ? (length - 1) * inner : 0);
                T* from = px + first, to = py + first;
                for (long i = 0; i < inner; i++)
                {
                    sums[i] = TSum.CreateTruncating(from[i]);
                    to[i] = from[i];
                }
                if (inner == 1)
                {
                    var sum = sums[0];
                    for (long r = 1; r < length; r++)
                    {
                        sum += TSum.CreateTruncating(from[r * step]);
                        to[r * step] = T.CreateTruncating(sum);
                    }
                    continue;
                }
                for (long r = 1; r < length; r++)
                {
                    from += step;
                    to += step;
                    for (long i = 0; i < inner; i++) to[i] = T.CreateTruncating(sums[i] += TSum.CreateTruncating(from[i]));
                }
            }
        });
    }

    // Long sums go by pieces; each begins with the sum of the pieces before it, which is a cumulative sum again.
    private void Pieces(CudaDevice device, Tensor x, long outer, long length, long inner, Tensor y)
    {
        var split = CudaSplit.OfShort(outer, length, inner);
        Tensor? starts = null;
        if (split.Pieces > 1)
        {
            Shape all = [checked((int)split.Results)];
            var sums = Tensor.Empty(all, x.DType, device);
            starts = Tensor.Empty(all, x.DType, device);
            device.LaunchPiece("sum", x.DType, split, null, sums, x, null, null, 1.0);
            Pieces(device, sums, outer, split.Pieces, inner, starts);
            sums.Free();
        }
        long threads = inner == 1 ? Math.Min(length, 256) : split.Results;
        uint block = (uint)Math.Min(256, (threads + 31) / 32 * 32);
        device.Launch(Name, x.DType, CudaKernels.Grid(split.Results, inner == 1 ? 1 : (int)block), block, x, starts, y, outer, length, inner, split.Piece,
            split.Pieces, reverse ? 1 : 0);
        starts?.Free();
    }

    public static OpSpec Spec => new("cumsum", "[…a, n, …b] -> […a, n, …b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int axis = d.Axis(x.Rank);
        bool reverse = d.Flag();
        return new OpCase([x], t => [t[0].CumSum(axis, reverse)], $"axis {axis}, reverse {reverse}");
    })
    { ReductionLength = c => c.Elements };
}
