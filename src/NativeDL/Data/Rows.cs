namespace NativeDL.Data;

/// <summary>Copies rows of a tensor, row-major in main memory, into a new one.</summary>
internal static unsafe class Rows
{
    /// <summary>
    /// The rows <c>order[first … first + count)</c>, or without an order the rows from <paramref name="begin"/> on.
    /// </summary>
    public static Tensor Gather(Tensor source, int[]? order, int begin, int first, int count)
    {
        var result = new Tensor(source.Shape.With(0, count), source.DType, Device.Cpu);
        using var from = source.Open<byte>();
        using var to = result.Open<byte>();
        var bytes = source.Shape[0] == 0 ? 0 : source.ElementCount / source.Shape[0] * source.DType.Size();
        if (order is null)
        {
            Buffer.MemoryCopy(from.Pointer + begin * bytes, to.Pointer, count * bytes, count * bytes);
            return result;
        }
        for (var i = 0; i < count; i++)
            Buffer.MemoryCopy(from.Pointer + order[first + i] * bytes, to.Pointer + i * bytes, bytes, bytes);
        return result;
    }
}
