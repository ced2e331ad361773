namespace NativeDL;

/// <summary>
/// What an operation says of itself beside its code: tests, benchmarks and the operator table are made from it,
/// and find it by themselves.
/// </summary>
/// <param name="Name">The operation's name.</param>
/// <param name="Signature">Shapes, such as <c>[…, n] -> […, n]</c>: equal letters are equal sizes.</param>
/// <param name="Sample">Draws operands from the operation's domain, away from its kinks, and the call on them.</param>
internal sealed record OpSpec(string Name, string Signature, Func<Draw, OpCase> Sample)
{
    /// <summary>Whether gradients flow.</summary>
    public bool Differentiable { get; init; } = true;

    /// <summary>Whether the backward pass can be differentiated again.</summary>
    public bool TwiceDifferentiable { get; init; } = true;

    /// <summary>Positions of the operands in which the operation is a step function: floating-point, with gradient 0 everywhere.</summary>
    public IReadOnlyList<int> FlatOperands { get; init; } = [];

    /// <summary>Positions of the results that half-precision operands leave in float32, such as statistics.</summary>
    public IReadOnlyList<int> WideResults { get; init; } = [];

    /// <summary>Whether the call is made of several operations, each of which rounds its result.</summary>
    public bool Composed { get; init; }

    /// <summary>Why results may depend on how operands are laid out in memory; null where they agree to the bit.</summary>
    public string? LayoutMatters { get; init; }

    /// <summary>Bound of the float32 error, as a multiple of epsilon times the square root of the reduction length, in the norm.</summary>
    public double Float32Error { get; init; } = 4;

    /// <summary>
    /// How far an elementwise function's result on a card may be from the processor's, in units of the last place: what NVIDIA states
    /// of the card's own functions and what ours promise, added up. 0: every bit is the same.
    /// </summary>
    public double CardUlps { get; init; }

    /// <summary>Whether those are units of the largest part, an operand or their product, because the parts of the result cancel.</summary>
    public bool CardCancels { get; init; }

    /// <summary>Length of the sums inside, for that bound.</summary>
    public Func<OpCase, double> ReductionLength { get; init; } = _ => 1;

    /// <summary>Floating-point operations of a call.</summary>
    public Func<OpCase, double> Flops { get; init; } = c => c.Elements;

    /// <summary>Bytes a call must move at float32: each operand read once, the result written once.</summary>
    public Func<OpCase, double> Bytes { get; init; } = c => 4.0 * (c.Elements + c.Inputs[0].ElementCount);

    /// <summary>The specification of an elementwise function of one operand.</summary>
    public static OpSpec Unary(string name, Func<Tensor, Tensor> call, Domain domain, double flops = 1) =>
        new(name, "[…] -> […]", d => new OpCase([d.Tensor(d.Shape(0, 4), domain)], x => [call(x[0])])) { Flops = c => flops * c.Elements };

    /// <summary>The specification of an elementwise function of two operands that broadcast.</summary>
    public static OpSpec Binary(string name, Func<Tensor, Tensor, Tensor> call, Domain left, Domain right) =>
        new(name, "[…a], […b] -> […a∨b]", d =>
        {
            var (a, b) = d.BroadcastShapes();
            return new OpCase([d.Tensor(a, left), d.Tensor(b, right)], x => [call(x[0], x[1])]);
        })
        { ReductionLength = c => c.Elements, Bytes = c => 4.0 * (c.Elements + c.Inputs[0].ElementCount + c.Inputs[1].ElementCount) };

    /// <summary>The specification of a comparison: some elements are equal.</summary>
    public static OpSpec Comparison(string name, Func<Tensor, Tensor, Tensor> call) =>
        new(name, "[…a], […b] -> […a∨b]", d =>
        {
            var (a, b) = d.BroadcastShapes();
            return new OpCase([d.Tensor(a).Round(), d.Tensor(b).Round()], x => [call(x[0], x[1])]);
        })
        { Differentiable = false, TwiceDifferentiable = false };
}

/// <summary>Operands (floating-point ones in float64) and the call on them.</summary>
/// <param name="Inputs">The operands, contiguous.</param>
/// <param name="Run">The operation under test with its attributes bound.</param>
/// <param name="Attributes">The attributes in words, for the report of a failure.</param>
internal sealed record OpCase(Tensor[] Inputs, Func<Tensor[], Tensor[]> Run, string Attributes = "")
{
    /// <summary>Elements of the largest operand.</summary>
    public long Elements => Inputs.Max(x => x.ElementCount);

    public override string ToString() => $"{string.Join(", ", Inputs.Select(x => $"{x.DType} {x.Shape}"))}{(Attributes.Length > 0 ? $" ({Attributes})" : "")}";
}

/// <summary>Implemented by everything that states an <see cref="OpSpec"/>; the registry of operations is generated from it.</summary>
internal interface IOp
{
    static abstract OpSpec Spec { get; }
}
