using System.Diagnostics;
using System.Reflection;

namespace NativeDL.Tests.Walk;

/// <summary>
/// Every public member is called with nulls, empties, extremes and undefined numbers of enumerations in place of each of its arguments. It works, or
/// tells what is wrong: an error of ours, or an <see cref="ArgumentException"/> that names one of the arguments.
/// </summary>
[Collection(nameof(Alone))]
[Trait("needs", "repository")]
public sealed class ApiWalkTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly CpuPool Pool = ((CpuDevice)Device.Cpu).Pool;

    private readonly TemporaryFolder folder = new();
    private readonly long limit = Pool.HardLimit;

    public void Dispose()
    {
        Pool.HardLimit = limit;
        folder.Dispose();
    }

    [Fact]
    public void Whatever_it_is_given_the_library_answers_in_its_own_words()
    {
        Walk.Folder = folder.Path;
        Pool.HardLimit = Pool.Stats().LiveBytes + (256L << 20); // nothing huge is made on the way
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        var skipped = new SortedSet<string>(StringComparer.Ordinal);
        int called = 0, members = 0, left = 0;
        string current = "";
        var walk = new Thread(() =>
        {
            foreach (var open in Walk.Members)
            {
                if (Walk.Closed(open) is not { } member || !TryArguments(member, out _, out _))
                {
                    left++;
                    skipped.Add(Walk.NameOf(open));
                    continue;
                }
                members++;
                int count = member.GetParameters().Length;
                for (int i = -1; i < count; i++)
                    foreach (object? bad in i < 0 ? [null] : Walk.Bad(member.GetParameters()[i]))
                    {
                        TryArguments(member, out object? on, out object?[] arguments);
                        if (i >= 0) arguments[i] = bad;
                        current = $"{Walk.NameOf(member)}({string.Join(", ", arguments.Select((a, n) => n == i ? $">{Told(a)}<" : Told(a)))})";
                        called++;
                        if (Call(member, on, arguments) is { } fault) faults.Add($"{Walk.NameOf(member)}: {fault}   {current}");
                    }
            }
        }, 16 << 20) { IsBackground = true };
        walk.Start();
        for (string before = ""; !walk.Join(Longest); before = current)
            Assert.False(before == current, $"after {called} calls this one does not end: {current}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{members} members, {called} calls, {left} members without arguments: {string.Join(", ", skipped)}");
        Assert.True(members > 1600, $"{members} members, {left} left out");
        Assert.True(faults.Count == 0, $"{faults.Count} faults in {called} calls of {members} members:\n{string.Join('\n', faults)}");
    }

    private static bool TryArguments(MethodBase member, out object? on, out object?[] arguments)
    {
        on = null;
        var parameters = member.GetParameters();
        arguments = new object?[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
            if (!Walk.TryGood(parameters[i], out arguments[i])) return false;
        return member.IsStatic || member.IsConstructor || Walk.TryGood(member.DeclaringType!, out on, 0);
    }

    private static string? Call(MethodBase member, object? on, object?[] arguments)
    {
        try
        {
            object? made = member is ConstructorInfo constructor ? constructor.Invoke(arguments) : member.Invoke(on, arguments);
            if (made is Task task) task.Wait();
            (made as IDisposable)?.Dispose();
            return null;
        }
        catch (Exception e)
        {
            var error = e is TargetInvocationException or AggregateException or TypeInitializationException ? e.InnerException ?? e : e;
            // As .NET has it: a null is named, a path is the system's to refuse, a format too.
            bool isTold = error is NativeDLException or OperationCanceledException or ObjectDisposedException or ArgumentNullException
                || error is IOException or UnauthorizedAccessException
                || error is ArgumentException && arguments.Any(a => a is "\0")
                || error is FormatException && member.Name == "ToString"
                || error is ArgumentException { ParamName: { } name } && member.GetParameters().Any(p => p.Name == name);
            return isTold ? null : $"{error.GetType().Name} {error.Message.ReplaceLineEndings(" ")} at {Where(error)}";
        }
        finally
        {
            (on as IDisposable)?.Dispose();
        }
    }

    private static string Where(Exception error) => string.Join(" < ", new StackTrace(error).GetFrames()
        .Select(f => f.GetMethod()).Where(m => m?.DeclaringType?.Namespace is { } space && space.StartsWith("NativeDL", StringComparison.Ordinal)
            && space != "NativeDL.Tests.Walk").Take(3).Select(m => $"{m!.DeclaringType!.Name}.{m.Name}"));

    private static string Told(object? value)
    {
        string text = value switch
        {
            null => "null", Tensor t => $"{t.DType} {t.Shape}", string s => $"\"{s}\"", Array a => $"[{string.Join(", ", a.Cast<object?>().Select(Told))}]",
            Delegate => "function", _ => value.ToString() ?? "",
        };
        return (text.Length > 60 ? text[..60] + "…" : text).ReplaceLineEndings(" ").Replace('\0', '0');
    }
}
