// The products of matrices for one instruction set. Included once for each by product_kernels.c, which defines before:
//   NAME(x)        the function's or type's name for this instruction set
//   TARGET         its function attribute
//   LANES          double-precision numbers in a vector
//   PRODUCT_ROWS   rows that share each load of 2 * LANES columns
// No header guard: it is meant to be included several times.

typedef double NAME(doubles) __attribute__((vector_size(LANES * 8), may_alias));

TARGET static void NAME(pack)(
    const double *source, int64_t columnStride, int64_t depthStride, int64_t count, int64_t depth, double *packed) {
    // So many numbers of a column at a time that their part of a panel stays in the first-level cache while its lanes
    // are filled.
    enum { width = 2 * LANES, segment = 128 };
    for (int64_t first = 0; first < count; first += width) {
        double *panel = packed + first * depth;
        const double *columns = source + first * columnStride;
        if (columnStride == 1 && first + width <= count) {
            for (int64_t k = 0; k < depth; k++)
                memcpy(panel + k * width, columns + k * depthStride, width * sizeof *panel);
            continue;
        }
        for (int64_t start = 0; start < depth; start += segment) {
            const int64_t end = start + segment < depth ? start + segment : depth;
            for (int64_t lane = 0; lane < width; lane++) {
                const double *column = columns + lane * columnStride;
                if (first + lane < count) {
                    for (int64_t k = start; k < end; k++) panel[k * width + lane] = column[k * depthStride];
                } else {
                    for (int64_t k = start; k < end; k++) panel[k * width + lane] = 0;
                }
            }
        }
    }
}

TARGET static void NAME(multiply)(
    const double *rows, int64_t rowStride, int64_t depthStride, int64_t rowCount, const double *packed,
    int64_t panels, int64_t depth, double *products, int64_t productStride, bool adds) {
    // A panel of so many numbers a column stays in the first-level cache.
    enum { mostDepth = 256, width = 2 * LANES };
    for (int64_t start = 0; start < depth; start += mostDepth) {
        const int64_t end = start + mostDepth < depth ? start + mostDepth : depth;
        const bool continues = adds || start > 0;
        for (int64_t panel = 0; panel < panels; panel++) {
            const double *columns = packed + panel * width * depth;
            for (int64_t row = 0; row < rowCount; row += PRODUCT_ROWS) {
                const double *numbers[PRODUCT_ROWS];
                NAME(doubles) left[PRODUCT_ROWS], right[PRODUCT_ROWS];
                UNROLL for (int r = 0; r < PRODUCT_ROWS; r++) {
                    const int64_t i = row + r < rowCount ? row + r : rowCount - 1;
                    const NAME(doubles) *sums = (const NAME(doubles) *)(products + i * productStride + panel * width);
                    numbers[r] = rows + i * rowStride;
                    left[r] = continues ? sums[0] : (NAME(doubles)){0};
                    right[r] = continues ? sums[1] : (NAME(doubles)){0};
                }
                for (int64_t k = start; k < end; k++) {
                    const NAME(doubles) *lanes = (const NAME(doubles) *)(columns + k * width);
                    const NAME(doubles) leftColumns = lanes[0], rightColumns = lanes[1];
                    UNROLL for (int r = 0; r < PRODUCT_ROWS; r++) {
                        const double number = numbers[r][k * depthStride];
                        left[r] += number * leftColumns;
                        right[r] += number * rightColumns;
                    }
                }
                UNROLL for (int r = 0; r < PRODUCT_ROWS; r++) {
                    if (row + r < rowCount) {
                        NAME(doubles) *sums =
                            (NAME(doubles) *)(products + (row + r) * productStride + panel * width);
                        sums[0] = left[r];
                        sums[1] = right[r];
                    }
                }
            }
        }
    }
}
