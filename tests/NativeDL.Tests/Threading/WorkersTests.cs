namespace NativeDL.Tests;

[Collection(nameof(Alone))]
public class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_chunk_runs_once(int threads)
    {
        int before = Threads.Count;
        try
        {
            Threads.Count = threads;
            for (int round = 0; round < 200; round++)
            {
                var counts = new int[37];
                Workers.Run(counts.Length, i => Interlocked.Increment(ref counts[i]));
                Assert.All(counts, c => Assert.Equal(1, c));
            }
        }
        finally
        {
            Threads.Count = before;
        }
    }

    [Fact]
    public void Work_inside_of_work_runs_too()
    {
        var counts = new int[8, 8];
        Workers.Run(8, i => Workers.Run(8, j => Interlocked.Increment(ref counts[i, j])));
        foreach (int c in counts) Assert.Equal(1, c);
    }

    [Fact]
    public void An_exception_in_a_chunk_reaches_the_caller_and_the_workers_live_on()
    {
        Assert.Throws<FormatException>(() => Workers.Run(16, i =>
        {
            if (i == 7) throw new FormatException();
        }));
        int sum = 0;
        Workers.Run(16, i => Interlocked.Add(ref sum, i));
        Assert.Equal(120, sum);
    }

    [Fact]
    public void Zero_threads_are_refused() => Assert.Throws<InvalidInputException>(() => Threads.Count = 0);

    [Fact]
    public void More_threads_than_make_sense_are_refused() => Assert.Throws<InvalidInputException>(() => Threads.Count = 1025);

    [Fact]
    public void Several_callers_at_once_all_get_their_results()
    {
        var sums = new long[8];
        Parallel.For(0, sums.Length, caller =>
        {
            for (int round = 0; round < 200; round++) Workers.Run(16, i => Interlocked.Add(ref sums[caller], i));
        });
        Assert.All(sums, sum => Assert.Equal(200 * 120, sum));
    }

    [Fact]
    public void The_number_of_threads_may_change_between_rounds_of_others()
    {
        int before = Threads.Count;
        try
        {
            long sum = 0;
            var worker = Task.Run(() =>
            {
                for (int round = 0; round < 500; round++) Workers.Run(16, i => Interlocked.Add(ref sum, i));
            });
            for (int n = 1; !worker.IsCompleted; n = n % 5 + 1) Threads.Count = n;
            worker.Wait();
            Assert.Equal(500 * 120, sum);
        }
        finally
        {
            Threads.Count = before;
        }
    }
}
