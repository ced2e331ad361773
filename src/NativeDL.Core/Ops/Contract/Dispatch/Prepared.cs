namespace NativeDL;

/// <summary>
/// Operands and results as an operation takes them, where they are not so already: elements side by side unless it reads
/// strides, half-precision numbers as float32 beside them, to be rounded once at the end. The same on every device.
/// </summary>
internal readonly ref struct Prepared
{
    private readonly ReadOnlySpan<Tensor> given;
    private readonly Span<Tensor> wanted;
    private readonly Tensor[] x, y;

    /// <summary>Packs and widens.</summary>
    /// <param name="device">Where all of them are.</param>
    /// <param name="packs">Whether operands are laid side by side.</param>
    /// <param name="widens">Whether half-precision numbers are widened.</param>
    /// <param name="inputs">The operands.</param>
    /// <param name="outputs">The results, which have their memory.</param>
    public Prepared(Device device, bool packs, bool widens, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        given = inputs;
        wanted = outputs;
        (x, y) = ([.. inputs], [.. outputs]);
        for (int i = 0; i < x.Length; i++)
        {
            if (widens && x[i].DType.IsHalf())
            {
                x[i] = Tensor.Empty(x[i].Shape, DType.Float32, device);
                device.Convert(inputs[i], x[i]);
            }
            else if (packs) x[i] = x[i].Packed();
        }
        for (int i = 0; i < y.Length; i++)
            if (widens && y[i].DType.IsHalf()) y[i] = Tensor.Empty(y[i].Shape, DType.Float32, device);
    }

    public Operands Operands => new(x);

    public Results Results => new(y);

    /// <summary>After the computation: rounds the results, and gives back what was only needed for it.</summary>
    public void Finish(Device device)
    {
        for (int i = 0; i < x.Length; i++)
            if (!ReferenceEquals(x[i], given[i])) x[i].Free();
        for (int i = 0; i < y.Length; i++)
        {
            if (ReferenceEquals(y[i], wanted[i])) continue;
            device.Convert(y[i], wanted[i]);
            y[i].Free();
        }
    }
}
