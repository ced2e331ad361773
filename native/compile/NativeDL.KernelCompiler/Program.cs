// Compiles CUDA kernel files: NativeDL.KernelCompiler <folder with .cu files> <output folder>
//
// Gives <output>/kernels.ndk (PTX of every file for the oldest architecture and, where it differs, the newest, machine code for
// those in use, compressed, with an index of kernels), <output>/<family>.ptx for the oldest of them and <output>/kernels.txt
// (registers, shared memory and spills per kernel and card). Without NVRTC the archive says why it is empty, and the exit status
// is still 0.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NativeDL.Interop.Cuda;
using NativeDL.Interop.Nvrtc;

if (args.Length is not (2 or 3))
{
    Console.Error.WriteLine("usage: NativeDL.KernelCompiler <folder with .cu files> <output folder>");
    return 2;
}

string sources = Path.GetFullPath(args[0]), output = Path.GetFullPath(args[1]);
Directory.CreateDirectory(output);
string archivePath = Path.Combine(output, "kernels.ndk");
string[] files = [.. Directory.EnumerateFiles(sources, "*.cu").Order(StringComparer.Ordinal)];

var nvrtc = NvrtcLibrary.Instance;
if (!nvrtc.IsAvailable)
{
    Write(archivePath, KernelArchive.WriteAbsent($"the build found no NVRTC to compile them with ({nvrtc.Report})"));
    Console.WriteLine($"kernels: none compiled. {nvrtc.Report}");
    return 0;
}

int[] supported = NvrtcCompiler.SupportedCapabilities(nvrtc);
int oldest = supported.Contains(70) ? 70 : 75;
// Machine code starts at once; PTX serves older cards, and newer ones through the driver's compiler.
int[] machines = [80, 90], texts = [oldest, 90], capabilities = [oldest, 80, 90];
if (capabilities.Where(c => !supported.Contains(c)).ToArray() is { Length: > 0 } missing)
{
    Console.Error.WriteLine($"kernels: NVRTC {nvrtc.Release} cannot compile for {string.Join(", ", missing)}; it knows {string.Join(", ", supported)}.");
    return 1;
}

string include = FindInclude(sources);
string headers = string.Concat(Directory.EnumerateFiles(include, "*.cuh").Order(StringComparer.Ordinal).Select(File.ReadAllText));
if (args.Length == 3)
{
    return Family(args[2]) is null ? 1 : 0;
}

// NVRTC compiles one file at a time, so each file has a process of its own; the largest go first, to end together.
int failures = 0;
Parallel.ForEach(Partitioner.Create(files.OrderByDescending(f => new FileInfo(f).Length).Where(f => Kept(f) is null).ToArray(), loadBalance: true),
    new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, file =>
{
    using var compiler = Process.Start(Environment.ProcessPath!, [sources, output, file]);
    compiler.WaitForExit();
    Interlocked.Add(ref failures, compiler.ExitCode == 0 ? 0 : 1);
});
if (failures > 0)
{
    return 1;
}

var modules = new Dictionary<string, IReadOnlyList<KernelImage>>();
var report = new StringBuilder();
foreach (var family in files.Select(f => Kept(f)!))
{
    modules[family.Name] = [.. family.Images.Where(image => !Repeats(image, family.Images[0]))];
    report.Append(family.Report);
    Write(Path.Combine(output, family.Name + ".ptx"), Encoding.UTF8.GetBytes(family.Images[0].Text));
}

string[] twice = [.. modules.SelectMany(m => KernelSignature.FromPtx(m.Key, m.Value[0].Text)).GroupBy(k => k.Name)
    .Where(g => g.Count() > 1).Select(g => $"{g.Key} ({string.Join(", ", g.Select(k => k.Module))})")];
if (twice.Length > 0)
{
    Console.Error.WriteLine($"kernels: a name stands for one kernel only. Got twice: {string.Join("; ", twice)}.");
    return 1;
}

byte[] archive = KernelArchive.Write(modules);
Write(archivePath, archive);
Write(Path.Combine(output, "kernels.txt"), Encoding.UTF8.GetBytes(report.ToString()));
Console.Write(report);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"kernels: {files.Length} files for {string.Join(", ", capabilities)}, {archive.Length / 1024.0:F1} KiB, NVRTC {nvrtc.Release.Major}.{nvrtc.Release.Minor}"));
return 0;

// PTX that says the same as the oldest's: newer cards take that. Most files know no newer instructions. Beside the target it is the
// numbers of calls, in comments, that differ.
static bool Repeats(KernelImage image, KernelImage oldest) => !image.IsMachineCode && image.Capability != oldest.Capability && Plain(image) == Plain(oldest);

static string Plain(KernelImage image) =>
    Patterns.CallNumber().Replace(image.Text, "").Replace($".target sm_{image.Capability}", ".target", StringComparison.Ordinal);

// What was compiled before from the same text by the same compiler is used again.
CompiledFamily? Kept(string file) => CompiledFamily.Read(PathOf(file), KeyOf(file));

string PathOf(string file) => Path.Combine(output, "kept", Path.GetFileNameWithoutExtension(file));

