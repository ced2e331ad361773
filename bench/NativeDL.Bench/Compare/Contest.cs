namespace NativeDL.Bench.Compare;

/// <summary>Runs a case and its peer in turn, so that whatever else the machine does meets both.</summary>
internal static class Contest
{
    private const int Rounds = 9;
    private const double RoundSeconds = 0.15;
    private const int PauseMs = 60; // until the other side's threads have parked

    public static Row Run(CompareCase work, TorchPeer? torch)
    {
        int threads = NativeDL.Threads.Count;
        if (work.Threads > 0) NativeDL.Threads.Count = work.Threads;
        try
        {
            var prepared = work.Prepare();
            prepared.Check();
            return Measure(work, prepared, torch is not null && torch.Has(work.Name) ? torch : null);
        }
        finally
        {
            NativeDL.Threads.Count = threads;
        }
    }

    private static Row Measure(CompareCase work, Work prepared, TorchPeer? torch)
    {
        var own = new Sampling(prepared.Step);
        Func<double, List<double>>? peer = null;
        string? name = null, setting = null;
        if (prepared.Opponent is { } opponent)
        {
            name = opponent.Name;
            peer = new Sampling(opponent.Step).Round;
        }
        else if (torch is not null)
        {
            name = torch.Name;
            (setting, var facts) = torch.Prepare(work.Name);
            foreach (var (fact, value) in prepared.Facts)
                if (!facts.TryGetValue(fact, out long theirs) || theirs != value)
                    throw new InvalidOperationException($"Compare({work.Name}): the peer does other work. Got {fact} {theirs}; expected {value}.");
            peer = seconds => torch.Round(work.Name, seconds);
        }

        List<double> ownSamples = [], peerSamples = [];
        for (int round = 0; round < Rounds; round++)
        {
            // Who begins changes each round.
            for (int turn = 0; turn < 2; turn++)
            {
                if ((round + turn) % 2 == 0) ownSamples.AddRange(own.Round(RoundSeconds));
                else if (peer is not null) peerSamples.AddRange(peer(RoundSeconds));
                Thread.Sleep(PauseMs);
            }
        }
        if (prepared.Opponent is null) torch?.Drop(work.Name);

        double median = Quantile(ownSamples, 0.5);
        double? peerMedian = peer is null ? null : Quantile(peerSamples, 0.5);
        return new Row(work.Name, Round(median), name, Round(peerMedian), Round(median / peerMedian), LimitMs: 0)
        {
            NativedlMinMs = Round(ownSamples.Min()),
            PeerMinMs = peer is null ? null : Round(peerSamples.Min()),
            PeerSetting = setting,
            Spread = [Round(Quantile(ownSamples, 0.25) / median), Round(Quantile(ownSamples, 0.75) / median)],
        };
    }

    private static double Quantile(List<double> samples, double share)
    {
        samples.Sort();
        double at = share * (samples.Count - 1);
        int low = (int)at;
        return samples[low] + (at - low) * (samples[Math.Min(low + 1, samples.Count - 1)] - samples[low]);
    }

    /// <summary>Four significant digits.</summary>
    public static double Round(double value) =>
        value == 0 || !double.IsFinite(value) ? 0 : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 12));

    private static double? Round(double? value) => value is { } known ? Round(known) : null;
}
