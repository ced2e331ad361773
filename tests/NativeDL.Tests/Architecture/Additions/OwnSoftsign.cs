using System.Numerics;

namespace NativeDL.Tests.Additions;

/// <summary>y = x / (1 + |x|); dx = dy / (1 + |x|)².</summary>
internal readonly struct OwnSoftsignOp : IUnary
{
    public static string Name => "own_softsign";

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => x / (Vector<T>.One + Vector.Abs(x));

    public Tensor Derivative(Tensor x, Tensor y, Tensor dy) => dy / (x.Abs() + 1).Square();
}

/// <summary>The activation, which products apply as they go.</summary>
[Registered("test.own_softsign")]
public sealed class OwnSoftsign : Activation
{
    internal override Epilogue? Fused { get; } = Epilogue.Of<OwnSoftsignOp>();

    public override Tensor Call(Tensor x) => UnaryOp<OwnSoftsignOp>.Instance.Run(x);
}
