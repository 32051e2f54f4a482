package io.transfuse.host.watch;

import io.transfuse.host.posix.FileSystemIdentity;
import io.transfuse.host.posix.LinuxEvents;
import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches by fanotify(7): marks on inodes, in a group whose events bear handles and names. Unprivileged processes may do
 * so since Linux 5.13. Each event bears the process that made the change, so that those of this process can be dropped.
 * The kernel's queue is limited (/proc/sys/fs/fanotify/max_queued_events).
 *
 * <p>What fanotify does not tell: changes of the attributes of a child directory to the watch of its parent (the event
 * bears the child's handle only), and the unmounting of a file system.
 */
final class FanotifyWatcher extends LinuxWatcher<ObjectKey> {
    private static final Logger LOG = LoggerFactory.getLogger(FanotifyWatcher.class);

    /** Flags of fanotify_init(2); this constant and those below are of linux/fanotify.h, the same on every architecture. */
    private static final int FAN_CLOEXEC = 0x1;

    private static final int FAN_NONBLOCK = 0x2;
    private static final int FAN_CLASS_NOTIF = 0;
    private static final int FAN_REPORT_FID = 0x200;
    private static final int FAN_REPORT_DIR_FID = 0x400;
    private static final int FAN_REPORT_NAME = 0x800;

    /** Flags of fanotify_mark(2). */
    private static final int FAN_MARK_ADD = 0x1;

    private static final int FAN_MARK_REMOVE = 0x2;
    private static final int FAN_MARK_ONLYDIR = 0x8;

    private static final long FAN_MODIFY = 0x2;
    private static final long FAN_ATTRIB = 0x4;
    private static final long FAN_MOVED_FROM = 0x40;
    private static final long FAN_MOVED_TO = 0x80;
    private static final long FAN_CREATE = 0x100;
    private static final long FAN_DELETE = 0x200;
    private static final long FAN_DELETE_SELF = 0x400;
    private static final long FAN_Q_OVERFLOW = 0x4000;
    private static final long FAN_EVENT_ON_CHILD = 0x0800_0000;
    private static final long FAN_ONDIR = 0x4000_0000;

    private static final long NAME_EVENTS = FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO;
    private static final long OBJECT_EVENTS = FAN_MODIFY | FAN_ATTRIB;

    /** With FAN_ONDIR, so that a directory does not remain untold that is taken for a file. */
    private static final long FILE_MASK = OBJECT_EVENTS | FAN_DELETE_SELF | FAN_ONDIR;

    private static final long DIRECTORY_MASK = FILE_MASK | NAME_EVENTS | FAN_EVENT_ON_CHILD;

    private static final int FSID_SIZE = Long.BYTES;

    private final long ownProcess = ProcessHandle.current().pid();
    private final FanotifyRecord record = new FanotifyRecord();

    private FanotifyWatcher(final Posix posix, final Listener listener, final int group, final int wakeUp) {
        super(posix, listener, "fanotify", group, wakeUp);
    }

    /** A watcher that reads already, or null where fanotify cannot be had (reason in a log line at info level). */
    static Watcher start(final Posix posix, final Listener listener) {
        final int group = LinuxEvents.openFanotify(
                FAN_CLASS_NOTIF | FAN_REPORT_FID | FAN_REPORT_DIR_FID | FAN_REPORT_NAME | FAN_CLOEXEC | FAN_NONBLOCK);
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
        final FanotifyWatcher watcher = new FanotifyWatcher(posix, listener, group, wakeUp);
        watcher.startReading();
        return watcher;
    }

    @Override
    public boolean tellsOwnChanges() {
        return false;
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

    private static long mask(final Watch<ObjectKey> watch) {
        return watch.directory() ? DIRECTORY_MASK : FILE_MASK;
    }

    /** Writes what {@link ObjectKey} holds of {@code object}; the number of bytes or a negated errno. */
    private static int writeKey(final int object, final FileSystemIdentity fileSystem, final byte[] result) {
        ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).putLong(0, fileSystem.id);
        final int length = LinuxEvents.handle(object, result, FSID_SIZE);
        return length < 0 ? length : FSID_SIZE + length;
    }

    @Override
    void receive(final ByteBuffer bytes, final int length) {
        record.begin(bytes, length);
        while (!isClosed() && record.next()) {
            if ((record.mask() & FAN_Q_OVERFLOW) != 0) {
                tellLost();
            } else if (!isOwn() || (record.mask() & FAN_DELETE_SELF) != 0) {
                while (record.nextObject()) {
                    tell();
                }
            }
        }
    }

    private boolean isOwn() {
        return record.process() == ownProcess;
    }

    /** Tells what concerns the record's current object, if it is watched. */
    private void tell() {
        final Watch<ObjectKey> watch = findByKey(record.key());
        if (watch == null) {
            return;
        }
        final long mask = record.mask();
        final boolean names = (mask & NAME_EVENTS) != 0;
        if (record.isDirectoryOfEvent() && record.hasChildName()) {
            tellOfChild(watch, mask);
        } else if (record.isDirectoryOfEvent() && (names || (mask & FAN_ONDIR) == 0)) {
            tellDirectoryChanged(watch);
        } else {
            tellOfObject(watch, mask);
        }
    }

    private void tellOfChild(final Watch<ObjectKey> watch, final long mask) {
        if (isOwn()) {
            return;
        }
        final byte[] name = record.childName();
        if ((mask & NAME_EVENTS) != 0) {
            tellNameChanged(watch, name);
        }
        if ((mask & OBJECT_EVENTS) != 0) {
            tellChildChanged(watch, name);
        }
    }

    private void tellOfObject(final Watch<ObjectKey> watch, final long mask) {
        if (!isOwn() && (mask & (OBJECT_EVENTS | FAN_DELETE_SELF)) != 0) {
            tellChanged(watch);
        }
        if ((mask & FAN_DELETE_SELF) != 0) {
            // The last descriptor of this process may be what kept an object that others have deleted: never dropped.
            tellEnded(watch);
        }
    }
}
