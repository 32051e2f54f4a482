package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * The header of every request of the kernel. A request lies at index 0 of its buffer; buffers have the byte order of
 * the machine, which is little-endian on all that are supported. Kernel: {@code struct fuse_in_header}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | length u32            | opcode u32            |
 *      +-----------------------------------------------+
 *    8 | unique u64                                    |
 *      +-----------------------------------------------+
 *   16 | node u64                                      |
 *      +-----------------------------------------------+
 *   24 | uid u32               | gid u32               |
 *      +-----------------------------------------------+
 *   32 | pid u32               | extensions| (zero)    |
 *      +-----------------------------------------------+
 *   40 the structure of the opcode, names, data; extensions at the end
 * </pre>
 */
public final class InHeader {
    private static final int LENGTH = 0;
    private static final int OPCODE = 4;
    private static final int UNIQUE = 8;
    private static final int NODE = 16;
    private static final int UID = 24;
    private static final int GID = 28;
    private static final int PID = 32;
    private static final int EXTENSIONS = 36;
    private static final int EXTENSION_UNIT = 8;

    /** Bytes of the header. */
    public static final int SIZE = 40;

    private InHeader() {}

    /** Bytes of the whole request. */
    public static int length(final ByteBuffer request) {
        return request.getInt(LENGTH);
    }

    /** One of {@link FuseOpcode}, or what a newer kernel has. */
    public static int opcode(final ByteBuffer request) {
        return request.getInt(OPCODE);
    }

    /** What the reply repeats, and an interrupt names. */
    public static long unique(final ByteBuffer request) {
        return request.getLong(UNIQUE);
    }

    /** The object's number; see {@link Decoy}. */
    public static long node(final ByteBuffer request) {
        return Decoy.node(request.getLong(NODE));
    }

    public static int uid(final ByteBuffer request) {
        return request.getInt(UID);
    }

    public static int gid(final ByteBuffer request) {
        return request.getInt(GID);
    }

    /** The caller's thread id in the daemon's pid namespace; 0 for the kernel itself and for callers outside of it. */
    public static int pid(final ByteBuffer request) {
        return request.getInt(PID);
    }

    /** Index behind the structure, names and data, where extensions begin if there are any. */
    public static int end(final ByteBuffer request) {
        return length(request) - (request.getShort(EXTENSIONS) & 0xffff) * EXTENSION_UNIT;
    }
}
