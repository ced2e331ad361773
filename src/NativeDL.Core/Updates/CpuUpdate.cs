using System.Numerics;

namespace NativeDL;

/// <summary>
/// The update in main memory. Small parameters are put together and large ones are cut, so that every unit of work is about the
/// same; where the cuts are depends on the parameters' sizes alone.
/// </summary>
internal sealed unsafe class CpuUpdate : DeviceUpdate
{
    // Elements that are prepared together, in the nearest cache.
    private const int Block = 1024;

    private readonly Piece[] pieces;
    private readonly int[] unitStarts; // where each unit begins among the pieces, and the end of the last
    private readonly double[] scales;
    private readonly Action<int> unit;
    private UpdateRule? rule;
    private double[][] numbers = [];
    private double[] shares = [];

    public CpuUpdate(Tensor[] values, Tensor[][] slots, int[] groups) : base(Device.Cpu, values, slots, groups)
    {
        (pieces, unitStarts) = Cut(values);
        scales = new double[values.Length];
        unit = Unit;
    }

    /// <summary>A stretch of one parameter's elements.</summary>
    private readonly record struct Piece(int Tensor, long Start, long Count);

    public override Tensor SumOfSquares() => Tensor.Scalar(Squares().Sum(), DType.Float64);

    protected override void Scale(double? norm, double? globalNorm, Tensor? elsewhere)
    {
        Array.Fill(scales, 1.0);
        if ((norm ?? globalNorm) is not { } limit) return;
        double[] squares = Squares();
        // The pieces in their order, whoever computed them.
        var sums = new double[scales.Length];
        double all = 0;
        for (int i = 0; i < squares.Length; i++)
        {
            sums[pieces[i].Tensor] += squares[i];
            all += squares[i];
        }
        all += elsewhere?.Item() ?? 0;
        for (int t = 0; t < scales.Length; t++)
        {
            double length = Math.Sqrt(norm is null ? all : sums[t]);
            if (length > limit) scales[t] = limit / length;
        }
    }

    protected override Tensor Scaled(Tensor gradient, int i) => scales[i] == 1 ? gradient : gradient * scales[i];

    protected override void Pass(UpdateRule rule, double[][] numbers, double[][]? settings, long[] steps, double[] shares, Tensor? isGood)
    {
        if (isGood is not null && isGood.Item() == 0) return;
        (this.rule, this.numbers, this.shares) = (rule, numbers, shares);
        Workers.Run(unitStarts.Length - 1, unit);
        GC.KeepAlive(this);
    }

    private double[] Squares()
    {
        var squares = new double[pieces.Length];
        Workers.Run(unitStarts.Length - 1, u =>
        {
            for (int i = unitStarts[u]; i < unitStarts[u + 1]; i++) squares[i] = SquareSum.Of(Gradients[pieces[i].Tensor]!, pieces[i].Start, pieces[i].Count);
        });
        return squares;
    }

    private void Unit(int number)
    {
        for (int i = unitStarts[number]; i < unitStarts[number + 1]; i++)
        {
            if (Values[pieces[i].Tensor].DType == DType.Float64) Change(pieces[i], rule!.Double);
            else Change(pieces[i], rule!.Single);
        }
    }

    // The elements where they stand, all that make whole vectors at once; those of half precision, and those to which something
    // is done first, block by block. The end that is no whole vector goes through copies.
    private void Change<T>(Piece piece, UpdateLoop<T> loop) where T : unmanaged
    {
        int t = piece.Tensor;
        var (value, gradient, slots) = (Values[t], Gradients[t]!, Slots[t]);
        bool isHalf = value.DType.IsHalf(), isPlain = !isHalf && shares[Groups[t]] == 1 && !Clips(t);
        Span<nint> places = stackalloc nint[slots.Length];
        T* wide = stackalloc T[isHalf ? Block : 0], prepared = stackalloc T[isPlain ? 0 : Block];
        long at = piece.Start, end = at + piece.Count, whole = end - piece.Count % Vector<T>.Count;
        while (at < whole)
        {
            int n = (int)Math.Min(isPlain ? piece.Count : Block, whole - at);
            T* p = isHalf ? wide : (T*)value.Address + at, g = isHalf ? prepared : (T*)gradient.Address + at;
            for (int s = 0; s < places.Length; s++) places[s] = (nint)((T*)slots[s].Address + at);
            if (isHalf)
            {
                Load(value, at, n, p);
                Load(gradient, at, n, g);
            }
            Apply(loop, t, p, g, prepared, places, n / Vector<T>.Count);
            if (isHalf) Store(value, at, n, p);
            at += n;
        }
        if (at < end) ChangeEnd(loop, t, at, (int)(end - at), places);
    }

