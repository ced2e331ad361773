using System.IO.Compression;
using System.Text;
using NativeDL.Data;
using NativeDL.Formats;
using NativeDL.Layers;

namespace NativeDL.Tests.Formats;

/// <summary>Whatever bytes a reader meets, it ends in a result or in a ModelFormatException, and takes little memory.</summary>
public class HostileFileTests
{
    private const int Inputs = 12_000;
    private const long MostBytes = 4 << 20;

    [Fact]
    public void Safetensors_reader_is_total() => Attack(SafetensorsSeeds(), 1, file =>
    {
        using var open = SafetensorsFile.Open(file);
        foreach (var name in open.Names)
            Bounded(open.Read(name), file);
    });

    [Fact]
    public void Npy_reader_is_total() => Attack(NpySeeds(), 2, file => Bounded(Npy.Read(file), file));

    [Fact]
    public void Npz_reader_is_total() => Attack(NpzSeeds(), 3, file =>
    {
        foreach (var array in Npz.Read(file).Values)
            Assert.True(array.ElementCount <= 1 << 20);
    });

    [Fact]
    public void Idx_reader_is_total() => Attack(IdxSeeds(), 4, file => Assert.True(Idx.Read(file).ElementCount <= 1 << 20));

    [Fact]
    public void Ndl_reader_is_total() => Attack(NdlSeeds(), 5, file =>
    {
        using var ndl = NdlFile.Open(file);
        Assert.NotNull(ndl.ReadText(NdlFile.Model));
        using var weights = ndl.ReadTensors(NdlFile.Weights);
        foreach (var name in weights.Names)
            Assert.True(weights.Read(name).ElementCount <= 1 << 20);
    });

