using System.Text;
using NativeDL.Formats;

namespace NativeDL.Tests.Formats;

public class SafetensorsTests
{
    private const string Sound = """{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Fact]
    public void A_sound_file_is_read()
    {
        using var file = SafetensorsFile.Parse(HostileBytes.Safetensors(Sound, 8));
        Assert.Equal(["t"], file.Names);
        Assert.Equal(Shape.Of(2), file.ShapeOf("t"));
        Assert.Equal([0f, 0f], file.Read("t").ToArray<float>());
    }

    [Theory]
    [InlineData("""{}""", 0)]
    [InlineData("""{}      """, 0)]
    [InlineData("""{"__metadata__":{"a":"b"}}""", 0)]
    [InlineData("""{"e":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0]}}""", 0, "e Float32 [0, 5]")]
    [InlineData("""{"s":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}""", 8, "s Int64 []")]
    [InlineData("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 2, "a UInt8 [1]", "b UInt8 [1]")]
    public void Legal_corners_are_read(string header, int data, params string[] expected)
    {
        using var file = SafetensorsFile.Parse(HostileBytes.Safetensors(header, data));
        Assert.Equal(expected, file.Names.Order().Select(name => $"{name} {file.Read(name).DType} {file.Read(name).Shape}"));
        Assert.Equal(header.Contains("__metadata__", StringComparison.Ordinal), file.Metadata.Count == 1 && file.Metadata["a"] == "b");
    }

    [Theory]
    [InlineData("not starting with a brace", """ {"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("an array", "[]", 0)]
    [InlineData("empty header", "", 0)]
    [InlineData("broken JSON", """{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8)]
    [InlineData("text after the object", """{}{}""", 0)]
    [InlineData("a comment", """{/**/}""", 0)]
    [InlineData("duplicate name", """{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"t":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2)]
    [InlineData("duplicate name in escapes", """{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0074":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2)]
    [InlineData("duplicate field", """{"t":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("missing field", """{"t":{"dtype":"U8","shape":[1]}}""", 1)]
    [InlineData("unknown field", """{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}""", 1)]
    [InlineData("unknown dtype", """{"t":{"dtype":"Q7","shape":[1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("dtype not a string", """{"t":{"dtype":3,"shape":[1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("shape overflow", """{"t":{"dtype":"F32","shape":[2000000000,2000000000,2000000000],"data_offsets":[0,8]}}""", 8)]
    [InlineData("dimension too large", """{"t":{"dtype":"F32","shape":[4294967297,0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("negative dimension", """{"t":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("fractional dimension", """{"t":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8)]
    [InlineData("shape is not the offsets", """{"t":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8)]
    [InlineData("offsets backwards", """{"t":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8)]
    [InlineData("offsets negative", """{"t":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8)]
    [InlineData("offsets past the end", """{"t":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8)]
    [InlineData("offsets past 2^63", """{"t":{"dtype":"F32","shape":[2],"data_offsets":[18446744073709551608,18446744073709551615]}}""", 8)]
    [InlineData("three offsets", """{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", 8)]
    [InlineData("one offset", """{"t":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8)]
    [InlineData("overlap", """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", 8)]
    [InlineData("hole at the start", """{"t":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2)]
    [InlineData("hole between", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3)]
    [InlineData("bytes behind the last tensor", """{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9)]
    [InlineData("data without tensors", """{}""", 1)]
    [InlineData("metadata not strings", """{"__metadata__":{"a":1}}""", 0)]
    [InlineData("metadata not an object", """{"__metadata__":"a"}""", 0)]
    [InlineData("metadata key twice", """{"__metadata__":{"a":"b","a":"c"}}""", 0)]
    [InlineData("tensor not an object", """{"t":[]}""", 0)]
    [InlineData("too deep", """{"t":{"dtype":"F32","shape":[[[[2]]]],"data_offsets":[0,8]}}""", 8)]
    [InlineData("too many dimensions", """{"t":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}""", 1)]
    [InlineData("half a surrogate pair", """{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1)]
    public void A_wrong_header_is_refused(string fault, string header, int data)
    {
        var error = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Parse(HostileBytes.Safetensors(header, data)));
        Assert.True(error.Offset is not null, fault);
        Assert.StartsWith("Safetensors(memory): ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_shorter_than_its_length_field_is_refused() => Refused([1, 2, 3, 4, 5, 6, 7], "shorter");

    [Fact]
    public void A_header_length_above_the_limit_is_refused() =>
        Refused([.. BitConverter.GetBytes(100_000_001UL), .. new byte[64]], "too long");

    [Fact]
    public void A_header_that_ends_past_the_file_is_refused() =>
        Refused([.. BitConverter.GetBytes(65UL), .. new byte[64]], "past the end");

    [Fact]
    public void A_header_that_is_not_utf8_is_refused() =>
        Refused(HostileBytes.Safetensors([(byte)'{', 0xFF, (byte)'}']), "UTF-8");

    [Fact]
    public void Too_many_tensors_are_refused()
    {
        var header = new StringBuilder("{");
        for (var i = 0; i <= SafetensorsHeader.MaxTensors; i++)
            header.Append(i == 0 ? "" : ",").Append('"').Append(i).Append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        Refused(HostileBytes.Safetensors(header.Append('}').ToString()), "too many tensors");
    }

    [Fact]
    public void What_was_saved_is_loaded_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.safetensors");
        float[] odd = [float.NaN, float.NegativeInfinity, -0f, float.Epsilon, 1.1f, BitConverter.UInt32BitsToSingle(0x7FC12345)];
        Safetensors.Save(path, new Dictionary<string, Tensor>
        {
            ["floats"] = Tensor.FromArray(odd, [3, 2]),
            ["doubles"] = Tensor.FromArray([1.1, double.NaN]),
            ["ints"] = Tensor.FromArray([int.MinValue, 7]),
            ["longs"] = Tensor.FromArray([long.MaxValue], Shape.Scalar),
            ["bools"] = Tensor.FromArray([true, false, true]),
            ["bytes"] = Tensor.FromArray(new byte[] { 0, 255, 3 }),
            ["empty"] = Tensor.FromArray(Array.Empty<float>(), [0, 3]),
            ["transposed"] = Tensor.FromArray(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).Transpose(),
            ["naïve \"名\""] = Tensor.FromArray([1f]),
        }, new Dictionary<string, string> { ["note"] = "a \"b\" – c" });

        var loaded = Safetensors.Load(path);
        Assert.Equal(9, loaded.Count);
        Assert.Equal(odd.Select(BitConverter.SingleToUInt32Bits), loaded["floats"].ToArray<float>().Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(Shape.Of(3, 2), loaded["floats"].Shape);
        Assert.Equal([1.1, double.NaN], loaded["doubles"].ToArray<double>());
        Assert.Equal([int.MinValue, 7], loaded["ints"].ToArray<int>());
        Assert.Equal([long.MaxValue], loaded["longs"].ToArray<long>());
        Assert.Equal(0, loaded["longs"].Rank);
        Assert.Equal([true, false, true], loaded["bools"].ToArray<bool>());
        Assert.Equal(new byte[] { 0, 255, 3 }, loaded["bytes"].ToArray<byte>());
        Assert.Equal(Shape.Of(0, 3), loaded["empty"].Shape);
        Assert.Equal([1f, 4, 2, 5, 3, 6], loaded["transposed"].ToArray<float>());
        Assert.Equal([1f], loaded["naïve \"名\""].ToArray<float>());
        using var file = SafetensorsFile.Open(path);
        Assert.Equal("a \"b\" – c", file.Metadata["note"]);
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_order_of_the_tensors()
    {
        var a = Tensor.FromArray([1f]);
        var b = Tensor.FromArray([2.0]);
        Assert.Equal(Bytes([new("a", a), new("b", b)]), Bytes([new("b", b), new("a", a)]));

        static byte[] Bytes(KeyValuePair<string, Tensor>[] tensors)
        {
            using var stream = new MemoryStream();
            Safetensors.Write(stream, tensors, null);
            return stream.ToArray();
        }
    }

    [Fact]
    public void Half_precision_keeps_its_type_and_bits()
    {
        var bytes = HostileBytes.Safetensors("""{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]}}""", 8);
        byte[] data = [0x00, 0x3C, 0x01, 0x00, 0xC0, 0x3F, 0x80, 0xFF];
        data.CopyTo(bytes, bytes.Length - 8);
        using var file = SafetensorsFile.Parse(bytes);
        Tensor h = file.Read("h"), b = file.Read("b");
        Assert.Equal([(Half)1, (Half)MathF.Pow(2, -24)], h.ToArray<Half>());
        Assert.Equal([(BFloat16)1.5f, (BFloat16)float.NegativeInfinity], b.ToArray<BFloat16>());

        using var again = new MemoryStream();
        Safetensors.Write(again, [new("h", h), new("b", b)], null);
        using var copy = SafetensorsFile.Parse(again.ToArray());
        Assert.Equal(h.ToArray<Half>(), copy.Read("h").ToArray<Half>());
        Assert.Equal(b.ToArray<BFloat16>(), copy.Read("b").ToArray<BFloat16>());
    }

    [Theory]
    [InlineData("C64", 2, 16)]
    [InlineData("F8_E8M0", 3, 3)]
    [InlineData("F8_E4M3", 3, 3)]
    [InlineData("F6_E2M3", 4, 3)]
    [InlineData("F4", 6, 3)]
    public void A_tensor_of_a_type_that_tensors_have_not_leaves_the_others_readable(string type, int count, int bytes)
    {
        string header = $$$"""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"t":{"dtype":"{{{type}}}","shape":[{{{count}}}],"data_offsets":[4,{{{4 + bytes}}}]}}""";
        using var file = SafetensorsFile.Parse(HostileBytes.Safetensors(header, 4 + bytes));
        Assert.Equal(["a", "t"], file.Names);
        Assert.Equal(Shape.Of(count), file.ShapeOf("t"));
        Assert.Equal(DType.Float32, file.Read("a").DType);
        Assert.Contains("no tensor type", Assert.Throws<ModelFormatException>(() => file.Read("t")).Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => SafetensorsFile.Parse(HostileBytes.Safetensors(header, 5 + bytes)));
    }

    [Fact]
    public void Types_without_a_tensor_type_are_refused_when_read()
    {
        using var file = SafetensorsFile.Parse(HostileBytes.Safetensors("""{"t":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""", 8));
        Assert.Throws<ModelFormatException>(() => file.Read("t"));
    }

    [Fact]
    public void An_unknown_tensor_is_named_with_the_known_ones()
    {
        using var file = SafetensorsFile.Parse(HostileBytes.Safetensors(Sound, 8));
        var error = Assert.Throws<ModelFormatException>(() => file.Read("nope"));
        Assert.Contains("there is no tensor \"nope\". Got t", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_may_not_be_called_metadata() => Assert.Throws<InvalidInputException>(
        () => Safetensors.Write(new MemoryStream(), [new("__metadata__", Tensor.FromArray([1f]))], null));

    private static void Refused(byte[] bytes, string reason)
    {
        var error = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Parse(bytes));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
