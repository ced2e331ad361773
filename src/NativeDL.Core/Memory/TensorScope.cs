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
/// <remarks>Parameters and the state of optimizers, metrics and layers never belong to a scope.</remarks>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic] private static TensorScope? current;

    private readonly List<Tensor> tensors;
    private readonly TensorScope? parent;
    private bool ended;

    // A step makes a few hundred tensors; the list of the last scope serves the next.
    [ThreadStatic] private static List<Tensor>? spare;

    private TensorScope(string file, int line)
    {
        Place = $"{file}:{line}";
        parent = current;
        tensors = spare ?? new List<Tensor>(256);
        spare = null;
    }

    /// <summary>The innermost scope of this thread.</summary>
    internal static TensorScope? Current => current;

    /// <summary>File and line of <see cref="Begin"/>, for the error of whoever uses a tensor that the scope freed.</summary>
    internal string Place { get; }

    /// <summary>Opens a scope on this thread; dispose it to end it.</summary>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static TensorScope Begin([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var scope = new TensorScope(file, line);
        current = scope;
        return scope;
    }

    /// <summary>Keeps a tensor, made in this scope or in one inside of it, beyond this scope: it moves to the scope around it, or to the garbage collector if there is none.</summary>
    /// <returns>The same tensor.</returns>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (ended) throw new ObjectDisposedException(nameof(TensorScope), Error.Message("TensorScope.Keep", $"the scope begun at {Place} has ended", null, null, "keep a tensor before the scope that it was made in ends"));
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
    /// <exception cref="InvalidOperationException">A scope opened inside of this one is still open, or the thread is another.</exception>
    public void Dispose()
    {
        if (ended) return;
        if (current != this) throw new InvalidOperationException(Error.Message("TensorScope", "scopes end in the reverse order of their beginnings, on the thread that began them", $"the end of the scope begun at {Place}", null, null));
        ended = true;
        current = parent;
        foreach (var tensor in tensors)
            if (tensor.Scope == this) tensor.Free();
        tensors.Clear();
        spare = tensors;
    }

    internal void Add(Tensor tensor)
    {
        tensor.Scope = this;
        tensors.Add(tensor);
    }

    /// <summary>Inside, new tensors belong to no scope: for parameters and for the state of optimizers, metrics and layers.</summary>
    internal static Outside Suspend()
    {
        var outer = current;
        current = null;
        return new Outside(outer);
    }

    internal readonly ref struct Outside(TensorScope? outer)
    {
        public void Dispose() => current = outer;
    }
}
