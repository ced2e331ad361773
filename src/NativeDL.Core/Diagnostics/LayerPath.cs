namespace NativeDL;

/// <summary>The path of the layer that this thread is calling, for error messages.</summary>
internal static class LayerPath
{
    [ThreadStatic] private static List<string>? path;

    /// <summary>The path, such as <c>'model/block/dense_1'</c>, or null outside of any layer.</summary>
    public static string? Current => path is { Count: > 0 } ? $"'{string.Join('/', path)}'" : null;

    /// <summary>Enters a layer until the result is disposed.</summary>
    public static Level Enter(string name)
    {
        (path ??= []).Add(name);
        return new Level(path);
    }

    public readonly ref struct Level(List<string> names)
    {
        /// <summary>Leaves the layer.</summary>
        public void Dispose() => names.RemoveAt(names.Count - 1);
    }
}
