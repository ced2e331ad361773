using System.Net;

namespace NativeDL.Data.Sources;

/// <summary>A public mirror over HTTPS that has the files gzipped under their usual names.</summary>
internal sealed class HttpSource(string baseAddress, HttpMessageHandler? handler = null) : IDatasetSource
{
    // One client for all: it keeps connections alive, and five seconds decide whether a host answers at all.
    private static readonly SocketsHttpHandler Shared = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(20);

    public string Name => baseAddress;

    public async Task FetchAsync(DatasetFetch fetch, CancellationToken cancel)
    {
        using var client = new HttpClient(handler ?? Shared, disposeHandler: false) { Timeout = HeadersWithin };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("NativeDL");
        foreach (var file in fetch.Wanted)
        {
            using var response = await client
                .GetAsync(new Uri(baseAddress + file.Name + ".gz"), HttpCompletionOption.ResponseHeadersRead, cancel)
                .ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new IOException($"{file.Name}.gz: status {(int)response.StatusCode} {response.ReasonPhrase}");
            var content = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
                await fetch.StoreAsync(file, content, cancel).ConfigureAwait(false);
        }
    }
}
