package io.transfuse.host.watch;

import io.transfuse.host.posix.Posix;
import java.io.Closeable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches single directories and files of the host by a number that the caller chooses. Thread-safe.
 *
 * <p>A watch belongs to the object, not to its name: it stays in force when the object is moved. What happens below a
 * watched directory's children is not told, nor are the attributes of child directories told everywhere (fanotify tells
 * them to the child's own watch only), which change without any event whenever their entries do: who needs a directory's
 * attributes watches that directory.
 */
public interface Watcher extends Closeable {
    /**
     * A system property, for tests: {@code inotify} as on a machine without fanotify, {@code coarse} as on a platform
     * that tells directories only.
     */
    String KIND_PROPERTY = "io.transfuse.host.watcher";

    /**
     * What a watcher tells. All calls come from the watcher's one thread; they must not block for long and must not
     * throw: what is thrown ends the watcher, with {@link #lost} and {@link #ended} for every watch.
     */
    interface Listener {
        /**
         * In the watched directory {@code watch}, what stands at {@code name} was made, removed, moved in or out (binding
         * changed). {@code name}: bytes, never changed afterwards.
         */
        void nameChanged(long watch, byte[] name);

        /** In the watched directory, data or attributes of what stands at {@code name} changed. */
        void childChanged(long watch, byte[] name);

        /**
         * Data or attributes of the watched object itself changed (chmod of the directory, a write to a watched file, its
         * removal).
         */
        void changed(long watch);

        /** Something in the directory changed, it is not known what (coarse platforms such as FSEvents). */
        void directoryChanged(long watch);

        /**
         * What happened, exactly, after what became stale by it was told by the calls above; changes of this very process
         * too. Of the changes of one object that the platform reports as one the order is CREATE, MODIFY, ATTRIB,
         * CLOSE_WRITE, DELETE.
         */
        void happened(Change change);

        /** Whether a thread that has ended was one of this process; asked where the platform names threads. */
        boolean isOwnThread(int thread);

        /** Events were lost: anything may have changed. */
        void lost();

        /**
         * The watch has ended by itself (object deleted, file system unmounted): changes are no longer told, and its
         * number is free. Told whoever deleted the object, this very process too.
         */
        void ended(long watch);
    }

    /** Whether it is told, too, what became stale by a change of this very process. */
    boolean tellsOwnChanges();

    /** Whether {@link Change#actor} tells the thread of this process that did it. */
    boolean namesThreads();

    /** The calling thread, as {@link Change#actor} would have it. */
    int callingThread();

    /**
     * Lets the watcher's thread run {@code task} some time after it has told everything that has happened before this
     * call. It must be short.
     */
    void afterPending(Runnable task);

    /** Short name for status and log lines: "fanotify", "inotify". */
    String name();

    /**
     * Watches the directory or regular file to which the descriptor {@code descriptor} (may be O_PATH) refers, or,
     * where {@code name} is the address of a C string other than {@link Posix#self}, the object {@code name} (one
     * component, not followed if a symbolic link) in the directory {@code descriptor}; see {@link Posix} for the
     * convention. From its return on, changes are told.
     *
     * @return 0 or a negated protocol errno: EEXIST if the object or the number is watched already, ENOSPC at the
     *     platform's limit, EOPNOTSUPP where the file system cannot be watched, EACCES where this process may not read
     *     the object, ENOTDIR if a {@code directory} is none, EBADF after {@link #close}
     */
    int watch(long watch, int descriptor, long name, boolean directory);

    /**
     * Ends a watch; without effect if there is none. {@code descriptor} and {@code name} refer to the object as above, or
     * are -1 and 0 when the caller cannot reach it any more (then the kernel's watch may stay until the object ends; its
     * events are ignored). A call to the listener that has begun already may still name the watch.
     */
    void unwatch(long watch, int descriptor, long name);

    /** Ends all; no call to the listener after it returns. May be called by the listener itself. */
    @Override
    void close();

    /**
     * The best watcher of this machine for {@code listener}, or null if there is none (reason in a log line at warn
     * level).
     */
    static Watcher start(final Posix posix, final Listener listener) {
        final Logger log = LoggerFactory.getLogger(Watcher.class);
        if (!System.getProperty("os.name").equals("Linux")) {
            log.warn(
                    "Changes of the host's files are not watched: no way to do so on {}",
                    System.getProperty("os.name"));
            return null;
        }
        final String wanted = System.getProperty(KIND_PROPERTY, "");
        if (wanted.equals("coarse")) {
            return CoarseWatcher.start(posix, listener);
        }
        final Watcher fanotify = wanted.equals("inotify") ? null : FanotifyWatcher.start(posix, listener);
        if (fanotify != null) {
            return fanotify;
        }
        final Watcher inotify = InotifyWatcher.start(posix, listener);
        if (inotify == null) {
            log.warn("Changes of the host's files are not watched: neither fanotify nor inotify can be had");
        }
        return inotify;
    }
}
