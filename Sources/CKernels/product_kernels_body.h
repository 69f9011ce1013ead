// The kernels of product_kernels.h for one element type and one instruction set. product_kernels.c includes this file once
// for each combination (hence no header guard) and first defines:
//   NAME(x)        the name of function or type x in this combination
//   TARGET         the function attribute that selects the instruction set
//   NUMBER         the element type
//   LANES          numbers per vector
//   PRODUCT_ROWS   rows that share each load of 2 * LANES columns

typedef NUMBER NAME(lanes) __attribute__((vector_size(LANES * sizeof(NUMBER)), may_alias));

TARGET static void NAME(pack)(
    const NUMBER *source, int64_t lineStride, int64_t depthStride, const int32_t *lines, int64_t count, int64_t depth,
    NUMBER *packed) {
    // Copy `segment` numbers of each column at a time, so that this part of the panel stays in the L1 cache while its lanes
    // fill up.
    enum { width = 2 * LANES, segment = 128 };
    for (int64_t first = 0; first < count; first += width) {
        NUMBER *panel = packed + first * depth;
        if (!lines && lineStride == 1 && first + width <= count) {
            for (int64_t k = 0; k < depth; k++)
                memcpy(panel + k * width, source + first + k * depthStride, width * sizeof *panel);
            continue;
        }
        for (int64_t start = 0; start < depth; start += segment) {
            const int64_t end = start + segment < depth ? start + segment : depth;
            for (int64_t lane = 0; lane < width; lane++) {
                if (first + lane < count) {
                    const NUMBER *column = source + (lines ? lines[first + lane] : first + lane) * lineStride;
                    for (int64_t k = start; k < end; k++) panel[k * width + lane] = column[k * depthStride];
                } else {
                    for (int64_t k = start; k < end; k++) panel[k * width + lane] = 0;
                }
            }
        }
    }
}

TARGET static void NAME(multiply)(
    const NUMBER *rows, int64_t rowStride, int64_t depthStride, int64_t rowCount, const NUMBER *packed,
    int64_t panels, int64_t depth, NUMBER *products, int64_t productStride, bool adds) {
    // This many rows of a panel fit into the L1 cache.
    enum { mostDepth = 256, width = 2 * LANES };
    for (int64_t start = 0; start < depth; start += mostDepth) {
        const int64_t end = start + mostDepth < depth ? start + mostDepth : depth;
        const bool continues = adds || start > 0;
        for (int64_t panel = 0; panel < panels; panel++) {
            const NUMBER *columns = packed + panel * width * depth;
            for (int64_t row = 0; row < rowCount; row += PRODUCT_ROWS) {
                const NUMBER *numbers[PRODUCT_ROWS];
                NAME(lanes) left[PRODUCT_ROWS], right[PRODUCT_ROWS];
                UNROLL for (int r = 0; r < PRODUCT_ROWS; r++) {
                    const int64_t i = row + r < rowCount ? row + r : rowCount - 1;
                    const NAME(lanes) *sums = (const NAME(lanes) *)(products + i * productStride + panel * width);
                    numbers[r] = rows + i * rowStride;
                    left[r] = continues ? sums[0] : (NAME(lanes)){0};
                    right[r] = continues ? sums[1] : (NAME(lanes)){0};
                }
                for (int64_t k = start; k < end; k++) {
                    const NAME(lanes) *both = (const NAME(lanes) *)(columns + k * width);
                    const NAME(lanes) leftColumns = both[0], rightColumns = both[1];
                    UNROLL for (int r = 0; r < PRODUCT_ROWS; r++) {
                        const NUMBER number = numbers[r][k * depthStride];
                        left[r] += number * leftColumns;
                        right[r] += number * rightColumns;
                    }
                }
                UNROLL for (int r = 0; r < PRODUCT_ROWS; r++) {
                    if (row + r < rowCount) {
                        NAME(lanes) *sums = (NAME(lanes) *)(products + (row + r) * productStride + panel * width);
                        sums[0] = left[r];
                        sums[1] = right[r];
                    }
                }
            }
        }
    }
}