string KeyOf(string file) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
    $"3 {nvrtc.Release} {string.Join(',', capabilities)}\0{file}\0{File.ReadAllText(file)}\0{headers}")));

// Compiles a file and keeps what it gave; null when it did not compile without a word of warning.
CompiledFamily? Family(string file)
{
    string name = Path.GetFileNameWithoutExtension(file), source = File.ReadAllText(file);
    List<KernelImage> images = [];
    var report = new StringBuilder();
    foreach (int capability in capabilities)
    {
        // For a real architecture there is PTX too, on the way to the machine code that is the check.
        var result = Compile(source, file, $"sm_{capability}", "--ptxas-options=-v");
        if (Complains(result))
        {
            return null;
        }

        if (texts.Contains(capability)) images.Add(KernelImage.Of(capability, false, Encoding.UTF8.GetBytes(result.Ptx)));
        if (machines.Contains(capability)) images.Add(KernelImage.Of(capability, true, result.Cubin));
        Describe(report, name, capability, result);
    }

    var family = new CompiledFamily(name, images, report.ToString());
    family.Write(PathOf(file), KeyOf(file));
    return family;
}

NvrtcResult Compile(string source, string file, string architecture, params string[] more) => NvrtcCompiler.Compile(nvrtc, source, file,
    [$"--gpu-architecture={architecture}", "--std=c++17", $"--include-path={include}", "--extra-device-vectorization", .. more]);

// A file compiles without a word of warning or not at all.
bool Complains(NvrtcResult result)
{
    string[] lines = [.. result.Log.Split('\n')
        .Where(l => !l.StartsWith("ptxas info", StringComparison.Ordinal) && !l.TrimStart().StartsWith("Function properties", StringComparison.Ordinal))];
    bool complaint = !result.Succeeded
        || lines.Any(l => l.Contains("warning", StringComparison.OrdinalIgnoreCase) || l.Contains("error", StringComparison.OrdinalIgnoreCase));
    if (complaint)
    {
        Console.Error.WriteLine(string.Join('\n', lines).Trim());
    }

    return complaint;
}

static void Describe(StringBuilder report, string family, int capability, NvrtcResult machine)
{
    string kernel = "";
    string spills = "";
    foreach (string line in machine.Log.Split('\n'))
    {
        var name = Patterns.Entry().Match(line);
        var spill = Patterns.Spill().Match(line);
        var used = Patterns.Used().Match(line);
        if (name.Success)
        {
            kernel = name.Groups[1].Value;
        }
        else if (spill.Success)
        {
            spills = $"spills {spill.Groups[1].Value}/{spill.Groups[2].Value} B";
        }
        else if (used.Success)
        {
            string shared = Patterns.Shared().Match(line) is { Success: true } s ? s.Groups[1].Value : "0";
            report.Append(CultureInfo.InvariantCulture,
                $"{family,-16} {kernel,-32} sm_{capability} {used.Groups[1].Value,4} registers {shared,6} B shared  {spills}\n");
        }
    }
}

static string FindInclude(string start)
{
    for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
    {
        string candidate = Path.Combine(folder.FullName, "native", "include");
        if (Directory.Exists(candidate))
        {
            return candidate;
        }
    }

    return start;
}

// An unchanged file keeps its time, so that nothing that embeds it is built again.
static void Write(string path, byte[] bytes)
{
    if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
    {
        File.WriteAllBytes(path, bytes);
    }
}

/// <summary>What one file gave: its images, PTX of the oldest architecture first, and the lines of the report.</summary>
internal sealed record CompiledFamily(string Name, List<KernelImage> Images, string Report)
{
    private const char Separator = '\f';

    internal static CompiledFamily? Read(string path, string key)
    {
        if (!File.Exists(path) || File.ReadAllText(path).Split(Separator) is not { Length: > 2 } parts || parts[0] != key)
        {
            return null;
        }

        return new CompiledFamily(Path.GetFileName(path),
            [.. parts[2..].Chunk(4).Select(p => new KernelImage(int.Parse(p[0], CultureInfo.InvariantCulture), p[1] == "cubin",
                int.Parse(p[2], CultureInfo.InvariantCulture), Convert.FromBase64String(p[3])))], parts[1]);
    }

    internal void Write(string path, string key)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", string.Join(Separator, [key, Report, .. Images.SelectMany(image => new[]
        {
            image.Capability.ToString(CultureInfo.InvariantCulture), image.IsMachineCode ? "cubin" : "ptx", image.Size.ToString(CultureInfo.InvariantCulture),
                Convert.ToBase64String(image.Packed),
        })]));
        File.Move(path + ".new", path, overwrite: true);
    }
}

internal static partial class Patterns
{
    [GeneratedRegex(@"Compiling entry function '([^']+)'")]
    internal static partial Regex Entry();

    [GeneratedRegex(@"(\d+) bytes spill stores, (\d+) bytes spill loads")]
    internal static partial Regex Spill();

    [GeneratedRegex(@"Used (\d+) registers")]
    internal static partial Regex Used();

    [GeneratedRegex(@"// callseq .*")]
    internal static partial Regex CallNumber();

    [GeneratedRegex(@"(\d+) bytes smem")]
    internal static partial Regex Shared();
}
