using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// Records, while it is open, every operation that depends on a trainable parameter or a watched tensor, and
/// gives gradients by walking the record backward.
/// </summary>
/// <example><code>
/// using var tape = new GradientTape();
/// var loss = model.Call(x, training: true).Square().Mean();
/// var grads = tape.Gradient(loss, model.Parameters);
/// </code></example>
/// <remarks>
/// A tape belongs to the thread that opened it; tapes nest, and an inner tape's gradients are themselves
/// recorded by the outer one, which is how second derivatives are had. Dispose every tape: a forgotten one goes on
/// recording, and later ones nest in it. Where a method goes on on another thread after an <c>await</c>, a tape that was opened
/// before refuses to be used; what else runs on the first thread meanwhile is not recorded.
/// </remarks>
public sealed class GradientTape : IDisposable
{
    [ThreadStatic] private static GradientTape? current;

    // Follows the flow of calls, so that a thread that goes on with other work records it no more, and records again when it comes back.
    private static readonly AsyncLocal<TapeRecord?> Flow = new(static change =>
    {
        if (change.ThreadContextChanged) current = change.CurrentValue is { IsHere: true } record ? record.Innermost : null;
    });

    private readonly bool persistent;
    private readonly string place;
    private readonly GradientTape? outer;
    private readonly TapeRecord record;        // shared by nested tapes, emptied by the outermost
    private volatile bool closed;
    private bool spent;
    private bool told;                         // of another thread: the 'using' on the way out keeps quiet

