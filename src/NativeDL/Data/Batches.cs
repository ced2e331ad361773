using System.Collections;
using NativeDL.Data;

namespace NativeDL;

/// <summary>The batches of a data set: each enumeration is one pass over all its examples.</summary>
/// <remarks>Batches are made as they are asked for. A shuffled data set has a new order in each pass.</remarks>
public sealed class Batches : IEnumerable<Batch>
{
    private readonly Dataset dataset;
    private readonly int ahead;
    private readonly bool dropRemainder;

    internal Batches(Dataset dataset, int size, bool dropRemainder, int ahead = 0)
    {
        this.dataset = dataset;
        Size = size;
        this.dropRemainder = dropRemainder;
        this.ahead = ahead;
    }

    /// <summary>Examples a batch; the last one may have fewer.</summary>
    public int Size { get; }

    /// <summary>Number of batches a pass.</summary>
    public int Count => dropRemainder ? dataset.Count / Size : (dataset.Count - 1) / Size + 1;

    /// <summary>Number of examples a pass.</summary>
    public int ExampleCount => dropRemainder ? Count * Size : dataset.Count;

    /// <summary>What the batches are of.</summary>
    internal Dataset Data => dataset;

    /// <summary>What random numbers are drawn from at the beginning of a pass.</summary>
    internal IReadOnlyList<RandomState> Sources => dataset.Sources;

    /// <summary>Changes each batch as it is made.</summary>
    public Batches Map(Func<Batch, Batch> map) => new(dataset.Map(map), Size, dropRemainder, ahead);

    /// <summary>Changes each batch at random as it is made, such as by an augmentation.</summary>
    /// <inheritdoc cref="Dataset.Map(Func{Batch, RandomState, Batch}, RandomState?)"/>
    public Batches Map(Func<Batch, RandomState, Batch> map, RandomState? random = null) => new(dataset.Map(map, random), Size, dropRemainder, ahead);

    /// <summary>Makes up to <paramref name="count"/> batches in advance, on another thread.</summary>
    /// <remarks>
    /// Worth it where a map has work to do; copying rows alone is quicker than handing them over. The thread has the
    /// caller's default device. What a map draws from <see cref="RandomState.Default"/> is the same, prefetched or not: in
    /// each pass that is a source of the maps' own.
    /// </remarks>
    public Batches Prefetch(int count)
    {
        if (count < 0)
            throw Error.Input("Batches.Prefetch(count)", "a number of batches is negative", $"{count}", "0 or more");
        return new Batches(dataset, Size, dropRemainder, count);
    }

    /// <summary>Starts a pass.</summary>
    public IEnumerator<Batch> GetEnumerator()
    {
        // Everything random is drawn here, on the caller's thread, so prefetching changes nothing about it.
        var pass = Pass(dataset.Order(), dataset.BeginMap() is { } map ? Apart(map) : null);
        return ahead == 0 ? pass.GetEnumerator() : new PrefetchEnumerator<Batch>(pass, ahead);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Func<Batch, Batch> Apart(Func<Batch, Batch> map)
    {
        var own = RandomState.Default.Fork();
        return batch =>
        {
            using var use = RandomState.Use(own);
            return map(batch);
        };
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
