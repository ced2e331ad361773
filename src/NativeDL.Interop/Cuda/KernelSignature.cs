using System.Globalization;
using System.Text;

namespace NativeDL.Interop.Cuda;

/// <summary>What kind of value a kernel's parameter is, as far as its source of knowledge tells.</summary>
internal enum KernelParameterKind : byte
{
    /// <summary>A pointer (only the simulator tells pointers from integers).</summary>
    Pointer,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Float,

    /// <summary>A structure passed by value.</summary>
    Struct,

    /// <summary>8 bytes that PTX declares as <c>.u64</c>: a pointer or an integer.</summary>
    PointerOrInteger,
}

/// <summary>One parameter of a kernel.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Its size in bytes.</param>
internal readonly record struct KernelParameter(KernelParameterKind Kind, int Size)
{
    /// <summary>As it stands in a signature's text: <c>p8</c>, <c>i4</c>, <c>f4</c>, <c>s72</c>, <c>x8</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{"pifsx"[(int)Kind]}{Size}");
}

/// <summary>A kernel's name and parameters, read from PTX or from the simulator's manifest.</summary>
/// <param name="Module">The family, which is the file it stands in.</param>
/// <param name="Name">The entry name.</param>
/// <param name="Parameters">Its parameters in order.</param>
internal sealed record KernelSignature(string Module, string Name, KernelParameter[] Parameters)
{
    /// <summary>A manifest line: <c>module name p8 i4 …</c>.</summary>
    public override string ToString() =>
        new StringBuilder(Module).Append(' ').Append(Name).AppendJoin("", Parameters.Select(p => " " + p)).ToString();

    /// <summary>Reads a manifest line.</summary>
    internal static KernelSignature Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2)
        {
            throw new FormatException($"Kernels(manifest): a line names module, kernel and parameters. Got '{line}'.");
        }

        return new KernelSignature(words[0], words[1], [.. words.Skip(2).Select(Parameter)]);

        KernelParameter Parameter(string word)
        {
            int kind = "pifsx".IndexOf(word[0], StringComparison.Ordinal);
            return kind >= 0 && int.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                ? new KernelParameter((KernelParameterKind)kind, size)
                : throw new FormatException($"Kernels(manifest): '{word}' is no parameter in '{line}'.");
        }
    }

    /// <summary>All kernels of a PTX text.</summary>
    internal static List<KernelSignature> FromPtx(string module, string ptx)
    {
        var found = new List<KernelSignature>();
        for (int at = ptx.IndexOf(".entry ", StringComparison.Ordinal); at >= 0; at = ptx.IndexOf(".entry ", at + 1, StringComparison.Ordinal))
        {
            int open = ptx.IndexOf('(', at), close = open < 0 ? -1 : ptx.IndexOf(')', open);
            if (close < 0)
            {
                throw new FormatException($"Kernels({module}): the PTX is cut off inside an .entry.");
            }

            string name = ptx[(at + ".entry ".Length)..open].Trim();
            string list = ptx[(open + 1)..close];
            found.Add(new KernelSignature(module, name,
                [.. list.Split(',').Where(p => p.Contains(".param", StringComparison.Ordinal)).Select(FromPtxParameter)]));
        }

        return found;
    }

    // Such as ".param .u64 f_param_0" or ".param .align 8 .b8 f_param_1[72]".
    private static KernelParameter FromPtxParameter(string text)
    {
        string[] words = text.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        string type = "";
        for (int i = 1; i < words.Length; i++)
        {
            if (words[i] == ".align")
            {
                i++;
            }
            else if (words[i].Length > 2 && words[i][0] == '.' && char.IsAsciiDigit(words[i][2]) && type.Length == 0)
            {
                type = words[i];
            }
        }

        string last = words[^1];
        int bracket = last.IndexOf('[', StringComparison.Ordinal);
        if (type.Length == 0)
        {
            throw new FormatException($"Kernels(ptx): '{text.Trim()}' is no parameter.");
        }

        int size = int.Parse(type.AsSpan(2), CultureInfo.InvariantCulture) / 8;
        if (bracket >= 0)
        {
            return new KernelParameter(KernelParameterKind.Struct,
                size * int.Parse(last.AsSpan(bracket + 1, last.Length - bracket - 2), CultureInfo.InvariantCulture));
        }

        var kind = type[1] == 'f' ? KernelParameterKind.Float : size == 8 ? KernelParameterKind.PointerOrInteger : KernelParameterKind.Integer;
        return new KernelParameter(kind, size);
    }
}
