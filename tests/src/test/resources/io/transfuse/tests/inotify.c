/*
 * Prints what inotify(7) tells of the directories and files that are its arguments, a line for each event: the argument,
 * the masks, the name if there is one. Mere opens, reads, and closes of what was not written to are left out. The first
 * line is "watching", when all watches are set. Goes on until it is killed.
 */
#include <limits.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

static const struct {
    unsigned bit;
    const char *name;
} masks[] = {
    {IN_MODIFY, "MODIFY"},
    {IN_ATTRIB, "ATTRIB"},
    {IN_CLOSE_WRITE, "CLOSE_WRITE"},
    {IN_MOVED_FROM, "MOVED_FROM"},
    {IN_MOVED_TO, "MOVED_TO"},
    {IN_CREATE, "CREATE"},
    {IN_DELETE, "DELETE"},
    {IN_DELETE_SELF, "DELETE_SELF"},
    {IN_MOVE_SELF, "MOVE_SELF"},
    {IN_UNMOUNT, "UNMOUNT"},
    {IN_Q_OVERFLOW, "Q_OVERFLOW"},
    {IN_IGNORED, "IGNORED"},
    {IN_ISDIR, "ISDIR"},
};

enum { MASKS = sizeof masks / sizeof masks[0] };

static void print(const struct inotify_event *event, char **arguments) {
    const char *separator = " ";
    /* The kernel numbers watches from 1 on; an overflow has none. */
    printf("%s", event->wd < 1 ? "-" : arguments[event->wd]);
    for (int i = 0; i < MASKS; i++) {
        if (event->mask & masks[i].bit) {
            printf("%s%s", separator, masks[i].name);
            separator = "|";
        }
    }
    printf(event->len ? " %s\n" : "\n", event->name);
}

int main(int count, char **arguments) {
    static char buffer[64 * (sizeof(struct inotify_event) + NAME_MAX + 1)]
        __attribute__((aligned(__alignof__(struct inotify_event))));
    const int queue = inotify_init();
    if (queue < 0) {
        perror("inotify_init");
        return 1;
    }
    for (int i = 1; i < count; i++) {
        if (inotify_add_watch(queue, arguments[i], IN_ALL_EVENTS & ~(IN_ACCESS | IN_OPEN | IN_CLOSE_NOWRITE)) != i) {
            perror(arguments[i]);
            return 1;
        }
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("watching\n");
    for (;;) {
        const ssize_t length = read(queue, buffer, sizeof buffer);
        if (length <= 0) {
            perror("read");
            return 1;
        }
        for (const char *at = buffer; at < buffer + length;) {
            const struct inotify_event *event = (const struct inotify_event *) at;
            print(event, arguments);
            at += sizeof *event + event->len;
        }
    }
}
