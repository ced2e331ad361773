using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>
/// Pinned buffers through which host memory goes to the device: the caller's memory is free again as soon as it is copied
/// here, and the transfer runs beside the program. They live as long as their device.
/// </summary>
internal sealed unsafe class CudaStaging(nint stream)
{
    private const int Slots = 4;
    private const int SlotBytes = 1 << 20;

    private readonly Lock gate = new();
    private readonly nint[] events = new nint[Slots];
    private byte* buffer;
    private int next;

    /// <summary>Copies to the device in the stream's order. On return the source may change.</summary>
    internal void Upload(byte* source, nint target, long bytes)
    {
        var api = CudaStatus.Api;
        lock (gate)
        {
            Prepare(api);
            while (bytes > 0)
            {
                int slot = next++ % Slots;
                long part = Math.Min(bytes, SlotBytes);
                byte* buffer = this.buffer + (long)slot * SlotBytes;
                CudaStatus.Check(api.EventSynchronize(events[slot]), "wait for a staging buffer");
                Buffer.MemoryCopy(source, buffer, SlotBytes, part);
                CudaStatus.Check(api.MemcpyHtoDAsync(target, buffer, (nuint)part, stream), "copy to device");
                CudaStatus.Check(api.EventRecord(events[slot], stream), "record event");
                source += part;
                target += (nint)part;
                bytes -= part;
            }
        }
    }

    /// <summary>Copies to the host and waits for it.</summary>
    internal void Download(nint source, byte* target, long bytes)
    {
        var api = CudaStatus.Api;
        lock (gate)
        {
            Prepare(api);
            while (bytes > 0)
            {
                // All slots in one piece: a reader waits anyway.
                long part = Math.Min(bytes, (long)Slots * SlotBytes);
                for (int i = 0; i < Slots; i++)
                {
                    CudaStatus.Check(api.EventSynchronize(events[i]), "wait for a staging buffer");
                }

                CudaStatus.Check(api.MemcpyDtoHAsync(buffer, source, (nuint)part, stream), "copy to host");
                CudaStatus.Check(api.StreamSynchronize(stream), "copy to host");
                Buffer.MemoryCopy(buffer, target, part, part);
                source += (nint)part;
                target += part;
                bytes -= part;
            }
        }
    }

    private void Prepare(CudaApi api)
    {
        if (this.buffer != null)
        {
            return;
        }

        void* buffer;
        CudaStatus.Check(api.MemHostAlloc(&buffer, (nuint)Slots * SlotBytes, 0), "allocate staging buffers");
        for (int i = 0; i < Slots; i++)
        {
            nint e;
            const uint disableTiming = 2;
            CudaStatus.Check(api.EventCreate(&e, disableTiming), "create event");
            events[i] = e;
        }

        this.buffer = (byte*)buffer;
    }
}
