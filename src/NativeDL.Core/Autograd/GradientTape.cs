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
/// recording, and later ones nest in it.
/// </remarks>
public sealed class GradientTape : IDisposable
{
    [ThreadStatic] private static GradientTape? current;

    private readonly bool persistent;
    private readonly GradientTape? outer;
    private readonly List<Node> record;        // shared by nested tapes, emptied by the outermost
    private readonly List<Tensor> watched = [];
    private bool closed;
    private bool spent;

    /// <summary>Opens a tape on this thread.</summary>
    /// <param name="persistent">Whether <see cref="Gradient(Tensor, Tensor)"/> may be called more than once; otherwise the first call uses the record up.</param>
    public GradientTape(bool persistent = false)
    {
        this.persistent = persistent;
        outer = current;
        record = outer?.record ?? new List<Node>(64);
        current = this;
    }

    /// <summary>Whether this thread is recording.</summary>
    internal static bool IsRecording => current is not null;

    /// <summary>Records a finished operation if a tape is open and any operand is on it.</summary>
    internal static void Record(Op op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        var tape = current;
        if (tape is null) return;
        bool flows = false;
        foreach (var y in outputs) flows |= y.DType.IsFloating();
        if (!flows) return;
        foreach (var x in inputs)
        {
            if (x.Node is null) continue;
            var node = new Node(op, inputs, outputs);
            for (int i = 0; i < outputs.Length; i++)
            {
                if (!outputs[i].DType.IsFloating()) continue;
                outputs[i].Node = node;
                outputs[i].NodeOutput = i;
            }
            tape.record.Add(node);
            return;
        }
    }

    /// <summary>Follows <paramref name="tensor"/> from here on, so that gradients with respect to it can be had.</summary>
    /// <returns>The same tensor.</returns>
    /// <exception cref="GradientException">The tape has ended.</exception>
    public Tensor Watch(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (closed) throw Error.Gradient("GradientTape.Watch", "the tape has ended, so that nothing that follows would be recorded", "watch a tensor right after the tape is opened");
        if (!tensor.DType.IsFloating()) throw Error.DType("GradientTape.Watch", "gradients flow through floating-point tensors only", $"{tensor.DType}", "Float32 or Float64");
        if (tensor.Node is null)
        {
            tensor.Node = Node.ForLeaf();
            tensor.NodeOutput = 0;
            watched.Add(tensor);
        }
        return tensor;
    }

    /// <summary>The gradient of <paramref name="target"/> with respect to <paramref name="source"/>, of the source's shape.</summary>
    /// <inheritdoc cref="Gradient(Tensor, IReadOnlyList{Tensor}, Tensor)" path="/remarks"/>
    public Tensor Gradient(Tensor target, Tensor source) => Gradient(target, [source])[0];

    /// <summary>The gradients of <paramref name="target"/> with respect to parameters, in their order and shapes.</summary>
    /// <inheritdoc cref="Gradient(Tensor, IReadOnlyList{Tensor}, Tensor)" path="/remarks"/>
    public Tensor[] Gradient(Tensor target, IEnumerable<Parameter> sources) => Gradient(target, [.. sources.Select(p => p.Value)]);

    /// <summary>The gradients of <paramref name="target"/> with respect to each of <paramref name="sources"/>.</summary>
    /// <param name="target">What is differentiated; if it is not a scalar, the sum of its elements is.</param>
    /// <param name="sources">Watched tensors or values of trainable parameters.</param>
    /// <param name="seed">The gradient of whatever follows with respect to <paramref name="target"/>, of its shape; ones by default.</param>
    /// <remarks>A source that the target does not depend on has the gradient 0, as the maths says.</remarks>
    /// <exception cref="GradientException">The tape is spent, a source was never watched, an operation has no derivative, or a saved tensor was overwritten.</exception>
    public Tensor[] Gradient(Tensor target, IReadOnlyList<Tensor> sources, Tensor? seed = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(sources);
        if (spent) throw Error.Gradient("GradientTape.Gradient", "the tape's record was used up by an earlier call", "open the tape with persistent: true to take several gradients");
        if (closed) throw Error.Gradient("GradientTape.Gradient", "the tape was disposed, and its record with it", "take gradients before the tape is disposed");
        if (seed is not null && seed.Shape != target.Shape) throw Error.Shape("GradientTape.Gradient", "the seed must have the target's shape", $"{seed.Shape}", $"{target.Shape}");
        if (seed is not null && seed.DType != target.DType) throw Error.DType("GradientTape.Gradient", "the seed must have the target's element type", $"{seed.DType}", $"{target.DType}");
        foreach (var source in sources)
            if (source.Node is null) throw Error.Gradient("GradientTape.Gradient", $"a source of shape {source.Shape} is not on the tape", "watch it before it is used, or make the parameter trainable");

        bool single = !persistent;
        if (single)
        {
            spent = true;
            Close();
        }
        try
        {
            // Saved tensors are let go as the walk passes them, unless somebody may come back for them.
            return Backward.Run(target, seed, sources, forget: single && outer is null);
        }
        finally
        {
            if (single) Clear();
        }
    }

    /// <summary>The Jacobian of <paramref name="target"/> with respect to <paramref name="source"/>: shape of the target followed by shape of the source. Needs a persistent tape.</summary>
    public Tensor Jacobian(Tensor target, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(source);
        if (!persistent) throw Error.Gradient("GradientTape.Jacobian", "a Jacobian takes one backward pass per element of the target", "open the tape with persistent: true");
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
        if (!persistent) throw Error.Gradient("GradientTape.Hessian", "a Hessian takes one backward pass per element of the source", "open the tape with persistent: true");
        // A persistent tape records its own backward pass.
        return Jacobian(Gradient(target, source), source);
    }

    /// <summary>Stops recording and lets go of everything saved.</summary>
    public void Dispose()
    {
        Close();
        Clear();
    }

    private void Close()
    {
        if (closed) return;
        closed = true;
        // Tapes end in the reverse order of their beginnings, except that a spent outer one may end first.
        if (current == this) current = outer;
        while (current is { closed: true }) current = current.outer;
    }

    private void Clear()
    {
        if (outer is not null)
        {
            outer.watched.AddRange(watched);
            watched.Clear();
            return;
        }
        foreach (var tensor in watched) tensor.Node = null;
        watched.Clear();
        foreach (var node in record) node.Forget();
        record.Clear();
    }
}
