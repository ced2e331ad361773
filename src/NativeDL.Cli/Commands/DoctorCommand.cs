using System.CommandLine;

namespace NativeDL.Cli.Commands;

/// <summary><c>ndl doctor</c>: what was found on this machine, and of what was not, why.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("doctor", "Tells which native libraries, devices, threads and caches there are, and why others are not.");
        command.SetAction(_ =>
        {
            var text = terminal.Out;
            text.WriteLine($"NativeDL {typeof(Tensor).Assembly.GetName().Version?.ToString(3)}");
            Line("runtime", Machine.Runtime);
            Line("system", Machine.OperatingSystem);
            text.WriteLine();
            text.WriteLine("Processor");
            Line("name", Machine.Processor);
            Line("cores", $"{Machine.Cores}");
            Line("threads", ThreadsInUse());
            Line("vectors", Machine.Simd);
            if (Machine.Caches.Length > 0) Line("caches", Machine.Caches);
            Line("memory", FormattableString.Invariant($"{Machine.MemoryBytes / 1073741824.0:0.0} GiB for this process"));
            foreach (var device in Device.List())
            {
                var memory = device.MemoryStats();
                Line($"pool {device.Name}", FormattableString.Invariant($"{memory.LiveBytes:N0} bytes live, {memory.CachedBytes:N0} in reserve"));
            }
            foreach (var library in NativeLibraryReport.All())
            {
                text.WriteLine();
                text.WriteLine($"{library.Name}: {library.Found ?? "not found"}");
                foreach (string detail in library.Details) text.WriteLine($"  {detail}");
                foreach (var probe in library.Probes)
                {
                    // The system often repeats the name it was given.
                    string reason = probe.Reason.StartsWith(probe.Candidate + ": ", StringComparison.Ordinal) ? probe.Reason[(probe.Candidate.Length + 2)..]
                        : probe.Reason;
                    text.WriteLine($"  {(probe.Loaded ? '+' : '-')} {probe.Source}: {probe.Candidate} ({reason})");
                }
            }
            text.WriteLine();
            text.WriteLine("Data");
            Line("cache", $"{Datasets.CacheFolder}{(Directory.Exists(Datasets.CacheFolder) ? "" : " (not there yet)")}");
            Line("here", string.Join(", ", Datasets.All.Where(d => d.IsLocal).Select(d => d.Name)));
            return Ndl.Success;

            void Line(string name, string value) => text.WriteLine($"  {name,-9} {value}");
        });
        return command;
    }

    // A doctor tells what is wrong instead of stumbling over it.
    private static string ThreadsInUse()
    {
        try
        {
            return $"{Threads.Count}";
        }
        catch (InvalidInputException problem)
        {
            return problem.Message;
        }
    }
}
