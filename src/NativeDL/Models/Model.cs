namespace NativeDL;

/// <summary>
/// A layer that trains: it is compiled with an optimizer, a loss and metrics, fitted to data, evaluated, saved.
/// Use <see cref="Sequential"/>, or derive from it, <see cref="Layer.Track{TLayer}"/> the layers in the constructor and write the forward pass.
/// </summary>
/// <example><code>
/// sealed class Autoencoder : Model
/// {
///     private readonly Layer encoder, decoder;
///     public Autoencoder() { encoder = Track(new Dense(16, activation: "relu")); decoder = Track(new Dense(784, activation: "sigmoid")); }
///     protected override Tensor Forward(Tensor x, CallContext call) => decoder.Call(encoder.Call(x, call), call);
/// }
/// </code></example>
[RegisteredByHand]
public partial class Model : Layer
{
    /// <summary>A model.</summary>
    /// <param name="name">Its name inside of another model.</param>
    protected Model(string? name = null) : this(name, RandomState.Default.Fork()) { }

    private Model(string? name, RandomState random) : base(name) => OwnRandom = random;

    /// <inheritdoc/>
    internal sealed override RandomState OwnRandom { get; }

    /// <summary>A model of the same layers, settings and names, with copies of the parameters; it is not compiled.</summary>
    /// <inheritdoc cref="Layer.Clone" path="/exception"/>
    public new Model Clone() => (Model)base.Clone();
}
