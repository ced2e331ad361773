namespace NativeDL.Formats;

/// <summary>
/// The parameters of a model that is being loaded: its layers take their values from here instead of an initializer, and a
/// shape that the file does not have is refused before any memory is taken for it.
/// </summary>
internal sealed class StoredWeights(SafetensorsFile file, string path, Layer model)
{
    private readonly HashSet<string> left = [.. file.Names];
    private readonly Dictionary<Layer, string> paths = model.Paths().ToDictionary();

    /// <summary>The value of a layer's parameter.</summary>
    /// <exception cref="ModelFormatException">The file has none of that name, shape and element type.</exception>
    public Tensor Take(Layer layer, string last, Shape shape, DType dtype)
    {
        string at = paths.GetValueOrDefault(layer) ?? throw new ModelFormatException("Model", path, null, $"the layer '{layer.Name}' is no part of the model");
        string name = at.Length == 0 ? last : $"{at}/{last}";
        if (!left.Remove(name)) throw new ModelFormatException("Model", path, null, $"the parameter {name} is missing");
        var stored = file.ShapeOf(name);
        if (stored != shape) throw new ModelFormatException("Model", path, null, $"parameter {name} has another shape than its layer makes it", $"{stored}", $"{shape}");
        var value = file.Read(name);
        return value.DType == dtype ? value : throw new ModelFormatException("Model", path, null, $"parameter {name} has another element type", $"{value.DType}", $"{dtype}");
    }

    /// <summary>Every parameter of the file was taken.</summary>
    /// <exception cref="ModelFormatException">Some were not.</exception>
    public void RequireAllTaken()
    {
        if (left.Count > 0) throw new ModelFormatException("Model", path, null, "the file has parameters that are not the model's", string.Join(", ", left.Order(StringComparer.Ordinal).Take(10)));
    }
}
