using System.Globalization;
using System.Reflection;

namespace NativeDL.Tests.Signatures;

/// <summary>Constructors against the committed table of Keras' in <c>keras.txt</c>: names, order, defaults, and a reason for each difference.</summary>
[Trait("needs", "repository")]
public sealed class SignatureTests
{
    private static readonly string[] Table = File.ReadAllLines(Path.Combine(ArchitectureTests.Root(), "tests/NativeDL.Tests/Signatures/keras.txt"));

    private static IEnumerable<(string Class, string[] Parameters)> Signatures =>
        Table.Where(l => l.Length > 0 && char.IsLetter(l[0]))
            .Select(l => (l[..l.IndexOf(':', StringComparison.Ordinal)], Split(l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..])));

    // Commas inside of parentheses belong to a pair.
    private static string[] Split(string list) =>
        list.Replace("(1, 1)", "(1; 1)", StringComparison.Ordinal).Replace("(2, 2)", "(2; 2)", StringComparison.Ordinal)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static TheoryData<string> Classes => [.. Signatures.Select(s => s.Class)];

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_constructor_is_Keras_but_for_what_is_listed(string name)
    {
        var type = typeof(Layer).Assembly.GetType($"NativeDL.{name}", throwOnError: true)!;
        var constructor = Constructor(type);
        var ours = constructor.GetParameters().Where(p => p.Name != "name").ToList();
        var keras = Signatures.Single(s => s.Class == name)
            .Parameters.Select(p => p.Split('=') is [var n, var d] ? (Name: n, Default: d) : (Name: p, Default: null)).ToList();

        Assert.Equal(keras.Select(k => k.Name).Where(n => !Excepted(name, $"-{n}")).Select(Plain),
            ours.Where(p => !Excepted(name, $"+{p.Name}")).Select(p => Plain(p.Name!)));
        Assert.True(constructor.GetParameters() is not { Length: > 0 } all || all.All(p => p.Name != "name") || all[^1].Name == "name", "the name is last");
        object thing = constructor.Invoke([.. constructor.GetParameters().Select(Argument)]);
        foreach (var parameter in ours)
        {
            if (keras.FirstOrDefault(k => Plain(k.Name) == Plain(parameter.Name!)) is not { Name: { } known } expected || Excepted(name, $"={known}")) continue;
            Assert.Equal(expected.Default is not null, parameter.IsOptional || parameter.IsDefined(typeof(ParamArrayAttribute)));
            if (expected.Default is not { } wanted) continue;
            var property = type.GetProperty(char.ToUpperInvariant(parameter.Name![0]) + parameter.Name[1..]);
            Assert.Equal(wanted, Text(property is null ? parameter.DefaultValue : property.GetValue(thing)));
        }
    }

    [Fact]
    public void Every_class_that_Keras_has_too_stands_in_the_table_and_every_exception_names_one()
    {
        var listed = Signatures.Select(s => s.Class).ToHashSet();
        var ownAlone = Table.Where(l => l.StartsWith("+ ", StringComparison.Ordinal)).Select(l => l[2..l.IndexOf(':', StringComparison.Ordinal)]).ToHashSet();
        var types = Family<Layer>.All.Select(r => r.Type).Concat(Family<Loss>.All.Select(r => r.Type)).Concat(Family<Metric>.All.Select(r => r.Type))
            .Concat(Family<Initializer>.All.Select(r => r.Type)).Concat(Family<Regularizer>.All.Select(r => r.Type))
                .Concat(Family<Constraint>.All.Select(r => r.Type)).Concat(Family<Optimizer>.All.Select(r => r.Type));
        var names = types.Where(t => t.Assembly == typeof(Layer).Assembly).Select(t => t.FullName!["NativeDL.".Length..]).ToHashSet();
        Assert.All(names.Where(n => !ownAlone.Contains(n)), n => Assert.Contains(n, listed));
        Assert.All(ownAlone, n => Assert.Contains(n, names));
        foreach (string line in Table.Where(l => l.StartsWith("- ", StringComparison.Ordinal)))
            Assert.DoesNotContain(line[2..line.IndexOf(':', StringComparison.Ordinal)], names);
        foreach (string line in Table.Where(l => l.StartsWith('!')))
        {
            string owner = line.Split(' ')[1];
            Assert.True(owner == "*" || listed.Contains(owner), line);
            Assert.True(line.Split(": ", 2) is [_, { Length: > 3 }], $"{line}: no reason");
        }
    }

    private static ConstructorInfo Constructor(Type type) =>
        type.GetConstructors().OrderByDescending(c => c.GetParameters().Count(p => p.Name != "name")).ThenByDescending(c => c.GetParameters().Length).First();

    private static bool Excepted(string name, string what) => Table.Any(l =>
        l.StartsWith('!') && l.Split(' ') is [_, var owner, var difference, ..] && (owner == "*" || owner == name) && Same(difference.TrimEnd(':'), what));

    private static bool Same(string a, string b) => a[0] == b[0] && Plain(a[1..]) == Plain(b[1..]);

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    // Something to make an object with.
    private static object? Argument(ParameterInfo parameter)
    {
        if (parameter.IsOptional) return parameter.DefaultValue is DBNull or null && parameter.ParameterType.IsValueType
            && Nullable.GetUnderlyingType(parameter.ParameterType) is null
            ? Activator.CreateInstance(parameter.ParameterType) : parameter.ParameterType.IsEnum
                ? Enum.ToObject(parameter.ParameterType, parameter.DefaultValue!) : parameter.DefaultValue;
        return parameter.ParameterType == typeof(int) ? 2 : parameter.ParameterType == typeof(long) ? 2L : parameter.ParameterType == typeof(double) ? 0.5
            : parameter.ParameterType == typeof(Size2D) ? (Size2D)3
            : parameter.ParameterType == typeof(string) ? "text" : parameter.ParameterType == typeof(int[]) ? new[] { 2 }
                : parameter.ParameterType == typeof(Activation) ? (Activation)"relu"
            : parameter.ParameterType == typeof(Func<int, double, double>) ? (Func<int, double, double>)((_, rate) => rate)
            : parameter.Name == "boundaries" ? new long[] { 1 } : new double[] { 1, 2 };
    }

    private static string Text(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        Size2D size => $"({size.Height}; {size.Width})",
        Initializer initializer => initializer.Name,
        Enum member => Describe.Snake(member.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
