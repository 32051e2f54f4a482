/*
 * The load: one system call pattern, by one or more threads, in one directory. Every file system that is compared is
 * used by this same program.
 *
 *   load WORKLOAD CALLERS DIRECTORY AMOUNT
 *
 * AMOUNT is milliseconds for the workloads that repeat an operation, bytes (of all callers together) for those that
 * move data. Prints "OPERATIONS NANOSECONDS": what all callers did, and the time from their common start to the end
 * of the last one. Ends with 1 and a line on stderr as soon as an operation does not do what it should.
 *
 * DIRECTORY holds files/ (FILES files of 4 KiB), many/ (files to list), work/ (empty) and sequential (a file to read).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FILES 1000
#define SMALL_FILE 4096
#define SMALL_WRITE 1024
#define LARGE_CALL (1 << 20)
#define MAX_CALLERS 64
/* The clock is read once in so many operations: on a native file system it costs a noticeable part of one. */
#define BATCH 8
/* Who takes longer to write everything has shown how fast it is. (sshfs sends 1 KiB writes ahead by the thousand, and
 * OpenSSH's server takes milliseconds for each then.) */
#define WRITE_NANOS_MAX 30000000000LL

struct caller {
    pthread_t thread;
    int index;
    long operations;
    long long ended;
};

struct workload {
    const char *name;
    const char *directory; /* in which it works, relative to DIRECTORY */
    void (*run)(struct caller *);
};

static int callers;
static long long amount;
static long long deadline;
static pthread_barrier_t start;
static const struct workload *chosen;

static void fail(const char *what) {
    fprintf(stderr, "load: %s: %s: %s\n", chosen->name, what, strerror(errno));
    exit(1);
}

