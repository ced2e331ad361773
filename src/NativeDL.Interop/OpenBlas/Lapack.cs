namespace NativeDL.Interop.OpenBlas;

/// <summary>
/// LAPACK with plain arguments, matrices in columns with leading dimensions. Each call returns LAPACK's
/// info: 0 is success, −i says argument i is wrong, +i is the routine's own verdict (a zero pivot, no
/// convergence). A work length of −1 asks for the best length, which comes back in work[0].
/// Only while <see cref="OpenBlasLibrary.HasLapack"/>.
/// </summary>
internal static unsafe class Lapack
{
    /// <summary>Factors A[m,n] = P L U in place; row i was swapped with pivots[i] (counted from 1).</summary>
    internal static int Getrf(int m, int n, float* a, int lda, int* pivots)
    {
        int info;
        LapackFortran.Getrf(&m, &n, a, &lda, pivots, &info);
        return info;
    }

    /// <inheritdoc cref="Getrf(int, int, float*, int, int*)"/>
    internal static int Getrf(int m, int n, double* a, int lda, int* pivots)
    {
        int info;
        LapackFortran.Getrf(&m, &n, a, &lda, pivots, &info);
        return info;
    }

    /// <summary>Solves op(A) X = B in place of B[n,nrhs], A factored by <c>getrf</c>.</summary>
    internal static int Getrs(char trans, int n, int nrhs, float* a, int lda, int* pivots, float* b, int ldb)
    {
        int info;
        byte transLetter = (byte)trans;
        LapackFortran.Getrs(&transLetter, &n, &nrhs, a, &lda, pivots, b, &ldb, &info);
        return info;
    }

    /// <inheritdoc cref="Getrs(char, int, int, float*, int, int*, float*, int)"/>
    internal static int Getrs(char trans, int n, int nrhs, double* a, int lda, int* pivots, double* b, int ldb)
    {
        int info;
        byte transLetter = (byte)trans;
        LapackFortran.Getrs(&transLetter, &n, &nrhs, a, &lda, pivots, b, &ldb, &info);
        return info;
    }

    /// <summary>Inverts A[n,n], factored by <c>getrf</c>, in place.</summary>
    internal static int Getri(int n, float* a, int lda, int* pivots, float* work, int lwork)
    {
        int info;
        LapackFortran.Getri(&n, a, &lda, pivots, work, &lwork, &info);
        return info;
    }

    /// <inheritdoc cref="Getri(int, float*, int, int*, float*, int)"/>
    internal static int Getri(int n, double* a, int lda, int* pivots, double* work, int lwork)
    {
        int info;
        LapackFortran.Getri(&n, a, &lda, pivots, work, &lwork, &info);
        return info;
    }

    /// <summary>Solves A X = B in place of B[n,nrhs], leaving A's factors in A.</summary>
    internal static int Gesv(int n, int nrhs, float* a, int lda, int* pivots, float* b, int ldb)
    {
        int info;
        LapackFortran.Gesv(&n, &nrhs, a, &lda, pivots, b, &ldb, &info);
        return info;
    }

    /// <inheritdoc cref="Gesv(int, int, float*, int, int*, float*, int)"/>
    internal static int Gesv(int n, int nrhs, double* a, int lda, int* pivots, double* b, int ldb)
    {
        int info;
        LapackFortran.Gesv(&n, &nrhs, a, &lda, pivots, b, &ldb, &info);
        return info;
    }

    /// <summary>Cholesky factor of A[n,n] in place, in the named triangle (<c>L</c> or <c>U</c>).</summary>
    internal static int Potrf(char triangle, int n, float* a, int lda)
    {
        int info;
        byte triangleLetter = (byte)triangle;
        LapackFortran.Potrf(&triangleLetter, &n, a, &lda, &info);
        return info;
    }

    /// <inheritdoc cref="Potrf(char, int, float*, int)"/>
    internal static int Potrf(char triangle, int n, double* a, int lda)
    {
        int info;
        byte triangleLetter = (byte)triangle;
        LapackFortran.Potrf(&triangleLetter, &n, a, &lda, &info);
        return info;
    }

