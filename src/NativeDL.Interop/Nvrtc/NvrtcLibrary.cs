using System.Runtime.InteropServices;

namespace NativeDL.Interop.Nvrtc;

/// <summary>The process's one NVRTC, NVIDIA's run-time compiler: looked for once, at first use, and it may be absent.</summary>
internal sealed unsafe class NvrtcLibrary
{
    /// <summary>The environment variable that names the library, or hides any with <c>none</c>.</summary>
    internal const string EnvironmentVariable = "NATIVEDL_NVRTC";

    private static readonly Lazy<NvrtcLibrary> Loaded = new(() =>
        new NvrtcLibrary(Candidates(Environment.GetEnvironmentVariable(EnvironmentVariable), NativeLoader.FindUnpackedPackages(AppContext.BaseDirectory))));

    /// <summary>Looks for NVRTC among <paramref name="candidates"/>.</summary>
    internal NvrtcLibrary(IReadOnlyList<(string Source, string Path)> candidates)
    {
        var attempts = new List<ProbeAttempt>();
        foreach ((string source, string path) in candidates)
        {
            LoadBuiltins(path);
            if (!NativeLoader.TryLoad(path, out nint handle, out string reason))
            {
                attempts.Add(new ProbeAttempt(source, path, false, reason));
                continue;
            }

            if (Bind(handle) is { } problem)
            {
                attempts.Add(new ProbeAttempt(source, path, false, problem));
                continue;
            }

            int major, minor;
            Check(Version(&major, &minor), "version");
            Release = (major, minor);
            IsAvailable = true;
            attempts.Add(new ProbeAttempt(source, path, true, $"NVRTC {major}.{minor}"));
            break;
        }

        Report = new ProbeReport("NVRTC", attempts);
    }

    /// <summary>The NVRTC of this process.</summary>
    internal static NvrtcLibrary Instance => Loaded.Value;

    /// <summary>Whether one was found.</summary>
    internal bool IsAvailable { get; }

    /// <summary>Its version.</summary>
    internal (int Major, int Minor) Release { get; }

    /// <summary>Every place that was looked at.</summary>
    internal ProbeReport Report { get; }

    internal delegate* unmanaged<int*, int*, int> Version { get; private set; }
    internal delegate* unmanaged<int, byte*> GetErrorString { get; private set; }
    internal delegate* unmanaged<int*, int> GetNumSupportedArchs { get; private set; }
    internal delegate* unmanaged<int*, int> GetSupportedArchs { get; private set; }
    internal delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> CreateProgram { get; private set; }
    internal delegate* unmanaged<nint, int, byte**, int> CompileProgram { get; private set; }
    internal delegate* unmanaged<nint*, int> DestroyProgram { get; private set; }
    internal delegate* unmanaged<nint, nuint*, int> GetProgramLogSize { get; private set; }
    internal delegate* unmanaged<nint, byte*, int> GetProgramLog { get; private set; }
    internal delegate* unmanaged<nint, nuint*, int> GetPtxSize { get; private set; }
    internal delegate* unmanaged<nint, byte*, int> GetPtx { get; private set; }
    internal delegate* unmanaged<nint, nuint*, int> GetCubinSize { get; private set; }
    internal delegate* unmanaged<nint, byte*, int> GetCubin { get; private set; }

    /// <summary>The places where NVRTC may be: named, unpacked by the build's setup, or installed.</summary>
    internal static IReadOnlyList<(string Source, string Path)> Candidates(string? named, string? unpacked)
    {
        if (named == "none")
        {
            return [];
        }

        if (!string.IsNullOrEmpty(named))
        {
            return [(EnvironmentVariable, Path.GetFullPath(named))];
        }

        var found = new List<(string, string)>();
        if (unpacked is not null && Directory.Exists(unpacked))
        {
            found.AddRange(Directory.EnumerateFiles(unpacked, "libnvrtc.so.*", SearchOption.AllDirectories)
                .OrderDescending(StringComparer.Ordinal).Select(f => ("setup", f)));
        }

        string[] names = OperatingSystem.IsWindows()
            ? ["nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll"]
            : ["libnvrtc.so", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2"];
        string? toolkit = Environment.GetEnvironmentVariable("CUDA_PATH") ?? Environment.GetEnvironmentVariable("CUDA_HOME");
        foreach (string folder in toolkit is null ? ["/usr/local/cuda"] : new[] { toolkit })
        {
            string libraries = Path.Combine(folder, OperatingSystem.IsWindows() ? "bin" : "lib64");
            found.AddRange(names.Select(n => Path.Combine(libraries, n)).Where(File.Exists).Select(f => ("toolkit", f)));
        }

        found.AddRange(names.Select(n => ("system", n)));
        return found;
    }

    /// <summary>Throws for a status that is not success.</summary>
    internal void Check(int status, string what)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"Nvrtc({what}): {Marshal.PtrToStringUTF8((nint)GetErrorString(status))}.");
        }
    }

    // NVRTC opens its library of built-in functions by bare name, which only succeeds if that is loaded already
    // or lies in a folder of the system's.
    private static void LoadBuiltins(string path)
    {
        string? folder = Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(folder) || !Directory.Exists(folder))
        {
            return;
        }

        foreach (string file in Directory.EnumerateFiles(folder, OperatingSystem.IsWindows() ? "nvrtc-builtins64_*.dll" : "libnvrtc-builtins.so.*"))
        {
            NativeLoader.TryLoad(file, out _, out _);
        }
    }

    private string? Bind(nint handle)
    {
        string? missing = null;
        nint Find(string name)
        {
            if (!NativeLibrary.TryGetExport(handle, name, out nint address))
            {
                missing ??= $"the library lacks {name}: NVRTC 11.2 or newer is needed";
            }

            return address;
        }

        Version = (delegate* unmanaged<int*, int*, int>)Find("nvrtcVersion");
        GetErrorString = (delegate* unmanaged<int, byte*>)Find("nvrtcGetErrorString");
        GetNumSupportedArchs = (delegate* unmanaged<int*, int>)Find("nvrtcGetNumSupportedArchs");
        GetSupportedArchs = (delegate* unmanaged<int*, int>)Find("nvrtcGetSupportedArchs");
        CreateProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)Find("nvrtcCreateProgram");
        CompileProgram = (delegate* unmanaged<nint, int, byte**, int>)Find("nvrtcCompileProgram");
        DestroyProgram = (delegate* unmanaged<nint*, int>)Find("nvrtcDestroyProgram");
        GetProgramLogSize = (delegate* unmanaged<nint, nuint*, int>)Find("nvrtcGetProgramLogSize");
        GetProgramLog = (delegate* unmanaged<nint, byte*, int>)Find("nvrtcGetProgramLog");
        GetPtxSize = (delegate* unmanaged<nint, nuint*, int>)Find("nvrtcGetPTXSize");
        GetPtx = (delegate* unmanaged<nint, byte*, int>)Find("nvrtcGetPTX");
        GetCubinSize = (delegate* unmanaged<nint, nuint*, int>)Find("nvrtcGetCUBINSize");
        GetCubin = (delegate* unmanaged<nint, byte*, int>)Find("nvrtcGetCUBIN");
        return missing;
    }
}
