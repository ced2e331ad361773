namespace NativeDL;

/// <summary>A tensor between calls. One object stands for it wherever it is given or taken.</summary>
public sealed class GraphValue
{
    internal GraphValue(string name, Tensor symbol, string from) => (Name, Symbol, From) = (name, symbol, from);

    /// <summary>Differs from every other value's: the name of the call that makes it, and of several results a number.</summary>
    public string Name { get; }

    /// <summary>The name of the call that makes it; empty for a constant.</summary>
    public string From { get; }

    /// <summary>The dimensions; the batch is <see cref="Shape.None"/>.</summary>
    public Shape Shape => Symbol.Shape;

    /// <summary>The element type.</summary>
    public DType DType => Symbol.DType;

    /// <summary>The numbers of a constant; null for what is computed.</summary>
    public Tensor? Data => Symbol.IsSymbolic ? null : Symbol;

    /// <summary>
    /// The symbol that stands for it, from which another model may begin or end: <c>new Model(model.Inputs, value.Symbol)</c>. Of a
    /// constant the tensor itself.
    /// </summary>
    public Tensor Symbol { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shape}";
}
