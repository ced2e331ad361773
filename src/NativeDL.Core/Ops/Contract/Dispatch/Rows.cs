namespace NativeDL;

/// <summary>Some rows of the operands and results of an <see cref="Op"/>: what one thread works on. Made by <see cref="Op.ByRows"/>.</summary>
public readonly unsafe ref struct Rows
{
    private readonly Op op;
    private readonly ReadOnlySpan<Tensor> operands, results;
    private readonly long all;

    internal Rows(Op op, ReadOnlySpan<Tensor> operands, ReadOnlySpan<Tensor> results, long all, long first, int count)
    {
        (this.op, this.all, First, Count) = (op, all, first, count);
        this.operands = operands;
        this.results = results;
    }

    /// <summary>The number of the first of these rows.</summary>
    public long First { get; }

    /// <summary>How many rows these are.</summary>
    public int Count { get; }

    /// <summary>These rows of operand <paramref name="i"/>, one after another.</summary>
    /// <typeparam name="T">The type that is computed with; byte for truth values.</typeparam>
    /// <exception cref="ShapeMismatchException">The operand's first axes are not the rows.</exception>
    public ReadOnlySpan<T> Operand<T>(int i) where T : unmanaged =>
        Part<T>(new Operands(operands)[i], $"operand {i}", $"rows.Whole<T>({i}) for what all rows share");

    /// <summary>
    /// All of operand <paramref name="i"/>, such as factors that every row is multiplied with. Shapes do not always tell these from rows:
    /// of a square matrix as many factors as rows could be either, so it is said here.
    /// </summary>
    /// <typeparam name="T">The type that is computed with; byte for truth values.</typeparam>
    public ReadOnlySpan<T> Whole<T>(int i) where T : unmanaged => new Operands(operands).Span<T>(i);

    /// <summary>These rows of result <paramref name="i"/>, to be written as a whole.</summary>
    /// <typeparam name="T">The type that is computed with; byte for truth values.</typeparam>
    /// <exception cref="ShapeMismatchException">The result's first axes are not the rows.</exception>
    public Span<T> Result<T>(int i) where T : unmanaged =>
        Part<T>((uint)i < (uint)results.Length ? results[i] : throw OperandFault.NoResult(i, results.Length), $"result {i}",
            "each row writes its own part of every result");

    private Span<T> Part<T>(Tensor x, string what, string hint) where T : unmanaged
    {
        OpMemory.Check<T>(x);
        if (!IsOf(x.Shape, all)) throw Error.Shape(op.Name, $"the first axes of {what} are not the rows", $"{x.Shape} for {all} rows", null, hint);
        long row = x.ElementCount / all;
        return new((T*)x.Address + First * row, checked((int)(Count * row)));
    }

    /// <summary>Whether the first axes of a shape, one or more, are so many rows; a single row is anything.</summary>
    internal static bool IsOf(Shape shape, long rows)
    {
        if (rows == 1) return true;
        long product = 1;
        foreach (int dimension in shape.Dimensions)
        {
            product *= dimension;
            if (product == rows) return true;
        }
        return false;
    }
}

/// <summary>Computes some rows of an operation's results.</summary>
/// <param name="rows">These rows of operands and results.</param>
public delegate void RowsBody(Rows rows);

public abstract partial class Op
{
    /// <summary>
    /// Within Compute: has the rows of operands and results computed on NativeDL's threads, some at a time. How many that are follows from
    /// the shapes alone, and each row is written by one call, so that the result is the same to the bit at any number of threads.
    /// </summary>
    /// <param name="rows">How many rows there are; <c>y[0].ElementCount</c> where each element is one.</param>
    /// <param name="x">The operands.</param>
    /// <param name="y">The results.</param>
    /// <param name="body">Computes some rows; called on several threads at once, in any order. Little work is done in one call.</param>
    /// <example><code>
    /// ByRows(x[0].ElementCount, x, y, rows =>
    /// {
    ///     var a = rows.Operand&lt;T>(0);
    ///     var b = rows.Result&lt;T>(0);
    ///     for (int i = 0; i &lt; a.Length; i++) b[i] = a[i] * a[i];
    /// });
    /// </code></example>
    protected void ByRows(long rows, Operands x, Results y, RowsBody body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (rows < 0) throw Error.Input(Name, "the number of rows is negative", $"{rows}");
        if (rows == 0) return;
        long widest = 1;
        foreach (var t in x.All) if (Rows.IsOf(t.Shape, rows)) widest = Math.Max(widest, t.ElementCount / rows);
        foreach (var t in y.All) if (Rows.IsOf(t.Shape, rows)) widest = Math.Max(widest, t.ElementCount / rows);
        long chunk = Math.Max(1, Workers.Grain / widest);
        if (rows <= chunk)
        {
            body(new Rows(this, x.All, y.All, rows, 0, (int)rows));
            return;
        }
        Tensor[] operands = [.. x.All], results = [.. y.All];
        Workers.For(rows, chunk, (start, end) => body(new Rows(this, operands, results, rows, start, (int)(end - start))));
    }
}
