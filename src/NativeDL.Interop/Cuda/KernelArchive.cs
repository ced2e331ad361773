using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace NativeDL.Interop.Cuda;

/// <summary>
/// All compiled kernels in one file: an index in text, then each module's PTX for each architecture, compressed on its own,
/// so that only what runs is ever unpacked.
/// </summary>
/// <remarks>
/// Line 1 <c>ndl-kernels 1</c>; then <c>kernel module name p8 i4 …</c> and <c>ptx module capability offset length size sha256</c>
/// lines; an empty line; the blobs. Or, where kernels could not be compiled, <c>absent reason</c> as the only line after the first.
/// </remarks>
internal sealed class KernelArchive
{
    private const string Magic = "ndl-kernels 1";

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
                    KernelSignature kernel = KernelSignature.Parse(rest);
                    archive.Kernels[kernel.Name] = kernel;
                    break;
                case "ptx":
                    archive.Add(rest);
                    break;
                default:
                    throw new InvalidDataException($"the kernel archive's index has an unknown line '{line}'");
            }
        }

        return archive;
    }

    /// <summary>
    /// The PTX of a module for the newest architecture that <paramref name="capability"/> (such as 86) can run, zero-terminated;
    /// null when all are newer. Damage gives an <see cref="InvalidDataException"/>.
    /// </summary>
    internal byte[]? Ptx(string module, int capability)
    {
        Entry? best = null;
        foreach (Entry entry in modules.GetValueOrDefault(module) ?? [])
        {
            if (entry.Capability <= capability && (best is null || entry.Capability > best.Capability))
            {
                best = entry;
            }
        }

        return best is null ? null : Unpack(module, best);
    }

    /// <summary>The architectures that a module was compiled for.</summary>
    internal IEnumerable<int> CapabilitiesOf(string module) => (modules.GetValueOrDefault(module) ?? []).Select(e => e.Capability);

    private byte[] Unpack(string module, Entry entry)
    {
        var text = new byte[entry.Size + 1];
        bool whole = entry.Offset + entry.Length <= blobs.Length;
        if (whole)
        {
            using var decoder = new BrotliDecoder();
            whole = decoder.Decompress(blobs.Span.Slice(entry.Offset, entry.Length), text, out _, out int written) == System.Buffers.OperationStatus.Done
                && written == entry.Size;
        }

        if (!whole || Convert.ToHexStringLower(SHA256.HashData(text.AsSpan(0, entry.Size))) != entry.Hash)
        {
            throw new InvalidDataException($"the kernels of '{module}' for compute capability {entry.Capability / 10}.{entry.Capability % 10} are damaged");
        }

        return text;
    }

    private void Add(string line)
    {
        string[] words = line.Split(' ');
        var numbers = new int[4];
        bool valid = words.Length == 6;
        for (int i = 0; valid && i < 4; i++)
        {
            valid = int.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
        }

        const int most = 256 << 20; // no module's text is near this; a damaged index must not ask for it
        if (!valid || numbers[3] > most)
        {
            throw new InvalidDataException($"the kernel archive's index has a damaged line '{line}'");
        }

        if (!modules.TryGetValue(words[0], out List<Entry>? entries))
        {
            modules[words[0]] = entries = [];
        }

        entries.Add(new Entry(numbers[0], numbers[1], numbers[2], numbers[3], words[5]));
    }

    /// <summary>Writes an archive of modules, each with its PTX by architecture.</summary>
    internal static byte[] Write(IReadOnlyDictionary<string, IReadOnlyDictionary<int, string>> modules)
    {
        var index = new StringBuilder(Magic).Append('\n');
        var blobs = new MemoryStream();
        foreach ((string module, IReadOnlyDictionary<int, string> texts) in modules.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            foreach (KernelSignature kernel in KernelSignature.FromPtx(module, texts.Values.First()))
            {
                index.Append("kernel ").Append(kernel).Append('\n');
            }

            foreach ((int capability, string ptx) in texts.OrderBy(t => t.Key))
            {
                byte[] text = Encoding.UTF8.GetBytes(ptx);
                var packed = new byte[BrotliEncoder.GetMaxCompressedLength(text.Length)];
                if (!BrotliEncoder.TryCompress(text, packed, out int length, quality: 7, window: 22))
                {
                    throw new InvalidOperationException($"Kernels({module}): the PTX could not be compressed.");
                }

                index.Append(CultureInfo.InvariantCulture, $"ptx {module} {capability} {blobs.Length} {length} {text.Length} {Convert.ToHexStringLower(SHA256.HashData(text))}\n");
                blobs.Write(packed, 0, length);
            }
        }

        return [.. Encoding.UTF8.GetBytes(index.Append('\n').ToString()), .. blobs.ToArray()];
    }

    /// <summary>Writes an archive that says why there are no kernels.</summary>
    internal static byte[] WriteAbsent(string reason) => Encoding.UTF8.GetBytes($"{Magic}\nabsent {reason.ReplaceLineEndings("; ")}\n\n");

    private sealed record Entry(int Capability, int Offset, int Length, int Size, string Hash);
}
