namespace NativeDL;

/// <summary>
/// The dimensions of an elementwise operation with neighbours merged wherever every operand allows it. A walk
/// over [start, end) of the result's elements comes as runs along the innermost dimension.
/// </summary>
internal sealed class StridedWalk
{
    private readonly long[] dims;
    private readonly long[][] strides;

    /// <param name="shape">The result's shape.</param>
    /// <param name="operands">The operands, which broadcast to that shape.</param>
    public StridedWalk(Shape shape, params ReadOnlySpan<Tensor> operands)
    {
        var merged = new List<long>();
        var lists = new List<long>[operands.Length];
        for (int k = 0; k < lists.Length; k++) lists[k] = [];
        for (int d = 0; d < shape.Rank; d++)
        {
            if (shape[d] == 1) continue;
            bool joins = merged.Count > 0;
            for (int k = 0; k < lists.Length && joins; k++) joins = lists[k][^1] == Stride(operands[k], shape, d) * shape[d];
            if (joins) merged[^1] *= shape[d];
            else merged.Add(shape[d]);
            for (int k = 0; k < lists.Length; k++)
            {
                if (joins) lists[k][^1] = Stride(operands[k], shape, d);
                else lists[k].Add(Stride(operands[k], shape, d));
            }
        }
        if (merged.Count == 0)
        {
            merged.Add(1);
            foreach (var list in lists) list.Add(1);
        }
        dims = [.. merged];
        strides = [.. lists.Select(l => l.ToArray())];
    }

    /// <summary>Stride of operand <paramref name="operand"/> along a run.</summary>
    public long Inner(int operand) => strides[operand][^1];

    /// <summary>A position in the walk.</summary>
    public Cursor From(long start) => new(this, start);

    private static long Stride(Tensor x, Shape shape, int d)
    {
        int own = d - (shape.Rank - x.Rank);
        return own < 0 || x.Shape[own] == 1 ? 0 : x.Strides[own];
    }

    /// <summary>Walks run by run.</summary>
    public struct Cursor
    {
        private readonly StridedWalk walk;
        private readonly long[] index;

        internal Cursor(StridedWalk walk, long start)
        {
            this.walk = walk;
            index = new long[walk.dims.Length];
            for (int d = index.Length - 1; d >= 0; d--) (start, index[d]) = Math.DivRem(start, walk.dims[d]);
        }

        /// <summary>Where operand <paramref name="operand"/> stands, in elements.</summary>
        public readonly long Offset(int operand)
        {
            long offset = 0;
            var own = walk.strides[operand];
            for (int d = 0; d < own.Length; d++) offset += index[d] * own[d];
            return offset;
        }

        /// <summary>Elements left in this run.</summary>
        public readonly long Run => walk.dims[^1] - index[^1];

        /// <summary>Moves on by at most a run.</summary>
        public readonly void Advance(long elements)
        {
            int d = index.Length - 1;
            index[d] += elements;
            while (d > 0 && index[d] == walk.dims[d])
            {
                index[d] = 0;
                index[--d]++;
            }
        }
    }
}
