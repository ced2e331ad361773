using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL.Tests.Additions;

/// <summary>y = Π x over axes; dx = dy y / x.</summary>
internal sealed class OwnProductOp(int[] axes, bool keepDims = false) : ReductionOp(axes, keepDims)
{
    protected override Saved Saves => Saved.Both;

    protected override void Check(Tensor x) => RequireNumber(x);

    protected override void Compute<T>(Operands x, Results y) => Reduction.Run<Product, T>(x[0], Axes, y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => stream.Device.Reduce(Name, x[0], Axes, y[0]);

    protected override Tensors Backward(BackwardCall call)
    {
        var kept = call.InputShape(0).KeepOnes(Axes);
        return [(call.Gradient() * call.Output()).Reshape(kept) / call.Input(0)];
    }

    private readonly struct Product : IReducer
    {
        public static T Identity<T>() where T : unmanaged, INumber<T> => T.One;

        public static Vector<T> Join<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a * b;

        public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => a * b;
    }
}
