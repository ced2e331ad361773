namespace NativeDL;

/// <summary>
/// A source of randomness: a seed and a position in the sequence that belongs to it (Philox4x32-10, a counter-based
/// generator). Same seed, same calls: same numbers to the bit, on every platform, device and number of threads.
/// Instances may be shared between threads; which thread gets which numbers then depends on who asks first.
/// </summary>
/// <example>
/// <code>
/// var random = new RandomState(42);
/// int[] order = random.Permutation(10);
/// RandomSnapshot here = random.State;   // save, and later
/// random.State = here;                  // continue exactly from here
/// </code>
/// </example>
public sealed class RandomState
{
    private static readonly Ambient<RandomState> Ambient = new(new RandomState(0));

    private readonly Lock gate = new();
    private ulong seed;
    private ulong position;
    private ulong forks;

    /// <summary>A source that starts at the beginning of the sequence of <paramref name="seed"/>.</summary>
    public RandomState(ulong seed) => this.seed = seed;

    /// <summary>A source that starts at the beginning of the sequence of <paramref name="seed"/>; every number has a sequence of its own.</summary>
    public RandomState(int seed)
        : this((ulong)seed)
    {
    }

    /// <summary>A source that continues from a saved state.</summary>
    public RandomState(RandomSnapshot state) => State = state;

    /// <summary>
    /// The source that everything random uses when none is given: that of <see cref="Use"/> where it is in force, else the process's,
    /// which starts with seed 0, so that a program gives the same result at each run unless it seeds otherwise.
    /// </summary>
    /// <remarks>
    /// A model forks a source of its own from it when it is made: the first values of its parameters come from there, what it draws when it is called,
    /// and all that <c>Fit</c> draws. So a model's numbers are decided when it is made, whatever else the process does afterwards: seed first.
    /// For models that are made on several threads, see <see cref="Use"/>.
    /// </remarks>
    public static RandomState Default
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Seed and position. Setting it continues exactly from where it was taken.</summary>
    public RandomSnapshot State
    {
        get
        {
            lock (gate)
            {
                return new(seed, position, forks);
            }
        }

        set
        {
            lock (gate)
            {
                (seed, position, forks) = (value.Seed, value.Position, value.Forks);
            }
        }
    }

    /// <summary>A source with that seed: <c>random: 42</c>.</summary>
    public static implicit operator RandomState(int seed) => new(seed);

    /// <summary>A source with that seed.</summary>
    public static implicit operator RandomState(ulong seed) => new(seed);

    /// <summary>
    /// Makes <paramref name="random"/> the <see cref="Default"/> until the result is disposed, for this method and all that it
    /// calls, starts or awaits; what runs beside it keeps its own. So each of several threads has numbers that do not depend on the others'.
    /// </summary>
    /// <example><code>using var use = RandomState.Use(42);</code></example>
    public static IDisposable Use(RandomState random) => Ambient.Use(random);

    /// <summary>Restarts the <see cref="Default"/> source at the beginning of the sequence of <paramref name="seed"/>.</summary>
    public static void SetSeed(ulong seed) => Default.State = new(seed, 0);

    /// <summary>
    /// A new source with a sequence of its own: the next of this one's, whose own numbers stay as they are. Give one to each worker,
    /// layer or data loader whose numbers must not depend on what the others do.
    /// </summary>
    public RandomState Fork()
    {
        uint a, b;
        // Forks are keys out of blocks that no number comes from: their counter's upper half is 1.
        lock (gate) (a, b, _, _) = Philox.Block(forks++, 1, seed);
        return new RandomState(((ulong)b << 32) | a);
    }

    /// <summary>Several new sources, as by <see cref="Fork"/>.</summary>
    public RandomState[] Split(int count)
    {
        RequireCount("RandomState.Split(count)", count);
        var parts = new RandomState[count];
        for (int i = 0; i < count; i++)
        {
            parts[i] = Fork();
        }

        return parts;
    }

    /// <summary>32 random bits.</summary>
    public uint NextUInt32() => NextBlock().A;

    /// <summary>A whole number from 0 to <paramref name="max"/> − 1, all exactly equally likely.</summary>
    public int NextInt(int max)
    {
        if (max <= 0)
        {
            throw Error.Input("RandomState.NextInt(max)", "there is no number from 0 to max − 1", $"{max}", "at least 1");
        }

        return (int)Sequence().NextBelow((uint)max);
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble()
    {
        var (a, b, _, _) = NextBlock();
        return ((((ulong)b << 32) | a) >> 11) * (1d / 9007199254740992d);
    }

    /// <summary>Puts the items in random order, all orders equally likely.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        var words = Sequence();
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)words.NextBelow((uint)i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The numbers 0 … <paramref name="count"/> − 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        RequireCount("RandomState.Permutation(count)", count);
        var order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>
    /// Takes the next <paramref name="words"/> 32-bit words of the sequence, rounded up to whole blocks. What is then
    /// filled from the stream is a function of it and the element's index, whoever computes it.
    /// </summary>
    internal PhiloxStream Reserve(long words)
    {
        ulong blocks = ((ulong)words + Philox.WordsPerBlock - 1) / Philox.WordsPerBlock;
        lock (gate)
        {
            var stream = new PhiloxStream(seed, position);
            position += blocks;
            return stream;
        }
    }

    private (uint A, uint B, uint C, uint D) NextBlock()
    {
        var stream = Reserve(Philox.WordsPerBlock);
        return Philox.Block(stream.Offset, 0, stream.Key);
    }

    // Rejection needs nobody knows how many words: they come from a sequence that one block of this one is the key to.
    private PhiloxReader Sequence()
    {
        var (a, b, c, d) = NextBlock();
        return new PhiloxReader(new PhiloxStream(((ulong)b << 32) | a, ((ulong)d << 32) | c));
    }

    private static void RequireCount(string op, int count)
    {
        if (count < 0)
        {
            throw Error.Input(op, "a count cannot be negative", $"{count}", "0 or more");
        }

        if (count > Array.MaxLength)
        {
            throw Error.Input(op, "no list is so long", $"{count}", $"at most {Array.MaxLength}");
        }
    }
}
