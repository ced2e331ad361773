using System.Runtime.InteropServices;
using System.Text;

namespace NativeDL.Interop.Cuda;

/// <summary>
/// The process's one CUDA driver: looked for once, at first use. It may be absent; <see cref="Problem"/> then says
/// why. Nothing here throws for a machine without CUDA.
/// </summary>
internal sealed unsafe class CudaDriver
{
    /// <summary>The environment variable that names the driver library, or hides any with <c>none</c>.</summary>
    internal const string EnvironmentVariable = "NATIVEDL_CUDA_DRIVER";

    /// <summary>The oldest driver interface that NativeDL works with: that of CUDA 11.8.</summary>
    internal const int MinimumVersion = 11080;

    private static readonly Lazy<CudaDriver> Loaded = new(() => new CudaDriver(Candidates(Environment.GetEnvironmentVariable(EnvironmentVariable))));

    private readonly SimulatorApi? simulator;

    /// <summary>Looks for a driver among <paramref name="candidates"/>, and asks what is found for its version and devices.</summary>
    internal CudaDriver(IReadOnlyList<(string Source, string Path)> candidates)
    {
        var attempts = new List<ProbeAttempt>();
        foreach ((string source, string path) in candidates)
        {
            if (!NativeLoader.TryLoad(path, out nint handle, out string reason))
            {
                attempts.Add(new ProbeAttempt(source, path, false, reason));
                continue;
            }

            Problem = Start(handle);
            attempts.Add(new ProbeAttempt(source, path, Problem is null, Problem ?? $"CUDA {Describe(Version)}, {DeviceCount} devices"));
            if (Problem is null)
            {
                simulator = SimulatorApi.Find(handle);
                break;
            }
        }

        Report = new ProbeReport("CUDA driver", attempts);
        if (attempts.Count == 0)
        {
            Problem = $"CUDA is switched off by {EnvironmentVariable}";
        }
        else if (Report.Found is null && Problem is null)
        {
            Problem = "no CUDA driver was found: " + string.Join("; ", attempts.Select(a => $"{a.Candidate} ({a.Reason})"));
        }
    }

    /// <summary>The driver of this process.</summary>
    internal static CudaDriver Instance => Loaded.Value;

    /// <summary>The driver's functions; null when <see cref="Problem"/> says why there is none.</summary>
    internal CudaApi? Api { get; private set; }

    /// <summary>Why CUDA cannot be used, or null when it can.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Every place that was looked at.</summary>
    internal ProbeReport Report { get; }

    /// <summary>The driver's version: 1000 × major + 10 × minor of the CUDA version it belongs to.</summary>
    internal int Version { get; private set; }

    /// <summary>How many devices there are.</summary>
    internal int DeviceCount { get; private set; }

    /// <summary>The simulator behind this driver, or null for a real one.</summary>
    internal SimulatorApi? Simulator => simulator;

    /// <summary>The places where a driver may be, given the value of <see cref="EnvironmentVariable"/>.</summary>
    internal static IReadOnlyList<(string Source, string Path)> Candidates(string? named) => named switch
    {
        "none" => [],
        { Length: > 0 } => [(EnvironmentVariable, Path.GetFullPath(named))],
        _ when OperatingSystem.IsWindows() => [("system", "nvcuda.dll")],
        _ when OperatingSystem.IsMacOS() => [("system", "libcuda.dylib")],
        _ => [("system", "libcuda.so.1"), ("WSL", "/usr/lib/wsl/lib/libcuda.so.1")],
    };

    /// <summary>The driver's own name for a status, such as <c>CUDA_ERROR_INVALID_VALUE</c>.</summary>
    internal string NameOf(CudaResult code)
    {
        byte* text;
        return Api is not null && Api.GetErrorName(code, &text) == CudaResult.Success
            ? Marshal.PtrToStringUTF8((nint)text)! : $"CUDA error {(int)code}";
    }

    /// <summary>The driver's own words for a status.</summary>
    internal string TextOf(CudaResult code)
    {
        byte* text;
        string words = Api is not null && Api.GetErrorString(code, &text) == CudaResult.Success
            ? Marshal.PtrToStringUTF8((nint)text)! : "no text for this status";
        return Simulator?.LastMessage() is { Length: > 0 } detail ? $"{words} ({detail})" : words;
    }

    /// <summary>A version such as 11080 as people write it: 11.8.</summary>
    internal static string Describe(int version) => $"{version / 1000}.{version % 1000 / 10}";

    private string? Start(nint handle)
    {
        var missing = new StringBuilder();
        CudaApi api = new(name =>
        {
            if (NativeLibrary.TryGetExport(handle, name, out nint address))
            {
                return address;
            }

            missing.Append(missing.Length == 0 ? "" : ", ").Append(name);
            return 0;
        });
        int version = 0;
        if (api.DriverGetVersion != null)
        {
            api.DriverGetVersion(&version);
        }

        Version = version;
        if (version < MinimumVersion)
        {
            return $"the driver is too old: it supports CUDA {Describe(version)}, and CUDA {Describe(MinimumVersion)} is needed (NVIDIA driver 520 or newer)";
        }

        if (missing.Length > 0)
        {
            return $"the driver lacks {missing}";
        }

        Api = api;
        var started = api.Init(0);
        int count = 0;
        if (started == CudaResult.Success)
        {
            started = api.DeviceGetCount(&count);
        }

        if (started != CudaResult.Success)
        {
            string problem = $"the driver does not start: {NameOf(started)}, {TextOf(started)}";
            Api = null;
            return problem;
        }

        DeviceCount = count;
        return null;
    }
}
