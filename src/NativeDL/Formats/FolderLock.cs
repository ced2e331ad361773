using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NativeDL.Formats;

/// <summary>
/// Holds a folder for one writer: a file in it is locked, and one beside it tells by which process of which machine. The system lets go of
/// the lock when the process ends, however it ends; what such a one has left half written is deleted by the next. Other machines may not
/// see the lock: for them the holder marks the second file every few seconds as long as it lives.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The locked file's name.</summary>
    public const string FileName = "run.lock";

    /// <summary>The name of the file that tells of the holder: a locked one cannot be read.</summary>
    public const string OwnerName = "run.lock.json";

    // A file system may keep times too coarsely to tell.
    private const int MostAttempts = 20;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = 4 * Beat;

    private readonly string folder;
    private readonly bool isNew;
    private readonly FileStream file;
    private Timer? beating;

    private FolderLock(string folder, bool isNew, FileStream file) => (this.folder, this.isNew, this.file) = (folder, isNew, file);

    /// <summary>Takes a folder, which is made where it is missing.</summary>
    /// <param name="op">Who asks, for the error.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="patience">How long the holder on another machine may give no sign of life before it is taken for dead; 20 seconds by default.</param>
    /// <exception cref="InvalidInputException">Another process, or another training of this one, has it: the error names it.</exception>
    public static FolderLock Take(string op, string folder, TimeSpan? patience = null)
    {
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName), told = Path.Combine(folder, OwnerName);
        for (var attempt = 0; ; attempt++)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                throw Held(op, path, OwnerOf(told));
            }
            if (OwnerOf(told) is { } before && before.Host != Environment.MachineName && IsAlive(told, patience ?? Patience))
            {
                file.Dispose();
                throw Held(op, path, before);
            }
            // The file may have been deleted by its last holder between opening and locking: then the path leads to another, or nowhere.
            if (attempt < MostAttempts && !IsAt(path, file))
            {
                file.Dispose();
                continue;
            }
            var held = new FolderLock(folder, isNew, file);
            try
            {
                DeleteLeftovers(folder);
                held.Tell(told);
            }
            catch
            {
                held.Dispose();
                throw;
            }
            return held;
        }
    }

    /// <summary>Gives the folder free; one that was made for this and is empty goes.</summary>
    public void Dispose()
    {
        beating?.Dispose();
        Try(() => File.Delete(Path.Combine(folder, OwnerName)));
        // Deleted while it is locked where that can be: nobody comes between.
        if (!OperatingSystem.IsWindows()) Try(() => File.Delete(file.Name));
        file.Dispose();
        if (OperatingSystem.IsWindows()) Try(() => File.Delete(file.Name));
        if (isNew) Try(() =>
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        });
    }

    private void Tell(string told)
    {
        File.WriteAllText(told, new JsonObject
        {
            ["process"] = Environment.ProcessId,
            ["host"] = Environment.MachineName,
            ["since"] = DateTime.UtcNow.ToString("u", CultureInfo.InvariantCulture),
        }.ToJsonString());
        beating = new Timer(_ => Try(() => File.SetLastWriteTimeUtc(told, DateTime.UtcNow)), null, Beat, Beat);
    }

    // Clocks are not compared: only whether anything changes.
    private static bool IsAlive(string told, TimeSpan patience)
    {
        var (clock, first) = (Stopwatch.StartNew(), Sign());
        while (clock.Elapsed < patience)
        {
            Thread.Sleep(100);
            if (Sign() is not { } now) return false; // given free meanwhile
            if (now != first) return true;
        }
        return false;

        // Opened each time: a network's file system remembers for a while what it knows of files that nobody opens.
        DateTime? Sign()
        {
            DateTime? sign = null;
            Try(() =>
            {
                using var handle = File.OpenHandle(told, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                sign = File.GetLastWriteTimeUtc(handle);
            });
            return sign;
        }
    }

    // What cannot be deleted or marked any more, on a disk that is gone or a folder that somebody removed, holds nobody up.
    private static void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    // A time that only this open file was given is that of the file at the path.
    private static bool IsAt(string path, FileStream file)
    {
        var mark = DateTime.UnixEpoch.AddSeconds(Random.Shared.NextInt64(1, 1L << 31));
        File.SetLastWriteTimeUtc(file.SafeFileHandle, mark);
        return File.Exists(path) && File.GetLastWriteTimeUtc(path) == mark;
    }

    private static InvalidInputException Held(string op, string path, Owner? owner) => Error.Input(op, "the folder is another training's, which is going on",
        owner is null ? path : $"{path}, held by process {owner.Process} on {owner.Host} since {owner.Since}", "a folder of its own for each training",
        "wait until it has ended, or name another folder");

    private static Owner? OwnerOf(string path)
    {
        try
        {
            if (ReadIfThere(path) is not { Length: > 0 } text || JsonNode.Parse(text) is not JsonObject json) return null;
            return new Owner($"{json["process"]}", $"{json["host"]}", $"{json["since"]}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // half written
        }
    }

    private static string? ReadIfThere(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // What AtomicFile calls a file that it has not finished.
    private static void DeleteLeftovers(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.tmp"))
        {
            var name = Path.GetFileName(file).AsSpan()[..^4];
            if (name.Length > 33 && name[^33] == '.' && Guid.TryParseExact(name[^32..], "N", out _)) File.Delete(file);
        }
    }

    private sealed record Owner(string Process, string Host, string Since);
}
