using System.Security.Cryptography;

namespace NativeDL.Data;

/// <summary>The folder where data sets are kept, and the one loader that fills it.</summary>
/// <remarks>
/// A file is used only after its SHA-256 was checked. New files are written in a staging folder of this process, verified
/// there and renamed, so several processes may fetch the same data set at once: the last rename wins, and all bytes are equal.
/// </remarks>
/// <param name="folder">The folder of all data sets.</param>
/// <param name="stall">How long a source may send nothing; 30 seconds unless given.</param>
internal sealed class DatasetCache(string folder, TimeSpan? stall = null)
{
    private const string StagingPrefix = ".fetch-";

    /// <summary>The folder of all data sets.</summary>
    public string Folder => folder;

    /// <summary>The cache that the environment names.</summary>
    public static DatasetCache Default => new(DefaultFolder(Environment.GetEnvironmentVariable));

    /// <summary><c>NATIVEDL_DATA</c>, else the user's cache.</summary>
    public static string DefaultFolder(Func<string, string?> variable)
    {
        if (variable("NATIVEDL_DATA") is { Length: > 0 } named)
            return Path.GetFullPath(named);
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "nativedl");
        if (variable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
            return Path.Combine(xdg, "nativedl");
        var home = variable("HOME") is { Length: > 0 } set ? set : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0 ? Path.Combine(home, ".cache", "nativedl") : Path.Combine(Path.GetTempPath(), "nativedl");
    }

    /// <summary>Where the files of a data set lie.</summary>
    public string FolderOf(DatasetPackage package) => Path.Combine(folder, package.Name);

    /// <summary>Whether all files are there, by name and length; their content is checked when they are used.</summary>
    public bool Has(DatasetPackage package) => package.Files.All(f => Length(package, f) == f.Length || Zipped(package, f));

    /// <summary>Whether a file is there with another length than it should have.</summary>
    public bool HasDamaged(DatasetPackage package) =>
        package.Files.Any(f => Length(package, f) is { } length && length != f.Length && !Zipped(package, f));

    /// <summary>The paths of the package's files, fetched if they are not there yet, in the package's order.</summary>
    /// <exception cref="DatasetException">No source has them.</exception>
    public async Task<string[]> EnsureAsync(
        DatasetPackage package, IProgress<DatasetProgress>? progress = null, CancellationToken cancel = default)
    {
        var home = FolderOf(package);
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var wanted = new List<DatasetFile>();
        var reasons = new List<string>();
        foreach (var file in package.Files)
        {
            cancel.ThrowIfCancellationRequested();
            var (path, reason) = await FindAsync(home, file, cancel).ConfigureAwait(false);
            if (path is not null)
            {
                paths[file.Name] = path;
                continue;
            }
            wanted.Add(file);
            reasons.Add(reason);
        }

        var attempts = new List<DatasetAttempt> { new($"cache {home}", string.Join(", ", reasons)) };
        foreach (var source in package.Sources)
        {
            if (wanted.Count == 0)
                break;
            cancel.ThrowIfCancellationRequested();
            var reason = await TryAsync(package, source, home, wanted, paths, progress, cancel).ConfigureAwait(false);
            wanted.RemoveAll(f => paths.ContainsKey(f.Name));
            if (wanted.Count > 0)
                attempts.Add(new(source.Name, reason ?? $"did not deliver {string.Join(", ", wanted.Select(f => f.Name))}"));
        }
        if (wanted.Count > 0)
            throw new DatasetException(package.Name, home, [.. wanted.Select(f => f.Name)], attempts);
        return [.. package.Files.Select(f => paths[f.Name])];
    }

    private long? Length(DatasetPackage package, DatasetFile file) =>
        new FileInfo(Path.Combine(FolderOf(package), file.Name)) is { Exists: true } found ? found.Length : null;

    private bool Zipped(DatasetPackage package, DatasetFile file) => File.Exists(Path.Combine(FolderOf(package), file.Name + ".gz"));

    /// <summary>One source's turn; what it delivered soundly is kept even if it failed half-way.</summary>
    /// <returns>Why it failed, or null.</returns>
    private async Task<string?> TryAsync(
        DatasetPackage package, IDatasetSource source, string home, List<DatasetFile> wanted,
        Dictionary<string, string> paths, IProgress<DatasetProgress>? progress, CancellationToken cancel)
    {
        var staging = Path.Combine(home, StagingPrefix + Guid.NewGuid().ToString("N"));
        string? reason = null;
        try
        {
            Directory.CreateDirectory(staging);
            RemoveStale(home);
            var fetch = new DatasetFetch(package.Name, source.Name, [.. wanted], staging, progress, stall ?? TimeSpan.FromSeconds(30));
            try
            {
                fetch.Asking();
                await source.FetchAsync(fetch, cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception error)
            {
                // The next source has its turn; if none is left, this reason stands in the error.
                reason = Reason(error);
            }
            foreach (var file in wanted.Where(f => fetch.Stored.Contains(f.Name)))
            {
                var path = Path.Combine(home, file.Name);
                File.Move(fetch.PathOf(file), path, overwrite: true);
                paths[file.Name] = path;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason = $"the cache folder cannot be written: {Reason(error)}";
        }
        finally
        {
            if (Directory.Exists(staging))
                Directory.Delete(staging, recursive: true);
        }
        return reason;
    }

    /// <summary>The path of a sound file in the cache, plain or gzipped, or the reason why there is none.</summary>
    private static async Task<(string? Path, string Reason)> FindAsync(string home, DatasetFile file, CancellationToken cancel)
    {
        var reason = $"{file.Name} is missing";
        foreach (var path in new[] { Path.Combine(home, file.Name), Path.Combine(home, file.Name + ".gz") })
        {
            if (!File.Exists(path))
                continue;
            try
            {
                await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 17);
                await using var plain = await DatasetStreams.PlainAsync(stream, cancel).ConfigureAwait(false);
                var sum = Convert.ToHexStringLower(await SHA256.HashDataAsync(plain, cancel).ConfigureAwait(false));
                if (sum == file.Sha256)
                    return (path, "");
                reason = $"{Path.GetFileName(path)} has another SHA-256 ({sum})";
            }
            catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                reason = $"{Path.GetFileName(path)} cannot be read ({Reason(error)})";
            }
        }
        return (null, reason);
    }

    /// <summary>Staging folders that a killed process left a day ago or earlier.</summary>
    private static void RemoveStale(string home)
    {
        foreach (var left in new DirectoryInfo(home).EnumerateDirectories(StagingPrefix + "*"))
            if (left.LastWriteTimeUtc < DateTime.UtcNow.AddDays(-1))
                left.Delete(recursive: true);
    }

    /// <summary>The innermost message, on one line.</summary>
    private static string Reason(Exception error)
    {
        while (error is AggregateException or HttpRequestException && error.InnerException is { } inner)
            error = inner;
        var line = string.Join(' ', error.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length <= 500 ? line.TrimEnd('.') : line[..500] + "…";
    }
}
