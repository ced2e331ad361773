namespace NativeDL.Formats;

/// <summary>
/// While open on a thread, parameters that layers make take their values from a file instead of an initializer: a shape
/// that the file does not have is refused before any memory is taken for it.
/// </summary>
internal sealed class StoredWeights : IDisposable
{
    [ThreadStatic] private static StoredWeights? current;

    private readonly SafetensorsFile file;
    private readonly string path;
    private readonly HashSet<string> left;

    private StoredWeights(SafetensorsFile file, string path) => (this.file, this.path, left) = (file, path, [.. file.Names]);

    /// <summary>The file that this thread's layers are made from, or null.</summary>
    public static StoredWeights? Current => current;

    public static StoredWeights Begin(SafetensorsFile file, string path) => current = new StoredWeights(file, path);

    /// <summary>The value of a parameter.</summary>
    /// <exception cref="ModelFormatException">The file has none of that name and shape.</exception>
    public Tensor Take(string name, Shape shape)
    {
        if (!left.Remove(name)) throw new ModelFormatException("Model", path, null, $"the parameter {name} is missing");
        var stored = file.ShapeOf(name);
        if (stored != shape) throw new ModelFormatException("Model", path, null, $"parameter {name} has another shape than its layer makes it", $"{stored}", $"{shape}");
        var value = file.Read(name);
        return value.DType == DType.Float32 ? value : throw new ModelFormatException("Model", path, null, $"parameter {name} has another element type", $"{value.DType}", $"{DType.Float32}");
    }

    /// <summary>Every parameter of the file was taken.</summary>
    /// <exception cref="ModelFormatException">Some were not.</exception>
    public void RequireAllTaken()
    {
        if (left.Count > 0) throw new ModelFormatException("Model", path, null, "the file has parameters that are not the model's", string.Join(", ", left.Order(StringComparer.Ordinal).Take(10)));
    }

    public void Dispose() => current = null;
}