    /// <summary>Solves A X = B in place of B[n,nrhs], A factored by <c>potrf</c>.</summary>
    internal static int Potrs(char triangle, int n, int nrhs, float* a, int lda, float* b, int ldb)
    {
        int info;
        byte triangleLetter = (byte)triangle;
        LapackFortran.Potrs(&triangleLetter, &n, &nrhs, a, &lda, b, &ldb, &info);
        return info;
    }

    /// <inheritdoc cref="Potrs(char, int, int, float*, int, float*, int)"/>
    internal static int Potrs(char triangle, int n, int nrhs, double* a, int lda, double* b, int ldb)
    {
        int info;
        byte triangleLetter = (byte)triangle;
        LapackFortran.Potrs(&triangleLetter, &n, &nrhs, a, &lda, b, &ldb, &info);
        return info;
    }

    /// <summary>QR of A[m,n] in place: R in the upper triangle, reflectors below it and in tau.</summary>
    internal static int Geqrf(int m, int n, float* a, int lda, float* tau, float* work, int lwork)
    {
        int info;
        LapackFortran.Geqrf(&m, &n, a, &lda, tau, work, &lwork, &info);
        return info;
    }

    /// <inheritdoc cref="Geqrf(int, int, float*, int, float*, float*, int)"/>
    internal static int Geqrf(int m, int n, double* a, int lda, double* tau, double* work, int lwork)
    {
        int info;
        LapackFortran.Geqrf(&m, &n, a, &lda, tau, work, &lwork, &info);
        return info;
    }

    /// <summary>The first n columns of Q from k reflectors that <c>geqrf</c> left in A[m,n].</summary>
    internal static int Orgqr(int m, int n, int k, float* a, int lda, float* tau, float* work, int lwork)
    {
        int info;
        LapackFortran.Orgqr(&m, &n, &k, a, &lda, tau, work, &lwork, &info);
        return info;
    }

    /// <inheritdoc cref="Orgqr(int, int, int, float*, int, float*, float*, int)"/>
    internal static int Orgqr(int m, int n, int k, double* a, int lda, double* tau, double* work, int lwork)
    {
        int info;
        LapackFortran.Orgqr(&m, &n, &k, a, &lda, tau, work, &lwork, &info);
        return info;
    }

    /// <summary>Eigenvalues (job <c>N</c>) and eigenvectors in place of A (job <c>V</c>) of a symmetric A[n,n], ascending.</summary>
    internal static int Syevd(char job, char triangle, int n, float* a, int lda, float* values, float* work, int lwork, int* iwork, int liwork)
    {
        int info;
        byte jobLetter = (byte)job;
        byte triangleLetter = (byte)triangle;
        LapackFortran.Syevd(&jobLetter, &triangleLetter, &n, a, &lda, values, work, &lwork, iwork, &liwork, &info);
        return info;
    }

    /// <inheritdoc cref="Syevd(char, char, int, float*, int, float*, float*, int, int*, int)"/>
    internal static int Syevd(char job, char triangle, int n, double* a, int lda, double* values, double* work, int lwork, int* iwork, int liwork)
    {
        int info;
        byte jobLetter = (byte)job;
        byte triangleLetter = (byte)triangle;
        LapackFortran.Syevd(&jobLetter, &triangleLetter, &n, a, &lda, values, work, &lwork, iwork, &liwork, &info);
        return info;
    }

    /// <summary>Singular values and vectors of A[m,n]: job <c>A</c> all, <c>S</c> the first min(m,n), <c>N</c> none.</summary>
    internal static int Gesdd(char job, int m, int n, float* a, int lda, float* s, float* u, int ldu, float* vt, int ldvt, float* work, int lwork, int* iwork)
    {
        int info;
        byte jobLetter = (byte)job;
        LapackFortran.Gesdd(&jobLetter, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, iwork, &info);
        return info;
    }

    /// <inheritdoc cref="Gesdd(char, int, int, float*, int, float*, float*, int, float*, int, float*, int, int*)"/>
    internal static int Gesdd(char job, int m, int n, double* a, int lda, double* s, double* u, int ldu, double* vt, int ldvt, double* work, int lwork,
        int* iwork)
    {
        int info;
        byte jobLetter = (byte)job;
        LapackFortran.Gesdd(&jobLetter, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, iwork, &info);
        return info;
    }
}
