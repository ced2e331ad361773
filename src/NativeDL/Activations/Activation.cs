namespace NativeDL;

/// <summary>A function between layers. Converts from its Keras name: <c>Activation a = "relu";</c></summary>
public sealed class Activation
{
    private static readonly NameTable<Activation> Table = new("Activation", []);

    private readonly Func<Tensor, Tensor> function;
    private readonly Epilogue? epilogue;

    /// <summary>An activation of one's own.</summary>
    /// <param name="name">Its name in files; make it known by <see cref="Register"/> to load it again.</param>
    /// <param name="function">The function, in tensor operations.</param>
    public Activation(string name, Func<Tensor, Tensor> function) : this(name, function, null) { }

    private Activation(string name, Func<Tensor, Tensor> function, Epilogue? epilogue)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        Name = name;
        this.function = function;
        this.epilogue = epilogue;
    }

    // A built-in one: it is known by name from the start.
    private static Activation Known(string name, Func<Tensor, Tensor> function, Epilogue? epilogue = null, params ReadOnlySpan<string> otherNames)
    {
        var activation = new Activation(name, function, epilogue);
        foreach (string n in (ReadOnlySpan<string>)[name, .. otherNames]) Table.Register(n, () => activation);
        return activation;
    }

    /// <summary>The Keras name.</summary>
    public string Name { get; }

    /// <summary>x itself.</summary>
    public static Activation Linear { get; } = Known("linear", x => x);

    /// <summary>max(0, x).</summary>
    public static Activation Relu { get; } = Known("relu", x => x.Relu(), Epilogue.Of<ReluOp>());

    /// <summary>x where x > 0, else 0.2·x (the slope of Keras' activation of that name).</summary>
    public static Activation LeakyRelu { get; } = Known("leaky_relu", x => x.LeakyRelu(0.2));

    /// <summary>x where x > 0, else eˣ − 1.</summary>
    public static Activation Elu { get; } = Known("elu", x => x.Elu());

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Activation Sigmoid { get; } = Known("sigmoid", x => x.Sigmoid(), Epilogue.Of<SigmoidOp>());

    /// <summary>The hyperbolic tangent.</summary>
    public static Activation Tanh { get; } = Known("tanh", x => x.Tanh(), Epilogue.Of<TanhOp>());

    /// <summary>log(1 + eˣ).</summary>
    public static Activation Softplus { get; } = Known("softplus", x => x.Softplus(), Epilogue.Of<SoftplusOp>());

    /// <summary>x·Φ(x) with the normal distribution Φ.</summary>
    public static Activation Gelu { get; } = Known("gelu", x => x.Gelu(), Epilogue.Of<GeluOp>());

    /// <summary>x·σ(x).</summary>
    public static Activation Silu { get; } = Known("silu", x => x.Silu(), Epilogue.Of<SiluOp>(), "swish");

    /// <summary>Probabilities along the last axis.</summary>
    public static Activation Softmax { get; } = Known("softmax", x => x.Softmax());

    /// <summary>Logarithms of probabilities along the last axis.</summary>
    public static Activation LogSoftmax { get; } = Known("log_softmax", x => x.LogSoftmax());

    /// <summary>Makes an activation of one's own known by name.</summary>
    public static void Register(Activation activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        Table.Register(activation.Name, () => activation);
    }

    /// <summary>The activation of that Keras name; null stays null.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(name))]
    public static implicit operator Activation?(string? name) => name is null ? null : Table.Create(name);

    /// <summary>Applies the function.</summary>
    public Tensor Call(Tensor x) => function(x);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>activation(x·W + b): in one pass where the activation works element by element.</summary>
    internal static Tensor LinearCall(Tensor x, Tensor weights, Tensor? bias, Activation? activation) =>
        activation is null || activation == Linear ? x.Linear(weights, bias)
        : activation.epilogue is { } fused ? x.Linear(weights, bias, fused)
        : activation.Call(x.Linear(weights, bias));

    /// <summary>The form that convolutions and products apply as they go, or null.</summary>
    internal Epilogue? Fused => epilogue;
}
