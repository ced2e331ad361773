using System.Text;

namespace NativeDL;

/// <summary>Names of types as names of the field: <c>BatchNormalization</c> becomes <c>batch_normalization</c>, <c>Conv2D</c> <c>conv2d</c>.</summary>
internal static class SnakeCase
{
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