    private void ChangeEnd<T>(UpdateLoop<T> loop, int t, long at, int count, Span<nint> places) where T : unmanaged
    {
        int lanes = Vector<T>.Count;
        T* p = stackalloc T[(2 + places.Length) * lanes], g = p + lanes;
        // Ones in the place of what is not there trouble no rule.
        new Span<T>(p, (2 + places.Length) * lanes).Fill(Vector<T>.One[0]);
        Load(Values[t], at, count, p);
        Load(Gradients[t]!, at, count, g);
        for (int s = 0; s < places.Length; s++)
        {
            places[s] = (nint)(g + (1 + s) * lanes);
            Load(Slots[t][s], at, count, (T*)places[s]);
        }
        Apply(loop, t, p, g, g, places, 1);
        Store(Values[t], at, count, p);
        for (int s = 0; s < places.Length; s++) Store(Slots[t][s], at, count, (T*)places[s]);
    }

    private bool Clips(int t) => scales[t] != 1 || !double.IsPositiveInfinity(Limit);

    // Clips the gradient into a room, which may be where it stands, lets the values decay, runs the rule.
    private void Apply<T>(UpdateLoop<T> loop, int t, T* p, T* g, T* room, Span<nint> places, int vectors) where T : unmanaged
    {
        int n = vectors * Vector<T>.Count;
        if (Clips(t))
        {
            Vector<T> scale = Lanes.Constant<T>(scales[t]), limit = Lanes.Constant<T>(Limit);
            for (int i = 0; i < n; i += Vector<T>.Count) Vector.Min(Vector.Max(Vector.Load(g + i) * scale, -limit), limit).Store(room + i);
            g = room;
        }
        if (shares[Groups[t]] is not 1 and var share)
        {
            var left = Lanes.Constant<T>(share);
            for (int i = 0; i < n; i += Vector<T>.Count) (left * Vector.Load(p + i)).Store(p + i);
        }
        loop(new UpdateSpans<T>(p, g, places, numbers[Groups[t]], vectors));
    }

    // Half-precision numbers are computed with as float32, and rounded once as they are stored.
    private static void Load<T>(Tensor x, long at, int count, T* to) where T : unmanaged
    {
        if (x.DType.IsHalf()) HalfPrecision.Widen(x.DType == DType.BFloat16, (ushort*)x.Address + at, (float*)to, count);
        else new Span<T>((T*)x.Address + at, count).CopyTo(new Span<T>(to, count));
    }

    private static void Store<T>(Tensor x, long at, int count, T* from) where T : unmanaged
    {
        if (x.DType.IsHalf()) HalfPrecision.Narrow(x.DType == DType.BFloat16, (float*)from, (ushort*)x.Address + at, count);
        else new Span<T>(from, count).CopyTo(new Span<T>((T*)x.Address + at, count));
    }

    private static (Piece[] Pieces, int[] UnitStarts) Cut(Tensor[] values)
    {
        // Small work is one unit, which the caller's thread does.
        long total = values.Sum(v => v.ElementCount), size = total < 2 * Workers.Grain ? long.MaxValue : Workers.Grain;
        var pieces = new List<Piece>();
        var starts = new List<int> { 0 };
        long filled = 0;
        for (int t = 0; t < values.Length; t++)
        {
            long n = values[t].ElementCount;
            for (long at = 0, count; at < n; at += count)
            {
                count = Math.Min(n - at, Workers.Grain);
                if (filled > 0 && filled + count > size)
                {
                    starts.Add(pieces.Count);
                    filled = 0;
                }
                pieces.Add(new Piece(t, at, count));
                filled += count;
            }
        }
        if (pieces.Count > 0) starts.Add(pieces.Count);
        return ([.. pieces], [.. starts]);
    }
}
