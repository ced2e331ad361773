using System.Text;

namespace NativeDL;

/// <summary>Builds every error message in one shape: <c>Op(what): reason. Got …; expected …. Hint: …</c></summary>
internal static class Error
{
    public static ShapeMismatchException Shape(string op, InvariantText reason, InvariantText? got = null, InvariantText? expected = null,
        InvariantText? hint = null) =>
        new(Message(op, reason, got, expected, hint));

    public static DTypeMismatchException DType(string op, InvariantText reason, InvariantText? got = null, InvariantText? expected = null,
        InvariantText? hint = null) =>
        new(Message(op, reason, got, expected, hint));

    public static InvalidInputException Input(string op, InvariantText reason, InvariantText? got = null, InvariantText? expected = null,
        InvariantText? hint = null) =>
        new(Message(op, reason, got, expected, hint));

    public static NumericException Numeric(string op, InvariantText reason, InvariantText? got = null, InvariantText? expected = null,
        InvariantText? hint = null) =>
        new(Message(op, reason, got, expected, hint));

    public static GradientException Gradient(string op, InvariantText reason, InvariantText? hint = null) =>
        new(Message(op, reason, null, null, hint));

    public static DeviceException Device(string op, InvariantText reason, InvariantText? got = null, InvariantText? expected = null,
        InvariantText? hint = null) =>
        new(Message(op, reason, got, expected, hint));

    /// <summary>An unknown name: the error lists the known ones.</summary>
    public static InvalidInputException UnknownName(string what, string name, IEnumerable<string> known) =>
        Input(what, $"there is no {what.ToLowerInvariant()} named '{name}'",
            expected: string.Join(", ", known.Order(StringComparer.Ordinal)) is { Length: > 0 } all ? $"one of {all}" : "none: there are no others either");

    public static string Message(string op, InvariantText reason, InvariantText? got, InvariantText? expected, InvariantText? hint)
    {
        // The reason may be another error's message, which ends in a full stop already.
        var text = new StringBuilder(op).Append(": ").Append(reason.ToString().TrimEnd('.')).Append('.');
        if (got is not null && expected is not null) text.Append(" Got ").Append(got).Append("; expected ").Append(expected).Append('.');
        else if (got is not null) text.Append(" Got ").Append(got).Append('.');
        else if (expected is not null) text.Append(" Expected ").Append(expected).Append('.');
        if (hint is not null) text.Append(" Hint: ").Append(hint).Append('.');
        return text.ToString();
    }
}
