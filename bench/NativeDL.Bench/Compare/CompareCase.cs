namespace NativeDL.Bench.Compare;

/// <summary>One row of the comparison.</summary>
/// <param name="Name">The row's name, and that of the peer's case.</param>
/// <param name="Flops">Floating-point operations that the work needs.</param>
/// <param name="Bytes">Bytes that it must move: each operand read once, each result written once.</param>
/// <param name="Prepare">Makes random operands and says what is timed.</param>
internal sealed record CompareCase(string Name, double Flops, double Bytes, Func<Work> Prepare)
{
    /// <summary>Threads of the work; 0 for all.</summary>
    public int Threads { get; init; }
}

/// <summary>What is timed.</summary>
/// <param name="Step">The work, once.</param>
/// <param name="Check">Compares the results with double precision; throws where they differ.</param>
internal sealed record Work(Action Step, Action Check)
{
    /// <summary>What the peer must say of its work too, such as the number of parameters.</summary>
    public IReadOnlyDictionary<string, long> Facts { get; init; } = new Dictionary<string, long>();

    /// <summary>The opponent, where it runs in this process.</summary>
    public (string Name, Action Step)? Opponent { get; init; }
}
