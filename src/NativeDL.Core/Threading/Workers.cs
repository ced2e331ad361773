using System.Globalization;
using System.Runtime.ExceptionServices;

namespace NativeDL;

/// <summary>
/// NativeDL's own threads. Work is cut into chunks by its size alone, never by the number of threads, so that
/// results are the same to the bit however many threads there are.
/// </summary>
internal static class Workers
{
    /// <summary>Elements of cheap elementwise work per chunk; smaller work runs on the caller's thread.</summary>
    public const long Grain = 16 * 1024;

    private const int SpinsBeforeParking = 2000;
    private const int Most = 1024;

    private static readonly Lock Setup = new();
    private static int threads;
    private static Crew? crew;

    /// <summary>How many threads compute, the caller's own included.</summary>
    public static int Count
    {
        get
        {
            if (Volatile.Read(ref threads) == 0)
                lock (Setup)
                    if (threads == 0) threads = FromEnvironment();
            return threads;
        }
        set
        {
            if (value is < 1 or > Most) throw Error.Input("Threads", "the number of threads is out of range", $"{value}", $"1 to {Most}");
            lock (Setup)
            {
                threads = value;
                crew?.Dismiss();
                crew = null;
            }
        }
    }

    /// <summary>Runs <paramref name="body"/>(start, end) over [0, <paramref name="count"/>) in chunks of <paramref name="grain"/>.</summary>
    public static void For(long count, long grain, Action<long, long> body)
    {
        int chunks = checked((int)((count + grain - 1) / grain));
        Run(chunks, i => body(i * grain, Math.Min(count, (i + 1) * grain)));
    }

    /// <summary>Runs <paramref name="body"/> for every chunk number below <paramref name="chunks"/>, in any order, on all threads.</summary>
    public static void Run(int chunks, Action<int> body)
    {
        if (chunks > 1 && Count > 1)
        {
            var team = crew ?? Hire();
            if (team.TryRun(chunks, body)) return;
        }
        for (int i = 0; i < chunks; i++) body(i);
    }

    private static Crew Hire()
    {
        lock (Setup) return crew ??= new Crew(Count - 1);
    }

    private static int FromEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable("NATIVEDL_NUM_THREADS");
        if (string.IsNullOrEmpty(text)) return Environment.ProcessorCount;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 1 and <= Most ? n
            : throw Error.Input("NATIVEDL_NUM_THREADS", "the environment variable is not a number of threads", $"'{text}'", $"a whole number from 1 to {Most}");
    }

    /// <summary>A piece of work: threads take its chunks one by one until none is left.</summary>
    private sealed class Round(int chunks, Action<int> work)
    {
        private Action<int>? body = work;
        private int next, finished;
        private ExceptionDispatchInfo? failure;

        public void Drain()
        {
            for (int i = Interlocked.Increment(ref next) - 1; i < chunks; i = Interlocked.Increment(ref next) - 1)
            {
                try
                {
                    if (Volatile.Read(ref failure) is null) body!(i);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null); // thrown again by Await
                }
                Interlocked.Increment(ref finished);
            }
        }

        public void Await()
        {
            var spin = new SpinWait();
            while (Volatile.Read(ref finished) < chunks) spin.SpinOnce(sleep1Threshold: -1);
            // Threads remember their last round while they wait for the next; the tensors it worked on must not live that long.
            body = null;
            failure?.Throw();
        }
    }

    /// <summary>The worker threads; one round at a time. Whoever finds them busy computes alone, with the same result.</summary>
    private sealed class Crew
    {
        private readonly SemaphoreSlim[] bells;
        private readonly int[] parked;
        private Round? current;
        private int taken;
        private volatile bool dismissed;

        public Crew(int workers)
        {
            bells = [.. Enumerable.Range(0, workers).Select(_ => new SemaphoreSlim(0))];
            parked = new int[workers];
            for (int i = 0; i < workers; i++)
            {
                int self = i;
                new Thread(() => Work(self)) { IsBackground = true, Name = $"NativeDL {i + 1}" }.Start();
            }
        }

        public bool TryRun(int chunks, Action<int> body)
        {
            // Taken also when the caller is itself inside of a round.
            if (Interlocked.CompareExchange(ref taken, 1, 0) != 0) return false;
            try
            {
                var round = new Round(chunks, body);
                Interlocked.Exchange(ref current, round);
                for (int i = 0; i < bells.Length && i < chunks - 1; i++)
                    if (Interlocked.Exchange(ref parked[i], 0) == 1) bells[i].Release();
                round.Drain();
                round.Await();
                return true;
            }
            finally
            {
                Volatile.Write(ref taken, 0);
            }
        }

        public void Dismiss()
        {
            dismissed = true;
            for (int i = 0; i < bells.Length; i++)
                if (Interlocked.Exchange(ref parked[i], 0) == 1) bells[i].Release();
        }

        private void Work(int self)
        {
            Round? done = null;
            while (!dismissed)
            {
                var round = Volatile.Read(ref current);
                for (int spins = 0; ReferenceEquals(round, done) && spins < SpinsBeforeParking && !dismissed; spins++)
                {
                    Thread.SpinWait(8);
                    round = Volatile.Read(ref current);
                }
                if (!ReferenceEquals(round, done))
                {
                    round!.Drain();
                    done = round;
                    continue;
                }
                // Said before the last look, so that no round begins unheard; whoever sees it rings the bell.
                Interlocked.Exchange(ref parked[self], 1);
                if (ReferenceEquals(Volatile.Read(ref current), done) && !dismissed) bells[self].Wait();
                else if (Interlocked.Exchange(ref parked[self], 0) == 0) bells[self].Wait();
            }
        }
    }
}
