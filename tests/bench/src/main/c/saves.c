/*
 * Measures how long it takes from a save on the host until a program of the guest has been told of it by inotify. For each
 * pair of directories (HOST GUEST, the same seen from both sides) in turn a file is saved in HOST: opened with truncation,
 * written, closed. The time runs from the call of close(2) until a thread that waits for events of GUEST has
 * read IN_CLOSE_WRITE of that file. Prints for each save the number of the pair, from 0, and the nanoseconds.
 *
 *   saves ROUNDS PAUSE_MICROSECONDS HOST GUEST [HOST GUEST ...]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 50, MOST_SECONDS = 20 };

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* Saves a file; the time at which its close began. */
static long long save(const char *directory, const char *name, int round) {
    char path[4096], text[32];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    const int length = snprintf(text, sizeof text, "round %d\n", round);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, length) != length) fail(path);
    const long long time = now();
    close(fd);
    return time;
}

struct watch {
    int inotify;
    int pipe[2];
};

struct told {
    long long time;
    char name[16];
};

/* Passes on each IN_CLOSE_WRITE, with the time at which it was read. */
static void *listen(void *argument) {
    const struct watch *watch = argument;
    char buffer[65536] __attribute__((aligned(__alignof__(struct inotify_event))));
    for (;;) {
        const ssize_t length = read(watch->inotify, buffer, sizeof buffer);
        struct told told = {.time = now()};
        if (length < 0 && errno != EINTR) fail("inotify");
        for (char *at = buffer; at < buffer + length;) {
            const struct inotify_event *event = (const struct inotify_event *)at;
            snprintf(told.name, sizeof told.name, "%.15s", event->len ? event->name : "");
            if (write(watch->pipe[1], &told, sizeof told) != sizeof told) fail("pipe");
            at += sizeof *event + event->len;
        }
    }
    return 0;
}

/* The time at which the guest was told that the file had been written and closed. */
static long long await(const struct watch *watch, const char *name) {
    struct pollfd readable = {.fd = watch->pipe[0], .events = POLLIN};
    struct told told;
    for (;;) {
        if (poll(&readable, 1, MOST_SECONDS * 1000) == 0) {
            fprintf(stderr, "nobody was told of %s\n", name);
            exit(1);
        }
        if (read(watch->pipe[0], &told, sizeof told) != sizeof told) fail("pipe");
        if (!strcmp(told.name, name)) return told.time;
    }
}

int main(int argc, char **argv) {
    if (argc < 5 || argc % 2 == 0) {
        fprintf(stderr, "usage: saves ROUNDS PAUSE_MICROSECONDS HOST GUEST [HOST GUEST ...]\n");
        return 2;
    }
    const int rounds = atoi(argv[1]), pairs = (argc - 3) / 2;
    const struct timespec pause = {.tv_sec = atol(argv[2]) / 1000000, .tv_nsec = atol(argv[2]) % 1000000 * 1000};
    struct watch watches[pairs];
    for (int i = 0; i < pairs; i++) {
        struct watch *watch = &watches[i];
        pthread_t thread;
        watch->inotify = inotify_init1(IN_CLOEXEC);
        if (watch->inotify < 0 || inotify_add_watch(watch->inotify, argv[4 + 2 * i], IN_CLOSE_WRITE) < 0)
            fail(argv[4 + 2 * i]);
        if (pipe(watch->pipe) || pthread_create(&thread, 0, listen, watch)) fail("thread");
    }
    for (int round = 0; round < rounds; round++) {
        for (int turn = 0; turn < pairs; turn++) {
            const int i = (round + turn) % pairs;
            char name[16];
            snprintf(name, sizeof name, "f%d", round % FILES);
            nanosleep(&pause, 0);
            const long long saved = save(argv[3 + 2 * i], name, round);
            printf("%d %lld\n", i, await(&watches[i], name) - saved);
        }
    }
    return 0;
}
