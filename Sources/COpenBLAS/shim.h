#include <cblas.h>

// OpenBLAS holds LAPACK, but Debian's headers of it declare BLAS alone. With CHARACTER arguments Fortran takes their
// lengths after all others.

/// Eigenvalues `il` to `iu` (rising, from 1), and eigenvectors, of a symmetric matrix in double precision.
void dsyevr_(
    const char *jobz, const char *range, const char *uplo, const int *n, double *a, const int *lda, const double *vl,
    const double *vu, const int *il, const int *iu, const double *abstol, int *m, double *w, double *z, const int *ldz,
    int *isuppz, double *work, const int *lwork, int *iwork, const int *liwork, int *info, unsigned long jobzLength,
    unsigned long rangeLength, unsigned long uploLength);

/// Singular values (falling), and singular vectors, of a general matrix in double precision, by columns.
void dgesdd_(
    const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u, const int *ldu,
    double *vt, const int *ldvt, double *work, const int *lwork, int *iwork, int *info, unsigned long jobzLength);

/// The Cholesky factor of a symmetric positive definite matrix in double precision, by columns.
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, unsigned long uploLength);

/// Solves for `nrhs` right-hand sides with the factor that `dpotrf_` found.
void dpotrs_(
    const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda, double *b, const int *ldb,
    int *info, unsigned long uploLength);

/// The Cholesky factor with pivots of a symmetric positive semidefinite matrix: row k of the factor is row piv[k] (from 1)
/// of the matrix. `work` has room for 2 n numbers.
void dpstrf_(
    const char *uplo, const int *n, double *a, const int *lda, int *piv, int *rank, const double *tol, double *work,
    int *info, unsigned long uploLength);
