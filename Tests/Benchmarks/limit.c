// The limit a scanner is held against: the same commands from a bare loop on hiredis that does nothing with the replies
// but count them.
//
//     limit scan|scan+ttl|scan+ttl+memory|scan+ttl+get SOCKET
//
// One page of overlap: the reply that names page k is answered at once by a flight of the next SCAN and the commands that
// measure page k, sent before the measurements of page k-1 are read. So the server always has a flight to work on.
// Writes and reads interleave, because a flight and its replies can be larger than both socket buffers.

#include <hiredis/hiredis.h>

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static redisContext *server;
static bool ask_ttl, ask_memory, ask_value;
static bool last_page_named;
static size_t measurements_due;   // of the page before, which arrive ahead of the next SCAN reply
static size_t measurements_next;  // of the newest page, which arrive behind it
static size_t keys, keys_without_ttl;
static long long bytes;

static void fail(const char *what) {
    fprintf(stderr, "limit: %s%s%s\n", what, server && server->err ? ": " : "", server ? server->errstr : "");
    exit(1);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void append(int count, const char **arguments, const size_t *lengths) {
    if (redisAppendCommandArgv(server, count, arguments, lengths) != REDIS_OK) fail("append");
}

static void append_scan(const char *cursor) {
    append(4, (const char *[]){"SCAN", cursor, "COUNT", "1000"}, NULL);
}

/// Writes what the socket takes now; true when nothing is left over.
static bool write_some(void) {
    int all = 0;
    if (redisBufferWrite(server, &all) != REDIS_OK) fail("write");
    return all;
}

/// Sends the next SCAN and the commands that measure this page.
static void take_page(const redisReply *reply) {
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) fail("SCAN was refused");
    const redisReply *page = reply->element[1];
    last_page_named = strcmp(reply->element[0]->str, "0") == 0;
    if (!last_page_named) append_scan(reply->element[0]->str);
    for (size_t i = 0; i < page->elements; i++) {
        const redisReply *key = page->element[i];
        if (ask_ttl) append(2, (const char *[]){"PTTL", key->str}, (size_t[]){4, key->len});
        if (ask_memory) append(3, (const char *[]){"MEMORY", "USAGE", key->str}, (size_t[]){6, 5, key->len});
        if (ask_value) append(2, (const char *[]){"GET", key->str}, (size_t[]){3, key->len});
    }
    keys += page->elements;
    measurements_next = page->elements * (ask_ttl + ask_memory + ask_value);
    write_some();
}

static void take_measurement(const redisReply *reply) {
    bool is_memory = ask_memory && measurements_due % 2 == 1;
    if (is_memory && reply->type == REDIS_REPLY_INTEGER) bytes += reply->integer;
    if (!is_memory && reply->type == REDIS_REPLY_INTEGER && reply->integer == -1) keys_without_ttl++;
    measurements_due--;
}

/// The replies come as asked: a SCAN's, the measurements of the page before it, the next SCAN's, and so on. Behind the
/// last SCAN's come the measurements of two pages.
static void take(const redisReply *reply) {
    if (measurements_due > 0) {
        take_measurement(reply);
    } else {
        measurements_due = measurements_next;
        take_page(reply);
    }
    if (last_page_named && measurements_due == 0) {
        measurements_due = measurements_next;
        measurements_next = 0;
    }
}

static bool finished(void) {
    return last_page_named && measurements_due == 0;
}

static void scan(void) {
    append_scan("0");
    while (!finished()) {
        bool all = write_some();
        struct pollfd socket = {.fd = server->fd, .events = all ? POLLIN : POLLIN | POLLOUT};
        if (poll(&socket, 1, -1) < 0) fail("poll");
        if (!(socket.revents & ~POLLOUT)) continue;
        if (redisBufferRead(server) != REDIS_OK) fail("read");
        for (void *reply; !finished(); freeReplyObject(reply)) {
            if (redisGetReplyFromReader(server, &reply) != REDIS_OK) fail("reply");
            if (reply == NULL) break;
            take(reply);
        }
    }
}

int main(int count, char **arguments) {
    const char *mode = count == 3 ? arguments[1] : "";
    ask_memory = strcmp(mode, "scan+ttl+memory") == 0;
    ask_value = strcmp(mode, "scan+ttl+get") == 0;
    ask_ttl = ask_memory || ask_value || strcmp(mode, "scan+ttl") == 0;
    if (!ask_ttl && strcmp(mode, "scan") != 0) {
        fprintf(stderr, "usage: limit scan|scan+ttl|scan+ttl+memory|scan+ttl+get SOCKET\n");
        return 64;
    }
    server = redisConnectUnixNonBlock(arguments[2]);
    if (server == NULL || server->err) fail("connect");

    double start = seconds();
    scan();
    printf("%zu keys in %.3f s", keys, seconds() - start);
    if (ask_ttl) printf(", %zu without TTL", keys_without_ttl);
    if (ask_memory) printf(", %lld bytes", bytes);
    printf("\n");
    redisFree(server);
    return 0;
}
