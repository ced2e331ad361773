using System.Runtime.InteropServices;
using System.Text;

namespace NativeDL.Interop.Cuda;

/// <summary>What the simulator exports beside the driver's functions: its kernels, its last message, its options.</summary>
internal sealed unsafe class SimulatorApi
{
    private readonly delegate* unmanaged<byte*> manifest;
    private readonly delegate* unmanaged<byte*> lastMessage;
    private readonly delegate* unmanaged<int, byte*, long, int> setOption;

    private SimulatorApi(nint manifest, nint lastMessage, nint setOption)
    {
        this.manifest = (delegate* unmanaged<byte*>)manifest;
        this.lastMessage = (delegate* unmanaged<byte*>)lastMessage;
        this.setOption = (delegate* unmanaged<int, byte*, long, int>)setOption;
    }

    /// <summary>The simulator's functions if <paramref name="library"/> is one, else null.</summary>
    internal static SimulatorApi? Find(nint library) =>
        NativeLibrary.TryGetExport(library, "ndlsimManifest", out nint manifest)
        && NativeLibrary.TryGetExport(library, "ndlsimLastMessage", out nint lastMessage)
        && NativeLibrary.TryGetExport(library, "ndlsimSetOption", out nint setOption)
            ? new SimulatorApi(manifest, lastMessage, setOption) : null;

    /// <summary>All kernels compiled into the simulator, a line each: <c>module name p8 i4 …</c>; also a module image.</summary>
    internal string Manifest() => Marshal.PtrToStringUTF8((nint)manifest())!;

    /// <summary>The detail behind the last error: kernel, allocation, how far outside.</summary>
    internal string LastMessage() => Marshal.PtrToStringUTF8((nint)lastMessage())!;

    /// <summary>Sets an option of one simulated device (names in native/simulator/host/options.h).</summary>
    internal void SetOption(int device, string name, long value)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
        {
            if (setOption(device, text, value) != 0)
            {
                throw new ArgumentException($"Simulator(option): there is no device {device} or no option '{name}'.", nameof(name));
            }
        }
    }
}
