using System.CommandLine;

namespace NativeDL.Cli.Commands;

/// <summary>The options that say where, and with how many threads, to compute.</summary>
internal static class DeviceOption
{
    public static Option<string> Create() => new("--device") { Description =
        "Where to compute: cpu, cuda or cuda:N. A missing device is an error, never a silent CPU.", DefaultValueFactory = _ => "cpu" };

    public static Option<int?> Threads() =>
        NumberOption.Count("--threads", "CPU threads; results are the same to the bit for any number. Default: NATIVEDL_NUM_THREADS, else the cores.");

    /// <summary>Sets the number of threads, or at least finds out at once whether the environment's makes sense.</summary>
    public static void Apply(int? threads)
    {
        if (threads is { } count) NativeDL.Threads.Count = count;
        else _ = NativeDL.Threads.Count;
    }

    /// <summary>The device of that name; where it is missing, the error says why.</summary>
    public static Device Find(string? name)
    {
        try
        {
            return Device.Parse(name ?? "cpu");
        }
        catch (InvalidInputException error)
        {
            throw new UsageException($"--device: {error.Message}");
        }
    }
}
