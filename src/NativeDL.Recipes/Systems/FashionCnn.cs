namespace NativeDL.Recipes.Systems;

/// <summary>The network of <see cref="MnistCnn"/> on pictures of clothes, which are harder to tell apart than digits.</summary>
internal sealed class FashionCnn : Recipe, INamedRecipe
{
    public override string Name => "fashion-cnn";
    public override string Description => "the same convolutional network on Fashion-MNIST's clothes";
    public override string Dataset => "fashion-mnist";
    public override int Epochs => 6;
    public override int BatchSize => 128;
    public override string Optimization => SmallCnn.Optimization;

    public override Model Build() => SmallCnn.Build();

    public override Optimizer Optimizer(long steps) => SmallCnn.Optimizer(steps);

    static Recipe INamedRecipe.Spec => new FashionCnn();
}
