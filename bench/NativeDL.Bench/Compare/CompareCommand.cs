using System.Globalization;
using NativeDL.Bench.Compare.Cases;

namespace NativeDL.Bench.Compare;

/// <summary><c>compare [--out file] [--only part-of-a-name]…</c></summary>
internal static class CompareCommand
{
    public static int Run(string[] args)
    {
        string path = "artifacts/compare.json";
        var only = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--out" && i + 1 < args.Length) path = args[++i];
            else if (args[i] is "--only" && i + 1 < args.Length) only.Add(args[++i]);
            else return Usage($"compare: '{args[i]}' is not understood.");
        }
        var chosen = AllCases.List.Where(c => only.Count == 0 || only.Any(part => c.Name.Contains(part, StringComparison.Ordinal))).ToList();
        if (chosen.Count == 0) return Usage($"compare: no case matches. The cases are {string.Join(", ", AllCases.List.Select(c => c.Name))}.");

        var machine = Machine.Measure();
        Console.WriteLine(FormattableString.Invariant($"{machine.Cpu}, {machine.Threads} threads, {machine.Dotnet}, OpenBLAS core {machine.OpenBlasCore}"));
        Console.WriteLine(FormattableString.Invariant($"fused multiply-add {machine.FmaGflops} GF/s ({machine.FmaGflopsOneThread} on one thread), copy {machine.CopyGbs} GB/s ({machine.CopyGbsOneThread})"));

        using var torch = TorchPeer.Start(out string? missing);
        if (missing is not null)
            Console.WriteLine($"PyTorch is missing, so its columns stay empty: {missing}. Hint: on Debian, apt-get install python3-torch, or name a Python that has it in {TorchPeer.PythonVariable}.");

        var measured = DateTimeOffset.UtcNow;
        var rows = new List<Row>();
        Console.WriteLine($"\n{"case",-22}{"NativeDL ms",12}{"peer ms",12}{"ratio",8}{"limit ms",11}  peer");
        foreach (var work in chosen)
        {
            var row = Contest.Run(work, torch);
            machine = machine.Or(Machine.Measure());
            rows.Add(row);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Case,-22}{row.NativedlMs,12:G4}{row.PeerMs,12:G4}{row.Ratio,8:F2}{machine.LimitMs(work),11:G4}  {row.Peer}{(row.PeerSetting is null ? "" : $" ({row.PeerSetting})")}"));
            // After each row: a run that is stopped leaves what it measured.
            new Report(measured, machine, missing, [.. rows.Select((r, i) => r with { LimitMs = Contest.Round(machine.LimitMs(chosen[i])) })]).Write(path);
        }
        Console.WriteLine($"\nwrote {path}");
        return 0;
    }

    private static int Usage(string what)
    {
        Console.Error.WriteLine($"{what} Usage: compare [--out file] [--only part-of-a-name]…");
        return 2;
    }
}
