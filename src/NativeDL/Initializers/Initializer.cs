namespace NativeDL;

/// <summary>First values of parameters. Converts from its Keras name: <c>Initializer i = "he_normal";</c></summary>
public abstract class Initializer
{
    private static readonly NameTable<Initializer> Table = new("Initializer", InitializerRegistry.All);

    /// <summary>The Keras name.</summary>
    public abstract string Name { get; }

    /// <summary>Makes the values.</summary>
    /// <param name="shape">Shape of the parameter; the last two dimensions are inputs and outputs, those before a receptive field.</param>
    /// <param name="random">Where random ones come from.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    public abstract Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32);

    /// <summary>The initializer of that Keras name.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    public static implicit operator Initializer(string name) => Table.Create(name);

    /// <summary>Makes an initializer of one's own known by name.</summary>
    public static void Register(string name, Func<Initializer> create) => Table.Register(name, create);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Numbers of inputs and outputs of a unit: of a dense kernel its two dimensions, of a convolution's times the window, as Keras counts.</summary>
    private protected static (double In, double Out) Fans(Shape shape)
    {
        if (shape.Rank == 0) return (1, 1);
        if (shape.Rank == 1) return (shape[0], shape[0]);
        double window = 1;
        for (int i = 0; i < shape.Rank - 2; i++) window *= shape[i];
        return (shape[^2] * window, shape[^1] * window);
    }
}

/// <summary>Implemented by every built-in initializer; the registry is generated from it.</summary>
internal interface INamedInitializer
{
    static abstract NamedSpec<Initializer> Spec { get; }
}

/// <summary>Every built-in initializer.</summary>
[RegistryOf(typeof(INamedInitializer))]
internal static partial class InitializerRegistry;
