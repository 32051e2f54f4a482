package io.transfuse.host.watch;

import io.transfuse.host.posix.Posix;
import io.transfuse.host.posix.StatBuffer;
import io.transfuse.transport.NativeBuffer;
import java.nio.ByteBuffer;

/**
 * Looks at everything in a directory, a little at a time. Belongs to one thread.
 *
 * <p>Entries are as getdents64(2) gives them:
 *
 * <pre>
 * 0 ino u64   8 next s64   16 record length u16   18 type u8   19 name, NUL
 * </pre>
 */
final class DirectoryScan {
    private static final int BUFFER_SIZE = 32 * 1024;
    private static final int RECORD_LENGTH = 16;
    private static final int NAME = 19;

    private final Posix posix;
    private final NativeBuffer memory = NativeBuffer.allocate(BUFFER_SIZE);
    private final ByteBuffer records = memory.bytes();
    private final StatBuffer stat = new StatBuffer();
    private int descriptor = -1;
    private int at;
    private int end;

    /** Takes what is found. */
    interface Visitor {
        /** Something stands at a name; {@code stat} holds it until the return. */
        void found(byte[] name, StatBuffer stat);
    }

    DirectoryScan(final Posix posix) {
        this.posix = posix;
    }

    /** Begins anew with an open directory, which is closed at the end. */
    void begin(final int directory) {
        end();
        descriptor = directory;
        at = 0;
        end = 0;
    }

    /**
     * Looks at entries until {@code deadline}, of {@link System#nanoTime}, is past.
     *
     * @return 0 while there are more, 1 when all were seen, or a negated errno
     */
    int step(final long deadline, final Visitor visitor) {
        do {
            if (at == end) {
                final long length = posix.readEntries(descriptor, memory.address(), BUFFER_SIZE);
                if (length <= 0) {
                    end();
                    return length < 0 ? (int) length : 1;
                }
                at = 0;
                end = (int) length;
            }
            visit(visitor);
            at += records.getShort(at + RECORD_LENGTH) & 0xffff;
        } while (System.nanoTime() - deadline < 0);
        return 0;
    }

    private void visit(final Visitor visitor) {
        int length = 0;
        while (records.get(at + NAME + length) != 0) {
            length++;
        }
        final boolean dots =
                records.get(at + NAME) == '.' && (length == 1 || length == 2 && records.get(at + NAME + 1) == '.');
        if (!dots && posix.stat(descriptor, memory.address(at + NAME), stat) >= 0) {
            final byte[] name = new byte[length];
            records.get(at + NAME, name);
            visitor.found(name, stat);
        }
    }

    /** Gives the directory up. */
    void end() {
        if (descriptor >= 0) {
            posix.close(descriptor);
            descriptor = -1;
        }
    }
}
