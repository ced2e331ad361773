using System.IO.Compression;
using NativeDL.Formats;
using NativeDL.Layers;

namespace NativeDL.Tests.Formats;

/// <summary>Small files that would hang or eat the machine, and files that change under the reader.</summary>
[Collection(nameof(Alone))]
public sealed class BoundedLoadingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("model.ndl");

    public void Dispose() => folder.Dispose();

    private static string Read(string path, string entry)
    {
        using var file = NdlFile.Open(path);
        return file.ReadText(entry);
    }

    private static void Write(string path, string model, string? state = null) => NdlFile.Write(path, file =>
    {
        file.AddText(NdlFile.Model, model);
        if (state is not null) file.AddText(NdlFile.State, state);
    });

    private static long Managed(Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void Layers_that_call_each_other_twice_end()
    {
        // 5^18 calls in a file of some kilobytes.
        Layer nested = new Flatten();
        for (int i = 0; i < 18; i++) nested = new Sequential { nested, nested, nested, nested, nested };
        ((Model)nested).Save(Path);
        string text = Read(Path, NdlFile.Model);
        Assert.Contains("\"input\":null", text, StringComparison.Ordinal);
        Write(Path, text.Replace("\"input\":null", "\"input\":[1,2]", StringComparison.Ordinal));
        long taken = Managed(() =>
            Assert.Contains("called too often", Assert.Throws<ModelFormatException>(() => Model.Load(Path)).Message, StringComparison.Ordinal));
        Assert.True(taken < 256 << 20, $"{taken} bytes");   // 132 MB in all for the calls that are allowed
        // What is nested too deep to be read again is not written.
        for (int i = 0; i < 30; i++) nested = new Sequential { nested };
        Assert.Contains("could not be loaded", Assert.Throws<InvalidInputException>(() => ((Model)nested).Save(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_of_many_dimensions_costs_nothing()
    {
        var model = new Sequential { new Flatten() };
        model.Build(1, 2);
        model.Save(Path);
        string text = Read(Path, NdlFile.Model), many = string.Join(",", Enumerable.Repeat("1", 56_000));
        Assert.Contains("[1,2]", text, StringComparison.Ordinal);
        Write(Path, text.Replace("[1,2]", $"[{many}]", StringComparison.Ordinal));
        long taken = Managed(() => Assert.Throws<ModelFormatException>(() => Model.Load(Path)));
        Assert.True(taken < 64 << 20, $"{taken} bytes for a file of {new FileInfo(Path).Length}");
    }

    [Fact]
    public void A_huge_layer_without_weights_is_not_made()
    {
        var model = new Sequential { new Dense(12345) };
        model.Build(1, 2);
        model.Save(Path);
        string text = Read(Path, NdlFile.Model).Replace("12345", "2000000000", StringComparison.Ordinal);
        Write(Path, text.Replace("[1,2]", "[1,2000000000]", StringComparison.Ordinal));
        long taken = Managed(() => Assert.Throws<ModelFormatException>(() => Model.Load(Path)));
        Assert.True(taken < 16 << 20, $"{taken} bytes");
    }

    [Fact]
    public void What_must_be_expanded_is_expanded_into_its_tensors()
    {
        // 64 MB of zeros in 64 kB.
        Npz.Save(folder.File("zeros.npz"),
            [KeyValuePair.Create("a", Tensor.Zeros([1 << 24])), KeyValuePair.Create("b", Tensor.Arange(0.0, 1 << 20))], compress: true);
        Dictionary<string, Tensor> arrays = [];
        long taken = Managed(() => arrays = Npz.Load(folder.File("zeros.npz")));
        Assert.True(taken < 4 << 20, $"{taken} bytes beside the arrays");
        Assert.Equal(0, arrays["a"].Abs().Sum().Item());
        Assert.Equal((1 << 20) - 1, arrays["b"][^1].Item());

        // A model whose weights somebody has deflated.
        var model = new Sequential { new Dense(1000, kernelInitializer: "zeros") };
        model.Build(1, 4000);
        model.Save(Path);
        string again = folder.File("deflated.ndl");
        using (var from = ZipFile.OpenRead(Path))
        using (var to = ZipFile.Open(again, ZipArchiveMode.Create))
            foreach (var entry in from.Entries)
            {
                using var source = entry.Open();
                using var target = to.CreateEntry(entry.FullName, CompressionLevel.Fastest).Open();
                source.CopyTo(target);
            }
        taken = Managed(() => Model.Load(again));
        Assert.True(taken < 4 << 20, $"{taken} bytes beside the weights");
        Assert.Equal(new float[1000], Model.Load(again).Predict(Tensor.Ones([1, 4000])).ToArray<float>());
    }

    [Fact]
    public void Expanded_bytes_are_read_in_any_order()
    {
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 3))];
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(bytes);
        InflatedBytes Of(Func<Stream> inflate, int length) => new(inflate, length, "memory", _ => new ModelFormatException("Test", "memory", null, "wrong"));
        using var source = Of(() => new DeflateStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress), bytes.Length);
        Assert.Equal(Crc32.Compute(bytes), source.Check());
        for (int i = 0; i < 40; i++)
        {
            int offset = i * 7919 * 13 % 290_000, count = 1 + i * 211 % 9000;
            Assert.Equal(bytes.AsSpan(offset, count), source.Span(offset, count));
        }
        Assert.Throws<ModelFormatException>(() => Of(() => new MemoryStream(bytes), bytes.Length + 1).Check());
        Assert.Throws<ModelFormatException>(() => Of(() => new MemoryStream(bytes), bytes.Length - 1).Check());
    }

    [Theory]
    [InlineData(NdlFile.Model)]
    [InlineData(NdlFile.State)]
    public void Half_a_surrogate_pair_is_the_files_fault(string entry)
    {
        var model = new Sequential { new Dense(1) };
        model.Build(1, 2);
        model.Compile("sgd", "mse");
        model.Save(Path);
        string text = Read(Path, NdlFile.Model), state = Read(Path, NdlFile.State);
        foreach (string half in (string[])["{\"\\ud800\":1,", "{\"x\":{\"\\ud800\":[\"\\ud800\"]},"])
        {
            Write(Path, entry == NdlFile.Model ? half + text[1..] : text, entry == NdlFile.State ? half + state[1..] : state);
            foreach (Action read in (Action[])[() => Model.Load(Path), () => model.Resume(Path)])
                try { read(); }
                catch (ModelFormatException) { }
            var error = new StringWriter();
            int code = NativeDL.Cli.Ndl.Run(["summary", Path], new NativeDL.Cli.Terminal(new StringWriter(), error));
            Assert.True(code is 0 or 1, error.ToString());
            Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_cut_short_while_it_is_read_is_a_fault_of_the_file()
    {
        string path = folder.File("weights.safetensors");
        Safetensors.Save(path, [KeyValuePair.Create("a", Tensor.Ones([100_000])), KeyValuePair.Create("b", Tensor.Ones([100_000]))]);
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(100_000, file.Read("a").Sum().Item());
        using (var other = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) other.SetLength(1000);
        Assert.Contains("became shorter", Assert.Throws<ModelFormatException>(() => file.Read("b")).Message, StringComparison.Ordinal);
    }
}
