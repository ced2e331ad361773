namespace NativeDL;

/// <summary>A piece of device memory that one or more tensors stand in. Whoever holds it keeps the memory alive.</summary>
internal abstract class Storage
{
    /// <summary>One of the tensors in this memory was freed by its scope.</summary>
    public abstract void Release();
}
