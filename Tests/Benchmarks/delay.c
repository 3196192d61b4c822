// A TCP port that leads to a unix socket over a long way: every byte takes so many microseconds in each direction.
//
//     delay SOCKET MICROSECONDS      prints the port
//
// One thread, any number of connections; what is on its way is kept in memory.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { most = 256, piece = 65536, most_under_way = 8 << 20 };

struct parcel {
    struct parcel *next;
    long long due;
    size_t start, length;
    char bytes[piece];
};

/// One direction of a connection.
struct way {
    int from, to;
    struct parcel *first, *last;
    size_t under_way;
    bool has_ended;
};

static struct way ways[2 * most];
static int count;
static struct parcel *spare;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static struct parcel *take_parcel(void) {
    struct parcel *parcel = spare;
    if (parcel) {
        spare = parcel->next;
    } else if (!(parcel = malloc(sizeof *parcel))) {
        fail("malloc");
    }
    parcel->next = NULL;
    parcel->start = 0;
    return parcel;
}

static void collect(struct way *way, long long delay) {
    struct parcel *parcel = take_parcel();
    ssize_t length = read(way->from, parcel->bytes, piece);
    if (length <= 0) {
        if (length == 0 || errno != EAGAIN) way->has_ended = true;
        parcel->next = spare;
        spare = parcel;
        return;
    }
    parcel->length = length;
    parcel->due = now() + delay;
    way->under_way += length;
    if (way->last) way->last->next = parcel; else way->first = parcel;
    way->last = parcel;
}

static void deliver(struct way *way) {
    while (way->first && way->first->due <= now()) {
        struct parcel *parcel = way->first;
        ssize_t length = write(way->to, parcel->bytes + parcel->start, parcel->length - parcel->start);
        if (length < 0) {
            if (errno == EAGAIN) return;
            way->has_ended = true;
            length = parcel->length - parcel->start;
        }
        parcel->start += length;
        way->under_way -= length;
        if (parcel->start < parcel->length) return;
        way->first = parcel->next;
        if (!way->first) way->last = NULL;
        parcel->next = spare;
        spare = parcel;
    }
    if (way->has_ended && !way->first && way->to >= 0) {
        shutdown(way->to, SHUT_WR);
        way->to = -1;
    }
}

static void welcome(int listener, const struct sockaddr_un *place) {
    int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (client < 0) return;
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(server, (const struct sockaddr *)place, sizeof *place) != 0) fail("connect");
    fcntl(server, F_SETFL, O_NONBLOCK);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (count + 2 > 2 * most) fail("too many connections");
    ways[count++] = (struct way){.from = client, .to = server};
    ways[count++] = (struct way){.from = server, .to = client};
}

int main(int argument_count, char **arguments) {
    if (argument_count != 3) return fprintf(stderr, "delay SOCKET MICROSECONDS\n"), 1;
    long long delay = atoll(arguments[2]) * 1000;
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    snprintf(place.sun_path, sizeof place.sun_path, "%s", arguments[1]);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 16) != 0) fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);

    while (true) {
        struct pollfd asked[2 * most + 1] = {{.fd = listener, .events = POLLIN}};
        long long wake = -1, moment = now();
        for (int i = 0; i < count; i++) {
            struct way *way = &ways[i];
            bool reads = !way->has_ended && way->under_way < most_under_way;
            asked[i + 1] = (struct pollfd){.fd = reads ? way->from : -1, .events = POLLIN};
            if (!way->first) continue;
            // What is due and still here waits for room at the other side, which is looked for again soon.
            long long rest = way->first->due > moment ? way->first->due - moment : 50000;
            if (wake < 0 || rest < wake) wake = rest;
        }
        struct timespec wait = {wake / 1000000000, wake % 1000000000};
        ppoll(asked, count + 1, wake < 0 ? NULL : &wait, NULL);
        int known = count;
        if (asked[0].revents) welcome(listener, &place);
        for (int i = 0; i < known; i++)
            if (asked[i + 1].revents) collect(&ways[i], delay);
        for (int i = 0; i < count; i++) deliver(&ways[i]);
    }
}
