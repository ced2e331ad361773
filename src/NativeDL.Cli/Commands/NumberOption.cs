using System.CommandLine;
using System.Globalization;

namespace NativeDL.Cli.Commands;

/// <summary>Options that are whole numbers; what is none is refused in words.</summary>
internal static class NumberOption
{
    /// <summary>A number of things, of which there is at least one.</summary>
    public static Option<int?> Count(string name, string description) => Whole<int>(name, description, 1, "a whole number from 1 on");

    /// <summary>A number that seeds.</summary>
    public static Option<ulong?> Seed(string name, string description) => Whole<ulong>(name, description, 0, "a whole number from 0 on");

    private static Option<T?> Whole<T>(string name, string description, T least, string expected) where T : struct, System.Numerics.IBinaryInteger<T>,
        System.Numerics.IMinMaxValue<T> => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            string given = result.Tokens[^1].Value;
            if (T.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least) return value;
            result.AddError($"{name}: '{given}' cannot be. Expected {expected}, at most {T.MaxValue}.");
            return null;
        },
    };
}
