// Another client of the server, who wants to know what a run beside it costs.
//
//     neighbour SOCKET latency       one GET a millisecond until SIGTERM; prints p50, p99, p99.9, the maximum in
//                                    milliseconds, and how many there were
//     neighbour SOCKET load RATE     so many GETs a second until SIGTERM, a few at a time
//     neighbour SOCKET names RATE    the same, each for another name, which is not there
//     neighbour SOCKET capacity      how many GETs a second the server answers when they come a few at a time
//
// A GET that is late because the one before it was counts from when it should have been sent. Where the system allows it
// the process is woken at once, so that what is measured is the server and not the queue for a core.

#include <hiredis/hiredis.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { batch = 32, most = 4000000 };

static const long long nanoseconds = 1000000000;
static volatile sig_atomic_t is_over;
static redisContext *server;

static void end(int number) {
    (void)number;
    is_over = 1;
}

static void fail(const char *what) {
    fprintf(stderr, "neighbour: %s%s%s\n", what, server && server->err ? ": " : "", server ? server->errstr : "");
    exit(1);
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * nanoseconds + time.tv_nsec;
}

static void sleep_until(long long moment) {
    struct timespec time = {moment / nanoseconds, moment % nanoseconds};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR && !is_over) {
    }
}

static void ask(int count) {
    for (int i = 0; i < count; i++)
        if (redisAppendCommand(server, "GET neighbour:%d", rand() % 100000) != REDIS_OK) fail("append");
    for (int i = 0; i < count; i++) {
        redisReply *reply;
        if (redisGetReply(server, (void **)&reply) != REDIS_OK) fail("GET");
        freeReplyObject(reply);
    }
}

static int compare(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void measure_latency(void) {
    float *times = malloc(most * sizeof *times);
    if (!times) fail("memory");
    size_t count = 0;
    long long due = now();
    while (!is_over && count < most) {
        due += nanoseconds / 1000;
        sleep_until(due);
        long long woken = now();
        // Late because of the one before, not because of this system's queue for a core.
        long long begin = count > 0 && woken - due > nanoseconds / 1000 ? due : woken;
        ask(1);
        times[count++] = (now() - begin) / 1e6;
    }
    if (count == 0) fail("no time to measure");
    qsort(times, count, sizeof *times, compare);
    printf("%.3f %.3f %.3f %.3f %zu\n", times[count / 2], times[count * 99 / 100], times[count * 999 / 1000],
           times[count - 1], count);
}

// Spread over their whole range, as identifiers are.
static void ask_names(int count) {
    static unsigned long long number;
    for (int i = 0; i < count; i++)
        if (redisAppendCommand(server, "GET neighbour:%016llx", ++number * 0x9e3779b97f4a7c15ULL) != REDIS_OK) fail("append");
    for (int i = 0; i < count; i++) {
        redisReply *reply;
        if (redisGetReply(server, (void **)&reply) != REDIS_OK) fail("GET");
        freeReplyObject(reply);
    }
}

static void load(long rate, void (*ask)(int)) {
    long long start = now(), sent = 0;
    while (!is_over) {
        ask(batch);
        sent += batch;
        sleep_until(start + sent * nanoseconds / rate);
    }
}

static void measure_capacity(void) {
    long long start = now(), count = 0;
    while (now() - start < nanoseconds) {
        ask(batch);
        count += batch;
    }
    printf("%lld\n", count * nanoseconds / (now() - start));
}

int main(int count, char **arguments) {
    if (count < 3) fail("neighbour SOCKET latency|load RATE|names RATE|capacity");
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGTERM, &action, NULL);
    server = redisConnectUnix(arguments[1]);
    if (!server || server->err) fail("connect");
    if (strcmp(arguments[2], "latency") == 0) {
        struct sched_param priority = {.sched_priority = 1};
        sched_setscheduler(0, SCHED_FIFO, &priority);
        measure_latency();
    } else if (strcmp(arguments[2], "load") == 0 && count > 3 && atol(arguments[3]) > 0) {
        load(atol(arguments[3]), ask);
    } else if (strcmp(arguments[2], "names") == 0 && count > 3 && atol(arguments[3]) > 0) {
        load(atol(arguments[3]), ask_names);
    } else if (strcmp(arguments[2], "capacity") == 0) {
        measure_capacity();
    } else {
        fail("latency, load RATE, names RATE, or capacity");
    }
    redisFree(server);
    return 0;
}
