using NativeDL.Layers;

namespace NativeDL.Recipes.Systems;

/// <summary>A small network on the 1,797 digits that the library carries: it trains in seconds and needs no network.</summary>
[Registered("digits")]
internal sealed class Digits : ClassifierRecipe
{
    public override string Description => "a small dense network on the embedded 8×8 digits; trains in seconds, offline";
    public override string Dataset => "digits";
    public override int Epochs => 30;
    public override int BatchSize => 32;
    public override string Optimization => "Adam, learning rate 0.002 falling to 0 as a cosine";

    public override Model Build() => new Sequential
    {
        new Flatten(),
        new Dense(64, activation: "relu"),
        new Dense(32, activation: "relu"),
        new Dense(10),
    };

    public override Optimizer Optimizer(long steps) => new Adam(new CosineDecay(2e-3, steps));
}
