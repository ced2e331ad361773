using System.Runtime.InteropServices;

namespace NativeDL.Interop.OpenBlas;

/// <summary>
/// Looks for an OpenBLAS that can be trusted: LP64, safe for calls from several threads, set to one
/// thread. The order: explicit option, environment variable, <c>runtimes/&lt;rid&gt;/native</c> beside the
/// program, the packages that Setup unpacked, the system's names.
/// </summary>
internal static unsafe class OpenBlasProbe
{
    private const string None = "none";

    /// <summary>Where to look.</summary>
    internal sealed record Places(string? ExplicitPath, string? EnvironmentValue, string BaseDirectory, IReadOnlyList<string> SystemNames)
    {
        internal static Places OfThisProcess(string? explicitPath) => new(
            explicitPath,
            Environment.GetEnvironmentVariable(OpenBlasLibrary.EnvironmentVariable),
            AppContext.BaseDirectory,
            DefaultSystemNames);
    }

    /// <summary>What the search ended with; a handle of 0 when nothing was found.</summary>
    internal sealed record Result(nint Handle, bool HasLapack, ProbeReport Report)
    {
        /// <summary>The library that somebody named and that is not there; null where none was named, or it is used.</summary>
        internal ProbeAttempt? Missing { get; } =
            Report.Attempts.FirstOrDefault(a => a is { Loaded: false, Candidate: not None, Source: "option" or OpenBlasLibrary.EnvironmentVariable });
    }

    // Fedora keeps its thread-safe build under the name with a p.
    private static string[] DefaultSystemNames =>
        OperatingSystem.IsWindows() ? ["openblas.dll", "libopenblas.dll"]
        : OperatingSystem.IsMacOS() ? ["libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib"]
        : ["libopenblas.so.0", "libopenblasp.so.0", "libopenblas.so"];

    /// <summary>Runs the whole search. Never throws; a library that fails a check is not used.</summary>
    internal static Result Run(Places places)
    {
        var attempts = new List<ProbeAttempt>();
        foreach (var candidate in Candidates(places))
        {
            if (candidate.Path == None)
            {
                attempts.Add(new(candidate.Source, None, Loaded: false, "OpenBLAS is hidden on request"));
                break;
            }

            string? reason = TryUse(candidate, out nint handle, out string description);
            attempts.Add(new(candidate.Source, candidate.Path, reason is null, reason ?? description));
            if (reason is null)
            {
                bool lapack = NativeLibrary.TryGetExport(handle, "sgetrf_", out _) && NativeLibrary.TryGetExport(handle, "dgesdd_", out _);
                return new(handle, lapack, new("OpenBLAS", attempts));
            }
        }

        return new(0, HasLapack: false, new("OpenBLAS", attempts));
    }

    private readonly record struct Candidate(string Source, string Path, bool Named, params string[] LoadFirst);

    private static IEnumerable<Candidate> Candidates(Places places)
    {
        if (!string.IsNullOrEmpty(places.ExplicitPath))
        {
            yield return new("option", places.ExplicitPath, Named: true);
        }

        if (!string.IsNullOrEmpty(places.EnvironmentValue))
        {
            yield return new(OpenBlasLibrary.EnvironmentVariable, places.EnvironmentValue, Named: true);
        }

        string beside = Path.Combine(places.BaseDirectory, "runtimes", NativeLoader.RuntimeIdentifier, "native");
        foreach (string name in FileNames)
        {
            yield return new("beside the program", Path.Combine(beside, name), Named: false, FortranRuntime(beside));
        }

        if (OperatingSystem.IsLinux() && NativeLoader.FindUnpackedPackages(places.BaseDirectory) is { } unpacked)
        {
            string libraries = Path.Combine(unpacked, "usr", "lib", NativeLoader.DebianTriplet);
            yield return new("unpacked by Setup", Path.Combine(libraries, "openblas-pthread", "libopenblas.so.0"), Named: false, FortranRuntime(libraries));
        }

        foreach (string name in places.SystemNames)
        {
            yield return new("system", name, Named: false);
        }
    }

    private static string[] FileNames =>
        OperatingSystem.IsWindows() ? ["openblas.dll", "libopenblas.dll"] : OperatingSystem.IsMacOS() ? ["libopenblas.dylib"] : ["libopenblas.so.0"];

    // The loader finds a dependency that is already in the process by its own name, so no search path is needed.
    private static string[] FortranRuntime(string folder) =>
        [Path.Combine(folder, "libquadmath.so.0"), Path.Combine(folder, "libgfortran.so.5")];

    // Null when the candidate is now ready for use; else why not.
    private static string? TryUse(Candidate candidate, out nint handle, out string description)
    {
        description = "";
        foreach (string dependency in candidate.LoadFirst)
        {
            if (File.Exists(dependency) && !NativeLoader.TryLoad(dependency, out _, out string dependencyReason))
            {
                handle = 0;
                return dependencyReason;
            }
        }

        if (!NativeLoader.TryLoad(candidate.Path, out handle, out string reason))
        {
            return reason;
        }

        string? refusal = Prepare(handle, candidate.Named, out description);
        if (refusal is not null)
        {
            NativeLibrary.Free(handle);
            handle = 0;
        }

        return refusal;
    }

    /// <summary>Checks the build and sets it to one thread: NativeDL owns the threads and splits products itself.</summary>
    private static string? Prepare(nint handle, bool named, out string description)
    {
        description = "";
        foreach (string symbol in (string[])["cblas_sgemm", "cblas_dgemm", "openblas_set_num_threads", "openblas_get_num_threads", "openblas_get_parallel",
            "openblas_get_config"])
        {
            if (!NativeLibrary.TryGetExport(handle, symbol, out _))
            {
                return $"it has no '{symbol}', so it is no OpenBLAS with C entry points of 32-bit indices";
            }
        }

        string config = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)NativeLibrary.GetExport(handle, "openblas_get_config"))()) ?? "";
        int parallel = ((delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "openblas_get_parallel"))();
        if (config.Contains("USE64BITINT", StringComparison.Ordinal))
        {
            return $"it is built for 64-bit indices ({config})";
        }

        // A serial build takes no locks around its buffers. An OpenMP build takes its thread count from each
        // calling thread anew, so the count set here would not hold; whoever names one takes that on.
        if (parallel == 0 || (parallel != 1 && !named))
        {
            return $"it is the {(parallel == 0 ? "serial" : "OpenMP")} build, which is not safe for calls from several threads ({config})";
        }

        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(handle, "openblas_set_num_threads"))(1);
        int threads = ((delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "openblas_get_num_threads"))();
        description = config;
        return threads == 1 ? null : $"it kept {threads} threads after being set to 1 ({config})";
    }
}
