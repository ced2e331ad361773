using System.Text;

namespace NativeDL.Interop.Nvrtc;

/// <summary>What a compilation gave.</summary>
/// <param name="Succeeded">Whether there is code.</param>
/// <param name="Log">The compiler's messages: errors, warnings, and what was asked for with options.</param>
/// <param name="Ptx">PTX text, for a virtual architecture.</param>
/// <param name="Cubin">Machine code, for a real one.</param>
internal sealed record NvrtcResult(bool Succeeded, string Log, string Ptx, byte[] Cubin);

/// <summary>Compiles CUDA C++ with NVRTC.</summary>
internal static unsafe class NvrtcCompiler
{
    /// <summary>The architectures (70, 80 …) that the NVRTC found can compile for.</summary>
    internal static int[] SupportedCapabilities(NvrtcLibrary nvrtc)
    {
        int count;
        nvrtc.Check(nvrtc.GetNumSupportedArchs(&count), "supported architectures");
        var all = new int[count];
        fixed (int* p = all)
        {
            nvrtc.Check(nvrtc.GetSupportedArchs(p), "supported architectures");
        }

        return all;
    }

    /// <summary>
    /// Compiles <paramref name="source"/>. With <c>--gpu-architecture=compute_80</c> among the options the result is PTX,
    /// with <c>sm_80</c> it is machine code as well.
    /// </summary>
    internal static NvrtcResult Compile(NvrtcLibrary nvrtc, string source, string name, IReadOnlyList<string> options)
    {
        nint program;
        fixed (byte* text = Utf8(source), file = Utf8(name))
        {
            nvrtc.Check(nvrtc.CreateProgram(&program, text, file, 0, null, null), name);
        }

        try
        {
            // All options in one buffer, each zero-terminated.
            byte[] buffer = Utf8(string.Join('\0', options));
            var pointers = new nint[options.Count];
            int status;
            fixed (byte* start = buffer)
            fixed (nint* list = pointers)
            {
                byte* at = start;
                for (int i = 0; i < options.Count; i++)
                {
                    pointers[i] = (nint)at;
                    at += Encoding.UTF8.GetByteCount(options[i]) + 1;
                }

                status = nvrtc.CompileProgram(program, options.Count, (byte**)list);
            }

            nuint logSize;
            nvrtc.Check(nvrtc.GetProgramLogSize(program, &logSize), name);
            string log = Text(nvrtc, program, nvrtc.GetProgramLog, logSize, name);
            const int compilationFailed = 6;
            if (status == compilationFailed)
            {
                return new NvrtcResult(false, log, "", []);
            }

            nvrtc.Check(status, name);
            nuint ptxSize, cubinSize;
            nvrtc.Check(nvrtc.GetPtxSize(program, &ptxSize), name);
            nvrtc.Check(nvrtc.GetCubinSize(program, &cubinSize), name);
            var cubin = new byte[cubinSize];
            if (cubinSize > 0)
            {
                fixed (byte* p = cubin)
                {
                    nvrtc.Check(nvrtc.GetCubin(program, p), name);
                }
            }

            return new NvrtcResult(true, log, Text(nvrtc, program, nvrtc.GetPtx, ptxSize, name), cubin);
        }
        finally
        {
            nvrtc.DestroyProgram(&program);
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static string Text(NvrtcLibrary nvrtc, nint program, delegate* unmanaged<nint, byte*, int> read, nuint size, string name)
    {
        var text = new byte[size];
        if (size == 0)
        {
            return "";
        }

        fixed (byte* p = text)
        {
            nvrtc.Check(read(program, p), name);
        }

        return Encoding.UTF8.GetString(text).TrimEnd('\0');
    }
}
