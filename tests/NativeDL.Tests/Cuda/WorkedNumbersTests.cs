using System.Reflection;
using System.Text.RegularExpressions;
using Xunit.v3;

namespace NativeDL.Tests.Cuda;

/// <summary>Every worked number of the specification that is a test of the CPU is one of the device, found by its name (N01 …).</summary>
public partial class WorkedNumbersTests
{
    [Theory]
    [MemberData(nameof(All))]
    public async Task Worked_numbers_hold_on_the_device(string test, int row)
    {
        var method = Methods().Single(m => NameOf(m) == test);
        object?[] arguments = (await Rows(method))[row];
        using var device = Device.Use(CudaTest.Device);
        object? instance = Activator.CreateInstance(method.DeclaringType!);
        try
        {
            if (method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null) is Task task) await task;
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }

    public static async Task<IEnumerable<TheoryDataRow<string, int>>> All()
    {
        var all = new List<TheoryDataRow<string, int>>();
        foreach (var method in Methods())
            for (int row = 0; row < (await Rows(method)).Count; row++) all.Add(new(NameOf(method), row));
        Assert.NotEmpty(all);
        return all;
    }

    private static IEnumerable<MethodInfo> Methods() => typeof(WorkedNumbersTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => WorkedNumber().IsMatch(method.Name)).OrderBy(NameOf, StringComparer.Ordinal);

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    // A fact has one row without arguments; the rows of a theory stand in its data attributes.
    private static async Task<IReadOnlyList<object?[]>> Rows(MethodInfo method)
    {
        var rows = new List<object?[]>();
        foreach (var data in method.GetCustomAttributes().OfType<IDataAttribute>())
            foreach (var row in await data.GetData(method, new Xunit.Sdk.DisposalTracker())) rows.Add(row.GetData());
        return rows.Count > 0 ? rows : [[]];
    }

    [GeneratedRegex("^N[0-9][0-9]_")]
    private static partial Regex WorkedNumber();
}