    /// <summary>Opens a tape on this thread.</summary>
    /// <param name="persistent">Whether <see cref="Gradient(Tensor, Tensor)"/> may be called more than once; otherwise the first call uses the record
    /// up.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public GradientTape(bool persistent = false, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        this.persistent = persistent;
        place = $"{file}:{line}";
        outer = Current;
        record = outer?.record ?? new TapeRecord(place) { Around = Flow.Value };
        record.Innermost = current = this;
        if (outer is null) Flow.Value = record;
    }

    /// <summary>Whether this thread is recording.</summary>
    internal static bool IsRecording => Current is not null;

    private static GradientTape? Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var here = current;
            return here is { closed: true } ? Open() : here;
        }
    }

    // Passes over tapes that were ended on another thread; apart, for each operation asks.
    private static GradientTape? Open()
    {
        while (current is { closed: true }) current = current.outer;
        return current;
    }

    /// <summary>Records a finished operation if a tape is open and any operand is on it.</summary>
    /// <exception cref="GradientException">An operand was recorded by another thread's tape.</exception>
    internal static void Record(Op op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) => Current?.Add(op, inputs, outputs);

    private void Add(Op op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        bool flows = false;
        foreach (var y in outputs) flows |= y.DType.IsFloating();
        foreach (var x in inputs)
        {
            if (x.Node is null) continue;
            if (!flows)
            {
                record.Ended = op.Name;
                return;
            }
            if (outputs[0].Node is not null) return;   // made of operations that recorded themselves
            var node = new Node(record, op, inputs, outputs);
            for (int i = 0; i < outputs.Length; i++)
            {
                if (!outputs[i].DType.IsFloating()) continue;
                outputs[i].Node = node;
                outputs[i].NodeOutput = i;
            }
            record.Nodes.Add(node);
            return;
        }
    }

    /// <summary>A gradient that depends on nothing recorded, known as such to the tapes that are open; the tensor as it is where none is.</summary>
    internal static Tensor Constant(Tensor gradient)
    {
        if (Current is not { record: var record } || gradient.Node is not null) return gradient;
        var constant = gradient.Alias();
        (constant.Node, constant.NodeOutput) = (Node.ForConstant(record), 0);
        record.Nodes.Add(constant.Node);
        return constant;
    }

    /// <summary>Follows <paramref name="tensor"/> from here on, so that gradients with respect to it can be had.</summary>
    /// <returns>The same tensor.</returns>
    /// <exception cref="GradientException">The tape has ended, or is another thread's.</exception>
    public Tensor Watch(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        RequireThread("GradientTape.Watch");
        if (closed) throw Error.Gradient("GradientTape.Watch", "the tape has ended, so that nothing that follows would be recorded",
            "watch a tensor right after the tape is opened");
        if (!tensor.DType.IsFloating())
            throw Error.DType("GradientTape.Watch", "gradients flow through floating-point tensors only", $"{tensor.DType}", "Float32 or Float64");
        record.Watch(tensor);
        return tensor;
    }

    /// <summary>The gradient of <paramref name="target"/> with respect to <paramref name="source"/>, of the source's shape.</summary>
    /// <inheritdoc cref="Gradient(Tensor, IReadOnlyList{Tensor}, Tensor)" path="/remarks"/>
    public Tensor Gradient(Tensor target, Tensor source) => Gradient(target, [source])[0];

    /// <summary>The gradients of <paramref name="target"/> with respect to parameters, in their order and shapes.</summary>
    /// <inheritdoc cref="Gradient(Tensor, IReadOnlyList{Tensor}, Tensor)" path="/remarks"/>
    public Tensor[] Gradient(Tensor target, IEnumerable<Parameter> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        Parameter[] all = [.. sources];
        return !all.Contains(null) ? Gradient("GradientTape.Gradient", target, all)
            : throw Error.Input("GradientTape.Gradient(sources)", $"source {Array.IndexOf(all, null)} is null");
    }

    /// <summary>The same, asked by another method.</summary>
    internal Tensor[] Gradient(string method, Tensor target, IReadOnlyList<Parameter> sources)
    {
        var gradients = Gradient(method, target, [.. sources.Select(p => p.Value)], null, names, out bool reached);
        return reached || sources.Count == 0 ? gradients : throw record.NotReached(method, target, names());

        string names() =>
            $"{string.Join(", ", sources.Take(4).Select(p => $"{p.Name} {p.Shape}"))}{(sources.Count > 4 ? $" and {sources.Count - 4} others" : "")}";
    }

    /// <summary>The gradients of <paramref name="target"/> with respect to each of <paramref name="sources"/>.</summary>
    /// <param name="target">What is differentiated; if it is not a scalar, the sum of its elements is.</param>
    /// <param name="sources">Watched tensors or values of trainable parameters.</param>
    /// <param name="seed">The gradient of whatever follows with respect to <paramref name="target"/>, of its shape; ones by default.</param>
    /// <remarks>
    /// A source that a recorded target does not depend on has the gradient 0, as the maths says. A target that was not recorded at
    /// all, such as one computed before the tape was opened or of numbers that were read out, is refused; and so is one that
    /// depends on none of the parameters, where gradients of parameters are asked for.
    /// </remarks>
    /// <exception cref="GradientException">
    /// The tape is spent, or another thread's; the target was not recorded; a source was never watched, an operation has no
    /// derivative, or a saved tensor was overwritten.
    /// </exception>
    public Tensor[] Gradient(Tensor target, IReadOnlyList<Tensor> sources, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Gradient("GradientTape.Gradient", target, sources, seed, () =>
            $"the sources, of shapes {string.Join(", ", sources.Take(4).Select(s => s.Shape))}", out _);
    }

    /// <summary>The same, where zeros are no mistake: of a part of a result that depends on nothing.</summary>
    internal Tensor[] GradientOrZeros(Tensor target, IReadOnlyList<Tensor> sources) =>
        Gradient("GradientTape.Gradient", Constant(target), sources, null, () => "", out _);

    private Tensor[] Gradient(string method, Tensor target, IReadOnlyList<Tensor> sources, Tensor? seed, Func<string> names, out bool reached)
    {
        ArgumentNullException.ThrowIfNull(target);
        RequireThread(method);
        if (spent)
            throw Error.Gradient(method, "the tape's record was used up by an earlier call", "open the tape with persistent: true to take several gradients");
        if (closed) throw Error.Gradient(method, "the tape was disposed, and its record with it", "take gradients before the tape is disposed");
        if (seed is not null && seed.Shape != target.Shape)
            throw Error.Shape(method, "the seed must have the target's shape", $"{seed.Shape}", $"{target.Shape}");
        if (seed is not null && seed.DType != target.DType)
            throw Error.DType(method, "the seed must have the target's element type", $"{seed.DType}", $"{target.DType}");
        foreach (var source in sources)
        {
            if (source is null) throw Error.Input($"{method}(sources)", "a source is null");
            if (!record.Knows(source)) throw Error.Gradient(method, $"a source of shape {source.Shape} is not on the tape",
                "watch it before it is used, or make the parameter trainable");
        }
        if (sources.Count > 0 && !record.Knows(target)) throw record.NotReached(method, target, names());

        bool single = !persistent;
        if (single)
        {
            spent = true;
            Close();
        }
        try
        {
            // Saved tensors are let go as the walk passes them, unless somebody may come back for them.
            return Backward.Run(target, seed, sources, forget: single && outer is null, out reached);
        }
        finally
        {
            if (single) Clear();
        }
    }

    /// <summary>
    /// The Jacobian of <paramref name="target"/> with respect to <paramref name="source"/>: shape of the target followed by shape of the source. Needs a
    /// persistent tape.
    /// </summary>
    public Tensor Jacobian(Tensor target, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(source);
        if (!persistent) throw Error.Gradient("GradientTape.Jacobian", "a Jacobian takes one backward pass per element of the target",
            "open the tape with persistent: true");
        int n = checked((int)target.ElementCount);
        var rows = new Tensor[n];
        for (int i = 0; i < n; i++)
        {
            var unit = new double[n];
            unit[i] = 1;
            var seed = Tensor.FromArray(unit, [.. target.Shape]).Cast(target.DType).To(target.Device);
            rows[i] = Gradient(target, [source], seed)[0];
        }
        Shape shape = [.. target.Shape, .. source.Shape];
        return n == 0 ? Tensor.Zeros(shape, source.DType, source.Device) : Tensor.Stack(rows).Reshape(shape);
    }

    /// <summary>The Hessian of a scalar <paramref name="target"/>: its second derivatives, of the source's shape twice over. Needs a persistent tape.</summary>
    /// <exception cref="GradientException">The tape is not persistent or was disposed.</exception>
    /// <exception cref="ShapeMismatchException">The target has more than one element.</exception>
    public Tensor Hessian(Tensor target, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.ElementCount != 1) throw Error.Shape("GradientTape.Hessian", "the target must be a single number", $"{target.Shape}", "one element");
        if (!persistent)
            throw Error.Gradient("GradientTape.Hessian", "a Hessian takes one backward pass per element of the source", "open the tape with persistent: true");
        // A persistent tape records its own backward pass.
        return Jacobian(Gradient(target, source), source);
    }

    /// <summary>Stops recording and lets go of everything saved.</summary>
    /// <exception cref="GradientException">The thread is another than the one that opened the tape, or a tape that was opened later is still open. It has ended
    /// all the same, and so have those inside of it.</exception>
    public void Dispose()
    {
        if (!record.IsHere)
        {
            if (closed) return;
            closed = true;
            if (outer is null) record.Unwatch();
            if (Flow.Value == record) Flow.Value = record.Around;
            if (!told) RequireThread("GradientTape.Dispose");
            return;
        }
        var inner = closed ? null : OpenInside();
        for (var tape = inner; tape is not null && tape != this; tape = tape.outer) tape.Close();
        Close();
        Clear();
        if (inner is not null)
            throw Error.Gradient("GradientTape.Dispose", $"the tape begun at {place} ends before the one begun inside of it at {inner.place}",
                "tapes end in the reverse order of their beginnings, as they do by 'using'");
    }

    // The innermost tape that was opened in this one and is still open.
    private GradientTape? OpenInside()
    {
        var innermost = Current;
        for (var tape = innermost; tape is not null; tape = tape.outer)
            if (tape == this) return innermost == this ? null : innermost;
        return null;
    }

    private void RequireThread(string method)
    {
        if (record.IsHere) return;
        told = true;
        throw Error.Gradient(method,
            $"the tape begun at {place} on thread {record.Thread} is used on thread {Environment.CurrentManagedThreadId}, whose operations it did not record",
            "a tape is opened, used and disposed on one thread: await before it is opened, or after it has ended");
    }

    // Tapes end in the reverse order of their beginnings, except that a spent outer one may end first.
    private void Close()
    {
        if (closed) return;
        closed = true;
        while (record.Innermost is { closed: true } ended) record.Innermost = ended.outer;
        if (record.Innermost is null && Flow.Value == record) Flow.Value = record.Around;
    }

    private void Clear()
    {
        if (outer is null) record.Clear();
    }
}
