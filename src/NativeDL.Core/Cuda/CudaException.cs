namespace NativeDL;

/// <summary>The CUDA driver refused a call, or a kernel failed.</summary>
public class CudaException : DeviceException
{
    internal CudaException(string message, int code, string name, string text, string? kernel, string? launch)
        : base(message)
    {
        Code = code;
        Name = name;
        Text = text;
        Kernel = kernel;
        Launch = launch;
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
}
