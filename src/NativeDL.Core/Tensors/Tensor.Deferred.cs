using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Whether the elements are not made yet.</summary>
    internal bool IsDeferred => storage is DeferredStorage;

    /// <summary>A tensor that has shape, element type and device, and whose elements are made when somebody first needs them.</summary>
    internal static Tensor Deferred(Shape shape, DType dtype, Device device, FirstValues values, Func<Tensor> make)
    {
        var tensor = Promised(shape, dtype, device);
        tensor.storage = new DeferredStorage(values, make);
        values.Add(tensor);
        return tensor;
    }

    /// <summary>The same on another device, in this one's place.</summary>
    internal Tensor DeferredOn(Device device)
    {
        var held = (DeferredStorage)storage!;
        var moved = Promised(Shape, DType, device);
        moved.storage = held;
        held.Values.Replace(this, moved);
        return moved;
    }

    /// <summary>Takes the memory of a tensor that nobody else holds.</summary>
    internal void Fulfil(Tensor made)
    {
        if (made.Shape != Shape || made.DType != DType)
            throw Error.Shape("Initializer", "what it made is not of the parameter's shape and element type", $"{made.DType} {made.Shape}", $"{DType} {Shape}");
        if (made.Device != Device || made.root is not null || !made.IsContiguous) made = made.To(Device).Clone();
        (storage, made.storage) = (made.storage, null);
        Volatile.Write(ref address, made.address);
        made.address = 0;
    }

    /// <summary>The elements of a deferred tensor.</summary>
    internal Tensor MakeFirst() => ((DeferredStorage)storage!).Make();

    // Nothing stands at this tensor's address: either its elements are to be made now, or it was freed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Wake()
    {
        if (storage is DeferredStorage deferred) deferred.Values.Make();
        if (address == 0) ThrowFreed();
    }

    private sealed class DeferredStorage(FirstValues values, Func<Tensor> make) : Storage(0)
    {
        public FirstValues Values => values;

        public Func<Tensor> Make => make;

        public override void Release() { }
    }
}

/// <summary>
/// The first values of one layer's parameters. They are made together and in order, whichever is needed first, so that what
/// a seed gives does not depend on who looks.
/// </summary>
internal sealed class FirstValues
{
    private readonly Lock making = new();
    private readonly List<Tensor> tensors = [];

    public void Add(Tensor tensor) => tensors.Add(tensor);

    public void Replace(Tensor tensor, Tensor by)
    {
        lock (making) tensors[tensors.IndexOf(tensor)] = by;
    }

    /// <summary>Makes those that were not made or assigned yet.</summary>
    public void Make()
    {
        lock (making)
        {
            using var outside = TensorScope.Suspend();
            foreach (var tensor in tensors)
                if (tensor.IsDeferred) tensor.Fulfil(tensor.MakeFirst());
        }
    }
}
