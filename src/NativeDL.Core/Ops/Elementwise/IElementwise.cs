using System.Numerics;

namespace NativeDL;

/// <summary>
/// An elementwise function of one operand: a struct whose fields are its attributes. The body works on a
/// vector of any width, so an element's bits cannot depend on where it stands.
/// </summary>
internal interface IUnary
{
    static abstract string Name { get; }

    /// <summary>What <see cref="Derivative"/> looks at; what is not saved is null there.</summary>
    static virtual Saved Saves => Saved.Inputs;

    /// <summary>Whether the function is defined for floating-point numbers only.</summary>
    static virtual bool FloatingOnly => true;

    /// <summary>Whether the function is defined for whole numbers only; bytes are among them then.</summary>
    static virtual bool WholeOnly => false;

    /// <summary>Numbers handed to the CUDA kernel after the operands.</summary>
    ReadOnlySpan<double> Numbers => [];

    /// <summary>The parameters of the constructor, by generated code.</summary>
    OpAttributes Attributes => OpAttributes.None;

    Vector<T> Apply<T>(Vector<T> x) where T : unmanaged;

    /// <summary>dx from dy; null where the derivative is 0 everywhere.</summary>
    Tensor? Derivative(Tensor x, Tensor y, Tensor dy);
}

/// <summary>An elementwise function of two operands, which broadcast.</summary>
internal interface IBinary
{
    static abstract string Name { get; }

    static virtual Saved Saves => Saved.Inputs;

    static virtual bool FloatingOnly => false;

    /// <inheritdoc cref="IUnary.WholeOnly"/>
    static virtual bool WholeOnly => false;

    ReadOnlySpan<double> Numbers => [];

    /// <summary>The parameters of the constructor, by generated code.</summary>
    OpAttributes Attributes => OpAttributes.None;

    Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged;

    /// <summary>da from dy; only called when somebody wants it; null where it is 0 everywhere.</summary>
    Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy);

    /// <summary>db from dy; only called when somebody wants it; null where it is 0 everywhere.</summary>
    Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy);
}

/// <summary>An elementwise comparison of two operands, which broadcast; the result is <see cref="DType.Bool"/>.</summary>
internal interface IComparison
{
    static abstract string Name { get; }

    /// <summary>Whether the operands must be truth values; their lanes are bytes, 0 or 1.</summary>
    static virtual bool TruthOnly => false;

    /// <summary>Lanes that are not 0 where the comparison holds.</summary>
    static abstract Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged;
}
