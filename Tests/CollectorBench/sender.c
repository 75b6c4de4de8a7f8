// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Sends posts of spans over a few connections, each as soon as its last one is answered, or at a rate.
//
// sender POSTS PORT SEED CONNECTIONS SECONDS SPANS RATE INTERVAL
//   SECONDS, SPANS: ends after either; 0 for no end. RATE: spans a second; 0 for as many as are taken.
//   INTERVAL: seconds between two lines of output. SIGTERM ends it after the posts that are under way.
//
// Each line of output is a JSON object; the last one has "done".

#define _GNU_SOURCE
#include "posts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { most_connections = 64, remembered_groups = 1024, answer_size = 4096 };

struct connection {
    int socket;
    struct post *own;   // each post of the templates, to be filled in
    struct post *under; // the one under way; NULL when there is none
    size_t sent;
    char answer[answer_size + 1];
    size_t received;
    int64_t began;       // when the post under way was first sent
    int64_t again;       // when a refused one is to be sent again; 0 when none is
};

static struct posts templates;
static uint64_t seed;
static uint64_t next_post;
static int64_t group_starts[remembered_groups];

static uint64_t acknowledged, refused, bytes_sent;
static uint32_t *latencies; // of acknowledged posts, in microseconds
static size_t latency_count, latency_room;
static int64_t longest;     // since the last line of output
static volatile sig_atomic_t stopped;

static void stop(int signal) { (void)signal, stopped = 1; }

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "sender: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void open_connection(struct connection *connection, int port) {
    struct sockaddr_in address = {AF_INET, htons((uint16_t)port), {htonl(INADDR_LOOPBACK)}, {0}};
    connection->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    int yes = 1;
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connection->own = calloc(templates.count, sizeof *connection->own);
    for (uint32_t i = 0; i < templates.count; i++) connection->own[i] = copy_of_post(&templates.posts[i]);
}

// Traces of a post ended a moment ago.
static int64_t start_of_group(uint64_t group, int is_first) {
    int64_t *start = &group_starts[group % remembered_groups];
    if (is_first) *start = now(CLOCK_REALTIME) - 1000000000;
    return *start;
}

static void send_more(struct connection *connection) {
    struct post *post = connection->under;
    while (connection->sent < post->size) {
        ssize_t count = send(
            connection->socket, post->bytes + connection->sent, post->size - connection->sent, MSG_DONTWAIT | MSG_NOSIGNAL
        );
        if (count < 0 && errno == EAGAIN) return;
        if (count < 0) fail("send");
        connection->sent += (size_t)count;
        bytes_sent += (uint64_t)count;
    }
}

static void begin_post(struct connection *connection) {
    uint64_t group = next_post / templates.per_group;
    connection->under = &connection->own[next_post % templates.count];
    fill_in(connection->under, &templates, seed, group, start_of_group(group, next_post % templates.per_group == 0));
    next_post++;
    connection->sent = connection->received = 0;
    connection->began = now(CLOCK_MONOTONIC);
    send_more(connection);
}

static void note_latency(int64_t nanoseconds) {
    if (nanoseconds > longest) longest = nanoseconds;
    if (latency_count == latency_room) {
        latency_room = latency_room ? 2 * latency_room : 1 << 16;
        latencies = realloc(latencies, latency_room * sizeof *latencies);
        if (!latencies) fail("memory");
    }
    latencies[latency_count++] = (uint32_t)(nanoseconds / 1000);
}

// The status of an answer that is there whole; 0 when more is to come.
static int status_of(struct connection *connection) {
    connection->answer[connection->received] = 0;
    char *end = strstr(connection->answer, "\r\n\r\n");
    if (!end) return 0;
    char *length = strcasestr(connection->answer, "content-length:");
    size_t body = length && length < end ? strtoul(length + 15, NULL, 10) : 0;
    if (connection->received < (size_t)(end + 4 - connection->answer) + body) return 0;
    return atoi(connection->answer + 9);
}

static void finish_post(struct connection *connection, int status) {
    if (status == 200 || status == 202) {
        acknowledged += templates.spans_per_post;
        note_latency(now(CLOCK_MONOTONIC) - connection->began);
        connection->under = NULL;
    } else if (status == 429 || status == 503) {
        refused += templates.spans_per_post;
        connection->again = now(CLOCK_MONOTONIC) + 1000000000;
    } else {
        fprintf(stderr, "sender: unexpected answer: %s\n", connection->answer);
        exit(1);
    }
}

