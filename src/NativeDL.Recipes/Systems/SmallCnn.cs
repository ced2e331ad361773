using NativeDL.Layers;

namespace NativeDL.Recipes.Systems;

/// <summary>The convolutional network for 28×28 pictures that two recipes share.</summary>
internal static class SmallCnn
{
    public const string Optimization = "Adam, one cycle: learning rate up to 0.01 and down again";

    /// <summary>
    /// Normalization stands between product and activation, so the convolutions need no bias of their own. The running
    /// statistics follow quickly (momentum 0.9): in so few epochs the usual 0.99 would still remember the first steps.
    /// </summary>
    public static Model Build() => new Sequential
    {
        new Conv2D(16, 3, useBias: false), new BatchNormalization(momentum: 0.9), new ReLU(),
        new Conv2D(32, 3, useBias: false), new BatchNormalization(momentum: 0.9), new ReLU(),
        new MaxPool2D(2),
        new Conv2D(64, 3, useBias: false), new BatchNormalization(momentum: 0.9), new ReLU(),
        new MaxPool2D(2),
        new Flatten(),
        new Dropout(0.2),
        new Dense(10),
    };

    public static Optimizer Optimizer(long steps) => new Adam(new OneCycle(1e-2, steps));
}
