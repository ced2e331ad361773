using NativeDL.Data.Sources;

namespace NativeDL.Data;

/// <summary>Fashion-MNIST.</summary>
[Registered("fashion-mnist")]
internal sealed class FashionMnistData : IdxDataset
{
    public override string Description => "Pictures of clothes, 28×28 grey";

    public override IReadOnlyList<string> ClassNames =>
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    public override string Licence => "MIT";

    public override string Origin => "Zalando SE (H. Xiao, K. Rasul, R. Vollgraf)";

    protected override IReadOnlyList<DatasetFile> Files =>
    [
        new("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        new("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        new("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        new("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ];

    protected override IReadOnlyList<IDatasetSource> Places =>
    [
        new FolderSource("/usr/share/datasets/fashion-mnist"),
        new HttpSource("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
        new HttpSource("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
        new DebianSource("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist"),
    ];
}