static void fail_short(const char *what) {
    fprintf(stderr, "load: %s: %s: short\n", chosen->name, what);
    exit(1);
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Repeats one operation until the deadline; the callers begin at different places of the set of names. */
static void repeat(struct caller *self, void (*operation)(const struct caller *, long)) {
    const long offset = (long)self->index * (FILES / MAX_CALLERS);
    do {
        for (int i = 0; i < BATCH; i++) {
            operation(self, offset + self->operations);
            self->operations++;
        }
    } while (now() < deadline);
}

static void stat_one(const struct caller *self, long n) {
    (void)self;
    char name[32];
    struct stat status;
    snprintf(name, sizeof name, "f%04ld", n % FILES);
    if (stat(name, &status) != 0) fail("stat");
    if (status.st_size != SMALL_FILE) fail_short("stat");
}

static void missing_one(const struct caller *self, long n) {
    (void)self;
    char name[32];
    struct stat status;
    snprintf(name, sizeof name, "missing%04ld", n % FILES);
    if (stat(name, &status) == 0 || errno != ENOENT) fail("stat of a missing name");
}

static void open_one(const struct caller *self, long n) {
    (void)self;
    char name[32];
    char data[SMALL_FILE];
    snprintf(name, sizeof name, "f%04ld", n % FILES);
    const int file = open(name, O_RDONLY);
    if (file < 0) fail("open");
    const ssize_t got = read(file, data, sizeof data);
    if (got < 0) fail("read");
    if (got != sizeof data) fail_short("read");
    if (close(file) != 0) fail("close");
}

static void create_one(const struct caller *self, long n) {
    char name[48];
    snprintf(name, sizeof name, "c%d-%ld", self->index, n);
    const int file = open(name, O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (file < 0) fail("create");
    if (close(file) != 0) fail("close");
    if (unlink(name) != 0) fail("unlink");
}

static void run_stat(struct caller *self) { repeat(self, stat_one); }
static void run_missing(struct caller *self) { repeat(self, missing_one); }
static void run_open(struct caller *self) { repeat(self, open_one); }
static void run_create(struct caller *self) { repeat(self, create_one); }

/* Lists the directory with the attributes of each entry, as ls -l does. An operation is one entry. */
static void run_readdir(struct caller *self) {
    do {
        DIR *directory = opendir(".");
        if (directory == NULL) fail("opendir");
        long entries = 0;
        for (;;) {
            errno = 0;
            const struct dirent *entry = readdir(directory);
            if (entry == NULL) {
                if (errno != 0) fail("readdir");
                break;
            }
            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
            struct stat status;
            if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) fail("lstat");
            entries++;
        }
        if (closedir(directory) != 0) fail("closedir");
        if (entries == 0) fail_short("readdir");
        self->operations += entries;
    } while (now() < deadline);
}

static char *buffer(size_t size) {
    char *data = aligned_alloc(4096, (size + 4095) / 4096 * 4096);
    if (data == NULL) fail("aligned_alloc");
    memset(data, 'x', size);
    return data;
}

/* Each caller writes a file of its own. Closing counts: it is where deferred writes and their errors come out. */
static void write_file(struct caller *self, size_t size) {
    char name[32];
    char *data = buffer(size);
    snprintf(name, sizeof name, "w%d", self->index);
    const int file = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    if (file < 0) fail("create");
    const long long enough = now() + WRITE_NANOS_MAX;
    for (long long left = amount / callers; left > 0; left -= (long long)size) {
        const ssize_t put = write(file, data, size);
        if (put < 0) fail("write");
        if ((size_t)put != size) fail_short("write");
        if (++self->operations % BATCH == 0 && now() > enough) break;
    }
    if (close(file) != 0) fail("close");
    free(data);
}

static void run_small_writes(struct caller *self) { write_file(self, SMALL_WRITE); }
static void run_sequential_write(struct caller *self) { write_file(self, LARGE_CALL); }

/* Each caller reads its own part of one file. */
static void run_sequential_read(struct caller *self) {
    char *data = buffer(LARGE_CALL);
    const long long share = amount / callers;
    const int file = open("sequential", O_RDONLY);
    if (file < 0) fail("open");
    for (long long done = 0; done < share; done += LARGE_CALL) {
        const ssize_t got = pread(file, data, LARGE_CALL, self->index * share + done);
        if (got < 0) fail("read");
        if (got != LARGE_CALL) fail_short("read");
        self->operations++;
    }
    if (close(file) != 0) fail("close");
    free(data);
}

static const struct workload workloads[] = {
    {"stat", "files", run_stat},
    {"missing", "files", run_missing},
    {"open-read-close", "files", run_open},
    {"create-unlink", "work", run_create},
    {"readdir", "many", run_readdir},
    {"write-1k", "work", run_small_writes},
    {"seq-write", "work", run_sequential_write},
    {"seq-read", ".", run_sequential_read},
};

static void *caller_main(void *argument) {
    struct caller *self = argument;
    pthread_barrier_wait(&start); /* all are there: the main thread reads the clock */
    pthread_barrier_wait(&start); /* the deadline is set */
    chosen->run(self);
    self->ended = now();
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: load WORKLOAD CALLERS DIRECTORY AMOUNT\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        if (strcmp(workloads[i].name, argv[1]) == 0) chosen = &workloads[i];
    }
    callers = atoi(argv[2]);
    amount = atoll(argv[4]);
    if (chosen == NULL || callers < 1 || callers > MAX_CALLERS || amount < 1) {
        fprintf(stderr, "load: unknown workload, or a number out of range\n");
        return 2;
    }
    if (chdir(argv[3]) != 0) fail(argv[3]);
    if (chdir(chosen->directory) != 0) fail(chosen->directory);

    static struct caller all[MAX_CALLERS];
    pthread_barrier_init(&start, NULL, (unsigned)callers + 1);
    for (int i = 0; i < callers; i++) {
        all[i].index = i;
        if ((errno = pthread_create(&all[i].thread, NULL, caller_main, &all[i])) != 0) fail("pthread_create");
    }
    pthread_barrier_wait(&start);
    const long long began = now();
    deadline = began + amount * 1000000LL;
    pthread_barrier_wait(&start);

    long operations = 0;
    long long ended = began;
    for (int i = 0; i < callers; i++) {
        pthread_join(all[i].thread, NULL);
        operations += all[i].operations;
        if (all[i].ended > ended) ended = all[i].ended;
    }
    if (strcmp(chosen->directory, "work") == 0) {
        for (int i = 0; i < callers; i++) {
            char name[32];
            snprintf(name, sizeof name, "w%d", i);
            if (unlink(name) != 0 && errno != ENOENT) fail("unlink");
        }
    }
    printf("%ld %lld\n", operations, ended - began);
    return 0;
}
