// The limit a removal is held against: SCAN with MATCH and COUNT 1000, and one UNLINK for the keys of each page, from a
// bare loop on hiredis that looks at nothing else.
//
//     remove PATTERN SOCKET
//
// One page of overlap: the next SCAN goes out together with the UNLINK of the page that has just come.

#include <hiredis/hiredis.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static redisContext *server;

static void fail(const char *what) {
    fprintf(stderr, "remove: %s%s%s\n", what, server && server->err ? ": " : "", server ? server->errstr : "");
    exit(1);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void append_scan(const char *cursor, const char *pattern) {
    const char *arguments[] = {"SCAN", cursor, "MATCH", pattern, "COUNT", "1000"};
    if (redisAppendCommandArgv(server, 6, arguments, NULL) != REDIS_OK) fail("append");
}

static void append_unlink(const redisReply *page) {
    int count = (int)page->elements + 1;
    const char **arguments = malloc(count * sizeof *arguments);
    size_t *lengths = malloc(count * sizeof *lengths);
    if (!arguments || !lengths) fail("memory");
    arguments[0] = "UNLINK";
    lengths[0] = 6;
    for (int i = 1; i < count; i++) {
        arguments[i] = page->element[i - 1]->str;
        lengths[i] = page->element[i - 1]->len;
    }
    if (redisAppendCommandArgv(server, count, arguments, lengths) != REDIS_OK) fail("append");
    free(arguments);
    free(lengths);
}

static redisReply *next(void) {
    void *reply;
    if (redisGetReply(server, &reply) != REDIS_OK) fail("reply");
    return reply;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: remove PATTERN SOCKET\n");
        return 64;
    }
    server = redisConnectUnix(arguments[2]);
    if (server == NULL || server->err) fail("connect");

    double start = seconds();
    long long removed = 0;
    int unlinks = 0;
    append_scan("0", arguments[1]);
    for (int more = 1; more;) {
        redisReply *reply = next();
        if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) fail("SCAN was refused");
        for (; unlinks > 0; unlinks--) {
            redisReply *answer = next();
            if (answer->type != REDIS_REPLY_INTEGER) fail("UNLINK was refused");
            removed += answer->integer;
            freeReplyObject(answer);
        }
        more = strcmp(reply->element[0]->str, "0") != 0;
        if (more) append_scan(reply->element[0]->str, arguments[1]);
        if (reply->element[1]->elements > 0) {
            append_unlink(reply->element[1]);
            unlinks++;
        }
        freeReplyObject(reply);
    }
    for (; unlinks > 0; unlinks--) {
        redisReply *answer = next();
        removed += answer->integer;
        freeReplyObject(answer);
    }
    printf("%lld keys removed in %.3f s\n", removed, seconds() - start);
    redisFree(server);
    return 0;
}
