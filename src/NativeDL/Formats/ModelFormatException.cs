using System.Text;

namespace NativeDL;

/// <summary>A file (or a block of bytes) is not what its format demands: truncated, foreign, or damaged.</summary>
/// <remarks>Every reader of this library ends either with a result or with this exception, whatever the bytes are.</remarks>
public sealed class ModelFormatException : NativeDLException
{
    /// <summary>Builds the error in the library's one message shape.</summary>
    /// <param name="format">The format being read, such as <c>Safetensors</c>.</param>
    /// <param name="file">The file, or a name for bytes that came from elsewhere.</param>
    /// <param name="offset">Where in the file the fault shows, in bytes; null where a byte offset says nothing.</param>
    /// <param name="reason">What is wrong, in one clause.</param>
    /// <param name="got">What was found.</param>
    /// <param name="expected">What would have been right.</param>
    /// <param name="hint">What to do about it.</param>
    /// <param name="inner">The exception underneath, if any.</param>
    public ModelFormatException(
        string format, string file, long? offset, string reason,
        string? got = null, string? expected = null, string? hint = null, Exception? inner = null)
        : base(Compose(format, file, offset, reason, got, expected, hint), inner)
    {
        File = file;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The file that was read.</summary>
    public string File { get; }

    /// <summary>Where in the file the fault shows, in bytes, where that is known.</summary>
    public long? Offset { get; }

    /// <summary>What is wrong, without the file and the place.</summary>
    public string Reason { get; }

    private static string Compose(
        string format, string file, long? offset, string reason, string? got, string? expected, string? hint)
    {
        var text = new StringBuilder().Append(format).Append('(').Append(file).Append("): ").Append(reason);
        if (offset is { } at)
            text.Append(" at byte ").Append(at);
        text.Append('.');
        if (got is not null && expected is not null)
            text.Append(" Got ").Append(got).Append("; expected ").Append(expected).Append('.');
        else if (got is not null)
            text.Append(" Got ").Append(got).Append('.');
        else if (expected is not null)
            text.Append(" Expected ").Append(expected).Append('.');
        if (hint is not null)
            text.Append(" Hint: ").Append(hint).Append('.');
        return text.ToString();
    }
}
