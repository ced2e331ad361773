namespace NativeDL;

/// <summary>
/// One reserved stretch of random words: word i is word i mod 4 of the Philox block with key <paramref name="Key"/> and
/// counter <paramref name="Offset"/> + i/4. Whatever is made of it is a function of these two numbers and the index.
/// </summary>
internal readonly record struct PhiloxStream(ulong Key, ulong Offset);
