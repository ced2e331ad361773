using NativeDL.Cuda;

namespace NativeDL;

/// <summary>The CUDA driver refused a call, or a kernel failed.</summary>
public class CudaException : DeviceException
{
    internal CudaException(string message, int code, string name, string text, LaunchRecord? launch)
        : base(message)
    {
        Code = code;
        Name = name;
        Text = text;
        Kernel = launch?.Kernel;
        Launch = launch?.Shape;
        Operation = launch?.Operation;
        Layer = launch?.Layer;
    }

    /// <summary>The driver's status code.</summary>
    public int Code { get; }

    /// <summary>The driver's name for it, such as <c>CUDA_ERROR_ILLEGAL_ADDRESS</c>.</summary>
    public string Name { get; }

    /// <summary>The driver's own words.</summary>
    public string Text { get; }

    /// <summary>The kernel concerned, or for an error that is only reported later the one launched last; null where none is.</summary>
    public string? Kernel { get; }

    /// <summary>Grid, block and dynamic shared memory of that launch.</summary>
    public string? Launch { get; }

    /// <summary>The operation that launched it; null where none did.</summary>
    public string? Operation { get; }

    /// <summary>The path of the layer that was being called, such as <c>'model/dense'</c>; null outside of any.</summary>
    public string? Layer { get; }
}
