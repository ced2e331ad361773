using System.Reflection;
using System.Runtime.CompilerServices;

namespace NativeDL.Tests.Signatures;

/// <summary>
/// Every public signature as F# sees it: what it cannot call well has another form beside it, or a line with a reason in
/// <c>fsharp.txt</c>. F# passes no argument list as a span, converts into no nullable structure, and chooses between two
/// overloads only where neither needs a conversion.
/// </summary>
[Trait("needs", "repository")]
public sealed class FSharpSurfaceTests
{
    private static readonly string[] Exceptions =
        [.. File.ReadAllLines(Path.Combine(ArchitectureTests.Root(), "tests/NativeDL.Tests/Signatures/fsharp.txt")).Where(l => l.Length > 0 && l[0] != '#')];

    private static readonly Type[] Types = [.. new[] { typeof(Tensor), typeof(Model) }.SelectMany(t => t.Assembly.GetExportedTypes())];

    // Methods and constructors, and indexers by their getters.
    private static readonly MethodBase[] Members = [.. Types.SelectMany(t =>
        t.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)).OfType<MethodBase>()];

    private static readonly ILookup<string, MethodBase> Extensions =
        Members.Where(m => m.IsDefined(typeof(ExtensionAttribute))).ToLookup(m => $"{m.GetParameters()[0].ParameterType.Name}.{m.Name}");

    [Fact]
    public void A_list_of_arguments_comes_as_an_array_too() => AssertListed("span",
        Members.Where(m => m.GetParameters() is [.., var last] && last.IsDefined(typeof(ParamCollectionAttribute)) && !HasArrayForm(m, last)));

    [Fact]
    public void No_nullable_structure_is_converted_into() =>
        AssertListed("nullable", Members.Where(m => m.GetParameters().Any(p => Nullable.GetUnderlyingType(p.ParameterType) is { } inner && Converts(inner))));

    [Fact]
    public void Overloads_are_told_apart_without_conversions() =>
        AssertListed("overload", Members.Where(m => !m.IsSpecialName
            && Members.Any(o => o != m && o.DeclaringType == m.DeclaringType && o.Name == m.Name && o.IsStatic == m.IsStatic && IsAmbiguous(m, o))));

    [Fact]
    public void Functions_of_a_tensor_alone_are_functions_in_F_sharp()
    {
        var there = typeof(FSharp.Models).Assembly.GetExportedTypes().Where(t => t.Name == "Tensor").SelectMany(t => t.GetMethods()).Select(m => m.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.ReturnType == typeof(Tensor) && !m.IsSpecialName && m.GetParameters().All(p => p.IsOptional)).Select(m => m.Name).Distinct()
                .Where(n => !there.Contains(n));
        AssertListed("function", missing.Select(n => "Tensor." + n));
    }

    private static void AssertListed(string rule, IEnumerable<MethodBase> found) =>
        AssertListed(rule, found.Select(m => $"{m.DeclaringType!.Name.Split('`')[0]}.{m.Name}"));

    // Both ways: an exception that nothing needs goes.
    private static void AssertListed(string rule, IEnumerable<string> found)
    {
        Assert.All(Exceptions, line => Assert.Matches(@"^(span|nullable|overload|function) [\w.]+: .{4,}$", line));
        string[] listed = [.. Exceptions.Where(l => l.StartsWith(rule + " ", StringComparison.Ordinal))
            .Select(l => l[(rule.Length + 1)..l.IndexOf(':', StringComparison.Ordinal)])];
        Assert.Equal(string.Join('\n', listed.Order(StringComparer.Ordinal)), string.Join('\n', found.Distinct().Order(StringComparer.Ordinal)));
    }

    private static bool HasArrayForm(MethodBase method, ParameterInfo span)
    {
        var element = span.ParameterType.GetGenericArguments()[0];
        var others = Members.Where(m => m != method && m.DeclaringType == method.DeclaringType && m.Name == method.Name)
            .Concat(Extensions[$"{method.DeclaringType!.Name}.{method.Name}"]);
        return others.Any(m => m.GetParameters() is [.., var last] && (last.ParameterType == element.MakeArrayType()
            || last.ParameterType == typeof(IEnumerable<>).MakeGenericType(element) || last.ParameterType == typeof(IReadOnlyList<>).MakeGenericType(element)));
    }

    private static bool Converts(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(m => m.Name == "op_Implicit" && m.ReturnType == type);

    private static bool Converts(Type from, Type to) => from != to && to.GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Any(m => m.Name == "op_Implicit" && m.ReturnType == to && m.GetParameters()[0].ParameterType == from);

    // One form takes by conversion what the other takes as it is, and another argument of both may need a conversion.
    private static bool IsAmbiguous(MethodBase a, MethodBase b)
    {
        ParameterInfo[] left = a.GetParameters(), right = b.GetParameters();
        int common = Math.Min(left.Length, right.Length);
        bool meets = Enumerable.Range(0, common)
            .Any(i => Converts(left[i].ParameterType, right[i].ParameterType) || Converts(right[i].ParameterType, left[i].ParameterType));
        return meets && left.Any(p => Converts(p.ParameterType) && right.Any(q => q.Name == p.Name && q.ParameterType == p.ParameterType));
    }
}
