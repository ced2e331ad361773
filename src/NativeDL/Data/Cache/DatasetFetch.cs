using System.Globalization;
using System.Security.Cryptography;

namespace NativeDL.Data;

/// <summary>One source's turn: the files still wanted, and a staging folder where they are verified before they count.</summary>
internal sealed class DatasetFetch(
    string dataset, string source, IReadOnlyList<DatasetFile> wanted, string staging, IProgress<DatasetProgress>? progress, TimeSpan stall)
{
    private readonly HashSet<string> stored = new(StringComparer.Ordinal);

    /// <summary>The files this source should deliver.</summary>
    public IReadOnlyList<DatasetFile> Wanted => wanted;

    /// <summary>A folder of this turn alone, removed after it.</summary>
    public string Scratch => staging;

    /// <summary>The files that arrived and are what they should be.</summary>
    public IReadOnlySet<string> Stored => stored;

    /// <summary>Tells that the source is being asked.</summary>
    public void Asking() => progress?.Report(new DatasetProgress(dataset, source, "", 0, 0));

    public string PathOf(DatasetFile file) => Path.Combine(staging, file.Name + ".verified");

    /// <summary>Takes a file, unzipping it if need be, and keeps it only if length and SHA-256 are right.</summary>
    /// <exception cref="InvalidDataException">They are not.</exception>
    /// <exception cref="TimeoutException">Nothing came for too long; the whole file may take as long as it likes.</exception>
    public async Task StoreAsync(DatasetFile file, Stream content, CancellationToken cancel)
    {
        var temporary = Path.Combine(staging, file.Name + ".part");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var plain = await Arriving(DatasetStreams.PlainAsync(content, silence.Token)).ConfigureAwait(false);
        long bytes = 0;
        await using (var target = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var buffer = new byte[1 << 17];
            while (true)
            {
                int read = await Arriving(plain.ReadAsync(buffer, silence.Token).AsTask()).ConfigureAwait(false);
                if (read == 0)
                    break;
                bytes += read;
                if (bytes > file.Length)
                    throw new InvalidDataException($"{file.Name} is longer than its {file.Length} bytes");
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
                progress?.Report(new DatasetProgress(dataset, source, file.Name, bytes, file.Length));
            }
            target.Flush(flushToDisk: true);
        }
        if (bytes != file.Length)
            throw new InvalidDataException($"{file.Name} has {bytes} bytes instead of {file.Length}");
        var sum = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (sum != file.Sha256)
            throw new InvalidDataException($"the SHA-256 of {file.Name} is {sum} instead of {file.Sha256}");
        File.Move(temporary, PathOf(file), overwrite: true);
        stored.Add(file.Name);

        async Task<T> Arriving<T>(Task<T> read)
        {
            silence.CancelAfter(stall);
            try
            {
                return await read.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"{file.Name} stopped arriving for {stall.TotalSeconds} s"));
            }
        }
    }
}
