#include <zlib.h>

// Macros that Swift cannot import.
static inline int wingbeat_deflate_init_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

// Bits of the window: 8 to 15 for zlib's format, -8 to -15 for bare deflate, 16 more for gzip.
static inline int wingbeat_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

static inline int wingbeat_deflate_init_raw(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

static inline int wingbeat_inflate_init_raw(z_stream *stream) {
    return inflateInit2(stream, -15);
}
