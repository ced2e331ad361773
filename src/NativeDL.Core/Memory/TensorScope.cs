using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// Frees, at its end, the tensors that its thread made inside of it and did not keep. Nobody has to use one:
/// without a scope the garbage collector brings memory back. A scope makes that immediate, which a training
/// loop likes: each step then works in the memory of the step before.
/// </summary>
/// <example><code>
/// using var step = TensorScope.Begin();
/// var loss = …;
/// total = step.Keep(total + loss);
/// </code></example>
/// <remarks>
/// Parameters and the state of optimizers, metrics and layers never belong to a scope. A scope belongs to the thread that began
/// it: where a method goes on on another one after an <c>await</c>, the scope refuses to be used, and what else the first thread
/// does meanwhile is not its business.
/// </remarks>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic] private static TensorScope? current;

    // Follows the flow of calls with the outermost scope, so that other work of the thread makes no tensors in it.
    private static readonly AsyncLocal<TensorScope?> Flow = new(static change =>
    {
        if (change.ThreadContextChanged) current = change.CurrentValue is { IsHere: true } outermost ? outermost.innermost : null;
    });

    private readonly List<Tensor> tensors;
    private readonly TensorScope? parent;
    private readonly TensorScope outermost;
    private readonly TensorScope? around;      // of the outermost: what was in force before, on another thread or suspended
    private readonly int thread = Environment.CurrentManagedThreadId;
    private TensorScope? innermost;            // of the outermost: which was begun last
    private volatile bool ended;

    // A step makes a few hundred tensors; the list of the last scope serves the next.
    [ThreadStatic] private static List<Tensor>? spare;

    private TensorScope(string file, int line)
    {
        Place = $"{file}:{line}";
        parent = Current;
        outermost = parent?.outermost ?? this;
        if (parent is null) around = Flow.Value;
        tensors = spare ?? new List<Tensor>(256);
        spare = null;
    }

    /// <summary>The innermost scope of this thread.</summary>
    internal static TensorScope? Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var here = current;
            return here is { ended: true } ? Open() : here;
        }
    }

    // Passes over those that were ended on another thread; apart, for each new tensor asks.
    private static TensorScope? Open()
    {
        while (current is { ended: true }) current = current.parent;
        return current;
    }

    /// <summary>File and line of <see cref="Begin"/>, for the error of whoever uses a tensor that the scope freed.</summary>
    internal string Place { get; }

    private bool IsHere => thread == Environment.CurrentManagedThreadId;

    /// <summary>Opens a scope on this thread; dispose it to end it.</summary>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static TensorScope Begin([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var scope = new TensorScope(file, line);
        scope.outermost.innermost = current = scope;
        if (scope.parent is null) Flow.Value = scope;
        return scope;
    }

    /// <summary>
    /// Keeps a tensor, made in this scope or in one inside of it, beyond this scope: it moves to the scope around it, or to the garbage collector if there is
    /// none.
    /// </summary>
    /// <returns>The same tensor.</returns>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    /// <exception cref="InvalidInputException">The thread is another.</exception>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (ended) throw new ObjectDisposedException(nameof(TensorScope),
            Error.Message("TensorScope.Keep", $"the scope begun at {Place} has ended", null, null, "keep a tensor before the scope that it was made in ends"));
        RequireThread("TensorScope.Keep");
        var inner = tensor.Scope;
        while (inner is not null && inner != this) inner = inner.parent;
        if (inner == this)
        {
            tensor.Scope = parent;
            parent?.tensors.Add(tensor);
        }
        if (tensor.Mask is { } mask) Keep(mask);
        return tensor;
    }

    /// <summary>Ends the scope and frees what was not kept.</summary>
    /// <exception cref="InvalidInputException">A scope begun inside of this one is still open, or the thread is another. It has ended all the same, and so have
    /// those inside of it.</exception>
    public void Dispose()
    {
        if (ended) return;
        if (!IsHere)
        {
            End();
            RequireThread("TensorScope.Dispose");
        }
        var last = Current;
        for (var inner = last; inner is not null && inner != this && inner.IsInside(this); inner = inner.parent) inner.End();
        End();
        if (last is not null && last.IsInside(this))
            throw Error.Input("TensorScope.Dispose", $"the scope begun at {Place} ends before the one begun inside of it at {last.Place}", null, null,
                "scopes end in the reverse order of their beginnings, as they do by 'using'");
    }

    private void End()
    {
        ended = true;
        while (outermost.innermost is { ended: true } last) outermost.innermost = last.parent;
        if (parent is null && Flow.Value == this) Flow.Value = around;
        foreach (var tensor in tensors)
            if (tensor.Scope == this) tensor.Free();
        tensors.Clear();
        if (IsHere) spare = tensors;
    }

    private bool IsInside(TensorScope other)
    {
        for (var scope = parent; scope is not null; scope = scope.parent)
            if (scope == other) return true;
        return false;
    }

    private void RequireThread(string method)
    {
        if (IsHere) return;
        throw Error.Input(method, $"the scope begun at {Place} on thread {thread} is used on thread {Environment.CurrentManagedThreadId}", null, null,
            "a scope begins and ends on one thread: await before it begins, or after it has ended");
    }

    internal void Add(Tensor tensor)
    {
        tensor.Scope = this;
        tensors.Add(tensor);
    }

    /// <summary>Inside, new tensors belong to no scope: for parameters and for the state of optimizers, metrics and layers.</summary>
    internal static Outside Suspend()
    {
        var outer = Current;
        current = null;
        return new Outside(outer);
    }

    internal readonly ref struct Outside(TensorScope? outer)
    {
        public void Dispose() => current = outer;
    }
}
