namespace NativeDL.Recipes.Systems;

/// <summary>The network of <see cref="MnistCnn"/> on pictures of clothes, which are harder to tell apart than digits.</summary>
[Registered("fashion-cnn")]
internal sealed class FashionCnn : ClassifierRecipe
{
    public override string Description => "the same convolutional network on Fashion-MNIST's clothes";
    public override string Dataset => "fashion-mnist";
    public override int Epochs => 6;
    public override int BatchSize => 128;
    public override string Optimization => SmallCnn.Optimization;

    public override Model Build() => SmallCnn.Build();

    public override Optimizer Optimizer(long steps) => SmallCnn.Optimizer(steps);
}
