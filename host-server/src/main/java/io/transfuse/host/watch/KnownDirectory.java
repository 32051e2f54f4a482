package io.transfuse.host.watch;

import io.transfuse.host.posix.StatBuffer;
import io.transfuse.protocol.FileMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What was last known of a watched directory: its names and what stood there. Belongs to the thread of
 * {@link EventStream}.
 */
final class KnownDirectory {
    private static final WatchTable.Identity NO_IDENTITY = new WatchTable.Identity(0, 0, 0);

    private final Map<Key, Entry> entries = new HashMap<>();

    /** Whether every name is there that the directory had. */
    private boolean complete;

    private record Key(byte[] name, int hash) {
        static Key of(final byte[] name) {
            return new Key(name, Arrays.hashCode(name));
        }

        @Override
        public boolean equals(final Object other) {
            return other instanceof Key && Arrays.equals(name, ((Key) other).name);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /**
     * What stands at a name.
     *
     * @param mode type and permissions
     * @param size in bytes
     * @param modified when data changed last, in nanoseconds since the epoch
     * @param changed when attributes changed last, in nanoseconds since the epoch
     * @param told whether guests were told that it stands there, and not only found it there
     */
    record Entry(
            WatchTable.Identity identity, int mode, int links, long size, long modified, long changed, boolean told) {

        static Entry of(final StatBuffer stat, final boolean told) {
            return new Entry(
                    new WatchTable.Identity(stat.dev(), stat.ino(), stat.birth()),
                    stat.mode(),
                    stat.nlink(),
                    stat.size(),
                    stat.modified(),
                    stat.changed(),
                    told);
        }

        /**
         * What was told to have come and had gone again before it was looked at. That it went is perhaps not told: a
         * re-scan misses it then.
         */
        static Entry unseen(final boolean directory) {
            return new Entry(NO_IDENTITY, directory ? FileMode.DIRECTORY : 0, 0, 0, 0, 0, true);
        }

        int type() {
            return FileMode.type(mode);
        }

        boolean isDirectory() {
            return type() == FileMode.DIRECTORY;
        }

        boolean isRegular() {
            return type() == FileMode.REGULAR;
        }

        /** Whether both are one object. */
        boolean is(final Entry other) {
            return other != null && type() == other.type() && identity.equals(other.identity);
        }

        boolean hasDataOf(final Entry other) {
            return size == other.size && modified == other.modified;
        }
    }

    /** What stands at a name, or null. */
    Entry get(final byte[] name) {
        return entries.get(Key.of(name));
    }

    /** Returns what stood there. */
    Entry put(final byte[] name, final Entry entry) {
        return entries.put(Key.of(name), entry);
    }

    void putIfAbsent(final byte[] name, final Entry entry) {
        entries.putIfAbsent(Key.of(name), entry);
    }

    /** Returns what stood there. */
    Entry remove(final byte[] name) {
        return entries.remove(Key.of(name));
    }

    int size() {
        return entries.size();
    }

    boolean isComplete() {
        return complete;
    }

    void setComplete() {
        complete = true;
    }

    void forEach(final BiConsumer<byte[], Entry> action) {
        entries.forEach((key, entry) -> action.accept(key.name(), entry));
    }
}
