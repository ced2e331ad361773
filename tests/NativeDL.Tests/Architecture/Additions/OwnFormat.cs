using System.Globalization;

namespace NativeDL.Tests.Additions;

/// <summary>Lines of a name and numbers; a data set has x and y, and of tensors the shape comes first.</summary>
[Registered("test.own_format")]
public sealed class OwnFormat : FileFormat, ITensorFormat, IDatasetFormat
{
    public override string Ending => ".own";

    public Dataset ReadDataset(string path)
    {
        var lines = Lines(path).ToDictionary(line => line.Name, line => Tensor.FromArray(line.Numbers).ExpandDims(1));
        return new Dataset(lines["x"], lines["y"]);
    }

    public IReadOnlyDictionary<string, Tensor> ReadTensors(string path) => Lines(path).ToDictionary(line => line.Name, line =>
    {
        int rank = (int)line.Numbers[0];
        return Tensor.FromArray(line.Numbers[(1 + rank)..], Shape.Of([.. line.Numbers[1..(1 + rank)].Select(size => (int)size)])).Cast(DType.Float32);
    });

    public void WriteTensors(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors) => File.WriteAllLines(path, tensors.Select(t =>
        string.Join(' ', [t.Key, .. ((double[])[t.Value.Rank, .. t.Value.Shape.Select(size => (double)size), .. t.Value.ToDoubles()])
            .Select(v => v.ToString("R", CultureInfo.InvariantCulture))])));

    private static IEnumerable<(string Name, double[] Numbers)> Lines(string path) => File.ReadAllLines(path).Select(line => line.Split(' '))
        .Select(words => (words[0], words[1..].Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray()));
}
