using System.Runtime.CompilerServices;

namespace NativeDL.Cuda;

internal sealed unsafe partial class CudaDevice
{
    private const int PerThread = 4;

    // From so many elements on an elementwise thread has four packs of 16 bytes to do: while one is worked on the next is on its way.
    private const int ManyElements = 1 << 22, ManyBytes = 64;

    /// <summary>The device on which a tensor lives; only asked of tensors that are not on the CPU.</summary>
    internal static CudaDevice Of(Tensor x) => (CudaDevice)x.Device;

    /// <summary>
    /// Launches the library's kernel <c>{name}_{suffix of the element type}</c> in stream order, such as
    /// <c>softmax_f32</c>. An empty grid is nothing to do.
    /// </summary>
    internal void Launch(string name, DType dtype, dim3 grid, dim3 block, params ReadOnlySpan<KernelArgument> arguments) =>
        LaunchShared(name, dtype, grid, block, 0, arguments);

    /// <summary>The same with dynamic shared memory.</summary>
    internal void LaunchShared(string name, DType dtype, dim3 grid, dim3 block, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments)
    {
        if (grid.x == 0 || grid.y == 0 || grid.z == 0) return;
        if (!launchers.TryGetValue((name, dtype), out var launcher))
        {
            launcher = launchers.GetOrAdd((name, dtype), CudaKernels.Find(this, $"{name}_{dtype.KernelSuffix()}"));
        }

        Span<CudaArgument> values = stackalloc CudaArgument[arguments.Length];
        for (int i = 0; i < values.Length; i++) values[i] = arguments[i].Value;
        Context.MakeCurrent();
        launcher.Launch(grid, block, sharedBytes, Stream.Handle, values);
        foreach (var argument in arguments) GC.KeepAlive(argument.Tensor);
    }

    /// <summary>Launches a kernel whose threads share <paramref name="count"/> elements by <c>ndl_index</c> and <c>ndl_stride</c>, a few each.</summary>
    internal void LaunchOver(string name, DType dtype, long count, params ReadOnlySpan<KernelArgument> arguments) =>
        LaunchOver(name, dtype, count, PerThread, arguments);

    private void LaunchOver(string name, DType dtype, long count, int perThread, ReadOnlySpan<KernelArgument> arguments)
    {
        // Small work is one small block.
        long threads = (count + perThread - 1) / perThread;
        uint block = threads >= 256 ? 256u : (uint)(threads + 31) / 32 * 32;
        if (count > 0) Launch(name, dtype, CudaKernels.Grid(threads, (int)block), block, arguments);
    }

    /// <summary>Launches a block of threads for each row; the block is no bigger than the row has use for.</summary>
    internal void LaunchRows(string name, DType dtype, long rows, long columns, params ReadOnlySpan<KernelArgument> arguments) =>
        Launch(name, dtype, CudaKernels.Grid(rows, 1), (uint)Math.Clamp((columns + 31) / 32 * 32, 32, 256), arguments);

    internal override void NoteLayer(LayerPath? layer) => CudaStatus.NoteLayer(layer);

    /// <summary>Runs the elementwise kernel of that name over any broadcasting and strides.</summary>
    internal void Elementwise(string name, ReadOnlySpan<Tensor> inputs, Tensor output, ReadOnlySpan<double> attributes) =>
        Elementwise(name, inputs[^1].DType, inputs, output, attributes);

    /// <summary>The same of a kernel that only moves elements, of which there is one for each size.</summary>
    internal void ElementwiseMove(string name, ReadOnlySpan<Tensor> inputs, Tensor output) => Elementwise(name, output.DType.Bits(), inputs, output, []);

    private void Elementwise(string name, DType dtype, ReadOnlySpan<Tensor> inputs, Tensor output, ReadOnlySpan<double> attributes)
    {
        OperandRoom turned = default;
        var operands = turned[..inputs.Length];
        for (int i = 0; i < inputs.Length; i++) operands[i] = Turned(inputs[i]);
        LaunchElementwise(name, dtype, operands, output, attributes);
        for (int i = 0; i < inputs.Length; i++)
            if (!ReferenceEquals(operands[i], inputs[i])) operands[i].Free();
    }

    private void LaunchElementwise(string name, DType dtype, ReadOnlySpan<Tensor> inputs, Tensor output, ReadOnlySpan<double> attributes)
    {
        if (output.ElementCount == 0) return;
        var walk = CudaWalk.Of(name, output, inputs);
        CudaAttributes numbers = default;
        attributes.CopyTo(new Span<double>(numbers.Values, CudaAttributes.Most));
        KernelArguments arguments = default;
        for (int i = 0; i < inputs.Length; i++) arguments[i] = inputs[i];
        arguments[inputs.Length] = output;
        arguments[inputs.Length + 1] = output.ElementCount;
        arguments[inputs.Length + 2] = KernelArgument.Structure(&walk);
        arguments[inputs.Length + 3] = KernelArgument.Structure(&numbers);
        int perThread = output.ElementCount < ManyElements ? PerThread : Math.Max(PerThread, ManyBytes / output.DType.Size());
        LaunchOver(name, dtype, output.ElementCount, perThread, arguments[..(inputs.Length + 4)]);
    }

    internal override void Fill(Tensor target, double value)
    {
        // The kernels write bits, whatever the element type.
        LaunchOver("fill", target.DType, target.ElementCount, target, target.DType.BitsOf(value), target.ElementCount);
    }

    internal override DeviceUpdate UpdateOf(Tensor[] values, Tensor[][] slots, int[] groups) => new CudaUpdate(this, values, slots, groups);

    internal override void MarkNotFinite(Tensor x, Tensor marks, int place) => LaunchOver("finite", x.DType, x.ElementCount, x, x.ElementCount, marks, place);
}

/// <summary>Room for the arguments of a kernel.</summary>
[InlineArray(16)]
internal struct KernelArguments
{
    private KernelArgument first;
}

/// <summary>Room for the operands of an elementwise kernel.</summary>
[InlineArray(CudaWalk.MostOperands)]
internal struct OperandRoom
{
    private Tensor first;
}

/// <summary>The numbers of an elementwise function: <c>ndl_attributes</c>.</summary>
internal unsafe struct CudaAttributes
{
    public const int Most = 4;

    public fixed double Values[Most];
}
