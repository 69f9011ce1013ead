#ifndef PENUMBRA_JPEG_DECODER_H
#define PENUMBRA_JPEG_DECODER_H

#include <stddef.h>
#include <stdint.h>

/// How many bytes a message takes, its end included.
enum { penumbra_jpeg_message_size = 200 };

/// Decodes the JPEG file in `bytes`, whose header must say `width` x `height` pixels, to `pixels`, which has room for
/// `height` * `width` * 3 bytes (rows from the top; red, green, blue). Returns 0, or something else with libjpeg's
/// words in `message` when the file is damaged or of a kind that libjpeg does not decode; `pixels` is then partly
/// written.
///
/// libjpeg leaves its functions with longjmp on an error. It does so only within this call, never over a caller's
/// frame. What it warns of as corrupt data is an error here; it would continue and invent the missing part.
int penumbra_jpeg_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels,
    char message[penumbra_jpeg_message_size]);

#endif
