namespace NativeDL;

/// <summary>
/// Gives a class of one's own (a layer, operation, loss, metric, optimizer, activation …) a name, so that models with it are saved
/// and loaded and so that the name stands for it wherever names do. The generator writes the rest from the constructor.
/// </summary>
/// <example><code>
/// [Registered("my.scale")]
/// public sealed class Scale(double factor, string? name = null) : Layer(name)
/// {
///     public double Factor => factor;
///     protected override Tensor Forward(Tensor x, CallContext call) => x * factor;
/// }
///
/// [Registered("my.cube")]
/// public sealed partial class Cube(double scale) : Op { … }   // partial: its attributes are generated
/// </code></example>
/// <param name="name">The name in files; with a dot, so that it cannot meet one of the library's. Without one the compiler says NDL005.</param>
/// <param name="otherNames">Names that are understood too, such as the name that older files have.</param>
/// <remarks>
/// The generator comes with the package, for C#. From other languages the same is said by <c>Registry.Add</c>, of an operation by <see cref="Op.Register"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RegisteredAttribute(string name, params string[] otherNames) : Attribute
{
    /// <summary>The name in files.</summary>
    public string Name => name;

    /// <summary>Names that are understood too.</summary>
    public IReadOnlyList<string> OtherNames => otherNames;
}
