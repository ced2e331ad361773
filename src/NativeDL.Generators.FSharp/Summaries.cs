using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NativeDL.Generators.FSharp;

/// <summary>The summaries of an assembly's documentation file.</summary>
internal sealed partial class Summaries(string path)
{
    private readonly Dictionary<string, XElement> members =
        XDocument.Load(path).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <summary>The summary in one line; null where a method only inherits one, as another form of a method does.</summary>
    /// <exception cref="InvalidOperationException">The method has no documentation at all.</exception>
    public string? Of(MethodInfo method)
    {
        string parameters = string.Join(',', method.GetParameters().Select(p => NameOf(p.ParameterType)));
        string id = $"M:{method.DeclaringType!.FullName}.{method.Name}{(parameters.Length == 0 ? "" : $"({parameters})")}";
        var member = members.GetValueOrDefault(id) ?? throw new InvalidOperationException($"{id} has no documentation, which its F# function needs.");
        if (member.Element("summary") is not { } summary) return null;
        foreach (var see in summary.Descendants().Where(e => e.Name == "see" || e.Name == "paramref").ToList())
            see.ReplaceWith(see.Value.Length > 0 ? see.Value : LastName(see.Attributes().First().Value));
        return Spaces().Replace(string.Concat(summary.Nodes().Select(n => n.ToString(SaveOptions.DisableFormatting))), " ").Trim();
    }

    private static string LastName(string cref) => cref.Split('(')[0].Split('.', ':')[^1];

    private static string NameOf(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? $"System.Nullable{{{NameOf(inner)}}}"
        : type.IsGenericType ? $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(NameOf))}}}"
        : type.FullName!;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
