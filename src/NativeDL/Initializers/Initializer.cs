namespace NativeDL;

/// <summary>First values of parameters. Converts from its Keras name: <c>Initializer i = "he_normal";</c></summary>
/// <remarks>
/// An initializer never changes; the random numbers come from the state it is called with, or from a seed of its own. Those with settings:
/// <c>Initializer.RandomNormal(stddev: 0.02)</c>. One of one's own derives from this class and is marked with <see cref="RegisteredAttribute"/>.
/// </remarks>
[Family(Offers = Offer.Methods)]
public abstract partial class Initializer
{
    /// <summary>Its name, as Keras has it.</summary>
    public virtual string Name => Family<Initializer>.NameOf(this);

    /// <summary>Makes the values.</summary>
    /// <param name="shape">Shape of the parameter; the last two dimensions are inputs and outputs, those before a receptive field.</param>
    /// <param name="random">Where random ones come from.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    public abstract Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32);

    /// <summary>The initializer of that Keras name.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    public static implicit operator Initializer(string name) => Registry.Create<Initializer>(name);

    /// <summary>The name, with its settings where they are not the usual ones.</summary>
    public override string ToString() => Describe.ByName(this);

    /// <summary>Where random numbers come from: a source of the seed, which begins anew each time, or the given one.</summary>
    private protected static RandomState From(int? seed, RandomState random) => seed is { } own ? new RandomState((ulong)own) : random;

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
