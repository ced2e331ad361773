namespace NativeDL.Interop.OpenBlas;

/// <summary>
/// The process's one OpenBLAS: probed for once, at first use, and never thrown about. What the probe
/// did is in <see cref="Report"/>.
/// </summary>
internal static class OpenBlasLibrary
{
    /// <summary>The name by which imports refer to the library.</summary>
    internal const string LogicalName = "openblas";

    /// <summary>The environment variable that names a library file, or hides OpenBLAS with <c>none</c>.</summary>
    internal const string EnvironmentVariable = "NATIVEDL_OPENBLAS";

    private static readonly Lock Gate = new();
    private static string? explicitPath;
    private static OpenBlasProbe.Result? result;

    /// <summary>Whether OpenBLAS is loaded, set to one thread, and no other than the one that was asked for.</summary>
    internal static bool IsAvailable => Load() is { Handle: not 0, Missing: null };

    /// <summary>The library that was asked for and is not there: nothing is computed in its place.</summary>
    internal static ProbeAttempt? Missing => Load().Missing;

    /// <summary>The library's handle, 0 when there is none.</summary>
    internal static nint Handle => Load().Handle;

    /// <summary>What was found, and every failed probe with its reason.</summary>
    internal static ProbeReport Report => Load().Report;

    /// <summary>Where LAPACK's entry points are present. Some builds leave them out.</summary>
    internal static bool HasLapack => Load().HasLapack;

    /// <summary>
    /// Names the library file to try first (or <c>none</c>). Only before first use: afterwards products
    /// already run on what was found, and the call throws.
    /// </summary>
    internal static void Choose(string? path)
    {
        lock (Gate)
        {
            if (result is not null)
            {
                throw new InvalidOperationException(
                    $"OpenBlas(choose): the library is already decided. Got '{path}'; in use is "
                    + $"{result.Report.Found?.Candidate ?? "the managed product"}. Hint: choose before the first tensor is made.");
            }

            explicitPath = path;
        }
    }

    private static OpenBlasProbe.Result Load()
    {
        if (Volatile.Read(ref result) is { } known)
        {
            return known;
        }

        lock (Gate)
        {
            result ??= OpenBlasProbe.Run(OpenBlasProbe.Places.OfThisProcess(explicitPath));
            return result;
        }
    }
}
