package io.transfuse.host.node;

import io.transfuse.protocol.FileMode;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The names of a directory at one moment, so that a listing neither repeats nor misses an entry while the directory
 * changes. Immutable once built.
 */
public final class DirectorySnapshot {
    private final byte[] names;
    private final int[] nameEnds;
    private final long[] inos;
    private final byte[] types;

    private DirectorySnapshot(final byte[] names, final int[] nameEnds, final long[] inos, final byte[] types) {
        this.names = names;
        this.nameEnds = nameEnds;
        this.inos = inos;
        this.types = types;
    }

    public int size() {
        return inos.length;
    }

    public int nameLength(final int index) {
        return nameEnds[index] - nameStart(index);
    }

    public void copyName(final int index, final ByteBuffer target, final int at) {
        target.put(at, names, nameStart(index), nameLength(index));
    }

    public long ino(final int index) {
        return inos[index];
    }

    /** Type bits of a mode, 0 if the host did not tell. */
    public int type(final int index) {
        return types[index] << 12;
    }

    /** Whether the name is {@code .} or {@code ..}. */
    public boolean isDots(final int index) {
        final int start = nameStart(index);
        final int length = nameLength(index);
        return names[start] == '.' && (length == 1 || (length == 2 && names[start + 1] == '.'));
    }

    /** Whether the name is {@code ..}. */
    public boolean isParent(final int index) {
        return isDots(index) && nameLength(index) == 2;
    }

    private int nameStart(final int index) {
        return index == 0 ? 0 : nameEnds[index - 1];
    }

    /**
     * Collects what getdents64(2) gives.
     *
     * <pre>
     * 0 ino u64   8 next s64   16 record length u16   18 type u8   19 name, NUL
     * </pre>
     */
    public static final class Builder {
        private static final int RECORD_LENGTH = 16;
        private static final int TYPE = 18;
        private static final int NAME = 19;

        private byte[] names = new byte[1024];
        private int[] nameEnds = new int[64];
        private long[] inos = new long[64];
        private byte[] types = new byte[64];
        private int size;
        private int end;

        /** Takes the records in the first {@code length} bytes. */
        public void add(final ByteBuffer records, final int length) {
            for (int at = 0; at < length; at += records.getShort(at + RECORD_LENGTH) & 0xffff) {
                int nameLength = 0;
                while (records.get(at + NAME + nameLength) != 0) {
                    nameLength++;
                }
                addEntry(records, at, nameLength);
            }
        }

        private void addEntry(final ByteBuffer records, final int at, final int nameLength) {
            if (size == inos.length) {
                nameEnds = Arrays.copyOf(nameEnds, size * 2);
                inos = Arrays.copyOf(inos, size * 2);
                types = Arrays.copyOf(types, size * 2);
            }
            if (end + nameLength > names.length) {
                names = Arrays.copyOf(names, names.length * 2);
            }
            records.get(at + NAME, names, end, nameLength);
            end += nameLength;
            nameEnds[size] = end;
            inos[size] = records.getLong(at);
            // DT_ constants are the type bits of a mode, shifted; see readdir(3).
            types[size] = (byte) (records.get(at + TYPE) & (FileMode.TYPE >> 12));
            size++;
        }

        public DirectorySnapshot build() {
            return new DirectorySnapshot(
                    Arrays.copyOf(names, end),
                    Arrays.copyOf(nameEnds, size),
                    Arrays.copyOf(inos, size),
                    Arrays.copyOf(types, size));
        }
    }
}
