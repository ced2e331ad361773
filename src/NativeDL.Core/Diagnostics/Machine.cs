using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using NativeDL.Interop.OpenBlas;

namespace NativeDL;

/// <summary>The machine that NativeDL runs on, in words: for reports beside a measured time.</summary>
public static class Machine
{
    private const string LinuxCpus = "/sys/devices/system/cpu/cpu0/cache";

    /// <summary>The processor's name, as the operating system gives it.</summary>
    public static string Processor { get; } = FindProcessor();

    /// <summary>Processors that this process may use.</summary>
    public static int Cores => Environment.ProcessorCount;

    /// <summary>Main memory that this process may use, in bytes.</summary>
    public static long MemoryBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The operating system and the processor's architecture.</summary>
    public static string OperatingSystem => $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})";

    /// <summary>The .NET version.</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription;

    /// <summary>The vector instructions in use and their width.</summary>
    public static string Simd
    {
        get
        {
            string set = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Sse41.IsSupported ? "SSE4.1" : AdvSimd.IsSupported ? "NEON" : "none";
            string fused = Fma.IsSupported || AdvSimd.IsSupported ? "FMA" : "no FMA";
            int product = Vector512.IsHardwareAccelerated || Avx512F.IsSupported ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
            return string.Create(CultureInfo.InvariantCulture, $"{set}, {fused}; {Vector<byte>.Count * 8} bits elementwise, {product} in products");
        }
    }

    /// <summary>What computes matrix products on the CPU.</summary>
    public static string Products => OpenBlasLibrary.IsAvailable
        ? $"{string.Join(' ', OpenBlasInfo.Config.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2))} ({OpenBlasInfo.CoreName})"
        : "managed kernels";

    /// <summary>The first core's caches, such as <c>L1d 32K, L2 1024K</c>; empty where the system does not tell.</summary>
    public static string Caches => !Directory.Exists(LinuxCpus) ? "" : string.Join(", ",
        from folder in Directory.EnumerateDirectories(LinuxCpus, "index*").Order(StringComparer.Ordinal)
        let kind = Line(folder, "type")
        where kind is "Data" or "Unified"
        select $"L{Line(folder, "level")}{(kind == "Data" ? "d" : "")} {Line(folder, "size")}");

    private static string FindProcessor()
    {
        if (X86Base.IsSupported && Brand() is { Length: > 0 } brand) return brand;
        const string info = "/proc/cpuinfo";
        if (File.Exists(info))
        {
            foreach (string line in File.ReadLines(info))
                if ((line.StartsWith("model name", StringComparison.Ordinal) || line.StartsWith("Model", StringComparison.Ordinal))
                    && line.IndexOf(':') is > 0 and var at)
                    return line[(at + 1)..].Trim();
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture}";
    }

    // The 48 letters that the CPUID leaves 0x80000002 to 4 hold.
    private static string Brand()
    {
        if ((uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < 0x80000004) return "";
        var letters = new int[12];
        for (int leaf = 0; leaf < 3; leaf++)
            (letters[leaf * 4], letters[leaf * 4 + 1], letters[leaf * 4 + 2], letters[leaf * 4 + 3]) = X86Base.CpuId(unchecked((int)0x80000002) + leaf, 0);
        string text = System.Text.Encoding.ASCII.GetString(MemoryMarshal.AsBytes(letters.AsSpan())).Replace('\0', ' ');
        return string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Line(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "?";
    }
}
