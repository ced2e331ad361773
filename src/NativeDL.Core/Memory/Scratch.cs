namespace NativeDL;

/// <summary>Memory of the CPU's pool for the length of a <c>using</c>; its content is undefined.</summary>
internal readonly unsafe ref struct Scratch<T> where T : unmanaged
{
    private readonly Storage storage;

    public Scratch(long count)
    {
        storage = Device.Cpu.Allocate(Math.Max(1, count) * sizeof(T), out nint address);
        Pointer = (T*)address;
    }

    public T* Pointer { get; }

    public void Dispose() => storage.Release();
}
