#include <cblas.h>

// OpenBLAS includes LAPACK, but Debian's OpenBLAS headers declare only BLAS. Fortran passes the lengths of CHARACTER
// arguments after all others. Matrices are column-major and in double precision.

/// Eigenvalues `il` to `iu` (ascending, counted from 1) of a symmetric matrix, and their eigenvectors.
void dsyevr_(
    const char *jobz, const char *range, const char *uplo, const int *n, double *a, const int *lda, const double *vl,
    const double *vu, const int *il, const int *iu, const double *abstol, int *m, double *w, double *z, const int *ldz,
    int *isuppz, double *work, const int *lwork, int *iwork, const int *liwork, int *info, unsigned long jobzLength,
    unsigned long rangeLength, unsigned long uploLength);

/// Singular values (descending) of a general matrix, and its singular vectors.
void dgesdd_(
    const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u, const int *ldu,
    double *vt, const int *ldvt, double *work, const int *lwork, int *iwork, int *info, unsigned long jobzLength);

/// The Cholesky factor of a symmetric positive definite matrix.
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, unsigned long uploLength);

/// Solves for `nrhs` right-hand sides with a factor from `dpotrf_`.
void dpotrs_(
    const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda, double *b, const int *ldb,
    int *info, unsigned long uploLength);

/// The pivoted Cholesky factor of a symmetric positive semidefinite matrix. Row k of the factor belongs to row piv[k] of
/// the matrix, counted from 1. `work` has room for 2 n numbers.
void dpstrf_(
    const char *uplo, const int *n, double *a, const int *lda, int *piv, int *rank, const double *tol, double *work,
    int *info, unsigned long uploLength);