    [Fact]
    public void Zero_beside_huge_dimensions_is_an_empty_tensor_or_refused_as_the_file_says()
    {
        string dims = "0, 2147483647, 2147483647, 2147483647";
        using (var file = SafetensorsFile.Open(ByteSource.From(HostileBytes.Safetensors($$$"""{"x":{"dtype":"F32","shape":[{{{dims}}}],"data_offsets":[0,0]}}""", 0), "hostile")))
            Assert.Equal(0, file.Read("x").ElementCount);
        Assert.Equal(0, Npy.Read(ByteSource.From(HostileBytes.Npy($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({dims}), }}", 0), "hostile"))
            .ElementCount);
        byte[] huge = [0x7F, 255, 255, 255];
        byte[] idx = [0, 0, 8, 4, 0, 0, 0, 0, .. huge, .. huge, .. huge];
        Assert.Equal(0, Idx.Read(ByteSource.From(idx, "hostile")).ElementCount);
    }

    /// <summary>The model's description is damaged and the checksums are right: what Model.Load itself makes of it.</summary>
    [Fact]
    public void Model_loader_is_total()
    {
        var model = new Sequential { new Conv2D(2, 3, activation: "relu"), new MaxPool2D(2), new BatchNormalization(), new Flatten(), new Dropout(0.5f),
            new Dense(3) };
        model.Build(1, 6, 6, 1);
        using var folder = new TemporaryFolder();
        model.Save(folder.File("sound.ndl"));
        string json;
        using (var sound = NdlFile.Open(folder.File("sound.ndl"))) json = sound.ReadText(NdlFile.Model);

        var mutator = new Mutator(7);
        int whole = 0, refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            string text = i == 0 ? json : Encoding.Latin1.GetString(mutator.Next([Encoding.Latin1.GetBytes(json)]));
            var bytes = Bytes(s =>
            {
                using var ndl = new NdlWriter(s);
                ndl.AddText(NdlFile.Model, text);
                ndl.AddTensors(NdlFile.Weights, model.NamedParameters.Select(p => KeyValuePair.Create(p.Key, p.Value.Value)));
            });
            using var scope = TensorScope.Begin();
            try
            {
                using var file = NdlFile.Open(ByteSource.From(bytes, "hostile"));
                Model.Load(file, "hostile");
                whole++;
            }
            catch (ModelFormatException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"input {i}: {error}\n{text}");
            }
        }
        Assert.True(whole > 0 && refused > 500, $"{whole} were read and {refused} refused");
    }

    [Fact]
    public void Csv_reader_is_total()
    {
        byte[][] seeds =
        [
            "a,b,label\n1,2,yes\n3.5,-4e2,no\n"u8.ToArray(),
            "\"x, 1\",\"y \"\"quoted\"\"\",z\r\n1,2,3\r\n4,5,6\r\n"u8.ToArray(),
            "1,2\n3,4\n"u8.ToArray(),
        ];
        var attack = 0;
        Attack(seeds, 6, file =>
        {
            attack++;
            CsvData.Read(file.Span(0, (int)file.Length).ToArray(), "hostile", new CsvOptions
            {
                Delimiter = attack % 5 == 4 ? ';' : ',',
                HasHeader = attack > seeds.Length && attack % 2 == 0 || attack <= 2,
                Labels = attack <= seeds.Length ? CsvLabels.Auto : (CsvLabels)(attack % 3),
            });
        });
    }

    private static void Attack(IReadOnlyList<byte[]> seeds, int seed, Action<ByteSource> read)
    {
        var mutator = new Mutator(seed);
        int sound = 0, refused = 0;
        foreach (var bytes in seeds)
            read(ByteSource.From(bytes, "seed"));
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = mutator.Next(seeds);
            using var scope = TensorScope.Begin();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(ByteSource.From(bytes, "hostile"));
                sound++;
            }
            catch (ModelFormatException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"input {i} of seed {seed}: {error}\n{Convert.ToHexString(bytes)}");
            }
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < MostBytes, $"input {i} of seed {seed} took {taken} bytes for {bytes.Length}");
        }
        // Both ends are reached, or the attack proves nothing.
        Assert.True(refused > Inputs / 4, $"only {refused} of {Inputs} were refused");
        Assert.True(sound > 0, "none was read");
    }

    private static void Bounded(Tensor tensor, ByteSource file) =>
        Assert.True(tensor.ElementCount * tensor.DType.Size() <= 4 * file.Length);

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    private static Dictionary<string, Tensor> Tensors() => new()
    {
        ["dense/kernel"] = Tensor.FromArray([1f, 2, 3, 4, 5, 6], [2, 3]),
        ["dense/bias"] = Tensor.FromArray([0.5f, -0.5f, 0]),
        ["steps"] = Tensor.FromArray([7L], Shape.Scalar),
        ["mask"] = Tensor.FromArray([true, false]),
        ["none"] = Tensor.FromArray(Array.Empty<double>(), [0, 4]),
    };

    private static List<byte[]> SafetensorsSeeds() =>
    [
        Bytes(s => Safetensors.Write(s, Tensors(), new Dictionary<string, string> { ["format"] = "NativeDL" })),
        Bytes(s => Safetensors.Write(s, [], null)),
        HostileBytes.Safetensors("""{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]}}""", 6),
    ];

    private static List<byte[]> NpySeeds() =>
    [
        Bytes(s => Npy.Write(s, Tensor.FromArray([1f, 2, 3, 4, 5, 6], [2, 3]))),
        Bytes(s => Npy.Write(s, Tensor.FromArray([1L], Shape.Scalar))),
        HostileBytes.Npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 2), }", 8),
        HostileBytes.Npy("{'descr': '|b1', 'fortran_order': False, 'shape': (8L,), }", 8, version: 2),
    ];

    private static List<byte[]> NpzSeeds()
    {
        byte[] Zip(CompressionLevel level) => Bytes(s =>
        {
            using var zip = new NdlWriter(s);
            foreach (var (name, tensor) in Tensors())
                zip.Add(name + ".npy", level, t => Npy.Write(t, tensor));
        });
        return [Zip(CompressionLevel.NoCompression), Zip(CompressionLevel.Optimal)];
    }

    private static List<byte[]> IdxSeeds()
    {
        byte[] plain = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, .. Enumerable.Range(0, 24).Select(i => (byte)i)];
        byte[] floats = [0, 0, 13, 1, 0, 0, 0, 2, 63, 128, 0, 0, 64, 0, 0, 0];
        return [plain, floats, HostileBytes.Gzip(plain)];
    }

    private static List<byte[]> NdlSeeds()
    {
        byte[] File(CompressionLevel level) => Bytes(s =>
        {
            using var ndl = new NdlWriter(s);
            ndl.AddText(NdlFile.Model, """{"format":1,"layers":[{"type":"Dense","units":10}]}""");
            ndl.Add(NdlFile.Weights, level, t => Safetensors.Write(t, Tensors(), null));
            ndl.AddText(NdlFile.State, new string('x', 500));
        });
        return [File(CompressionLevel.NoCompression), File(CompressionLevel.Optimal)];
    }
}
