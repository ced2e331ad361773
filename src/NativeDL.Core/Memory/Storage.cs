namespace NativeDL;

/// <summary>A piece of device memory that one or more tensors stand in. Whoever holds it keeps the memory alive.</summary>
internal abstract class Storage(long bytes)
{
    /// <summary>From how many bytes on a tensor is named in that report.</summary>
    public const long LargeBytes = 1 << 20;

    /// <summary>Bytes that it has, which may be more than were asked for.</summary>
    public long Bytes => bytes;

    /// <summary>What the memory holds, for the report of the largest live tensors; only given for large ones.</summary>
    public virtual string? Description { get; set; }

    /// <summary>One of the tensors in this memory was freed by its scope.</summary>
    public abstract void Release();
}
