using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using NativeDL.Data;
using NativeDL.Data.Sources;
using NativeDL.Tests.Formats;

namespace NativeDL.Tests.Data;

/// <summary>The loader's behaviour, with sources made for the test; no network is touched.</summary>
public class DatasetCacheTests
{
    private static readonly byte[] A = Encoding.UTF8.GetBytes("the first file");
    private static readonly byte[] B = Encoding.UTF8.GetBytes("the second file, a little longer");

    [Fact]
    public async Task What_is_in_the_cache_is_used_and_no_source_is_asked()
    {
        using var folder = new TemporaryFolder();
        var never = new Fake("never", (_, _) => throw new InvalidOperationException("asked"));
        Put(folder, "a", A);
        Put(folder, "b.gz", HostileBytes.Gzip(B));
        var paths = await new DatasetCache(folder.Path).EnsureAsync(Package(never), cancel: Cancel);
        Assert.Equal([In(folder, "a"), In(folder, "b.gz")], paths);
    }

    [Fact]
    public async Task Sources_are_tried_in_order_and_the_first_good_one_wins()
    {
        using var folder = new TemporaryFolder();
        var asked = new List<string>();
        var dead = new Fake("dead", (_, _) => { asked.Add("dead"); throw new IOException("connection refused"); });
        var good = new Fake("good", async (fetch, cancel) => { asked.Add("good"); await StoreAll(fetch, cancel); });
        var late = new Fake("late", (_, _) => { asked.Add("late"); return Task.CompletedTask; });
        var paths = await new DatasetCache(folder.Path).EnsureAsync(Package(dead, good, late), cancel: Cancel);
        Assert.Equal(["dead", "good"], asked);
        Assert.Equal(A, await File.ReadAllBytesAsync(paths[0], Cancel));
        Assert.Equal(B, await File.ReadAllBytesAsync(paths[1], Cancel));
        Assert.Equal(["set", "set/a", "set/b"], Left(folder));
    }

    [Fact]
    public async Task All_sources_are_named_with_their_reasons()
    {
        using var folder = new TemporaryFolder();
        Put(folder, "a", "not what it should be"u8.ToArray());
        var dead = new Fake("mirror one", (_, _) => throw new IOException("connection refused"));
        var wrong = new Fake("mirror two", (fetch, cancel) => fetch.StoreAsync(fetch.Wanted[0], new MemoryStream([1, .. A[1..]]), cancel));
        var brief = new Fake("mirror three", (fetch, cancel) => fetch.StoreAsync(fetch.Wanted[0], new MemoryStream(A[1..]), cancel));
        var wordy = new Fake("mirror four", (fetch, cancel) => fetch.StoreAsync(fetch.Wanted[0], new MemoryStream([.. A, 1]), cancel));
        var idle = new Fake("mirror five", (_, _) => Task.CompletedTask);
        var error = await Assert.ThrowsAsync<DatasetException>(
            () => new DatasetCache(folder.Path).EnsureAsync(Package(dead, wrong, brief, wordy, idle), cancel: Cancel));
        Assert.Equal(6, error.Attempts.Count);
        string[] told =
        [
            "a has another SHA-256", "b is missing", "mirror one: connection refused", "mirror two: the SHA-256 of a is",
            "mirror three: a has 13 bytes instead of 14", "mirror four: a is longer than its 14 bytes",
            "mirror five: did not deliver a, b", Path.Combine(folder.Path, "set"), "NATIVEDL_DATA",
        ];
        foreach (var part in told)
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        // The user's file is left as it was, and nothing else is left at all.
        Assert.Equal(["set", "set/a"], Left(folder));
    }

    [Fact]
    public async Task What_one_source_began_the_next_completes()
    {
        using var folder = new TemporaryFolder();
        var half = new Fake("half", async (fetch, cancel) =>
        {
            await fetch.StoreAsync(fetch.Wanted[0], new MemoryStream(A), cancel);
            throw new IOException("broke off");
        });
        IReadOnlyList<DatasetFile> rest = [];
        var other = new Fake("other", async (fetch, cancel) => { rest = fetch.Wanted; await StoreAll(fetch, cancel); });
        await new DatasetCache(folder.Path).EnsureAsync(Package(half, other), cancel: Cancel);
        Assert.Equal("b", Assert.Single(rest).Name);
    }

