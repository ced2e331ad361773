namespace NativeDL;

/// <summary>How many threads NativeDL computes with on the CPU.</summary>
public static class Threads
{
    /// <summary>
    /// The number of computing threads, the caller's own included. Starts as <c>NATIVEDL_NUM_THREADS</c>, else the number of cores.
    /// Results are the same to the bit for every value.
    /// </summary>
    /// <exception cref="InvalidInputException">The value, or the environment variable, is not a number of threads.</exception>
    public static int Count
    {
        get => Workers.Count;
        set => Workers.Count = value;
    }
}
