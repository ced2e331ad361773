using System.Globalization;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>A text whose interpolated numbers are written the same everywhere: 1.5 is no "1,5" where the user's culture has commas.</summary>
[InterpolatedStringHandler]
internal ref struct InvariantText
{
    private readonly string? plain;
    private readonly bool isInterpolated;
    private DefaultInterpolatedStringHandler parts;

    public InvariantText(int literalLength, int formattedCount)
    {
        parts = new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
        isInterpolated = true;
    }

    private InvariantText(string? text) => plain = text;

    public static implicit operator InvariantText(string? text) => new(text);

    public void AppendLiteral(string text) => parts.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => parts.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => parts.AppendFormatted(value, format);

    public void AppendFormatted(ReadOnlySpan<char> text) => parts.AppendFormatted(text);

    /// <summary>The text, or null where none was given; to be asked for once.</summary>
    public string? Finish() => isInterpolated ? parts.ToStringAndClear() : plain;
}
