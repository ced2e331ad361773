using NativeDL.Layers;

namespace NativeDL.Recipes.Systems;

/// <summary>The classic first network of the field: 784-128-10 with dropout.</summary>
[Registered("mnist-mlp")]
internal sealed class MnistMlp : ClassifierRecipe
{
    public override string Description => "784-128-10 with dropout on MNIST, the classic first network";
    public override string Dataset => "mnist";
    public override int Epochs => 5;
    public override int BatchSize => 32;
    public override string Optimization => "Adam, learning rate 0.002 falling to 0 as a cosine";

    public override Model Build() => new Sequential
    {
        new Flatten(),
        new Dense(128, activation: "relu"),
        new Dropout(0.2),
        new Dense(10),
    };

    public override Optimizer Optimizer(long steps) => new Adam(new CosineDecay(2e-3, steps));
}
