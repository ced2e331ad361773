using NativeDL.Cuda;
using NativeDL.Interop;
using NativeDL.Interop.Cuda;
using NativeDL.Interop.OpenBlas;

namespace NativeDL;

/// <summary>One place where a native library was looked for.</summary>
/// <param name="Source">The step of the search: an environment variable, a package's folder, the system …</param>
/// <param name="Candidate">The path or name that was tried.</param>
/// <param name="Loaded">Whether this one is in use now.</param>
/// <param name="Reason">What was found, or why not, in the operating system's own words.</param>
public sealed record NativeLibraryProbe(string Source, string Candidate, bool Loaded, string Reason);

/// <summary>What the search for a native library found. None is needed: without OpenBLAS products run on managed kernels.</summary>
/// <param name="Name">The library's name for people.</param>
/// <param name="Found">The file in use, or null.</param>
/// <param name="Details">What the library says of itself, or what its absence means; one line each.</param>
/// <param name="Probes">Every attempt, in the order they were made.</param>
public sealed record NativeLibraryReport(string Name, string? Found, IReadOnlyList<string> Details, IReadOnlyList<NativeLibraryProbe> Probes)
{
    /// <summary>Looks for every native library that NativeDL can use, and says what was found and what was not, with the reasons.</summary>
    public static IReadOnlyList<NativeLibraryReport> All() => [OpenBlas(), Cuda()];

    private static NativeLibraryReport OpenBlas() => From(OpenBlasLibrary.Report, OpenBlasLibrary.IsAvailable
        ? [OpenBlasInfo.Config.Trim(), $"kernels: {OpenBlasInfo.CoreName}", OpenBlasLibrary.HasLapack ? "LAPACK: yes" : "LAPACK: left out of this build"]
        : [OpenBlasLibrary.Missing is { } missing
            ? $"matrix products are refused: the library that {missing.Source} names is not there"
            : "matrix products run on the managed kernels"]);

    private static NativeLibraryReport Cuda()
    {
        var driver = CudaDriver.Instance;
        return From(driver.Report, driver.Problem is { } problem ? [problem] :
        [
            $"{(driver.Simulator is null ? "driver" : "simulated driver")} for CUDA {CudaDriver.Describe(driver.Version)}",
            .. Enumerable.Range(0, driver.DeviceCount).Select(Card),
            $"kernels: {CudaKernels.Absent ?? $"{CudaKernels.Embedded.Count} embedded"}",
        ]);
    }

    private static string Card(int ordinal)
    {
        var card = CudaDeviceProperties.Read(ordinal);
        return FormattableString.Invariant($"cuda:{ordinal}: {card.DeviceName}, compute capability {card.ComputeCapability}, {card.TotalGlobalMemory.Value >> 20:N0} MiB, {card.MultiProcessorCount} multiprocessors");
    }

    private static NativeLibraryReport From(ProbeReport report, IReadOnlyList<string> details) =>
        new(report.Library, report.Found?.Candidate, details,
            [.. report.Attempts.Select(a => new NativeLibraryProbe(a.Source, a.Candidate, a.Loaded, a.Reason))]);
}
