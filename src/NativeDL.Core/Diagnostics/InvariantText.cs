using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace NativeDL;

/// <summary>A text whose interpolated numbers are written the same everywhere: 1.5 is no "1,5" where the user's culture has commas.</summary>
/// <remarks>A class, because a structure would take room, to be cleared at every call, on the stack of each method that can fail.</remarks>
[InterpolatedStringHandler]
internal sealed class InvariantText
{
    private readonly StringBuilder text;

    public InvariantText(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + 16 * formattedCount);

    private InvariantText(string text) => this.text = new StringBuilder(text);

    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator InvariantText?(string? text) => text is null ? null : new InvariantText(text);

    public void AppendLiteral(string literal) => text.Append(literal);

    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    public void AppendFormatted<T>(T value, string? format) =>
        text.Append(value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => text.ToString();
}
