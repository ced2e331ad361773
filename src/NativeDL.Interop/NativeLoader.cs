using System.Runtime.InteropServices;

namespace NativeDL.Interop;

/// <summary>Loads one library and keeps the operating system's reason when that fails; knows the places to look.</summary>
internal static class NativeLoader
{
    /// <summary>The portable runtime identifier, as NuGet names the folder of native files.</summary>
    internal static string RuntimeIdentifier { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "-x64",
            Architecture.Arm64 => "-arm64",
            Architecture.X86 => "-x86",
            Architecture other => "-" + other.ToString().ToUpperInvariant(),
        };

    /// <summary>The folder name under which Debian keeps libraries of this processor.</summary>
    internal static string DebianTriplet { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm64 => "aarch64-linux-gnu",
        Architecture.X86 => "i386-linux-gnu",
        _ => "x86_64-linux-gnu",
    };

    /// <summary>Loads <paramref name="path"/>; on failure returns false with the operating system's reason.</summary>
    internal static bool TryLoad(string path, out nint handle, out string reason)
    {
        try
        {
            handle = NativeLibrary.Load(path);
            reason = "";
            return true;
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            handle = 0;
            reason = OperatingSystemReason(failure.Message);
            return false;
        }
    }

    /// <summary>
    /// The folder of unpacked packages (<c>artifacts/native</c>) of the checkout that holds
    /// <paramref name="baseDirectory"/>, or null outside a checkout. The folder itself may not exist yet.
    /// </summary>
    internal static string? FindUnpackedPackages(string baseDirectory)
    {
        for (DirectoryInfo? folder = new(baseDirectory); folder is not null; folder = folder.Parent)
        {
            // Only a checkout of NativeDL is trusted to hold libraries, not any folder above the program.
            if (File.Exists(Path.Combine(folder.FullName, "NativeDL.sln")))
            {
                return Path.Combine(folder.FullName, "artifacts", "native");
            }
        }

        return null;
    }

    // The runtime puts a paragraph of advice first and the loader's own words on the lines after it.
    private static string OperatingSystemReason(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 1 ? string.Join("; ", lines.Skip(1).Distinct()) : message.Trim();
    }
}
