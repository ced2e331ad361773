using NativeDL.Formats;

namespace NativeDL.Tests.Formats;

public class NpyTests
{
    // What numpy 1.24.2 saves for numpy.arange(6, dtype='<f4').reshape(2, 3).
    private const string Golden =
        "934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028322c2033292c207d"
        + "202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020200a"
        + "000000000000803f0000004000004040000080400000a040";

    [Fact]
    public void The_bytes_are_those_that_numpy_writes()
    {
        using var stream = new MemoryStream();
        Npy.Write(stream, Tensor.FromArray([0f, 1, 2, 3, 4, 5], [2, 3]));
        Assert.Equal(Golden, Convert.ToHexStringLower(stream.ToArray()));
    }

    [Fact]
    public void A_file_of_numpy_is_read()
    {
        var array = Read(Convert.FromHexString(Golden));
        Assert.Equal(Shape.Of(2, 3), array.Shape);
        Assert.Equal([0f, 1, 2, 3, 4, 5], array.ToArray<float>());
    }

    [Fact]
    public void Every_tensor_type_comes_back()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.npy");
        T[] Trip<T>(T[] values, Shape shape) where T : unmanaged
        {
            Npy.Save(path, Tensor.FromArray(values, shape));
            var array = Npy.Load(path);
            Assert.Equal(shape, array.Shape);
            return array.ToArray<T>();
        }
        Assert.Equal([1.5f, float.NaN], Trip([1.5f, float.NaN], [2]));
        Assert.Equal([1.1], Trip([1.1], Shape.Scalar));
        Assert.Equal([1, -2], Trip([1, -2], [1, 2, 1]));
        Assert.Equal([long.MinValue], Trip([long.MinValue], [1]));
        Assert.Equal([true, false], Trip([true, false], [2]));
        Assert.Equal(new byte[] { 9, 200 }, Trip(new byte[] { 9, 200 }, [2]));
        Assert.Empty(Trip(Array.Empty<float>(), [3, 0]));
    }

    [Fact]
    public void Column_major_and_big_endian_files_are_read()
    {
        var bytes = HostileBytes.Npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", 12);
        for (var i = 0; i < 6; i++)
            bytes[^(11 - 2 * i)] = (byte)(i + 1);
        var array = Read(bytes);
        Assert.Equal(Shape.Of(2, 3), array.Shape);
        Assert.Equal([1, 3, 5, 2, 4, 6], array.ToArray<int>());
    }

    [Fact]
    public void Headers_of_old_pythons_are_read() => Assert.Equal(
        Shape.Of(2), Read(HostileBytes.Npy("{\"descr\": '<f8', 'fortran_order': False, 'shape': (2L,)}  \n", 16, version: 2)).Shape);

    [Fact]
    public void Arrays_of_objects_are_refused()
    {
        var error = Assert.Throws<ModelFormatException>(
            () => Read(HostileBytes.Npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 40)));
        Assert.Contains("objects", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 8)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 9)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000, 2000000000), }", 8)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", 8)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", 8)]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 8)]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8)]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", 8)]
    [InlineData("{'descr': '<f4', 'shape': (2,), }", 8)]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", 8)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } import os", 8)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2", 8)]
    [InlineData("", 8)]
    public void A_wrong_header_is_refused(string header, int data) =>
        Assert.Throws<ModelFormatException>(() => Read(HostileBytes.Npy(header, data)));

    [Fact]
    public void Foreign_and_truncated_files_are_refused()
    {
        Assert.Throws<ModelFormatException>(() => Read([]));
        Assert.Throws<ModelFormatException>(() => Read("PK not an array at all"u8.ToArray()));
        Assert.Throws<ModelFormatException>(() => Read(Convert.FromHexString(Golden)[..^1]));
        Assert.Throws<ModelFormatException>(() => Read(HostileBytes.Npy("{}", 0, version: 9)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Npz_archives_come_back(bool compress)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.npz");
        Npz.Save(path, new Dictionary<string, Tensor>
        {
            ["x"] = Tensor.FromArray([.. Enumerable.Range(0, 1000).Select(i => i / 500 + 0.5f)], [10, 100]),
            ["labels"] = Tensor.FromArray([1, 2, 3]),
        }, compress);
        var arrays = Npz.Load(path);
        Assert.Equal(["x", "labels"], arrays.Keys);
        Assert.Equal(Shape.Of(10, 100), arrays["x"].Shape);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i / 500 + 0.5f), arrays["x"].ToArray<float>());
        Assert.Equal([1, 2, 3], arrays["labels"].ToArray<int>());
        Assert.Equal(compress, new FileInfo(path).Length < 1000);
    }

    private static Tensor Read(byte[] bytes) => Npy.Read(ByteSource.From(bytes, "memory"));
}
