namespace NativeDL.Data.Sources;

/// <summary>A folder of this machine, such as the one of an installed system package; files may be gzipped.</summary>
internal sealed class FolderSource(string folder) : IDatasetSource
{
    public string Name => folder;

    public async Task FetchAsync(DatasetFetch fetch, CancellationToken cancel)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException("there is no such folder");
        foreach (var file in fetch.Wanted)
        {
            var path = new[] { file.Name, file.Name + ".gz" }.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists)
                ?? throw new FileNotFoundException($"{file.Name} is not there");
            await using var stream = File.OpenRead(path);
            await fetch.StoreAsync(file, stream, cancel).ConfigureAwait(false);
        }
    }
}
