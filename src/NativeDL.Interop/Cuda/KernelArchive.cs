using System.Globalization;
using System.Text;

namespace NativeDL.Interop.Cuda;

/// <summary>
/// All compiled kernels in one file: an index in text, then each module's images, compressed on their own, so that only what
/// runs is ever unpacked.
/// </summary>
/// <remarks>
/// Line 1 <c>ndl-kernels 2</c>; then <c>kernel module name p8 i4 …</c> and <c>ptx</c> or <c>cubin module capability offset length
/// size checksum</c> lines; an empty line; the blobs. Or, where kernels could not be compiled, <c>absent reason</c> as the only
/// line after the first. The checksum is against damage, not against people, and needs no library of the system.
/// </remarks>
internal sealed class KernelArchive
{
    private const string Magic = "ndl-kernels 2";

    private readonly ReadOnlyMemory<byte> blobs;
    private readonly Dictionary<string, List<Entry>> modules = new(StringComparer.Ordinal);

    private KernelArchive(ReadOnlyMemory<byte> blobs) => this.blobs = blobs;

    /// <summary>Every kernel by its entry name.</summary>
    internal Dictionary<string, KernelSignature> Kernels { get; } = new(StringComparer.Ordinal);

    /// <summary>Why there are no kernels, or null when there are.</summary>
    internal string? Absent { get; private set; }

    /// <summary>The names of the modules.</summary>
    internal IEnumerable<string> Modules => modules.Keys;

    /// <summary>Reads an archive's index. Damage gives an <see cref="InvalidDataException"/>.</summary>
    internal static KernelArchive Read(ReadOnlyMemory<byte> bytes)
    {
        int end = bytes.Span.IndexOf("\n\n"u8);
        string[] lines = end < 0 ? [] : Encoding.UTF8.GetString(bytes.Span[..end]).Split('\n');
        if (lines.Length == 0 || lines[0] != Magic)
        {
            throw new InvalidDataException($"the kernel archive does not begin with '{Magic}'");
        }

        var archive = new KernelArchive(bytes[(end + 2)..]);
        foreach (string line in lines.Skip(1))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            string rest = space < 0 ? "" : line[(space + 1)..];
            switch (space < 0 ? line : line[..space])
            {
                case "absent":
                    archive.Absent = rest;
                    break;
                case "kernel":
                    var kernel = KernelSignature.Parse(rest);
                    archive.Kernels[kernel.Name] = kernel;
                    break;
                case "ptx" or "cubin":
                    archive.Add(rest, isMachineCode: line[0] == 'c');
                    break;
                default:
                    throw new InvalidDataException($"the kernel archive's index has an unknown line '{line}'");
            }
        }

        return archive;
    }

    /// <summary>
    /// The image of a module to load on a card of <paramref name="capability"/> (such as 86): machine code of its generation,
    /// else the newest PTX that the driver can compile for it, zero-terminated; null when all are for newer cards. Damage
    /// gives an <see cref="InvalidDataException"/>.
    /// </summary>
    internal byte[]? Image(string module, int capability)
    {
        Entry? best = null;
        foreach (var entry in modules.GetValueOrDefault(module) ?? [])
        {
            bool runs = entry.Capability <= capability && (!entry.IsMachineCode || entry.Capability / 10 == capability / 10);
            if (runs && (best is null || (entry.IsMachineCode, entry.Capability).CompareTo((best.IsMachineCode, best.Capability)) > 0))
            {
                best = entry;
            }
        }

        return best is null ? null : Unpack(module, best);
    }

    /// <summary>The architectures that a module was compiled for.</summary>
    internal IEnumerable<int> CapabilitiesOf(string module) => (modules.GetValueOrDefault(module) ?? []).Select(e => e.Capability).Distinct();

    private byte[] Unpack(string module, Entry entry)
    {
        bool whole = entry.Offset + entry.Length <= blobs.Length;
        byte[]? image = null;
        if (whole)
        {
            var packed = blobs.Span.Slice(entry.Offset, entry.Length);
            whole = Checksum(packed) == entry.Checksum && (image = KernelImage.Unpack(packed, entry.Size, zeroTerminated: !entry.IsMachineCode)) is not null;
        }

        return whole ? image! : throw new InvalidDataException($"the kernels of '{module}' for compute capability {entry.Capability / 10}.{entry.Capability % 10} are damaged");
    }

    // FNV-1a, 64 bits.
    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }

    private void Add(string line, bool isMachineCode)
    {
        string[] words = line.Split(' ');
        var numbers = new int[4];
        bool valid = words.Length == 6;
        for (int i = 0; valid && i < 4; i++)
        {
            valid = int.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
        }

        const int most = 256 << 20; // no module is near this; a damaged index must not ask for it
        if (!ulong.TryParse(words[^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong checksum) || !valid || numbers[3] > most)
        {
            throw new InvalidDataException($"the kernel archive's index has a damaged line '{line}'");
        }

        if (!modules.TryGetValue(words[0], out var entries))
        {
            modules[words[0]] = entries = [];
        }

        entries.Add(new Entry(isMachineCode, numbers[0], numbers[1], numbers[2], numbers[3], checksum));
    }

    /// <summary>Writes an archive of modules, each with its images, PTX first.</summary>
    internal static byte[] Write(IReadOnlyDictionary<string, IReadOnlyList<KernelImage>> modules)
    {
        var index = new StringBuilder(Magic).Append('\n');
        var blobs = new MemoryStream();
        foreach ((string module, var images) in modules.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            foreach (var kernel in KernelSignature.FromPtx(module, images[0].Text))
            {
                index.Append("kernel ").Append(kernel).Append('\n');
            }

            foreach (var image in images)
            {
                index.Append(CultureInfo.InvariantCulture,
                    $"{(image.IsMachineCode ? "cubin" : "ptx")} {module} {image.Capability} {blobs.Length} {image.Packed.Length} {image.Size} ")
                    .Append(CultureInfo.InvariantCulture, $"{Checksum(image.Packed):x16}\n");
                blobs.Write(image.Packed);
            }
        }

        return [.. Encoding.UTF8.GetBytes(index.Append('\n').ToString()), .. blobs.ToArray()];
    }

    /// <summary>Writes an archive that says why there are no kernels.</summary>
    internal static byte[] WriteAbsent(string reason) => Encoding.UTF8.GetBytes($"{Magic}\nabsent {reason.ReplaceLineEndings("; ")}\n\n");

    private sealed record Entry(bool IsMachineCode, int Capability, int Offset, int Length, int Size, ulong Checksum);
}
