namespace NativeDL.Tests.Randomness;

[Collection(nameof(Alone))] // one test seeds the default source of all
public sealed class RandomStateTests
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_seed_others()
    {
        var a = new RandomState(5);
        var b = new RandomState(5);
        var c = new RandomState(6);
        Assert.Equal(a.Permutation(100), b.Permutation(100));
        Assert.Equal(a.NextDouble(), b.NextDouble());
        Assert.Equal(a.NextUInt32(), b.NextUInt32());
        Assert.NotEqual(a.Permutation(100), c.Permutation(100));
    }

    [Fact]
    public void A_saved_state_continues_exactly()
    {
        var random = new RandomState(11);
        _ = random.Permutation(17);
        _ = random.NextInt(9);
        var saved = random.State;
        double[] first = Draw(random);
        foreach (var again in new[] { new RandomState(saved), new RandomState(1) { State = saved } })
        {
            Assert.Equal(first, Draw(again));
        }

        static double[] Draw(RandomState source)
            => [source.NextDouble(), source.NextUInt32(), source.NextInt(1000), source.Fork().NextDouble()];
    }

    [Fact]
    public void Reservations_follow_each_other_without_overlap()
    {
        var random = new RandomState(1);
        Assert.Equal(new PhiloxStream(1, 0), random.Reserve(1));
        Assert.Equal(new PhiloxStream(1, 1), random.Reserve(8));
        Assert.Equal(new PhiloxStream(1, 3), random.Reserve(9));
        Assert.Equal(new PhiloxStream(1, 6), random.Reserve(0));
        Assert.Equal(new RandomSnapshot(1, 6), random.State);
    }

    [Fact]
    public void Forks_differ_from_their_parent_and_from_each_other()
    {
        var parent = new RandomState(3);
        RandomState[] all = [.. parent.Split(20), parent.Fork(), parent];
        Assert.Equal(all.Length, all.Select(r => r.NextUInt32()).Distinct().Count());
        Assert.Equal(new RandomState(3).Fork().State, new RandomState(3).Split(1)[0].State);
    }

    [Fact]
    public void The_default_source_restarts_when_seeded()
    {
        var before = RandomState.Default;
        try
        {
            RandomState.Default = new RandomState(99);
            RandomState.SetSeed(7);
            Assert.Equal(new RandomState(7).NextDouble(), RandomState.Default.NextDouble());
            Assert.Throws<ArgumentNullException>(() => RandomState.Default = null!);
        }
        finally
        {
            RandomState.Default = before;
        }
    }

    [Fact]
    public void A_permutation_has_every_number_once()
    {
        foreach (int n in new[] { 0, 1, 2, 3, 10, 1000, 4097 })
        {
            Assert.Equal(Enumerable.Range(0, n), new RandomState((ulong)n).Permutation(n).Order());
        }
    }

    // The first orders of seed 0, so that a change on any platform shows.
    [Fact]
    public void Permutations_are_the_same_on_every_platform()
        => Assert.Equal(FirstPermutation, new RandomState(0).Permutation(10));

    [Fact]
    public void All_orders_are_equally_likely()
    {
        var random = new RandomState(8);
        const int draws = 24_000;
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < draws; i++)
        {
            string order = string.Join(',', random.Permutation(4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        // Chi-square with 23 degrees of freedom: 49.7 is passed once in a thousand seeds.
        Assert.Equal(24, counts.Count);
        Assert.True(counts.Values.Sum(c => Math.Pow(c - (draws / 24d), 2) / (draws / 24d)) < 49.7);
    }

    [Fact]
    public void Whole_numbers_below_a_bound_are_equally_likely()
    {
        var random = new RandomState(4);
        var counts = new int[7];
        for (int i = 0; i < 35_000; i++)
        {
            counts[random.NextInt(7)]++;
        }

        // Chi-square with 6 degrees of freedom: 22.5 is passed once in a thousand seeds.
        Assert.True(counts.Sum(c => Math.Pow(c - 5000d, 2) / 5000d) < 22.5);
        Assert.Equal(0, random.NextInt(1));
        Assert.InRange(random.NextInt(int.MaxValue), 0, int.MaxValue - 1);
    }

    [Fact]
    public void Doubles_lie_in_the_unit_interval_and_average_one_half()
    {
        var random = new RandomState(12);
        double[] sample = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextDouble())];
        Assert.All(sample, x => Assert.InRange(x, 0d, 0.9999999999999999));
        Assert.Equal(0.5, sample.Average(), 0.01);
    }

    [Fact]
    public void Threads_sharing_a_source_never_get_the_same_stretch()
    {
        var random = new RandomState(1);
        var offsets = new ulong[4][];
        Parallel.For(0, 4, t =>
        {
            offsets[t] = new ulong[2000];
            for (int i = 0; i < 2000; i++)
            {
                offsets[t][i] = random.Reserve(5).Offset;
            }
        });

        ulong[] all = [.. offsets.SelectMany(o => o).Order()];
        Assert.Equal(Enumerable.Range(0, 8000).Select(i => 2UL * (ulong)i), all);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Impossible_bounds_are_refused(int bound)
    {
        var random = new RandomState(1);
        Assert.Throws<InvalidInputException>(() => random.NextInt(bound));
        Assert.Throws<InvalidInputException>(() => random.Permutation(bound - 1));
        Assert.Throws<InvalidInputException>(() => random.Split(bound - 1));
    }

    private static readonly int[] FirstPermutation = [5, 8, 0, 3, 2, 7, 6, 4, 1, 9];
}
