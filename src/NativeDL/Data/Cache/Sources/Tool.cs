using System.Diagnostics;

namespace NativeDL.Data.Sources;

/// <summary>Runs a program of the system without a console, with a time limit, and keeps what it said.</summary>
internal static class Tool
{
    private const int HeadLength = 300;
    private const int TailLength = 150;

    /// <param name="ExitCode">The program's exit code.</param>
    /// <param name="Said">Beginning and end of its error output, or of its output if that is empty.</param>
    internal readonly record struct Result(int ExitCode, string Said);

    /// <summary>The full path of a program on the PATH, or null.</summary>
    public static string? Find(string name)
    {
        var names = OperatingSystem.IsWindows() ? new[] { $"{name}.cmd", $"{name}.exe" } : [name];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .SelectMany(folder => names.Select(n => Path.Combine(folder, n)))
            .FirstOrDefault(File.Exists);
    }

    public static async Task<Result> RunAsync(
        string program, IEnumerable<string> arguments, string folder, TimeSpan limit, CancellationToken cancel,
        params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new IOException($"{program} did not start");
        // Whatever would ask a question meets the end of its input.
        process.StandardInput.Close();
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timed.CancelAfter(limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timed.Token);
            var errors = process.StandardError.ReadToEndAsync(timed.Token);
            await process.WaitForExitAsync(timed.Token).ConfigureAwait(false);
            var said = (await errors.ConfigureAwait(false)).Trim();
            if (said.Length == 0)
                said = (await output.ConfigureAwait(false)).Trim();
            return new Result(process.ExitCode, said.Length > HeadLength + TailLength ? $"{said[..HeadLength]} … {said[^TailLength..]}" : said);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            if (cancel.IsCancellationRequested)
                throw;
            throw new TimeoutException($"{Path.GetFileName(program)} did not end within {limit.TotalMinutes} minutes");
        }
    }
}
