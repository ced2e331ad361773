using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>A kernel of a module with the shape in which it is launched.</summary>
public sealed unsafe class CudaKernel
{
    private readonly CudaContext context;
    private readonly CudaLauncher launcher;

    internal CudaKernel(CudaContext context, nint function, string name, KernelSignature? signature)
    {
        this.context = context;
        launcher = new CudaLauncher(function, name, signature);
    }

    /// <summary>A kernel of a loaded module.</summary>
    public CudaKernel(string kernelName, CudaModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var loaded = module.GetKernel(kernelName);
        (context, launcher) = (loaded.context, loaded.launcher);
    }

    /// <summary>A kernel of a loaded module with its launch shape.</summary>
    public CudaKernel(string kernelName, CudaModule module, dim3 blockDimensions, dim3 gridDimensions)
        : this(kernelName, module)
    {
        BlockDimensions = blockDimensions;
        GridDimensions = gridDimensions;
    }

    /// <summary>The kernel's name.</summary>
    public string KernelName => launcher.Name;

    /// <summary>What is known of its parameters.</summary>
    internal KernelSignature? Signature => launcher.Signature;

    /// <summary>The driver's handle.</summary>
    public nint Handle => launcher.Function;

    /// <summary>The driver's handle, by type.</summary>
    public CUfunction CUFunction => new(launcher.Function);

    /// <summary>The threads of a block.</summary>
    public dim3 BlockDimensions { get; set; } = new(1, 1, 1);

    /// <summary>The blocks of the grid.</summary>
    public dim3 GridDimensions { get; set; } = new(1, 1, 1);

    /// <summary>Bytes of dynamic shared memory; more than 48 KiB is asked for where the device allows it.</summary>
    public uint DynamicSharedMemory { get; set; }

    /// <summary>The most threads that a block of this kernel can have.</summary>
    public int MaxThreadsPerBlock => Attribute(0);

    /// <summary>Bytes of static shared memory.</summary>
    public int SharedMemory => Attribute(1);

    /// <summary>Bytes of constant memory.</summary>
    public int ConstMemory => Attribute(2);

    /// <summary>Bytes of local memory of a thread.</summary>
    public int LocalMemory => Attribute(3);

    /// <summary>Registers of a thread.</summary>
    public int Registers => Attribute(4);

    /// <summary>The virtual architecture it was compiled for, such as 80.</summary>
    public int PtxVersion => Attribute(5);

    /// <summary>The real architecture it runs as, such as 86.</summary>
    public int BinaryVersion => Attribute(6);

    /// <summary>The current blocks of <see cref="BlockDimensions"/> threads that fit one multiprocessor.</summary>
    public int MaxActiveBlocks
    {
        get
        {
            context.MakeCurrent();
            int blocks;
            CudaStatus.Check(CudaStatus.Api.OccupancyMaxActiveBlocksPerMultiprocessor(&blocks, Handle, (int)BlockDimensions.Count, DynamicSharedMemory),
                KernelName);
            return blocks;
        }
    }

    /// <summary>Sets the grid so that at least so many threads run along each axis.</summary>
    public void SetComputeSize(uint x, uint y = 1, uint z = 1)
    {
        var b = BlockDimensions;
        GridDimensions = new dim3((x + b.x - 1) / b.x, (y + b.y - 1) / b.y, (z + b.z - 1) / b.z);
    }

    /// <summary>Runs the kernel and waits for it.</summary>
    /// <returns>The time it took in milliseconds.</returns>
    public float Run(params ReadOnlySpan<CudaArgument> arguments)
    {
        context.MakeCurrent();
        using var start = new CudaEvent(context, CUEventFlags.Default);
        using var end = new CudaEvent(context, CUEventFlags.Default);
        start.Record();
        Launch(0, arguments);
        end.Record();
        end.Synchronize();
        return CudaEvent.ElapsedTime(start, end);
    }

    /// <summary>Runs the kernel, with its arguments as objects, and waits for it.</summary>
    public float Run(object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return Run(Array.ConvertAll(arguments, CudaArgument.FromObject));
    }

    /// <summary>Starts the kernel on a stream and returns at once.</summary>
    public void RunAsync(CUstream stream, params ReadOnlySpan<CudaArgument> arguments)
    {
        context.MakeCurrent();
        Launch(stream.Pointer, arguments);
    }

    /// <summary>Starts the kernel on a stream, with its arguments as objects, and returns at once.</summary>
    public void RunAsync(CUstream stream, object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        RunAsync(stream, Array.ConvertAll(arguments, CudaArgument.FromObject));
    }

    private void Launch(nint stream, ReadOnlySpan<CudaArgument> arguments) =>
        launcher.Launch(GridDimensions, BlockDimensions, (int)DynamicSharedMemory, stream, arguments);

    private int Attribute(int attribute)
    {
        context.MakeCurrent();
        int value;
        CudaStatus.Check(CudaStatus.Api.FuncGetAttribute(&value, attribute, Handle), KernelName);
        return value;
    }
}
