/*
 * Runs one command, or two that talk to each other, for exactly as long as the leash's own standard input stays open.
 *
 *   leash COMMAND [ARG...]
 *   leash COMMAND [ARG...] --and-- COMMAND [ARG...]     each one's stdin and stdout is an end of one socket pair
 *
 * The benchmark starts every file system through it, so that none outlives the benchmark however that ends: when
 * standard input closes, or one command ends, the commands get SIGTERM, and SIGKILL if they ignore it. The commands
 * are in process groups of their own: a Ctrl-C at the terminal reaches them only in this way, in order.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_MILLISECONDS 10000

static void fail(const char *what) {
    fprintf(stderr, "leash: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Starts a command with `end` as its standard input and output; with -1, they are /dev/null and the leash's. */
static pid_t launch(char **command, int end) {
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child > 0) return child;
    setpgid(0, 0);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    const int input = end >= 0 ? end : open("/dev/null", O_RDWR);
    if (dup2(input, STDIN_FILENO) < 0 || (end >= 0 && dup2(end, STDOUT_FILENO) < 0)) fail("dup2");
    execvp(command[0], command);
    fail(command[0]);
    return -1;
}

static int watch(pid_t child) {
    const int handle = (int)syscall(SYS_pidfd_open, child, 0);
    if (handle < 0) fail("pidfd_open");
    return handle;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: leash COMMAND [ARG...] [--and-- COMMAND [ARG...]]\n");
        return 2;
    }
    char **second = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--and--") == 0) {
            argv[i] = NULL;
            second = &argv[i + 1];
            break;
        }
    }
    if (argv[1] == NULL || (second != NULL && second[0] == NULL)) {
        fprintf(stderr, "leash: a command is missing\n");
        return 2;
    }
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);

    int ends[2] = {-1, -1};
    if (second != NULL && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
    pid_t children[2];
    struct pollfd watched[3] = {{STDIN_FILENO, POLLIN, 0}};
    const int count = second == NULL ? 1 : 2;
    for (int i = 0; i < count; i++) {
        children[i] = launch(i == 0 ? argv + 1 : second, ends[i]);
        watched[i + 1] = (struct pollfd){watch(children[i]), POLLIN, 0};
    }
    if (second != NULL) {
        close(ends[0]);
        close(ends[1]);
    }

    for (;;) {
        if (poll(watched, (nfds_t)count + 1, -1) < 0) {
            if (errno == EINTR) continue;
            fail("poll");
        }
        char ignored[64];
        if (watched[0].revents != 0 && read(STDIN_FILENO, ignored, sizeof ignored) <= 0) break;
        if (watched[1].revents != 0 || (count == 2 && watched[2].revents != 0)) break;
    }

    /* The first command is the file system, which unmounts as it ends; the second only serves it and goes after it. */
    int status = 0;
    for (int i = 0; i < count; i++) {
        int own = 0;
        kill(children[i], SIGTERM);
        if (poll(&watched[i + 1], 1, GRACE_MILLISECONDS) == 0) kill(children[i], SIGKILL);
        while (waitpid(children[i], &own, 0) < 0 && errno == EINTR) continue;
        if (i == 0) status = own;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