static void receive(struct connection *connection) {
    ssize_t count = recv(
        connection->socket, connection->answer + connection->received, answer_size - connection->received, MSG_DONTWAIT
    );
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) fail(count == 0 ? "the collector closed the connection" : "receive");
    connection->received += (size_t)count;
    int status = status_of(connection);
    if (status) finish_post(connection, status);
    else if (connection->received == answer_size) fail("an answer that is too long");
}

static void send_again(struct connection *connection) {
    connection->again = 0;
    connection->sent = connection->received = 0;
    send_more(connection);
}

static void report(double seconds) {
    printf(
        "{\"seconds\":%.3f,\"spans\":%llu,\"refused\":%llu,\"longest_ms\":%.3f}\n", seconds,
        (unsigned long long)acknowledged, (unsigned long long)refused, (double)longest / 1e6
    );
    fflush(stdout);
    longest = 0;
}

static int by_size(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static double quantile(double share) {
    return latency_count ? latencies[(size_t)(share * (double)(latency_count - 1))] / 1000.0 : 0;
}

static void report_end(double seconds) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec
        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    if (latency_count) qsort(latencies, latency_count, sizeof *latencies, by_size);
    printf(
        "{\"done\":true,\"seconds\":%.3f,\"spans\":%llu,\"posts\":%llu,\"refused\":%llu,\"bytes\":%llu,\"cpu_seconds\":%.3f,"
        "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"longest_ms\":%.3f}\n",
        seconds, (unsigned long long)acknowledged, (unsigned long long)next_post, (unsigned long long)refused,
        (unsigned long long)bytes_sent, cpu, quantile(0.5), quantile(0.99), quantile(1)
    );
}

struct pace {
    int64_t start;
    double seconds, rate, interval;
    uint64_t spans;
};

// Whether another post may begin now.
static int is_due(const struct pace *pace, int64_t time) {
    double elapsed = (double)(time - pace->start) / 1e9;
    uint64_t begun = next_post * templates.spans_per_post;
    if (stopped || (pace->seconds > 0 && elapsed >= pace->seconds) || (pace->spans && begun >= pace->spans)) return 0;
    return pace->rate <= 0 || (double)begun <= elapsed * pace->rate;
}

static int is_over(const struct pace *pace, int64_t time) {
    struct pace unhurried = *pace;
    unhurried.rate = 0;
    return !is_due(&unhurried, time);
}

// Starts what may start; returns how many posts are under way.
static int drive(struct connection *connections, int count, const struct pace *pace) {
    int busy = 0;
    for (int i = 0; i < count; i++) {
        int64_t time = now(CLOCK_MONOTONIC);
        if (connections[i].again && time >= connections[i].again) send_again(&connections[i]);
        if (!connections[i].under && is_due(pace, time)) begin_post(&connections[i]);
        if (connections[i].under) busy++;
    }
    return busy;
}

static void run(struct connection *connections, int count, const struct pace *pace) {
    int poll = epoll_create1(0);
    for (int i = 0; i < count; i++) {
        struct epoll_event event = {EPOLLIN | EPOLLOUT | EPOLLET, {.ptr = &connections[i]}};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, connections[i].socket, &event) != 0) fail("epoll");
    }
    int64_t reported = pace->start;
    while (drive(connections, count, pace) > 0 || !is_over(pace, now(CLOCK_MONOTONIC))) {
        struct epoll_event events[most_connections];
        int ready = epoll_wait(poll, events, most_connections, pace->rate > 0 ? 1 : 10);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection->under && !connection->again && events[i].events & EPOLLOUT) send_more(connection);
            if (connection->under && !connection->again && events[i].events & ~(uint32_t)EPOLLOUT) receive(connection);
        }
        int64_t time = now(CLOCK_MONOTONIC);
        if ((double)(time - reported) < pace->interval * 1e9) continue;
        reported = time;
        report((double)(time - pace->start) / 1e9);
    }
    report_end((double)(now(CLOCK_MONOTONIC) - pace->start) / 1e9);
}

int main(int argc, char **argv) {
    if (argc != 9 || !read_posts(argv[1], &templates)) {
        fprintf(stderr, "usage: sender POSTS PORT SEED CONNECTIONS SECONDS SPANS RATE INTERVAL\n");
        return 64;
    }
    signal(SIGTERM, stop);
    seed = strtoull(argv[3], NULL, 10);
    int count = atoi(argv[4]);
    if (count < 1 || count > most_connections) return 64;
    struct connection *connections = calloc((size_t)count, sizeof *connections);
    for (int i = 0; i < count; i++) open_connection(&connections[i], atoi(argv[2]));
    struct pace pace = {
        now(CLOCK_MONOTONIC), atof(argv[5]), atof(argv[7]), atof(argv[8]), strtoull(argv[6], NULL, 10),
    };
    run(connections, count, &pace);
}
