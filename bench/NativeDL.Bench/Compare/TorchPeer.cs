using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NativeDL.Bench.Compare;

/// <summary>PyTorch in a Python process of its own: <c>bench/peers/torch_peer.py</c> says how the two talk.</summary>
internal sealed class TorchPeer : IDisposable
{
    /// <summary>The environment variable that names the Python with PyTorch.</summary>
    public const string PythonVariable = "NATIVEDL_PEER_PYTHON";

    private readonly Process process;
    private readonly HashSet<string> cases;

    private TorchPeer(Process process, JsonNode hello)
    {
        this.process = process;
        Name = (string)hello["name"]!;
        cases = [.. hello["cases"]!.AsArray().Select(c => (string)c!)];
    }

    /// <summary>Name and version.</summary>
    public string Name { get; }

    /// <summary>Whether it knows the case.</summary>
    public bool Has(string name) => cases.Contains(name);

    /// <summary>Starts the peer, or says why there is none.</summary>
    public static TorchPeer? Start(out string? reason)
    {
        string python = Environment.GetEnvironmentVariable(PythonVariable) is { Length: > 0 } named ? named : "/usr/bin/python3";
        string script = Path.Combine(AppContext.BaseDirectory, "peers", "torch_peer.py");
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo(python, ["-W", "ignore", script]) { RedirectStandardInput = true, RedirectStandardOutput = true,
                RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            try
            {
                process.StandardInput.WriteLine("""{"do": "hello"}""");
                process.StandardInput.Flush();
            }
            catch (IOException)
            {
                // It ended before it could listen; what it wrote last says why.
            }
            if (process.StandardOutput.ReadLine() is { } line)
            {
                reason = null;
                return new TorchPeer(process, JsonNode.Parse(line)!);
            }
            process.WaitForExit();
            reason = $"{python}: {errors.Result.Trim().Split('\n')[^1]}";
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            reason = $"{python}: {failure.Message}";
        }
        process?.Dispose();
        return null;
    }

    /// <summary>Warms the case up with every setting and keeps the best; the setting in words.</summary>
    public (string Setting, IReadOnlyDictionary<string, long> Facts) Prepare(string name)
    {
        var reply = Ask(new JsonObject { ["do"] = "prepare", ["case"] = name });
        return ((string)reply["setting"]!, reply["facts"]!.AsObject().ToDictionary(f => f.Key, f => (long)f.Value!));
    }

    /// <summary>Samples for the given time, in milliseconds.</summary>
    public List<double> Round(string name, double seconds) =>
        [.. Ask(new JsonObject { ["do"] = "round", ["case"] = name, ["seconds"] = seconds })["ms"]!.AsArray().Select(ms => (double)ms!)];

    /// <summary>Lets go of the case's memory.</summary>
    public void Drop(string name) => Ask(new JsonObject { ["do"] = "drop", ["case"] = name });

    public void Dispose()
    {
        process.StandardInput.Close(); // the end of its input is the end of the peer
        if (!process.WaitForExit(5000)) process.Kill();
        process.Dispose();
    }

    private JsonNode Ask(JsonObject request)
    {
        process.StandardInput.WriteLine(request.ToJsonString());
        process.StandardInput.Flush();
        var reply = JsonNode.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"Peer({request["do"]}): {Name} ended."))!;
        return reply["error"] is { } error ? throw new InvalidOperationException($"Peer({request["do"]} {request["case"]}): {error}") : reply;
    }
}
