namespace NativeDL;

/// <summary>The whole state of a <see cref="RandomState"/>: three numbers, to be stored with a checkpoint.</summary>
/// <param name="Seed">The seed, the generator's key.</param>
/// <param name="Position">How many blocks of four 32-bit words have been used.</param>
/// <param name="Forks">How many sources were forked off.</param>
public readonly record struct RandomSnapshot(ulong Seed, ulong Position, ulong Forks = 0);
