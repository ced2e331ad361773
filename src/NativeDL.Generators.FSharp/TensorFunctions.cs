using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace NativeDL.Generators.FSharp;

/// <summary>
/// From the methods of <see cref="Tensor"/> that take a tensor and numbers, and give a tensor, functions with the tensor last:
/// <c>Elu(double alpha = 1)</c> becomes <c>Tensor.elu alpha x</c>. Axes are sequences; a reduction becomes two functions, <c>sum</c> and
/// <c>sumKeep</c>, which keeps the axes. Of the numbers with defaults the first is an argument; the others, and switches with what
/// stands behind them, keep theirs. What takes other things stays a method.
/// </summary>
internal static class TensorFunctions
{
    public static string Write(IReadOnlySet<string> written)
    {
        var docs = new Summaries(Path.ChangeExtension(typeof(Tensor).Assembly.Location, ".xml"));
        var text = new StringBuilder("""
            // Written by NativeDL.Generators.FSharp from the methods of Tensor.
            namespace NativeDL.FSharp

            open NativeDL

            /// <summary>The functions of one tensor and numbers.</summary>
            [<AutoOpen>]
            module Functions =

                /// <summary>The functions of one tensor and numbers, with the tensor last: <c>x |> Tensor.elu 1.0 |> Tensor.sum [ 0 ]</c>.</summary>
                [<RequireQualifiedAccess>]
                module Tensor =

            """.ReplaceLineEndings("\n"));
        var methods = typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.ReturnType == typeof(Tensor) && !m.IsSpecialName && !m.IsGenericMethod
                && m.GetCustomAttribute<EditorBrowsableAttribute>() is null);
        foreach (var overloads in methods.GroupBy(m => m.Name).Where(g => !written.Contains(g.Key)).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            // A function of two tensors is a method or an operator, also where the second may be a number.
            if (overloads.Any(m => m.GetParameters().Any(p => p.ParameterType == typeof(Tensor) && !p.IsOptional))) continue;
            var chosen = overloads.Select(m => new TensorFunction(m)).Where(f => f.TakesNumbersOnly).MaxBy(f => f.Arguments.Count);
            if (chosen is null || docs.Of(chosen.Method) is not { } summary) continue;
            foreach (bool keep in chosen.KeepsAxes ? new[] { false, true } : [false]) chosen.WriteTo(text, summary, keep);
        }
        return text.ToString();
    }
}

/// <summary>A method as a function.</summary>
internal sealed class TensorFunction
{
    public TensorFunction(MethodInfo method)
    {
        Method = method;
        var all = method.GetParameters();
        var numbers = all.TakeWhile(p => p.ParameterType != typeof(bool)).Where(p => IsNumber(p.ParameterType)).ToList();
        Arguments = [.. numbers.Where(p => !p.IsOptional), .. numbers.Where(p => p.IsOptional).Take(1)];
        KeepsAxes = all.Any(p => p.Name == "keepDims") && all.Any(p => p.ParameterType == typeof(Axes));
        TakesNumbersOnly = all.Except(Arguments).All(p => p.IsOptional);
    }

    public MethodInfo Method { get; }

    public IReadOnlyList<ParameterInfo> Arguments { get; }

    public bool KeepsAxes { get; }

    public bool TakesNumbersOnly { get; }

    public void WriteTo(StringBuilder text, string summary, bool keep)
    {
        string name = NameOf(Method.Name) + (keep ? "Keep" : "");
        string arguments = string.Concat(Arguments.Select(p => $"(``{p.Name}``: {TypeOf(p)}) "));
        var passed = Arguments.Select(p => $"``{p.Name}`` = {Passed(p)}");
        if (KeepsAxes) passed = passed.Append($"keepDims = {(keep ? "true" : "false")}");
        string note = keep ? " The axes stay, of size 1, so that the result broadcasts against x." : "";
        text.Append($"""

                    /// <summary>{summary}{note}</summary>
                    /// <example><code>x |> Tensor.{name}{string.Concat(Arguments.Select(p => " " + Example(p)))}</code></example>
                    let ``{name}`` {arguments}(x: Tensor) = x.{Method.Name}({string.Join(", ", passed)})

            """.ReplaceLineEndings("\n"));
    }

    // Camel case; argmax and cumsum are one word in the field.
    private static string NameOf(string method) => method.StartsWith("Arg", StringComparison.Ordinal) || method.StartsWith("Cum", StringComparison.Ordinal)
        ? method.ToLowerInvariant() : char.ToLowerInvariant(method[0]) + method[1..];

    private static bool IsNumber(Type type) => type == typeof(double) || type == typeof(int) || type == typeof(long) || type == typeof(Axes);

    private static string TypeOf(ParameterInfo p) => p.ParameterType switch
    {
        var t when t == typeof(double) => "float",
        var t when t == typeof(int) => "int",
        var t when t == typeof(long) => "int64",
        _ => "int seq",
    };

    private static string Passed(ParameterInfo p) => p.ParameterType == typeof(Axes) ? $"Axes.op_Implicit (Seq.toArray ``{p.Name}``)" : $"``{p.Name}``";

    private static string Example(ParameterInfo p)
    {
        if (p.ParameterType == typeof(Axes)) return "[ 0 ]";
        string digits = Convert.ToString(p.HasDefaultValue && p.DefaultValue is { } given ? given : 1, CultureInfo.InvariantCulture)!;
        return p.ParameterType == typeof(double) && digits.AsSpan().IndexOfAny('.', 'E') < 0 ? digits + ".0" : digits;
    }
}
