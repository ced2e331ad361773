using BenchmarkDotNet.Attributes;

namespace NativeDL.Bench.Benchmarks;

/// <summary>
/// One call of every registered operation on operands that its specification draws, in float32: finds operations that
/// are out of line. Speed on sizes that matter is the affair of <c>compare</c>.
/// </summary>
[Config(typeof(QuickConfig))]
public class EveryOp
{
    private OpCase drawn = null!;
    private Tensor[] operands = [];

    /// <summary>Every operation there is.</summary>
    public static IEnumerable<string> Names => OpRegistry.All.Select(spec => spec.Name).Order(StringComparer.Ordinal);

    /// <summary>The operation.</summary>
    [ParamsSource(nameof(Names))]
    public string Op { get; set; } = "";

    [GlobalSetup]
    public void Draw()
    {
        // Of a few draws the largest; the choices are fixed, so that runs can be compared.
        var spec = OpRegistry.All.First(s => s.Name == Op);
        drawn = Enumerable.Range(1, 20).Select(seed => spec.Sample(new Draw(Choices(seed)) { MaxElements = 100_000 })).MaxBy(c => c.Elements)!;
        operands = [.. drawn.Inputs.Select(x => x.DType == DType.Float64 ? x.Cast(DType.Float32) : x)];
    }

    /// <summary>The call.</summary>
    [Benchmark]
    public void Call()
    {
        using var scope = TensorScope.Begin();
        drawn.Run(operands);
    }

    private static int[] Choices(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 64).Select(_ => random.Next())];
    }
}
