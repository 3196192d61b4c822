// What RedisClient needs of hiredis, hiredis_ssl and OpenSSL.
//
// Only calls that Swift cannot make by itself get a static inline here; everything else is used as it stands.

#ifndef REDISCACHE_CHIREDIS_SHIM_H
#define REDISCACHE_CHIREDIS_SHIM_H

#include <sys/time.h> // hiredis.h names struct timeval without including its home on every libc.

#include <hiredis/hiredis.h>
#include <hiredis/hiredis_ssl.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// SSL_set_tlsext_host_name is a macro around SSL_ctrl with a cast, which the importer does not see.
static inline int rediscache_set_sni(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

// SSL_CTX_set_min_proto_version is a macro around SSL_CTX_ctrl.
static inline int rediscache_require_tls12(SSL_CTX *context) {
    return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

// SSL_OP_NO_RENEGOTIATION is a cast inside a macro, which the importer does not see. With a renegotiation a write
// could wait for something to read; without it readiness to write is all that a write ever waits for.
static inline void rediscache_forbid_renegotiation(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
}

#endif
