using System.Collections;

namespace NativeDL;

/// <summary>The batches of a data set: each enumeration is one pass over all its examples.</summary>
/// <remarks>Batches are made as they are asked for. A shuffled data set has a new order in each pass.</remarks>
public sealed class Batches : IEnumerable<Batch>
{
    private readonly Dataset dataset;
    private readonly Func<Batch, Batch>? map;
    private readonly int ahead;
    private readonly bool dropRemainder;

    internal Batches(Dataset dataset, int size, bool dropRemainder, Func<Batch, Batch>? map = null, int ahead = 0)
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
        var inner = this.map;
        return new Batches(dataset, Size, dropRemainder, inner is null ? map : b => map(inner(b)), ahead);
    }

    /// <summary>Makes up to <paramref name="count"/> batches in advance, on another thread.</summary>
    /// <remarks>Worth it where <see cref="Map"/> has work to do; copying rows alone is quicker than handing them over.</remarks>
    public Batches Prefetch(int count)
    {
        if (count < 0)
            throw Error.Input("Batches.Prefetch(count)", "a number of batches is negative", $"{count}", "0 or more");
        return new Batches(dataset, Size, dropRemainder, map, count);
    }

    /// <summary>Starts a pass.</summary>
    public IEnumerator<Batch> GetEnumerator()
    {
        // The order is drawn here, on the caller's thread, so prefetching changes nothing about it.
        var order = dataset.Order();
        return ahead == 0 ? Pass(order).GetEnumerator() : new Data.PrefetchEnumerator<Batch>(Pass(order), ahead);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<Batch> Pass(int[]? order)
    {
        for (var i = 0; i < Count; i++)
        {
            var batch = dataset.Make(order, i * Size, Math.Min(Size, dataset.Count - i * Size));
            yield return map is null ? batch : map(batch);
        }
    }
}
