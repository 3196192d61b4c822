// zlib: gzip for seed files. https://zlib.net

#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

/// inflateInit2 is a macro, which Swift cannot call; 16 added to the window's bits asks for gzip's wrapper.
static inline int czlib_begin_inflating(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

/// deflateInit2 is a macro, which Swift cannot call. Level 6 is zlib's own default.
static inline int czlib_begin_deflating(z_stream *stream) {
    return deflateInit2(stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
