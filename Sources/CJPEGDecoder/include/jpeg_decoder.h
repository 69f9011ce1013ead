#ifndef PENUMBRA_JPEG_DECODER_H
#define PENUMBRA_JPEG_DECODER_H

#include <stddef.h>
#include <stdint.h>

/// Bytes in a message buffer, including the terminating zero.
enum { penumbra_jpeg_message_size = 200 };

/// Decodes the JPEG file in `bytes` into `pixels`: `height` * `width` * 3 bytes, rows from the top, red, green, blue. The
/// file's header must give the size as `width` x `height`.
///
/// Returns 0 on success. If the file is damaged or of a kind libjpeg cannot decode, returns nonzero, puts libjpeg's message
/// in `message` and leaves `pixels` partly written.
///
/// On an error libjpeg exits its functions with longjmp. That jump stays within this call and never crosses a caller's
/// frame. A warning about corrupt data is an error here; libjpeg itself would carry on and invent the missing part.
int penumbra_jpeg_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels,
    char message[penumbra_jpeg_message_size]);

#endif
