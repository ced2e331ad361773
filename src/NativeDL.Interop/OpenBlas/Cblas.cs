using System.Runtime.InteropServices;

namespace NativeDL.Interop.OpenBlas;

internal enum CblasOrder
{
    RowMajor = 101,
    ColumnMajor = 102,
}

internal enum CblasTranspose
{
    None = 111,
    Transpose = 112,
}

internal enum CblasTriangle
{
    Upper = 121,
    Lower = 122,
}

internal enum CblasDiagonal
{
    NonUnit = 131,
    Unit = 132,
}

internal enum CblasSide
{
    Left = 141,
    Right = 142,
}

/// <summary>
/// OpenBLAS's C entry points with 32-bit indices. Nothing is checked here: callers ask
/// <see cref="OpenBlasLibrary.IsAvailable"/> first and have proved that sizes and strides fit.
/// With beta = 0 the products do not read C.
/// </summary>
internal static unsafe partial class Cblas
{
    private const string Library = OpenBlasLibrary.LogicalName;

    /// <summary>C[m,n] = alpha op(A)[m,k] op(B)[k,n] + beta C.</summary>
    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    internal static partial void Gemm(CblasOrder order, CblasTranspose transA, CblasTranspose transB, int m, int n, int k, float alpha, float* a, int lda,
        float* b, int ldb, float beta, float* c, int ldc);

    /// <inheritdoc cref="Gemm(CblasOrder, CblasTranspose, CblasTranspose, int, int, int, float, float*, int, float*, int, float, float*, int)"/>
    [LibraryImport(Library, EntryPoint = "cblas_dgemm")]
    internal static partial void Gemm(CblasOrder order, CblasTranspose transA, CblasTranspose transB, int m, int n, int k, double alpha, double* a, int lda,
        double* b, int ldb, double beta, double* c, int ldc);

    /// <summary>y = alpha op(A)[m,n] x + beta y, where m and n are A's sizes before op.</summary>
    [LibraryImport(Library, EntryPoint = "cblas_sgemv")]
    internal static partial void Gemv(CblasOrder order, CblasTranspose trans, int m, int n, float alpha, float* a, int lda, float* x, int incX, float beta,
        float* y, int incY);

    /// <inheritdoc cref="Gemv(CblasOrder, CblasTranspose, int, int, float, float*, int, float*, int, float, float*, int)"/>
    [LibraryImport(Library, EntryPoint = "cblas_dgemv")]
    internal static partial void Gemv(CblasOrder order, CblasTranspose trans, int m, int n, double alpha, double* a, int lda, double* x, int incX, double beta,
        double* y, int incY);

    /// <summary>B = alpha op(A)⁻¹ B (left) or alpha B op(A)⁻¹ (right), A triangular, B[m,n].</summary>
    [LibraryImport(Library, EntryPoint = "cblas_strsm")]
    internal static partial void Trsm(CblasOrder order, CblasSide side, CblasTriangle triangle, CblasTranspose trans, CblasDiagonal diagonal, int m, int n,
        float alpha, float* a, int lda, float* b, int ldb);

    /// <inheritdoc cref="Trsm(CblasOrder, CblasSide, CblasTriangle, CblasTranspose, CblasDiagonal, int, int, float, float*, int, float*, int)"/>
    [LibraryImport(Library, EntryPoint = "cblas_dtrsm")]
    internal static partial void Trsm(CblasOrder order, CblasSide side, CblasTriangle triangle, CblasTranspose trans, CblasDiagonal diagonal, int m, int n,
        double alpha, double* a, int lda, double* b, int ldb);

    /// <summary>y += alpha x.</summary>
    [LibraryImport(Library, EntryPoint = "cblas_saxpy")]
    internal static partial void Axpy(int n, float alpha, float* x, int incX, float* y, int incY);

    /// <inheritdoc cref="Axpy(int, float, float*, int, float*, int)"/>
    [LibraryImport(Library, EntryPoint = "cblas_daxpy")]
    internal static partial void Axpy(int n, double alpha, double* x, int incX, double* y, int incY);

    /// <summary>xᵀ y.</summary>
    [LibraryImport(Library, EntryPoint = "cblas_sdot")]
    internal static partial float Dot(int n, float* x, int incX, float* y, int incY);

    /// <inheritdoc cref="Dot(int, float*, int, float*, int)"/>
    [LibraryImport(Library, EntryPoint = "cblas_ddot")]
    internal static partial double Dot(int n, double* x, int incX, double* y, int incY);
}
