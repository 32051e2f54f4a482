/*
 * Looks at a file that only grows, as programs do, for so many turns: what any call says of its size is never less than
 * what one said before (if it is "alone"), what is read is what was written, and all of a mapping of the size that fstat
 * tells is there. Byte i of the file is 'a' + i / 7 % 26. Prints each kind of violation with its number and an example;
 * exit code 1 if any.
 *
 * Of several processes that ask at the same time the kernel takes one answer and ignores the others, which may be newer;
 * those who are not "alone" check what they read and what they have mapped, and read through descriptors of their own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KINDS = 16, MOST = 1 << 22 };

static const char *names[KINDS];
static long counts[KINDS];
static int violated;
static char buffer[MOST];
static sigjmp_buf fault;

static void violation(const char *name, const char *format, long a, long b, int turn) {
    int i = 0;
    while (names[i] && strcmp(names[i], name)) i++;
    names[i] = name;
    violated = 1;
    if (counts[i]++ == 0) {
        printf("%s in turn %d: ", name, turn);
        printf(format, a, b);
        printf("\n");
    }
}

static void on_fault(int signal) {
    (void)signal;
    siglongjmp(fault, 1);
}

static char wanted(long i) { return 'a' + i / 7 % 26; }

static long said;
static int alone;

/* A call has said that the file has this size. */
static void says(const char *who, long size, int turn) {
    if (size < said && alone) violation(who, "%ld after %ld", size, said, turn);
    if (size > said) said = size;
}

static void check(const char *who, const char *data, long length, int turn) {
    for (long i = 0; i < length; i++) {
        if (data[i] != wanted(i)) {
            violation(who, "byte %ld is %ld", i, (unsigned char)data[i], turn);
            return;
        }
    }
}

static long read_all(int fd) {
    long length = 0, count;
    while ((count = pread(fd, buffer + length, MOST - length, length)) > 0) length += count;
    return count < 0 ? -errno : length;
}

static void map(int fd, long size, int turn) {
    if (size == 0) return;
    char *data = mmap(0, size, PROT_READ, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED) {
        violation("mmap fails", "errno %ld, size %ld", errno, size, turn);
        return;
    }
    if (sigsetjmp(fault, 1) == 0)
        check("what is mapped", data, size, turn);
    else if (alone)
        violation("SIGBUS in a mapping", "size %ld, said %ld", size, said, turn);
    munmap(data, size);
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    alone = !strcmp(argv[3], "alone");
    const char *path = argv[1];
    const int turns = atoi(argv[2]);
    struct sigaction action = {.sa_handler = on_fault};
    struct stat st;
    sigaction(SIGBUS, &action, 0);
    const int kept = open(path, O_RDONLY);
    if (kept < 0) return perror(path), 2;
    for (int turn = 0; turn < turns; turn++) {
        if (stat(path, &st)) return perror("stat"), 2;
        says("stat", st.st_size, turn);
        says("SEEK_END through a descriptor kept open", lseek(kept, 0, SEEK_END), turn);
        const int fd = turn % 2 || !alone ? open(path, O_RDONLY) : kept;
        if (fd < 0) return perror("open"), 2;
        if (fstat(fd, &st)) return perror("fstat"), 2;
        says("fstat", st.st_size, turn);
        if (turn % 3 == 0) map(fd, st.st_size, turn);
        const long length = read_all(fd);
        says("read", length, turn);
        check("what is read", buffer, length, turn);
        says("SEEK_END", lseek(fd, 0, SEEK_END), turn);
        if (fstat(fd, &st)) return perror("fstat"), 2;
        says("fstat", st.st_size, turn);
        map(fd, st.st_size, turn);
        if (fd != kept) close(fd);
    }
    for (int i = 0; i < KINDS && names[i]; i++) printf("%s: %ld of %d turns\n", names[i], counts[i], turns);
    return violated;
}
