using System.IO.Compression;

namespace NativeDL.Data;

/// <summary>The embedded 8×8 digits; see Resources/digits.txt for their makers and terms.</summary>
[Registered("digits")]
internal sealed class DigitsData : NamedDataset
{
    private const int Count = 1797;
    private const int Pixels = 64;

    private static readonly string[] Digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    public override string Description => "Handwritten digits, 8×8 grey, part of the library";

    public override Shape ExampleShape => [8, 8, 1];

    public override int TrainCount => 1442;

    public override int TestCount => 355;

    public override IReadOnlyList<string> ClassNames => Digits;

    public override string Licence => "CC BY 4.0 (UCI); the file from scikit-learn, BSD-3-Clause";

    public override string Origin => "E. Alpaydin, C. Kaynak, UCI Machine Learning Repository";

    public override IReadOnlyList<string> Sources => ["embedded"];

    public override (Dataset Train, Dataset Test) Load(IProgress<DatasetProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var outside = TensorScope.Suspend();
        var values = Values();
        var train = new List<int>();
        var test = new List<int>();
        var seen = new int[10];
        for (var row = 0; row < Count; row++)
        {
            // Every fifth picture of each digit: both parts have all digits in the same shares, on every machine.
            var digit = values[row * (Pixels + 1) + Pixels];
            (seen[digit]++ % 5 == 4 ? test : train).Add(row);
        }
        return (Pick(values, train), Pick(values, test));
    }

    private static Dataset Pick(byte[] values, List<int> rows)
    {
        var x = new float[rows.Count * Pixels];
        var y = new int[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            var row = values.AsSpan(rows[i] * (Pixels + 1), Pixels + 1);
            for (var p = 0; p < Pixels; p++)
                x[i * Pixels + p] = row[p] / 16f;
            y[i] = row[Pixels];
        }
        return new Dataset(Tensor.FromSpan<float>(x, [rows.Count, 8, 8, 1], Device.Cpu), Tensor.FromSpan<int>(y, [rows.Count], Device.Cpu), classNames: Digits);
    }

    /// <summary>All rows of 64 pixels and a digit.</summary>
    private static byte[] Values()
    {
        using var resource = typeof(DigitsData).Assembly.GetManifestResourceStream("NativeDL.digits.csv.gz")
            ?? throw new NativeDLException("Datasets.Digits(load): the embedded file is missing from the assembly.");
        using var lines = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var values = new byte[Count * (Pixels + 1)];
        for (var row = 0; row < Count; row++)
        {
            var fields = lines.ReadLine()!.Split(',');
            for (var i = 0; i <= Pixels; i++)
                values[row * (Pixels + 1) + i] = byte.Parse(fields[i], System.Globalization.CultureInfo.InvariantCulture);
        }
        return values;
    }
}
