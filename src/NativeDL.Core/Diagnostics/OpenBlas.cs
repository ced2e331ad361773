using NativeDL.Interop.OpenBlas;

namespace NativeDL;

/// <summary>Which OpenBLAS multiplies matrices. Without a word here it is looked for: see <see cref="NativeLibraryReport"/>.</summary>
public static class OpenBlas
{
    /// <summary>
    /// Names the library file to try first, or <c>none</c> for NativeDL's own product. Comes before the environment variable <c>NATIVEDL_OPENBLAS</c>.
    /// </summary>
    /// <param name="path">A file, such as <c>/usr/lib/libopenblas.so.0</c>, or <c>none</c>. Where there is no such library, products are
    /// refused: nothing else is used in its place.</param>
    /// <exception cref="InvalidOperationException">Matrices were multiplied, or the report was asked for, already: the library is decided at first
    /// use.</exception>
    public static void Choose(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OpenBlasLibrary.Choose(path);
    }
}
