#ifndef PENUMBRA_PRODUCT_KERNELS_H
#define PENUMBRA_PRODUCT_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

// Products of matrices, one side of which is packed into panels of columns that lie side by side.
//
// `path` is a `penumbra_path`. Every product is one sum in the order of the depth, whatever the block it is in, so that a
// product of two rows has the same bytes whichever of them comes first.

/// The bytes of a panel's row: one number of each of its columns.
int penumbra_product_panel_bytes(int path);

/// Packs `count` columns of `depth` numbers: number k of column c is source[line * lineStride + k * depthStride], with
/// line = lines[c], or c where `lines` is NULL. `packed` begins on a multiple of 64 bytes and has room for `count`
/// rounded up to whole panels, which is filled up with zeros.
void penumbra_product_pack_float(
    int path, const float *source, int64_t lineStride, int64_t depthStride, const int32_t *lines, int64_t count,
    int64_t depth, float *packed);
void penumbra_product_pack_double(
    int path, const double *source, int64_t lineStride, int64_t depthStride, const int32_t *lines, int64_t count,
    int64_t depth, double *packed);

/// Writes, or adds to what is there, the products of `rowCount` rows with the columns of `panels` panels. Number k of row
/// r is rows[r * rowStride + k * depthStride]. A row of `products` begins at a multiple of `productStride`, which is a
/// multiple of the panel's width, as `products` begins on a multiple of 64 bytes; columns that fill up a panel are
/// written too.
void penumbra_product_multiply_float(
    int path, const float *rows, int64_t rowStride, int64_t depthStride, int64_t rowCount, const float *packed,
    int64_t panels, int64_t depth, float *products, int64_t productStride, bool adds);
void penumbra_product_multiply_double(
    int path, const double *rows, int64_t rowStride, int64_t depthStride, int64_t rowCount, const double *packed,
    int64_t panels, int64_t depth, double *products, int64_t productStride, bool adds);

#endif
