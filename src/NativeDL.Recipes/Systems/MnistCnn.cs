namespace NativeDL.Recipes.Systems;

/// <summary>A convolutional network with batch normalization and a one-cycle schedule: 99.2 % of MNIST's test digits in 4 epochs.</summary>
[Registered("mnist-cnn")]
internal sealed class MnistCnn : ClassifierRecipe
{
    public override string Description => "a convolutional network on MNIST with batch normalization and a one-cycle schedule";
    public override string Dataset => "mnist";
    public override int Epochs => 4;
    public override int BatchSize => 128;
    public override string Optimization => SmallCnn.Optimization;

    public override Model Build() => SmallCnn.Build();

    public override Optimizer Optimizer(long steps) => SmallCnn.Optimizer(steps);
}
