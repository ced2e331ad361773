using System.Collections.Concurrent;
using System.Text;

namespace NativeDL;

/// <summary>Names of types as names of the field: <c>BatchNormOp</c> becomes <c>batch_norm</c>, <c>Conv2D</c> <c>conv2d</c>.</summary>
internal static class SnakeCase
{
    private static readonly ConcurrentDictionary<Type, string> Known = new();

    /// <summary>The name of an operation's class; kept, since launches and errors ask for it.</summary>
    public static string Of(Type type) =>
        Known.GetOrAdd(type, static type => Of(type.Name.Length > 2 && type.Name.EndsWith("Op", StringComparison.Ordinal) ? type.Name[..^2] : type.Name));

    /// <summary>The words of a name in lower case; a digit begins no word.</summary>
    public static string Of(string type)
    {
        var text = new StringBuilder();
        for (int i = 0; i < type.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(type[i]) && !char.IsDigit(type[i - 1])
                && (char.IsLower(type[i - 1]) || (i + 1 < type.Length && char.IsLower(type[i + 1])));
            if (startsWord) text.Append('_');
            text.Append(char.ToLowerInvariant(type[i]));
        }
        return text.ToString();
    }
}
