package io.transfuse.host.watch;

import io.transfuse.host.posix.FileSystemIdentity;
import io.transfuse.host.posix.LinuxEvents;
import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.EventKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches by inotify(7), where fanotify cannot be had. Its events do not tell who made a change. Watches are keyed by
 * their watch descriptors. The kernel's queue is limited (/proc/sys/fs/inotify/max_queued_events).
 *
 * <pre>
 * event   0 wd s32   4 mask u32   8 cookie u32   12 len u32   16 name, ends in NUL, filled up with NUL to len bytes
 * </pre>
 */
final class InotifyWatcher extends LinuxWatcher<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(InotifyWatcher.class);

    /** These constants are of linux/inotify.h, the same on every architecture. */
    private static final int IN_MODIFY = 0x2;

    private static final int IN_ATTRIB = 0x4;
    private static final int IN_CLOSE_WRITE = 0x8;
    private static final int IN_MOVED_FROM = 0x40;
    private static final int IN_MOVED_TO = 0x80;
    private static final int IN_CREATE = 0x100;
    private static final int IN_DELETE = 0x200;
    private static final int IN_DELETE_SELF = 0x400;
    private static final int IN_UNMOUNT = 0x2000;
    private static final int IN_Q_OVERFLOW = 0x4000;
    private static final int IN_IGNORED = 0x8000;
    private static final int IN_ONLYDIR = 0x0100_0000;
    private static final int IN_ISDIR = 0x4000_0000;

    private static final int NAME_EVENTS = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
    private static final int OBJECT_EVENTS = IN_MODIFY | IN_ATTRIB;

    /** One for all objects: watching an object again sets its mask. */
    private static final int EVENTS = NAME_EVENTS | OBJECT_EVENTS | IN_CLOSE_WRITE | IN_DELETE_SELF;

    /** Cookies of renames pair; the bit tells them from none. */
    private static final long PAIR = 1L << 32;

    private static final int MASK = 4;
    private static final int COOKIE = 8;
    private static final int NAME_LENGTH = 12;
    private static final int NAME = 16;

    /** The last child of which something was told that is stale, unless something else was told since; null for none. */
    private byte[] toldChild;

    private long toldWatch;

    private InotifyWatcher(final Posix posix, final Listener listener, final int instance, final int wakeUp) {
        super(posix, listener, "inotify", instance, wakeUp);
    }

    /** A watcher that reads already, or null where inotify cannot be had (reason in a log line at info level). */
    static Watcher start(final Posix posix, final Listener listener) {
        final int instance = LinuxEvents.openInotify();
        if (instance < 0) {
            LOG.info("No inotify: {}", Errno.name(-instance));
            return null;
        }
        final int wakeUp = LinuxEvents.openWakeUp();
        if (wakeUp < 0) {
            posix.close(instance);
            LOG.info("No descriptor for inotify: {}", Errno.name(-wakeUp));
            return null;
        }
        final InotifyWatcher watcher = new InotifyWatcher(posix, listener, instance, wakeUp);
        watcher.startReading();
        return watcher;
    }

    @Override
    public boolean tellsOwnChanges() {
        return true;
    }

    @Override
    public boolean namesThreads() {
        return false;
    }

    @Override
    int watchObject(final long number, final int object, final boolean directory, final FileSystemIdentity fileSystem) {
        synchronized (lock()) {
            if (isClosed()) {
                return -Errno.EBADF;
            }
            if (findByNumber(number) != null) {
                return -Errno.EEXIST;
            }
            final int descriptor = LinuxEvents.addInotify(queue(), EVENTS | (directory ? IN_ONLYDIR : 0), object);
            if (descriptor < 0) {
                return descriptor;
            }
            // An object that is watched already keeps its watch descriptor.
            if (findByKey(descriptor) != null) {
                return -Errno.EEXIST;
            }
            remember(new Watch<>(number, descriptor, directory));
            return 0;
        }
    }

    @Override
    void unwatchObject(final long number, final int object) {
        synchronized (lock()) {
            final Watch<Integer> watch = findByNumber(number);
            if (watch != null) {
                forget(watch);
                if (!isClosed()) {
                    LinuxEvents.removeInotify(queue(), watch.key());
                }
            }
        }
    }

    @Override
    boolean receive(final ByteBuffer bytes, final int length) {
        int previous = -1;
        int at = 0;
        toldChild = null;
        while (at < length && !isClosed()) {
            check(length - at >= NAME);
            final int nameLength = bytes.getInt(at + NAME_LENGTH);
            check(nameLength >= 0 && nameLength <= length - at - NAME);
            if (previous < 0 || !isRepetition(bytes, previous, at, nameLength)) {
                tell(bytes, at, nameLength);
            }
            previous = at;
            at += NAME + nameLength;
        }
        // inotify(7) does not say who acted.
        return true;
    }

    /** Whether two events differ in nothing but the cookies. */
    private static boolean isRepetition(final ByteBuffer bytes, final int first, final int second, final int length) {
        return bytes.getLong(first) == bytes.getLong(second)
                && bytes.getInt(first + NAME_LENGTH) == length
                && bytes.slice(first + NAME, length).equals(bytes.slice(second + NAME, length));
    }

    private void tell(final ByteBuffer bytes, final int at, final int nameLength) {
        final int mask = bytes.getInt(at + MASK);
        if ((mask & IN_Q_OVERFLOW) != 0) {
            tellLost();
            return;
        }
        final Watch<Integer> watch = findWatched(bytes.getInt(at));
        if (watch == null) {
            return;
        }
        final byte[] name = name(bytes, at + NAME, nameLength);
        if ((mask & NAME_EVENTS) != 0) {
            tellNameChanged(watch, name);
        }
        if ((mask & OBJECT_EVENTS) != 0 && name.length > 0) {
            tellChildChangedOnce(watch, name);
        } else if ((mask & IN_CLOSE_WRITE) == 0) {
            toldChild = null;
        }
        if ((mask & OBJECT_EVENTS) != 0 && name.length == 0 || (mask & (IN_DELETE_SELF | IN_UNMOUNT)) != 0) {
            tellChanged(watch);
        }
        final EventKind kind = kind(mask);
        if (kind != null) {
            final boolean directory = (mask & IN_ISDIR) != 0;
            final boolean placed = name.length > 0;
            tellHappened(new Change(
                    kind,
                    placed ? watch.number() : 0,
                    placed ? name : null,
                    0,
                    null,
                    placed ? 0 : watch.number(),
                    directory,
                    Change.OTHERS,
                    kind == EventKind.MOVED_FROM || kind == EventKind.MOVED_TO
                            ? PAIR | Integer.toUnsignedLong(bytes.getInt(at + COOKIE))
                            : 0));
        }
        if ((mask & IN_IGNORED) != 0) {
            tellEnded(watch);
        }
    }

    /** Not again where nothing else was told since but that a file was closed. */
    private void tellChildChangedOnce(final Watch<Integer> watch, final byte[] name) {
        if (toldChild == null || toldWatch != watch.number() || !Arrays.equals(toldChild, name)) {
            tellChildChanged(watch, name);
            toldWatch = watch.number();
            toldChild = name;
        }
    }

    /** What happened, null where that is nobody's concern; an event has one bit for it. */
    private static EventKind kind(final int mask) {
        switch (mask & (NAME_EVENTS | OBJECT_EVENTS | IN_CLOSE_WRITE)) {
            case IN_CREATE:
                return EventKind.CREATE;
            case IN_MODIFY:
                return EventKind.MODIFY;
            case IN_CLOSE_WRITE:
                return EventKind.CLOSE_WRITE;
            case IN_ATTRIB:
                return EventKind.ATTRIB;
            case IN_DELETE:
                return EventKind.DELETE;
            case IN_MOVED_FROM:
                return EventKind.MOVED_FROM;
            case IN_MOVED_TO:
                return EventKind.MOVED_TO;
            default:
                return null;
        }
    }

    /** The watch of a watch descriptor, which may be so new that the thread that makes it has not entered it yet. */
    private Watch<Integer> findWatched(final Integer descriptor) {
        final Watch<Integer> watch = findByKey(descriptor);
        if (watch != null) {
            return watch;
        }
        synchronized (lock()) {
            return findByKey(descriptor);
        }
    }

    private static byte[] name(final ByteBuffer bytes, final int at, final int length) {
        int end = 0;
        while (end < length && bytes.get(at + end) != 0) {
            end++;
        }
        final byte[] name = new byte[end];
        bytes.get(at, name);
        return name;
    }

    private static void check(final boolean condition) {
        if (!condition) {
            throw new IllegalStateException("An event of inotify is not as it should be");
        }
    }
}
