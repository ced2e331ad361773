namespace NativeDL.Formats;

/// <summary>Writes a whole file or nothing: a sibling temporary file, flushed to the disk, then renamed.</summary>
/// <remarks>Whoever opens the path sees the old bytes or the new ones, never a part; a full disk leaves the old file.</remarks>
internal static class AtomicFile
{
    public static void Write(string path, Action<Stream> write)
    {
        // A link is followed, so that the rename replaces the file it points to and not the link.
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 1 << 16,
            };
            if (!OperatingSystem.IsWindows() && File.Exists(target))
                options.UnixCreateMode = File.GetUnixFileMode(target);
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception cause)
        {
            if (File.Exists(temporary)) Discard(temporary, cause);
            if (cause is IOException or UnauthorizedAccessException)
                throw new NativeDLException(
                    $"Save({path}): the file could not be written. Got \"{cause.Message}\"; expected a writable folder "
                    + "with enough free space. Hint: an older file of this name is untouched.", cause);
            throw;
        }
    }

    private static void Discard(string temporary, Exception cause)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception second) when (second is IOException or UnauthorizedAccessException)
        {
            throw new AggregateException(
                $"Save: writing failed, and so did removing the temporary file {temporary}.", cause, second);
        }
    }
}
