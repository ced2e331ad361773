using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Sets each element to 0 with probability <paramref name="rate"/> and multiplies the others by 1/(1 − rate), so that
    /// the expectation stays the same ("inverted" dropout). <c>[…] -> […]</c>
    /// </summary>
    /// <remarks>
    /// Which elements are dropped is a function of the random state alone, whatever the number of threads. NaN stays NaN.
    /// At test time simply do not call it.
    /// </remarks>
    /// <param name="rate">The share that is dropped, from 0 to 1.</param>
    /// <param name="random">Where the choice comes from; <see cref="RandomState.Default"/> unless given.</param>
    /// <exception cref="InvalidInputException">The rate is outside of 0 to 1, or the tensor is a symbol: each run of a graph would drop the same
    /// elements.</exception>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Dropout(double rate, RandomState? random = null)
    {
        if (!(rate is >= 0 and <= 1)) throw Error.Input("dropout", "the rate is the share of elements to drop", $"{rate}", "0 to 1");
        if (IsSymbolic) throw Error.Input("dropout", "a graph would drop the same elements in every run", $"{DType} {Shape}", "a tensor with data",
            "use the layer Dropout");
        return new DropoutOp(rate, (random ?? RandomState.Default).Reserve(ElementCount)).Run(this);
    }
}

/// <summary>
/// y = x·m/(1 − rate), where element i of the mask m is made of word i of a stream. Only the stream is kept: the
/// backward pass makes the same mask again, being the same linear map.
/// </summary>
internal sealed unsafe class DropoutOp(double rate, PhiloxStream stream) : Op, IOp
{
    private const int Block = 1024;

    // The rate 1 keeps nothing, so its factor does not matter.
    private readonly double scale = rate < 1 ? 1 / (1 - rate) : 0;
    private readonly ulong threshold = RandomFill.Threshold(1 - rate);

    public override string Name => "dropout";

    internal override string? WhyNotInFiles => "each run of the graph would drop the same elements";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y[0] = x[0];
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        using var openX = x[0].Open<T>();
        using var openY = y[0].Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        var factor = T.CreateChecked(scale);
        Workers.For(x[0].ElementCount, Workers.Grain, (start, end) =>
        {
            var mask = stackalloc T[Block];
            for (long at = start; at < end; at += Block)
            {
                long n = Math.Min(Block, end - at), i = 0;
                RandomFill.Bernoulli(mask, at, n, stream, threshold, factor);
                T* from = px + at, to = py + at;
                for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(from + i) * Vector.Load(mask + i)).Store(to + i);
                if (i < n) Lanes.StorePart(Lanes.LoadPart(from + i, n - i) * Lanes.LoadPart(mask + i, n - i), to + i, n - i);
            }
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream cuda) =>
        cuda.Device.LaunchOver(Name, x[0].DType, x[0].ElementCount, x[0], y[0], stream.Key, stream.Offset, threshold, scale, x[0].ElementCount);

    protected override Tensors Backward(BackwardCall call) => [Run(call.Gradient())];

    public static OpSpec Spec => new("dropout", "[…] -> […]", d =>
    {
        double rate = d.OneOf(0.2, 0.5, 0, 0.9);
        var stream = new PhiloxStream((ulong)d.Int(0, 9999), 0);
        return new OpCase([d.Tensor(d.Shape(0, 4))], x => [new DropoutOp(rate, stream).Run(x)], $"rate {rate}");
    });
}
