#include "include/jpeg_decoder.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

_Static_assert(penumbra_jpeg_message_size >= JMSG_LENGTH_MAX, "libjpeg's longest message must find room");

struct decoder {
    struct jpeg_decompress_struct info;
    struct jpeg_error_mgr errors;
    jmp_buf failure;
    char *message;
};

static _Noreturn void fail(j_common_ptr info) {
    struct decoder *decoder = info->client_data;
    info->err->format_message(info, decoder->message);
    longjmp(decoder->failure, 1);
}

static void judge(j_common_ptr info, int level) {
    if (level >= 0) return;  // a trace
    switch (info->err->msg_code) {
    // These lose no part of the image: bytes between segments, odd version numbers, unused parameters.
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_BOGUS_ICC: return;
    default: fail(info);
    }
}

static void say_nothing(j_common_ptr info) { (void)info; }

/// JPEG files hold CMYK inverted (255 is no ink): Photoshop does so, and everyone follows it.
static void row_from_inverted_cmyk(const uint8_t *cmyk, uint8_t *rgb, int width) {
    for (int x = 0; x < width; x++) {
        const unsigned black = cmyk[4 * x + 3];
        for (int channel = 0; channel < 3; channel++) {
            rgb[3 * x + channel] = (uint8_t)((cmyk[4 * x + channel] * black + 127) / 255);
        }
    }
}

/// Separate from its caller because locals of the function that calls setjmp are indeterminate after longjmp if they were
/// changed in between.
static int decode(struct decoder *decoder, const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels) {
    j_decompress_ptr info = &decoder->info;
    if (setjmp(decoder->failure)) return 1;
    jpeg_create_decompress(info);
    jpeg_mem_src(info, bytes, count);
    jpeg_read_header(info, TRUE);
    if (info->image_width != (JDIMENSION)width || info->image_height != (JDIMENSION)height) {
        strcpy(decoder->message, "the size differs from the header's");
        return 1;
    }
    const int is_cmyk = info->num_components == 4;
    info->out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(info);
    JSAMPARRAY wide_row = NULL;
    if (is_cmyk) {
        wide_row = info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE, 4 * (JDIMENSION)width, 1);
    }
    while (info->output_scanline < info->output_height) {
        JSAMPROW row = pixels + (size_t)info->output_scanline * width * 3;
        if (!is_cmyk) {
            jpeg_read_scanlines(info, &row, 1);
        } else {
            jpeg_read_scanlines(info, wide_row, 1);
            row_from_inverted_cmyk(wide_row[0], row, width);
        }
    }
    jpeg_finish_decompress(info);
    return 0;
}

int penumbra_jpeg_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels,
    char message[penumbra_jpeg_message_size]) {
    struct decoder decoder;
    memset(&decoder, 0, sizeof decoder);
    message[0] = 0;
    decoder.message = message;
    decoder.info.client_data = &decoder;
    decoder.info.err = jpeg_std_error(&decoder.errors);
    decoder.errors.error_exit = fail;
    decoder.errors.emit_message = judge;
    decoder.errors.output_message = say_nothing;
    const int status = decode(&decoder, bytes, count, width, height, pixels);
    jpeg_destroy_decompress(&decoder.info);
    return status;
}
