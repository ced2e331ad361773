using System.Collections;

namespace NativeDL;

/// <summary>The batches of a data set: each enumeration is one pass over all its examples.</summary>
/// <remarks>Batches are made as they are asked for. A shuffled data set has a new order in each pass.</remarks>
public sealed class Batches : IEnumerable<Batch>
{
    private readonly Dataset dataset;
    private readonly Func<Func<Batch, Batch>>? map;
    private readonly int ahead;
    private readonly bool dropRemainder;

    internal Batches(Dataset dataset, int size, bool dropRemainder, Func<Func<Batch, Batch>>? map = null, int ahead = 0)
    {
        this.dataset = dataset;
        Size = size;
        this.dropRemainder = dropRemainder;
        this.map = map;
        this.ahead = ahead;
    }

    /// <summary>Examples a batch; the last one may have fewer.</summary>
    public int Size { get; }

    /// <summary>Number of batches a pass.</summary>
    public int Count => dropRemainder ? dataset.Count / Size : (dataset.Count - 1) / Size + 1;

    /// <summary>Number of examples a pass.</summary>
    public int ExampleCount => dropRemainder ? Count * Size : dataset.Count;

    /// <summary>Changes each batch as it is made.</summary>
    public Batches Map(Func<Batch, Batch> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return With(() => map);
    }

    /// <summary>Changes each batch at random as it is made, such as by an augmentation.</summary>
    /// <param name="map">Gets a batch and the source its random numbers are to come from.</param>
    /// <param name="random">Gives each pass a source of its own; <see cref="RandomState.Default"/> unless named.</param>
    /// <remarks>The numbers are the same with and without <see cref="Prefetch"/>, whatever else draws numbers meanwhile.</remarks>
    public Batches Map(Func<Batch, RandomState, Batch> map, RandomState? random = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        return With(() =>
        {
            var own = (random ?? RandomState.Default).Fork();
            return b => map(b, own);
        });
    }

    /// <summary>Makes up to <paramref name="count"/> batches in advance, on another thread.</summary>
    /// <remarks>
    /// Worth it where a map has work to do; copying rows alone is quicker than handing them over. The thread has the
    /// caller's default device. A map that draws from <see cref="RandomState.Default"/> would take turns with the
    /// training by chance: use the <see cref="Map(Func{Batch, RandomState, Batch}, RandomState?)"/> that is given a source.
    /// </remarks>
    public Batches Prefetch(int count)
    {
        if (count < 0)
            throw Error.Input("Batches.Prefetch(count)", "a number of batches is negative", $"{count}", "0 or more");
        return new Batches(dataset, Size, dropRemainder, map, count);
    }

    /// <summary>Starts a pass.</summary>
    public IEnumerator<Batch> GetEnumerator()
    {
        // Everything random is drawn here, on the caller's thread, so prefetching changes nothing about it.
        var pass = Pass(dataset.Order(), map?.Invoke());
        return ahead == 0 ? pass.GetEnumerator() : new Data.PrefetchEnumerator<Batch>(pass, ahead);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>These batches with one more map, which is made anew at the start of each pass.</summary>
    private Batches With(Func<Func<Batch, Batch>> begin)
    {
        var before = map;
        return new Batches(dataset, Size, dropRemainder, before is null ? begin : () =>
        {
            var (first, second) = (before(), begin());
            return b => second(first(b));
        }, ahead);
    }

    private IEnumerable<Batch> Pass(int[]? order, Func<Batch, Batch>? map)
    {
        for (var i = 0; i < Count; i++)
        {
            var batch = dataset.Make(order, i * Size, Math.Min(Size, dataset.Count - i * Size));
            yield return map is null ? batch : map(batch);
        }
    }
}
