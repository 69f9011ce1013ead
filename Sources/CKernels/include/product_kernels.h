#ifndef PENUMBRA_PRODUCT_KERNELS_H
#define PENUMBRA_PRODUCT_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

// Matrix products in which one side is packed into panels of adjacent columns.
//
// `path` is a `penumbra_path`. Every entry of a product is a single sum in the order of the depth, whatever its block. So
// the product of two vectors has the same bytes whichever of them is the row.

/// The width of a panel in bytes: one number from each of its columns.
int penumbra_product_panel_bytes(int path);

/// Packs `count` columns of `depth` numbers. Number k of column c is source[line * lineStride + k * depthStride], where line
/// is lines[c], or c if `lines` is NULL. `packed` is aligned to 64 bytes and has room for `count` columns rounded up to
/// whole panels; zeros fill the columns left over.
void penumbra_product_pack_float(
    int path, const float *source, int64_t lineStride, int64_t depthStride, const int32_t *lines, int64_t count,
    int64_t depth, float *packed);
void penumbra_product_pack_double(
    int path, const double *source, int64_t lineStride, int64_t depthStride, const int32_t *lines, int64_t count,
    int64_t depth, double *packed);

/// Multiplies `rowCount` rows by the columns of `panels` panels, and writes the products or (`adds`) adds them to
/// `products`. Number k of row r is rows[r * rowStride + k * depthStride]. `products` is aligned to 64 bytes, and its row
/// stride `productStride` is a multiple of the panel width. The padding columns of a panel are written too.
void penumbra_product_multiply_float(
    int path, const float *rows, int64_t rowStride, int64_t depthStride, int64_t rowCount, const float *packed,
    int64_t panels, int64_t depth, float *products, int64_t productStride, bool adds);
void penumbra_product_multiply_double(
    int path, const double *rows, int64_t rowStride, int64_t depthStride, int64_t rowCount, const double *packed,
    int64_t panels, int64_t depth, double *products, int64_t productStride, bool adds);

#endif
