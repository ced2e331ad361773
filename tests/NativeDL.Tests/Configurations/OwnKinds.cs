using NativeDL.Layers;

namespace NativeDL.Tests.Configurations;

/// <summary>One of each kind, written by a user: no file but this knows of them.</summary>
[Registered("test.scale", "test.old_scale")]
public sealed class Scale(double factor, [Formerly("shift")] double offset = 0, Activation? after = null, int[]? axes = null, Side side = Side.Left,
    string? name = null) : Layer(name)
{
    private Parameter? weight;

    public double Factor => factor;

    public double Offset => offset;

    public Activation? After => after;

    public IReadOnlyList<int>? Axes => axes;

    public Side Side => side;

    [Setting]
    public double? Limit { get; set; }

    protected override void CreateWeights(Shape input) => weight = AddWeight("weight", [input[^1]], "ones");

    protected override Tensor Forward(Tensor x, CallContext call)
    {
        var y = x * weight! * factor + offset;
        if (Limit is { } limit) y = y.Clip(-limit, limit);
        return after?.Call(y) ?? y;
    }
}

public enum Side
{
    Left,
    RightHand,
}

/// <summary>An activation of an operation of one's own, which products and convolutions apply as they go.</summary>
[Registered("test.cubic")]
public sealed class Cubic : Activation
{
    internal override Epilogue? Fused { get; } = Epilogue.Of<TanhOp>();

    public override Tensor Call(Tensor x) => x.Tanh();
}

[Registered("test.shifted_loss")]
public sealed class ShiftedLoss(double shift = 0.5) : Loss
{
    public double Shift => shift;

    public override Tensor PerSample(Tensor target, Tensor prediction) => (prediction - target - shift).Square().Mean(-1);
}

[Registered("test.largest")]
public sealed class Largest : MeanMetric
{
    public override bool HigherIsBetter => true;

    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(prediction.Max(-1), weights);
}

[Registered("test.to_zero")]
public sealed class ToZero(double strength = 0.1) : Regularizer
{
    public double Strength => strength;

    public override Tensor Call(Tensor parameter) => parameter.Square().Square().Sum() * strength;
}

[Registered("test.halves")]
public sealed class Halves : Initializer
{
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.Full(shape, 0.5, dtype);
}

[Registered("test.slow")]
public sealed class SlowDecay(double first) : Schedule
{
    public double First => first;

    public override double At(long step) => first / (1 + step);
}

/// <summary>A model of one's own.</summary>
[Registered("test.autoencoder")]
public sealed class Autoencoder : Model
{
    private readonly Layer encoder, decoder;

    public Autoencoder(int code, int width, string? name = null) : base(name)
    {
        (Code, Width) = (code, width);
        encoder = Track(new Dense(code, new Cubic()));
        decoder = Track(new Dense(width, kernelRegularizer: new ToZero(0.2)));
    }

    public int Code { get; }

    public int Width { get; }

    protected override Tensor Forward(Tensor x, CallContext call) => decoder.Call(encoder.Call(x, call), call);
}

/// <summary>A layer that nobody registered.</summary>
public sealed class Nameless : Layer
{
    protected override Tensor Forward(Tensor x, CallContext call) => x;
}
