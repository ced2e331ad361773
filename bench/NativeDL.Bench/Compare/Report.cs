using System.Text.Json;

namespace NativeDL.Bench.Compare;

/// <summary>A row of <c>compare.json</c>: medians in milliseconds; the ratio below 1 says that NativeDL is faster.</summary>
internal sealed record Row(string Case, double NativedlMs, string? Peer, double? PeerMs, double? Ratio, double LimitMs)
{
    /// <summary>The fastest sample.</summary>
    public double NativedlMinMs { get; init; }

    /// <summary>The peer's fastest sample.</summary>
    public double? PeerMinMs { get; init; }

    /// <summary>Threads and variant that were best for the peer.</summary>
    public string? PeerSetting { get; init; }

    /// <summary>Lower and upper quartile of NativeDL's samples over their median.</summary>
    public double[] Spread { get; init; } = [];
}

/// <summary>All of <c>compare.json</c>.</summary>
internal sealed record Report(DateTimeOffset Measured, Machine Machine, string? PeerMissing, IReadOnlyList<Row> Rows)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, Options) + "\n");
    }
}
