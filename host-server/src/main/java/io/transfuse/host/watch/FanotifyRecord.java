package io.transfuse.host.watch;

import io.transfuse.host.posix.LinuxEvents;
import java.nio.ByteBuffer;

/**
 * A cursor over the events that one read(2) of a fanotify descriptor returns, and over the objects that each of them
 * names; linux/fanotify.h and fanotify(7).
 *
 * <pre>
 * event     0 event_len u32   4 vers u8   5 reserved u8   6 metadata_len u16   8 mask u64   16 fd s32   20 pid s32
 *           metadata_len: objects, as far as event_len reaches
 * object    0 info_type u8    1 pad u8    2 len u16       4 fsid, 8 bytes
 *          12 handle_bytes u32           16 handle_type s32                    20 handle
 *          20 + handle_bytes: name of a child, ends in NUL (types with NAME only), as far as len reaches
 * </pre>
 *
 * An event that is as the one before it in the same buffer is passed over. Lengths that do not fit make {@link #next} and
 * {@link #nextObject} throw an IllegalStateException. Belongs to one thread.
 */
final class FanotifyRecord {
    private static final int VERSION = 3;

    private static final int METADATA_SIZE = 24;
    private static final int VERS = 4;
    private static final int METADATA_LEN = 6;
    private static final int MASK = 8;
    private static final int PID = 20;

    private static final int INFO_HEADER = 4;
    private static final int INFO_LEN = 2;
    private static final int FSID = 4;
    private static final int HANDLE_BYTES = 12;
    private static final int HANDLE = 20;

    private static final int TYPE_FID = 1;
    private static final int TYPE_DFID_NAME = 2;
    private static final int TYPE_DFID = 3;

    /** The two places of a rename; each is there if its directory is watched. */
    private static final int TYPE_OLD_DFID_NAME = 10;

    private static final int TYPE_NEW_DFID_NAME = 12;

    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int end;
    private int eventAt;
    private int eventEnd;
    private int previousAt;
    private int infoAt;
    private int infoEnd;
    private int nameAt;
    private int nameEnd;

    /** Goes before the first of the events in the first {@code length} bytes of {@code buffer}. */
    void begin(final ByteBuffer buffer, final int length) {
        bytes = buffer;
        end = length;
        eventEnd = 0;
        eventAt = -1;
    }

    /** Goes on to the next event that is unlike the one before it; false if there is none. */
    boolean next() {
        do {
            if (eventEnd == end) {
                return false;
            }
            previousAt = eventAt;
            eventAt = eventEnd;
            check(end - eventAt >= METADATA_SIZE);
            final int length = bytes.getInt(eventAt);
            final int metadata = bytes.getShort(eventAt + METADATA_LEN) & 0xffff;
            check(bytes.get(eventAt + VERS) == VERSION);
            check(metadata >= METADATA_SIZE && metadata <= length && length <= end - eventAt);
            eventEnd = eventAt + length;
            infoEnd = eventAt + metadata;
        } while (isRepetition());
        return true;
    }

    private boolean isRepetition() {
        return previousAt >= 0
                && bytes.slice(previousAt, eventAt - previousAt).equals(bytes.slice(eventAt, eventEnd - eventAt));
    }

    /** Bits FAN_* of what happened. */
    long mask() {
        return bytes.getLong(eventAt + MASK);
    }

    /**
     * The process or, where the group asks for it, the thread that did it; an unprivileged watcher reads 0 for all but
     * its own.
     */
    int process() {
        return bytes.getInt(eventAt + PID);
    }

    /** Goes on to the event's next object; false if there is none. */
    boolean nextObject() {
        while (infoEnd < eventEnd) {
            infoAt = infoEnd;
            check(eventEnd - infoAt >= INFO_HEADER);
            final int length = bytes.getShort(infoAt + INFO_LEN) & 0xffff;
            check(length >= INFO_HEADER && length <= eventEnd - infoAt);
            infoEnd = infoAt + length;
            if (type() == TYPE_FID || isDirectoryOfEvent()) {
                check(length >= HANDLE);
                final int handle = bytes.getInt(infoAt + HANDLE_BYTES);
                check(handle >= 0 && handle <= LinuxEvents.HANDLE_MAX && handle <= length - HANDLE);
                nameAt = infoAt + HANDLE + handle;
                findNameEnd();
                return true;
            }
        }
        return false;
    }

    private void findNameEnd() {
        nameEnd = nameAt;
        while (hasName() && nameEnd < infoEnd && bytes.get(nameEnd) != 0) {
            nameEnd++;
        }
    }

    private int type() {
        return bytes.get(infoAt);
    }

    private boolean hasName() {
        return type() == TYPE_DFID_NAME || type() == TYPE_OLD_DFID_NAME || type() == TYPE_NEW_DFID_NAME;
    }

    /** Whether the object is the directory in which it happened, or to which it happened; otherwise a child or a file. */
    boolean isDirectoryOfEvent() {
        return hasName() || type() == TYPE_DFID;
    }

    /** Whether the object is the directory to which a rename moved something. */
    boolean isNewDirectory() {
        return type() == TYPE_NEW_DFID_NAME;
    }

    /** What identifies the object. */
    ObjectKey key() {
        return ObjectKey.of(bytes, infoAt + FSID, nameAt - infoAt - FSID);
    }

    /** Whether it is known to which child of the directory it happened; the directory itself bears the name ".". */
    boolean hasChildName() {
        return nameEnd > nameAt && !(nameEnd == nameAt + 1 && bytes.get(nameAt) == '.');
    }

    /** A copy of the child's name, without NUL. */
    byte[] childName() {
        final byte[] name = new byte[nameEnd - nameAt];
        bytes.get(nameAt, name);
        return name;
    }

    private static void check(final boolean condition) {
        if (!condition) {
            throw new IllegalStateException("An event of fanotify is not as it should be");
        }
    }
}
