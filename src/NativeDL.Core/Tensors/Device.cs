using System.Globalization;

namespace NativeDL;

/// <summary>Where tensors live and operations run.</summary>
/// <remarks>An operation runs on the device of its operands; nothing is copied between devices behind the caller's back.</remarks>
public abstract class Device
{
    private protected Device(string name) => Name = name;

    /// <summary>The processor and main memory.</summary>
    public static Device Cpu { get; } = new CpuDevice();

    private static readonly Ambient<Device> Ambient = new(Cpu);

    /// <summary>Where tensors without data live.</summary>
    internal static Device Symbolic { get; } = new SymbolDevice();

    /// <summary>An NVIDIA card. Throws with the reason where there is none; nothing ever runs on the CPU instead.</summary>
    /// <param name="ordinal">Which one, from 0.</param>
    public static Device Cuda(int ordinal = 0) => NativeDL.Cuda.CudaDevice.Get(ordinal);

    /// <summary>The CPU and every CUDA device that the driver offers.</summary>
    public static IReadOnlyList<Device> List() =>
        [Cpu, .. Enumerable.Range(0, NativeDL.Cuda.CudaDevice.Count).Select(Cuda)];

    /// <summary>
    /// The device on which new tensors are made when none is named: the one of <see cref="Use"/> where that is in force, else
    /// the process's, which is the CPU until it is set here.
    /// </summary>
    public static Device Default
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>The device's short name: <c>cpu</c>, <c>cuda:0</c> …</summary>
    public string Name { get; }

    /// <summary>Whether this is the CPU.</summary>
    public bool IsCpu => this is CpuDevice;

    /// <summary>
    /// Makes <paramref name="device"/> the <see cref="Default"/> until the result is disposed, for this method and all that it
    /// calls, starts or awaits; what runs beside it keeps its own.
    /// </summary>
    /// <example><code>using var use = Device.Use("cuda:0");</code></example>
    public static IDisposable Use(Device device) => Ambient.Use(device);

    /// <summary>The device of a name: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <exception cref="InvalidInputException">There is no such name.</exception>
    /// <exception cref="DeviceException">There is no such device.</exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == "cpu") return Cpu;
        if (name == "cuda") return Cuda();
        if (name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal)) return Cuda(ordinal);
        throw Error.Input("Device", $"there is no device named '{name}'", null, "cpu, cuda or cuda:N");
    }

    /// <summary>The device of a name: <c>"cuda:0"</c>; see <see cref="Parse"/>.</summary>
    public static implicit operator Device(string name) => Parse(name);

    /// <summary>Bytes live, cached and at the peak, and how often memory was asked for.</summary>
    public abstract MemoryStats MemoryStats();

    /// <summary>Gives the memory that the pool holds in reserve back to the system.</summary>
    /// <returns>The number of bytes given back.</returns>
    public abstract long TrimPool();

    /// <summary>
    /// Whether the pool remembers where each block of memory was asked for, for <see cref="LeakReport"/>. Costs a stack trace
    /// an allocation; off by default. Only the CPU's pool can.
    /// </summary>
    public virtual bool TracksOrigins { get => false; set =>
        throw Error.Device("Device.TracksOrigins", "only the CPU's pool remembers where memory was asked for", $"{this}"); }

    /// <summary>
    /// Every live block of memory, the largest first: its bytes, the tensor in it where it is large, and, while <see cref="TracksOrigins"/> is on, the stack
    /// that asked for it.
    /// </summary>
    public virtual string LeakReport() => throw Error.Device("Device.LeakReport", "only the CPU's pool lists its blocks", $"{this}");

    /// <summary>Waits until everything asked of the device is done.</summary>
    public virtual void Synchronize() { }

    /// <summary>
    /// A layer is entered or left: what this thread asked of the device last was asked in <paramref name="layer"/>. For errors that come late.
    /// </summary>
    internal virtual void NoteLayer(LayerPath? layer) { }

    /// <summary>Memory for <paramref name="bytes"/> bytes, at a 64-byte boundary; its content is undefined.</summary>
    internal abstract Storage Allocate(long bytes, out nint address);

    /// <summary>Copies between this device and main memory; returns when the bytes are there.</summary>
    internal abstract unsafe void Upload(void* source, nint target, long bytes);

    /// <inheritdoc cref="Upload"/>
    internal abstract unsafe void Download(nint source, void* target, long bytes);

    /// <summary>Runs an operation: gives the promised results their memory and has them computed. The one place where device and element type decide.</summary>
    internal abstract void Execute(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs);

    /// <summary>Copies packed elements of another device to an address on this one, straight where cards can.</summary>
    internal abstract void CopyFrom(Tensor source, nint target, long bytes);

    /// <summary>Copies elements between any strides on this device.</summary>
    internal abstract void Copy(Tensor source, Tensor target);

    /// <summary>Widens half-precision numbers of any strides to float32, or rounds float32 to them; the target's elements stand side by side.</summary>
    internal abstract void Convert(Tensor source, Tensor target);

    /// <summary>Writes one number, which the element type can hold, everywhere.</summary>
    internal abstract void Fill(Tensor target, double value);

    /// <summary>Makes the pass that changes parameters of this device in steps of training.</summary>
    /// <inheritdoc cref="DeviceUpdate(Device, Tensor[], Tensor[][], int[])"/>
    internal abstract DeviceUpdate UpdateOf(Tensor[] values, Tensor[][] slots, int[] groups);

    /// <summary>Sets one of the Int32 marks on this device to 1 where an element is NaN or infinite, and leaves it as it is otherwise.</summary>
    /// <param name="x">Contiguous, floating-point, on this device.</param>
    /// <param name="marks">The marks.</param>
    /// <param name="place">Which of them.</param>
    internal abstract void MarkNotFinite(Tensor x, Tensor marks, int place);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What a device's memory pool holds, in bytes.</summary>
/// <param name="LiveBytes">Held by tensors that are still in use.</param>
/// <param name="CachedBytes">Held in reserve by the pool for the next tensors.</param>
/// <param name="PeakBytes">The most that was ever live.</param>
/// <param name="SystemAllocations">How often the pool had to ask the system for memory.</param>
public readonly record struct MemoryStats(long LiveBytes, long CachedBytes, long PeakBytes, long SystemAllocations);
