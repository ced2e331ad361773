namespace NativeDL.Data.Sources;

/// <summary>A Debian package that ships the files: downloaded and unpacked by the system's own tools, never installed.</summary>
/// <param name="package">The package's name.</param>
/// <param name="folder">The folder inside the package, such as <c>usr/share/datasets/fashion-mnist</c>.</param>
internal sealed class DebianSource(string package, string folder) : IDatasetSource
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // Downloads go where this user may write, so no root is needed; the rest keeps a dead network from hanging.
    private static readonly string[] Options =
    [
        "-q", "-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=1",
        "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20",
    ];

    public string Name => $"Debian package {package}";

    public async Task FetchAsync(DatasetFetch fetch, CancellationToken cancel)
    {
        var apt = Tool.Find("apt-get") ?? throw new FileNotFoundException("apt-get is not on the PATH");
        var dpkg = Tool.Find("dpkg-deb") ?? throw new FileNotFoundException("dpkg-deb is not on the PATH");
        var archive = await DownloadAsync(fetch, apt, cancel).ConfigureAwait(false);
        var unpacked = Path.Combine(fetch.Scratch, "unpacked");
        var run = await Tool.RunAsync(dpkg, ["-x", archive, unpacked], fetch.Scratch, Limit, cancel).ConfigureAwait(false);
        if (run.ExitCode != 0)
            throw new IOException($"dpkg-deb ended with code {run.ExitCode}: {run.Said}");
        await new FolderSource(Path.Combine(unpacked, folder)).FetchAsync(fetch, cancel).ConfigureAwait(false);
    }

    private async Task<string> DownloadAsync(DatasetFetch fetch, string apt, CancellationToken cancel)
    {
        var first = await GetAsync([]).ConfigureAwait(false);
        if (first.Archive is not null)
            return first.Archive;

        // The machine's package lists may be empty or old: take fresh ones into a folder of our own and try again.
        var state = Path.Combine(fetch.Scratch, "apt");
        Directory.CreateDirectory(Path.Combine(state, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(state, "cache", "archives", "partial"));
        string[] own = ["-o", $"Dir::State::lists={state}/lists", "-o", $"Dir::Cache={state}/cache"];
        var update = await Tool.RunAsync(apt, [.. Options, .. own, "update"], fetch.Scratch, Limit, cancel).ConfigureAwait(false);
        var second = await GetAsync(own).ConfigureAwait(false);
        return second.Archive ?? throw new IOException(
            $"apt-get download failed: {first.Text}; after apt-get update (code {update.ExitCode}): {second.Text}");

        async Task<(string? Archive, string Text)> GetAsync(string[] options)
        {
            var run = await Tool.RunAsync(apt, [.. Options, .. options, "download", package], fetch.Scratch, Limit, cancel)
                .ConfigureAwait(false);
            return (run.ExitCode == 0 ? Directory.EnumerateFiles(fetch.Scratch, "*.deb").FirstOrDefault() : null, run.Said);
        }
    }
}
