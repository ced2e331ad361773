namespace NativeDL;

/// <summary>
/// The dimensions of an elementwise operation with neighbours merged wherever every operand allows it. The
/// result's elements come as runs along the innermost dimension.
/// </summary>
internal sealed class StridedWalk
{
    private readonly long[] dims;      // merged, outermost first; [1] for a scalar
    private readonly long[] strides;   // operand by operand, rank numbers each

    /// <param name="shape">The result's shape.</param>
    /// <param name="operands">The operands, which broadcast to that shape.</param>
    public StridedWalk(Shape shape, params ReadOnlySpan<Tensor> operands)
    {
        Span<long> merged = stackalloc long[shape.Rank + 1];
        Span<long> steps = stackalloc long[(shape.Rank + 1) * operands.Length];
        int rank = 0;
        for (int d = 0; d < shape.Rank; d++)
        {
            if (shape[d] == 1) continue;
            bool joins = rank > 0;
            for (int k = 0; k < operands.Length && joins; k++) joins = steps[(rank - 1) * operands.Length + k] == Stride(operands[k], shape, d) * shape[d];
            if (joins) merged[rank - 1] *= shape[d];
            else merged[rank++] = shape[d];
            for (int k = 0; k < operands.Length; k++) steps[(rank - 1) * operands.Length + k] = Stride(operands[k], shape, d);
        }
        if (rank == 0)
        {
            merged[rank++] = 1;
            steps[..operands.Length].Fill(1);
        }
        Rank = rank;
        dims = merged[..rank].ToArray();
        strides = new long[rank * operands.Length];
        for (int k = 0; k < operands.Length; k++)
            for (int d = 0; d < rank; d++) strides[k * rank + d] = steps[d * operands.Length + k];
    }

    /// <summary>Number of merged dimensions, at least 1.</summary>
    public int Rank { get; }

    /// <summary>Elements of a run.</summary>
    public long RunLength => dims[^1];

    /// <summary>Size of merged dimension <paramref name="d"/>.</summary>
    public long Size(int d) => dims[d];

    /// <summary>Stride of an operand along merged dimension <paramref name="d"/>.</summary>
    public long Stride(int operand, int d) => strides[operand * Rank + d];

    /// <summary>Stride of an operand along a run.</summary>
    public long Inner(int operand) => strides[operand * Rank + Rank - 1];

    /// <summary>Whether an operand's elements stand in memory as the result's do.</summary>
    public bool IsLinear(int operand)
    {
        long expected = 1;
        for (int d = Rank - 1; d >= 0; expected *= dims[d--])
            if (Stride(operand, d) != expected) return false;
        return true;
    }

    /// <summary>Whether an operand is the same for every run, as the bias of a batch is.</summary>
    public bool RepeatsRuns(int operand)
    {
        for (int d = 0; d < Rank - 1; d++)
            if (Stride(operand, d) != 0) return false;
        return true;
    }

    /// <summary>An operand's position at element <paramref name="start"/> of the result.</summary>
    public Cursor From(int operand, long start) => new(this, operand, start);

    private static long Stride(Tensor x, Shape shape, int d)
    {
        int own = d - (shape.Rank - x.Rank);
        return own < 0 || x.Shape[own] == 1 ? 0 : x.Strides[own];
    }

    /// <summary>Moves through one operand, run by run.</summary>
    public struct Cursor
    {
        private readonly StridedWalk walk;
        private readonly int operand;
        private readonly long[] index;

        internal Cursor(StridedWalk walk, int operand, long start)
        {
            this.walk = walk;
            this.operand = operand;
            index = new long[walk.Rank];
            for (int d = index.Length - 1; d >= 0; d--)
            {
                (start, index[d]) = Math.DivRem(start, walk.dims[d]);
                Offset += index[d] * walk.Stride(operand, d);
            }
        }

        /// <summary>Where the operand stands, in elements.</summary>
        public long Offset { get; private set; }

        /// <summary>Elements left in this run.</summary>
        public readonly long Run => walk.dims[^1] - index[^1];

        /// <summary>Moves on by at most the rest of a run.</summary>
        public void Advance(long elements)
        {
            int d = index.Length - 1;
            index[d] += elements;
            Offset += elements * walk.Stride(operand, d);
            for (; d > 0 && index[d] == walk.dims[d]; d--)
            {
                Offset += walk.Stride(operand, d - 1) - index[d] * walk.Stride(operand, d);
                index[d] = 0;
                index[d - 1]++;
            }
        }
    }
}
