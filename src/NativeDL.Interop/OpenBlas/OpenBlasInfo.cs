using System.Runtime.InteropServices;

namespace NativeDL.Interop.OpenBlas;

/// <summary>What the loaded OpenBLAS says of itself, for reports. Only while <see cref="OpenBlasLibrary.IsAvailable"/>.</summary>
internal static partial class OpenBlasInfo
{
    private const string Library = OpenBlasLibrary.LogicalName;

    /// <summary>Version and build switches, such as <c>OpenBLAS 0.3.21 DYNAMIC_ARCH …</c>.</summary>
    internal static string Config => Marshal.PtrToStringUTF8(GetConfig()) ?? "";

    /// <summary>The processor family whose kernels are in use, such as <c>Haswell</c> or <c>SkylakeX</c>.</summary>
    internal static string CoreName => Marshal.PtrToStringUTF8(GetCoreName()) ?? "";

    /// <summary>The library's own thread count, set to 1 at load and meant to stay there.</summary>
    internal static int Threads
    {
        get => GetThreads();
        set => SetThreads(value);
    }

    [LibraryImport(Library, EntryPoint = "openblas_get_config")]
    private static partial nint GetConfig();

    [LibraryImport(Library, EntryPoint = "openblas_get_corename")]
    private static partial nint GetCoreName();

    [LibraryImport(Library, EntryPoint = "openblas_get_num_threads")]
    private static partial int GetThreads();

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    private static partial void SetThreads(int count);
}
