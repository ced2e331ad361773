namespace NativeDL.Tests.Additions;

/// <summary>A data set without classes and without a file.</summary>
[Registered("test.own_sine")]
public sealed class OwnSine : NamedDataset
{
    public override string Description => "Points of a sine";

    public override Shape ExampleShape => [1];

    public override int TrainCount => 200;

    public override int TestCount => 50;

    public override string Licence => "none";

    public override string Origin => "drawn";

    public override (Dataset Train, Dataset Test) Load(IProgress<DatasetProgress>? progress = null, CancellationToken cancellationToken = default) =>
        (Points(TrainCount, 1), Points(TestCount, 2));

    private static Dataset Points(int count, ulong seed)
    {
        var x = Tensor.RandomUniform([count, 1], -2, 2, random: new RandomState(seed));
        return new Dataset(x, x.Sin());
    }
}
