using System.Runtime.InteropServices;

namespace NativeDL.Interop.OpenBlas;

/// <summary>
/// LAPACK's Fortran entry points: every argument by address, matrices in columns. Fortran compilers add
/// hidden lengths for the one-letter arguments; LAPACK reads one letter and never the length, so none is passed.
/// </summary>
internal static unsafe partial class LapackFortran
{
    private const string Library = OpenBlasLibrary.LogicalName;

    [LibraryImport(Library, EntryPoint = "sgetrf_")]
    internal static partial void Getrf(int* m, int* n, float* a, int* lda, int* pivots, int* info);

    [LibraryImport(Library, EntryPoint = "dgetrf_")]
    internal static partial void Getrf(int* m, int* n, double* a, int* lda, int* pivots, int* info);

    [LibraryImport(Library, EntryPoint = "sgetrs_")]
    internal static partial void Getrs(byte* trans, int* n, int* nrhs, float* a, int* lda, int* pivots, float* b, int* ldb, int* info);

    [LibraryImport(Library, EntryPoint = "dgetrs_")]
    internal static partial void Getrs(byte* trans, int* n, int* nrhs, double* a, int* lda, int* pivots, double* b, int* ldb, int* info);

    [LibraryImport(Library, EntryPoint = "sgetri_")]
    internal static partial void Getri(int* n, float* a, int* lda, int* pivots, float* work, int* lwork, int* info);

    [LibraryImport(Library, EntryPoint = "dgetri_")]
    internal static partial void Getri(int* n, double* a, int* lda, int* pivots, double* work, int* lwork, int* info);

    [LibraryImport(Library, EntryPoint = "sgesv_")]
    internal static partial void Gesv(int* n, int* nrhs, float* a, int* lda, int* pivots, float* b, int* ldb, int* info);

    [LibraryImport(Library, EntryPoint = "dgesv_")]
    internal static partial void Gesv(int* n, int* nrhs, double* a, int* lda, int* pivots, double* b, int* ldb, int* info);

    [LibraryImport(Library, EntryPoint = "spotrf_")]
    internal static partial void Potrf(byte* triangle, int* n, float* a, int* lda, int* info);

    [LibraryImport(Library, EntryPoint = "dpotrf_")]
    internal static partial void Potrf(byte* triangle, int* n, double* a, int* lda, int* info);

    [LibraryImport(Library, EntryPoint = "spotrs_")]
    internal static partial void Potrs(byte* triangle, int* n, int* nrhs, float* a, int* lda, float* b, int* ldb, int* info);

    [LibraryImport(Library, EntryPoint = "dpotrs_")]
    internal static partial void Potrs(byte* triangle, int* n, int* nrhs, double* a, int* lda, double* b, int* ldb, int* info);

    [LibraryImport(Library, EntryPoint = "sgeqrf_")]
    internal static partial void Geqrf(int* m, int* n, float* a, int* lda, float* tau, float* work, int* lwork, int* info);

    [LibraryImport(Library, EntryPoint = "dgeqrf_")]
    internal static partial void Geqrf(int* m, int* n, double* a, int* lda, double* tau, double* work, int* lwork, int* info);

    [LibraryImport(Library, EntryPoint = "sorgqr_")]
    internal static partial void Orgqr(int* m, int* n, int* k, float* a, int* lda, float* tau, float* work, int* lwork, int* info);

    [LibraryImport(Library, EntryPoint = "dorgqr_")]
    internal static partial void Orgqr(int* m, int* n, int* k, double* a, int* lda, double* tau, double* work, int* lwork, int* info);

    [LibraryImport(Library, EntryPoint = "ssyevd_")]
    internal static partial void Syevd(byte* job, byte* triangle, int* n, float* a, int* lda, float* values, float* work, int* lwork, int* iwork, int* liwork,
        int* info);

    [LibraryImport(Library, EntryPoint = "dsyevd_")]
    internal static partial void Syevd(byte* job, byte* triangle, int* n, double* a, int* lda, double* values, double* work, int* lwork, int* iwork,
        int* liwork, int* info);

    [LibraryImport(Library, EntryPoint = "sgesdd_")]
    internal static partial void Gesdd(byte* job, int* m, int* n, float* a, int* lda, float* s, float* u, int* ldu, float* vt, int* ldvt, float* work,
        int* lwork, int* iwork, int* info);

    [LibraryImport(Library, EntryPoint = "dgesdd_")]
    internal static partial void Gesdd(byte* job, int* m, int* n, double* a, int* lda, double* s, double* u, int* ldu, double* vt, int* ldvt, double* work,
        int* lwork, int* iwork, int* info);
}
