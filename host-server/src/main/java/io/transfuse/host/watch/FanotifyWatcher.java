package io.transfuse.host.watch;

import io.transfuse.host.posix.FileSystemIdentity;
import io.transfuse.host.posix.LinuxEvents;
import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.EventKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches by fanotify(7): marks on inodes, in a group whose events bear handles and names. Unprivileged processes may do
 * so since Linux 5.13. Each event bears the process that made the change, or the thread where the server runs as root, so that
 * changes of this process are known.
 * The kernel's queue is limited (/proc/sys/fs/fanotify/max_queued_events).
 *
 * <p>The kernel merges an event into one that is not read yet if object, name and thread are the same. What the merged
 * bits mean is told in the order in which such things happen: made, modified, attributes, closed, deleted. Two renames
 * are never merged, nor is a rename with anything else.
 *
 * <p>What fanotify does not tell: changes of the attributes of a child directory to the watch of its parent (the event
 * bears the child's handle only), and the unmounting of a file system.
 */
final class FanotifyWatcher extends LinuxWatcher<ObjectKey> {
    private static final Logger LOG = LoggerFactory.getLogger(FanotifyWatcher.class);

    /**
     * Flags of fanotify_init(2); this constant and those below are of linux/fanotify.h, the same on every architecture.
     */
    private static final int FAN_CLOEXEC = 0x1;

    private static final int FAN_NONBLOCK = 0x2;
    private static final int FAN_CLASS_NOTIF = 0;
    /** Events bear threads; for privileged processes only. */
    private static final int FAN_REPORT_TID = 0x100;

    private static final int FAN_REPORT_FID = 0x200;
    private static final int FAN_REPORT_DIR_FID = 0x400;
    private static final int FAN_REPORT_NAME = 0x800;

    /** Since Linux 5.17, as FAN_RENAME: events of names bear what has the name, and are not merged where that differs. */
    private static final int FAN_REPORT_TARGET_FID = 0x1000;

    /** Flags of fanotify_mark(2). */
    private static final int FAN_MARK_ADD = 0x1;

    private static final int FAN_MARK_REMOVE = 0x2;
    private static final int FAN_MARK_ONLYDIR = 0x8;

    private static final long FAN_MODIFY = 0x2;
    private static final long FAN_ATTRIB = 0x4;
    private static final long FAN_CLOSE_WRITE = 0x8;
    private static final long FAN_MOVED_FROM = 0x40;
    private static final long FAN_MOVED_TO = 0x80;
    private static final long FAN_CREATE = 0x100;
    private static final long FAN_DELETE = 0x200;
    private static final long FAN_DELETE_SELF = 0x400;
    private static final long FAN_Q_OVERFLOW = 0x4000;
    private static final long FAN_EVENT_ON_CHILD = 0x0800_0000;
    private static final long FAN_RENAME = 0x1000_0000;
    private static final long FAN_ONDIR = 0x4000_0000;

    private static final long MOVES = FAN_MOVED_FROM | FAN_MOVED_TO;
    private static final long NAME_EVENTS = FAN_CREATE | FAN_DELETE | MOVES | FAN_RENAME;
    private static final long OBJECT_EVENTS = FAN_MODIFY | FAN_ATTRIB;

    /** Without FAN_ONDIR, which a group with FAN_REPORT_TARGET_FID takes for directories only (ENOTDIR). */
    private static final long FILE_MASK = OBJECT_EVENTS | FAN_CLOSE_WRITE | FAN_DELETE_SELF;

    private static final long DIRECTORY_MASK = FILE_MASK | FAN_ONDIR | FAN_CREATE | FAN_DELETE | FAN_EVENT_ON_CHILD;

    private static final int FLAGS =
            FAN_CLASS_NOTIF | FAN_REPORT_FID | FAN_REPORT_DIR_FID | FAN_REPORT_NAME | FAN_CLOEXEC | FAN_NONBLOCK;

    /** What is asked for, the best first: not every kernel has it, nor may every process have it. */
    private static final int[] FLAGS_TO_TRY = {
        FLAGS | FAN_REPORT_TARGET_FID | FAN_REPORT_TID, FLAGS | FAN_REPORT_TARGET_FID, FLAGS | FAN_REPORT_TID, FLAGS
    };

    /** All moves of kernels before 5.17 may pair: one follows the other. */
    private static final long PAIR = 1;

    private static final EventKind[] KINDS = {
        EventKind.CREATE,
        EventKind.MOVED_TO,
        EventKind.MODIFY,
        EventKind.ATTRIB,
        EventKind.CLOSE_WRITE,
        EventKind.MOVED_FROM,
        EventKind.DELETE
    };

    /** The bits of {@link #KINDS}. */
    private static final long[] BITS = {
        FAN_CREATE, FAN_MOVED_TO, FAN_MODIFY, FAN_ATTRIB, FAN_CLOSE_WRITE, FAN_MOVED_FROM, FAN_DELETE
    };

    private static final int FSID_SIZE = Long.BYTES;

    private final long ownProcess = ProcessHandle.current().pid();
    private final FanotifyRecord record = new FanotifyRecord();
    private final boolean namesThreads;

    /** Whether renames are one event. */
    private final boolean pairsRenames;

    private FanotifyWatcher(
            final Posix posix, final Listener listener, final int group, final int wakeUp, final int flags) {
        super(posix, listener, "fanotify", group, wakeUp);
        this.namesThreads = (flags & FAN_REPORT_TID) != 0;
        this.pairsRenames = (flags & FAN_REPORT_TARGET_FID) != 0;
    }

    /** A watcher that reads already, or null where fanotify cannot be had (reason in a log line at info level). */
    static Watcher start(final Posix posix, final Listener listener) {
        int group = -1;
        int flags = 0;
        for (int i = 0; i < FLAGS_TO_TRY.length && group < 0; i++) {
            flags = FLAGS_TO_TRY[i];
            group = LinuxEvents.openFanotify(flags);
        }
        if (group < 0) {
            LOG.info("No fanotify: {}", Errno.name(-group));
            return null;
        }
        final int wakeUp = LinuxEvents.openWakeUp();
        if (wakeUp < 0) {
            posix.close(group);
            LOG.info("No descriptor for fanotify: {}", Errno.name(-wakeUp));
            return null;
        }
        final FanotifyWatcher watcher = new FanotifyWatcher(posix, listener, group, wakeUp, flags);
        watcher.startReading();
        return watcher;
    }

    @Override
    public boolean tellsOwnChanges() {
        return false;
    }

    @Override
    public boolean namesThreads() {
        return namesThreads;
    }

    @Override
    int watchObject(final long number, final int object, final boolean directory, final FileSystemIdentity fileSystem) {
        if (fileSystem.id == 0) {
            // Since Linux 6.8 one such file system would be accepted, but then no other in the same group.
            return -Errno.EOPNOTSUPP;
        }
        final byte[] bytes = new byte[FSID_SIZE + LinuxEvents.HANDLE_HEADER + LinuxEvents.HANDLE_MAX];
        final int length = writeKey(object, fileSystem, bytes);
        if (length < 0) {
            return length;
        }
        final Watch<ObjectKey> watch = new Watch<>(number, ObjectKey.of(bytes, length), directory);
        synchronized (lock()) {
            if (isClosed()) {
                return -Errno.EBADF;
            }
            if (findByNumber(number) != null || findByKey(watch.key()) != null) {
                return -Errno.EEXIST;
            }
            // Before the mark is there, so that its first event finds the watch.
            remember(watch);
            final int status = LinuxEvents.markFanotify(
                    queue(), FAN_MARK_ADD | (directory ? FAN_MARK_ONLYDIR : 0), mask(watch), object);
            if (status < 0) {
                forget(watch);
            }
            return status == -Errno.ENODEV || status == -Errno.EXDEV || status == -Errno.EINVAL
                    ? -Errno.EOPNOTSUPP
                    : status;
        }
    }

    @Override
    void unwatchObject(final long number, final int object) {
        final byte[] bytes = new byte[FSID_SIZE + LinuxEvents.HANDLE_HEADER + LinuxEvents.HANDLE_MAX];
        final FileSystemIdentity fileSystem = new FileSystemIdentity();
        final int length = object >= 0 && LinuxEvents.identify(object, fileSystem) == 0
                ? writeKey(object, fileSystem, bytes)
                : -Errno.ESTALE;
        synchronized (lock()) {
            final Watch<ObjectKey> watch = findByNumber(number);
            if (watch == null) {
                return;
            }
            forget(watch);
            // Another object may stand at the name now, whose mark must stay.
            if (length > 0 && watch.key().equals(ObjectKey.of(bytes, length)) && !isClosed()) {
                LinuxEvents.markFanotify(queue(), FAN_MARK_REMOVE, mask(watch), object);
            }
        }
    }

    private long mask(final Watch<ObjectKey> watch) {
        return watch.directory() ? DIRECTORY_MASK | (pairsRenames ? FAN_RENAME : MOVES) : FILE_MASK;
    }

    /** Writes what {@link ObjectKey} holds of {@code object}; the number of bytes or a negated errno. */
    private static int writeKey(final int object, final FileSystemIdentity fileSystem, final byte[] result) {
        ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).putLong(0, fileSystem.id);
        final int length = LinuxEvents.handle(object, result, FSID_SIZE);
        return length < 0 ? length : FSID_SIZE + length;
    }

    @Override
    boolean receive(final ByteBuffer bytes, final int length) {
        record.begin(bytes, length);
        boolean others = false;
        while (!isClosed() && record.next()) {
            if ((record.mask() & FAN_Q_OVERFLOW) != 0) {
                tellLost();
                others = true;
            } else {
                final int actor = actor();
                others |= actor == Change.OTHERS;
                tell(actor);
            }
        }
        return others;
    }

    /** The thread of this process that did it, or one of the constants of {@link Change}. */
    private int actor() {
        final int id = record.process();
        if (namesThreads) {
            return isThreadOfThisProcess(id) ? id : Change.OTHERS;
        }
        return id == ownProcess ? Change.THIS_PROCESS : Change.OTHERS;
    }

    /** Tells what the record says: what may be stale now, and then what happened. */
    private void tell(final int actor) {
        final long mask = record.mask();
        Watch<ObjectKey> directory = null;
        Watch<ObjectKey> newDirectory = null;
        Watch<ObjectKey> object = null;
        byte[] name = null;
        byte[] newName = null;
        while (record.nextObject()) {
            final Watch<ObjectKey> watch = findByKey(record.key());
            if (watch == null) {
                continue;
            }
            tellStale(watch, mask, actor != Change.OTHERS);
            if (!record.isDirectoryOfEvent() || !record.hasChildName()) {
                object = watch;
            } else if (record.isNewDirectory()) {
                newDirectory = watch;
                newName = record.childName();
            } else {
                directory = watch;
                name = record.childName();
            }
        }
        final long objectNumber = object == null ? 0 : object.number();
        final boolean isDirectory = (mask & FAN_ONDIR) != 0;
        if ((mask & FAN_RENAME) != 0) {
            tellRename(directory, name, newDirectory, newName, objectNumber, isDirectory, actor);
        } else if (directory != null || object != null && (mask & NAME_EVENTS) == 0) {
            final long number = directory == null ? 0 : directory.number();
            for (int i = 0; i < KINDS.length; i++) {
                if ((mask & BITS[i]) != 0) {
                    tellHappened(new Change(
                            KINDS[i],
                            number,
                            name,
                            0,
                            null,
                            objectNumber,
                            isDirectory,
                            actor,
                            (BITS[i] & MOVES) != 0 ? PAIR : 0));
                }
            }
        }
    }

    private void tellRename(
            final Watch<ObjectKey> directory,
            final byte[] name,
            final Watch<ObjectKey> newDirectory,
            final byte[] newName,
            final long object,
            final boolean isDirectory,
            final int actor) {
        if (directory != null && newDirectory != null) {
            tellHappened(new Change(
                    EventKind.RENAME,
                    directory.number(),
                    name,
                    newDirectory.number(),
                    newName,
                    object,
                    isDirectory,
                    actor,
                    0));
        } else if (directory != null) {
            tellHappened(Change.at(EventKind.MOVED_FROM, directory.number(), name, object, isDirectory, actor));
        } else if (newDirectory != null) {
            tellHappened(Change.at(EventKind.MOVED_TO, newDirectory.number(), newName, object, isDirectory, actor));
        }
    }

    /** Tells what may be stale of the record's current object, which {@code watch} watches. */
    private void tellStale(final Watch<ObjectKey> watch, final long mask, final boolean own) {
        final boolean names = (mask & NAME_EVENTS) != 0;
        if (record.isDirectoryOfEvent() && record.hasChildName()) {
            if (!own) {
                tellOfChild(watch, mask);
            }
        } else if (record.isDirectoryOfEvent() && (names || (mask & FAN_ONDIR) == 0)) {
            if (!own) {
                tellDirectoryChanged(watch);
            }
        } else {
            tellOfObject(watch, mask, own);
        }
    }

    private void tellOfChild(final Watch<ObjectKey> watch, final long mask) {
        final byte[] name = record.childName();
        if ((mask & NAME_EVENTS) != 0) {
            tellNameChanged(watch, name);
        }
        if ((mask & OBJECT_EVENTS) != 0) {
            tellChildChanged(watch, name);
        }
    }

    private void tellOfObject(final Watch<ObjectKey> watch, final long mask, final boolean own) {
        if (!own && (mask & (OBJECT_EVENTS | FAN_DELETE_SELF)) != 0) {
            tellChanged(watch);
        }
        if ((mask & FAN_DELETE_SELF) != 0) {
            // The last descriptor of this process may be what kept an object that others have deleted: never dropped.
            tellEnded(watch);
        }
    }
}