    [Fact]
    public async Task A_damaged_file_in_the_cache_is_replaced()
    {
        using var folder = new TemporaryFolder();
        Put(folder, "a", [.. A[..^1], 0]);
        Put(folder, "b", B);
        var paths = await new DatasetCache(folder.Path).EnsureAsync(Package(new Fake("good", StoreAll)), cancel: Cancel);
        Assert.Equal(A, await File.ReadAllBytesAsync(paths[0], Cancel));
    }

    [Fact]
    public async Task Cancelling_ends_the_search_and_leaves_no_files()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var slow = new Fake("slow", async (fetch, cancel) =>
        {
            await fetch.StoreAsync(fetch.Wanted[0], new MemoryStream(A), cancel);
            await stop.CancelAsync();
            await fetch.StoreAsync(fetch.Wanted[1], new MemoryStream(B), cancel);
        });
        var next = new Fake("next", (_, _) => throw new InvalidOperationException("asked"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new DatasetCache(folder.Path).EnsureAsync(Package(slow, next), null, stop.Token));
        Assert.Equal(["set"], Left(folder));
    }

    [Fact]
    public async Task A_time_out_of_a_source_is_its_reason_and_no_cancellation()
    {
        using var folder = new TemporaryFolder();
        var late = new Fake("late", (_, _) => throw new TaskCanceledException("took too long"));
        var paths = await new DatasetCache(folder.Path).EnsureAsync(Package(late, new Fake("good", StoreAll)), cancel: Cancel);
        Assert.Equal(A, await File.ReadAllBytesAsync(paths[0], Cancel));
        var error = await Assert.ThrowsAsync<DatasetException>(() => new DatasetCache(folder.File("other")).EnsureAsync(Package(late), cancel: Cancel));
        Assert.Contains("late: took too long", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_both_get_sound_files()
    {
        using var folder = new TemporaryFolder();
        using var both = new Barrier(2);
        var source = new Fake("good", async (fetch, cancel) => { both.SignalAndWait(cancel); await StoreAll(fetch, cancel); });
        var runs = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () => new DatasetCache(folder.Path).EnsureAsync(Package(source), cancel: Cancel).GetAwaiter().GetResult(),
            Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        foreach (var paths in await Task.WhenAll(runs))
            Assert.Equal(B, await File.ReadAllBytesAsync(paths[1], Cancel));
        Assert.Equal(["set", "set/a", "set/b"], Left(folder));
    }

    [Fact]
    public async Task Progress_names_source_file_and_bytes()
    {
        using var folder = new TemporaryFolder();
        var told = new List<DatasetProgress>();
        await new DatasetCache(folder.Path).EnsureAsync(Package(new Fake("good", StoreAll)), new Listener(told), Cancel);
        Assert.Contains(new DatasetProgress("set", "good", "", 0, 0), told);
        Assert.Contains(new DatasetProgress("set", "good", "b", B.Length, B.Length), told);
    }

    [Fact]
    public async Task A_folder_serves_plain_and_gzipped_files()
    {
        using var folder = new TemporaryFolder();
        using var system = new TemporaryFolder();
        await File.WriteAllBytesAsync(system.File("a"), A, Cancel);
        await File.WriteAllBytesAsync(system.File("b.gz"), HostileBytes.Gzip(B), Cancel);
        var package = Package(new FolderSource(system.File("nosuch")), new FolderSource(system.Path));
        var paths = await new DatasetCache(folder.Path).EnsureAsync(package, cancel: Cancel);
        Assert.Equal(B, await File.ReadAllBytesAsync(paths[1], Cancel));
    }

    [Fact]
    public async Task A_mirror_is_asked_for_gzipped_files_and_its_status_is_told()
    {
        using var folder = new TemporaryFolder();
        var asked = new List<string>();
        using var server = new Server(uri =>
        {
            asked.Add(uri);
            return uri.EndsWith("/a.gz", StringComparison.Ordinal) ? HostileBytes.Gzip(A) : null;
        });
        var source = new HttpSource("https://mirror.test/data/", server);
        var error = await Assert.ThrowsAsync<DatasetException>(
            () => new DatasetCache(folder.Path).EnsureAsync(Package(source), cancel: Cancel));
        Assert.Equal(["https://mirror.test/data/a.gz", "https://mirror.test/data/b.gz"], asked);
        Assert.Contains("https://mirror.test/data/: b.gz: status 404", error.Message, StringComparison.Ordinal);
        Assert.Equal(["set", "set/a"], Left(folder));
    }

    [Fact]
    public async Task A_server_that_falls_silent_after_its_headers_is_given_up()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var server = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(ended.Token);
            await using var stream = client.GetStream();
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"u8.ToArray(), ended.Token);
            await Task.Delay(Timeout.Infinite, ended.Token);
        }, ended.Token);
        var source = new HttpSource($"http://{listener.LocalEndpoint}/");
        var error = await Assert.ThrowsAsync<DatasetException>(
            () => new DatasetCache(folder.Path, stall: TimeSpan.FromSeconds(0.05)).EnsureAsync(Package(source), cancel: Cancel));
        Assert.Contains("a stopped arriving for 0.05 s", error.Message, StringComparison.Ordinal);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
    }

    [Fact]
    public void A_file_of_another_length_is_known_to_be_damaged_and_a_missing_one_to_be_missing()
    {
        using var folder = new TemporaryFolder();
        var (cache, package) = (new DatasetCache(folder.Path), Package());
        Assert.Equal((false, false), (cache.Has(package), cache.HasDamaged(package)));
        Put(folder, "a", A);
        Assert.Equal((false, false), (cache.Has(package), cache.HasDamaged(package)));
        Put(folder, "b", B[1..]);
        Assert.Equal((false, true), (cache.Has(package), cache.HasDamaged(package)));
        Put(folder, "b.gz", HostileBytes.Gzip(B));
        Assert.Equal((true, false), (cache.Has(package), cache.HasDamaged(package)));
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_told()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("set"), "a file where a folder should be", Cancel);
        var error = await Assert.ThrowsAsync<DatasetException>(
            () => new DatasetCache(folder.Path).EnsureAsync(Package(new Fake("good", StoreAll)), cancel: Cancel));
        Assert.Contains("the cache folder cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/data", null, "/home/u", "/data")]
    [InlineData(null, "/xdg", "/home/u", "/xdg/nativedl")]
    [InlineData(null, "relative", "/home/u", "/home/u/.cache/nativedl")]
    [InlineData("", "", "/home/u", "/home/u/.cache/nativedl")]
    public void The_cache_folder_follows_the_environment(string? data, string? xdg, string home, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps its caches elsewhere");
        Assert.Equal(expected, DatasetCache.DefaultFolder(
            name => name switch { "NATIVEDL_DATA" => data, "XDG_CACHE_HOME" => xdg, _ => home }));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DatasetPackage Package(params IDatasetSource[] sources) => new("set", [Described("a", A), Described("b", B)], sources);

    private static DatasetFile Described(string name, byte[] bytes) =>
        new(name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    private static async Task StoreAll(DatasetFetch fetch, CancellationToken cancel)
    {
        foreach (var file in fetch.Wanted)
            await fetch.StoreAsync(file, new MemoryStream(file.Name == "a" ? A : HostileBytes.Gzip(B)), cancel);
    }

    private static string In(TemporaryFolder folder, string name) => Path.Combine(folder.Path, "set", name);

    private static IEnumerable<string> Left(TemporaryFolder folder) => folder.Names.Select(n => n.Replace('\\', '/'));

    private static void Put(TemporaryFolder folder, string name, byte[] bytes)
    {
        Directory.CreateDirectory(folder.File("set"));
        File.WriteAllBytes(In(folder, name), bytes);
    }

    private sealed class Fake(string name, Func<DatasetFetch, CancellationToken, Task> fetch) : IDatasetSource
    {
        public string Name => name;

        public Task FetchAsync(DatasetFetch wanted, CancellationToken cancel) => fetch(wanted, cancel);
    }

    private sealed class Listener(List<DatasetProgress> told) : IProgress<DatasetProgress>
    {
        public void Report(DatasetProgress value) => told.Add(value);
    }

    private sealed class Server(Func<string, byte[]?> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var bytes = answer(request.RequestUri!.ToString());
            return Task.FromResult(bytes is null
                ? new HttpResponseMessage(HttpStatusCode.NotFound)
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) });
        }
    }
}
