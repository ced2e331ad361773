using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// An n-dimensional array of numbers. Operations never change their operands, they return new tensors.
/// There is nothing to dispose: memory comes back by itself (see <see cref="TensorScope"/> for a loop that wants it at once).
/// </summary>
/// <remarks>Internally a strided view of a piece of device memory; slices, transposes and reshapes share memory where strides allow.</remarks>
public sealed unsafe partial class Tensor : IFormattable
{
    private readonly long[] strides;   // the shape's own array exactly when the tensor is contiguous
    private readonly Tensor? root;     // the tensor whose memory this one views
    private Device? device;            // null without memory, as a symbol is
    private Storage? storage;          // null once freed
    private nint address;              // of the first element; 0 once freed
    private int references;            // of a root: itself and its live views
    private Node? node;
    private int version;               // of a root: how often the memory was overwritten
    private readonly byte dtype;       // of one byte, for there are many small tensors

    // A new contiguous tensor with undefined content.
    internal Tensor(Shape shape, DType dtype, Device device) : this(shape, dtype) => Allocate(device);

    // Without memory yet, and perhaps without sizes.
    private Tensor(Shape shape, DType dtype)
    {
        Shape = shape;
        this.dtype = (byte)dtype;
        strides = shape.StridesIfKnown;
        references = 1;
    }

    // A view of another tensor's memory.
    private Tensor(Tensor of, Shape shape, long[] strides, long offset)
    {
        of.ThrowIfFreed();
        Shape = shape;
        dtype = of.dtype;
        Device = of.Device;
        this.strides = strides.AsSpan().SequenceEqual(shape.Strides) ? shape.Strides : strides;
        root = of.root ?? of;
        storage = of.storage;
        address = of.address + (nint)(offset * DType.Size());
        Interlocked.Increment(ref root.references);
        TensorScope.Current?.Add(this);
    }

    /// <summary>The dimensions, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>The element type.</summary>
    public DType DType => (DType)dtype;

    /// <summary>Where the tensor lives.</summary>
    public Device Device
    {
        get => device ?? Device.Symbolic;
        private set => device = value;
    }

    /// <summary>Number of dimensions.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Number of elements.</summary>
    public long ElementCount => Shape.ElementCount;

    /// <summary>Whether the elements stand one after another in row-major order.</summary>
    internal bool IsContiguous => ReferenceEquals(strides, Shape.StridesIfKnown) || ElementCount <= 1;

    /// <summary>Strides in elements; 0 along a broadcast dimension.</summary>
    internal long[] Strides => strides;

    /// <summary>The scope that frees this tensor, or null.</summary>
    internal TensorScope? Scope { get; set; }

    /// <summary>The recorded operation that made this tensor, or the leaf of a watched tensor or parameter; null when no gradient flows.</summary>
    internal Node? Node
    {
        get => node is { IsForgotten: true } forgotten ? Let(forgotten) : node;
        set => node = value;
    }

    // Lets go of a node whose tape has ended, unless another thread has put a new one there.
    private Node? Let(Node forgotten)
    {
        Interlocked.CompareExchange(ref node, null, forgotten);
        return null;
    }

    /// <summary>Which of its node's results this is.</summary>
    internal int NodeOutput { get; set; }

    /// <summary>Counts the in-place updates of this tensor's memory.</summary>
    internal int Version => (root ?? this).version;

    /// <summary>The first element's address. The caller keeps the tensor alive while it uses it: see <see cref="Open{T}"/>.</summary>
    internal nint Address
    {
        get
        {
            ThrowIfFreed();
            return address;
        }
    }

    /// <summary>Whether the two are views of the same tensor's memory.</summary>
    internal bool SharesMemoryWith(Tensor other) => ReferenceEquals(root ?? this, other.root ?? other);

    /// <summary>A result of which only shape and element type are known yet; <see cref="Allocate"/> gives it memory.</summary>
    internal static Tensor Promised(Shape shape, DType dtype) => new(shape, dtype);

    /// <summary>The same where the device is known already.</summary>
    internal static Tensor Promised(Shape shape, DType dtype, Device device) => new(shape, dtype) { Device = device };

    /// <summary>Gives a promised tensor its memory, with undefined content.</summary>
    internal void Allocate(Device device)
    {
        Device = device;
        storage = device.Allocate(Shape.ElementCount * DType.Size(), out address);
        if (storage.Bytes > Storage.LargeBytes) Describe(storage);
        TensorScope.Current?.Add(this);
    }

    // Apart: the text's room on the stack would be cleared at each allocation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Describe(Storage memory) => memory.Description = $"{DType} {Shape}";

    /// <summary>A view with other dimensions and strides on the same memory.</summary>
    internal Tensor View(Shape shape, long[] viewStrides, long offset) => new(this, shape, viewStrides, offset);

    /// <summary>Hands out the raw pointer for the length of a <c>using</c>, and keeps the tensor, and so its memory, alive that long.</summary>
    internal Opened<T> Open<T>() where T : unmanaged
    {
        ThrowIfFreed();
        return new Opened<T>(this);
    }

    /// <summary>The memory was overwritten in place: tapes that saved the tensor before refuse to use it.</summary>
    internal void BumpVersion() => Interlocked.Increment(ref (root ?? this).version);

    /// <summary>Called by the scope's end.</summary>
    internal void Free()
    {
        if (address == 0) return;
        address = 0;
        node = null;
        var held = storage!;
        storage = null;
        if (Interlocked.Decrement(ref (root ?? this).references) == 0) held.Release();
    }

    private void ThrowIfFreed()
    {
        if (address == 0) Wake();
    }

    [DoesNotReturn]
    private void ThrowFreed() => throw (Exception?)Symbol?.NoData(this) ?? new ObjectDisposedException(nameof(Tensor), Error.Message("Tensor",
        $"the tensor of shape {Shape} was freed at the end of the scope begun at {Scope?.Place}", null, null, "hand what must outlive the scope to Keep"));

    /// <summary>A raw pointer for the length of a <c>using</c>.</summary>
    internal readonly ref struct Opened<T>(Tensor tensor) where T : unmanaged
    {
        public T* Pointer { [MethodImpl(MethodImplOptions.AggressiveInlining)] get; } = (T*)tensor.address;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => GC.KeepAlive(tensor);
    }
}
