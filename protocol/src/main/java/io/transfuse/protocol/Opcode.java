package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * The one table of operations: the code on the wire, the least size of a request, what it does to the export, and the
 * fields of variable length that follow the fixed ones.
 */
public enum Opcode {
    LOOKUP(1, Lookup.REQUEST_SIZE, Effect.READS, Field.COMPONENT),
    FORGET(2, Forget.REQUEST_SIZE, Effect.READS, Field.REST),
    GETATTR(3, Getattr.REQUEST_SIZE, Effect.READS),
    SETATTR(4, Setattr.REQUEST_SIZE, Effect.CHANGES),
    READLINK(5, Readlink.REQUEST_SIZE, Effect.READS),
    SYMLINK(6, Symlink.REQUEST_SIZE, Effect.CHANGES, Field.COMPONENT, Field.TARGET),
    MKNOD(7, Mknod.REQUEST_SIZE, Effect.CHANGES, Field.COMPONENT),
    MKDIR(8, Mkdir.REQUEST_SIZE, Effect.CHANGES, Field.COMPONENT),
    UNLINK(9, Unlink.REQUEST_SIZE, Effect.CHANGES, Field.COMPONENT),
    RMDIR(10, Rmdir.REQUEST_SIZE, Effect.CHANGES, Field.COMPONENT),
    RENAME(11, Rename.REQUEST_SIZE, Effect.CHANGES, Field.COMPONENT, Field.COMPONENT),
    LINK(12, Link.REQUEST_SIZE, Effect.CHANGES, Field.COMPONENT),
    /** Changes the export only if the flags say so; the server looks at them. */
    OPEN(13, Open.REQUEST_SIZE, Effect.READS),
    CREATE(14, Create.REQUEST_SIZE, Effect.CHANGES, Field.COMPONENT),
    TMPFILE(15, Tmpfile.REQUEST_SIZE, Effect.CHANGES),
    READ(16, Read.REQUEST_SIZE, Effect.READS),
    WRITE(17, Write.REQUEST_SIZE, Effect.CHANGES, Field.DATA),
    FLUSH(18, Flush.REQUEST_SIZE, Effect.READS),
    RELEASE(19, Release.REQUEST_SIZE, Effect.READS),
    FSYNC(20, Fsync.REQUEST_SIZE, Effect.READS),
    OPENDIR(21, Opendir.REQUEST_SIZE, Effect.READS),
    READDIR(22, Readdir.REQUEST_SIZE, Effect.READS),
    STATFS(23, Statfs.REQUEST_SIZE, Effect.READS),
    SYNCFS(24, Syncfs.REQUEST_SIZE, Effect.READS),
    SETXATTR(25, Setxattr.REQUEST_SIZE, Effect.CHANGES, Field.XATTR_NAME, Field.VALUE),
    GETXATTR(26, Getxattr.REQUEST_SIZE, Effect.READS, Field.XATTR_NAME),
    LISTXATTR(27, Listxattr.REQUEST_SIZE, Effect.READS),
    REMOVEXATTR(28, Removexattr.REQUEST_SIZE, Effect.CHANGES, Field.XATTR_NAME),
    GETLK(29, Getlk.REQUEST_SIZE, Effect.READS),
    SETLK(30, Setlk.REQUEST_SIZE, Effect.READS),
    FALLOCATE(31, Fallocate.REQUEST_SIZE, Effect.CHANGES),
    LSEEK(32, Lseek.REQUEST_SIZE, Effect.READS),
    COPY_FILE_RANGE(33, CopyFileRange.REQUEST_SIZE, Effect.CHANGES),
    CANCEL(34, Cancel.REQUEST_SIZE, Effect.READS),
    INVALIDATED(35, Invalidated.REQUEST_SIZE, Effect.READS),
    LISTDIR(36, Listdir.REQUEST_SIZE, Effect.READS),
    CREDENTIALS(37, Credentials.REQUEST_SIZE, Effect.READS, Field.REST),
    ACCESS(38, Access.REQUEST_SIZE, Effect.READS),
    GETPATH(39, Getpath.REQUEST_SIZE, Effect.READS),
    LOG(40, LogRecord.REQUEST_SIZE, Effect.READS, Field.VALUE),
    /** Opens a connection, before any other frame; see {@link Hello}. */
    HELLO(64, RequestFrame.SIZE, Effect.READS, Field.REST),
    /** Answers the host's challenge, after {@link #HELLO} only; see {@link Authenticate}. */
    AUTHENTICATE(65, Authenticate.REQUEST_SIZE, Effect.READS);

    /** Whether an operation is refused with EROFS on a read-only export. */
    public enum Effect {
        READS,
        CHANGES
    }

    private enum Field {
        COMPONENT,
        XATTR_NAME,
        TARGET,
        VALUE,
        /** The data of a transfer, to the end of the frame. */
        DATA,
        /** What the operation itself checks, to the end of the frame. */
        REST
    }

    private static final Opcode[] BY_CODE = byCode();

    private final int code;
    private final int requestSize;
    private final Effect effect;
    private final Field[] fields;

    Opcode(final int code, final int requestSize, final Effect effect, final Field... fields) {
        this.code = code;
        this.requestSize = requestSize;
        this.effect = effect;
        this.fields = fields;
    }

    private static Opcode[] byCode() {
        final Opcode[] table = new Opcode[AUTHENTICATE.code + 1];
        for (final Opcode opcode : values()) {
            table[opcode.code] = opcode;
        }
        return table;
    }

    /** The operation with this code, or null. */
    public static Opcode of(final int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** Whether it changes what is on the host: refused with EROFS where nothing may be changed. */
    public boolean changes() {
        return effect == Effect.CHANGES;
    }

    void checkShape(final ByteBuffer frame, final int length) throws ProtocolException {
        if (length < requestSize) {
            throw new ProtocolException(this + " of " + length + " bytes is shorter than " + requestSize);
        }
        int at = requestSize;
        for (final Field field : fields) {
            switch (field) {
                case COMPONENT:
                case XATTR_NAME:
                    at = Name.checkShape(frame, at, length);
                    break;
                case TARGET:
                case VALUE:
                    at = Bytes.checkShape(frame, at, length);
                    break;
                default:
                    at = length;
            }
        }
        if (at != length) {
            throw new ProtocolException(this + " has " + (length - at) + " bytes too many");
        }
    }

    /**
     * Checks the names, targets, values and data of a request whose shape has been checked by {@link RequestFrame#check}.
     *
     * @return 0 or the errno to answer with: a component that is {@code .}, {@code ..}, empty, has a slash or is too
     *     long goes no further, nor do more data than one transfer may have
     */
    public int checkNames(final ByteBuffer frame) {
        int at = requestSize;
        for (final Field field : fields) {
            final int errno;
            switch (field) {
                case COMPONENT:
                    errno = Name.checkComponent(frame, at);
                    at = Name.end(frame, at);
                    break;
                case XATTR_NAME:
                    errno = Name.checkXattrName(frame, at);
                    at = Name.end(frame, at);
                    break;
                case TARGET:
                    errno = Bytes.checkTarget(frame, at);
                    at = Bytes.end(frame, at);
                    break;
                case VALUE:
                    errno = Bytes.length(frame, at) > Limits.XATTR_SIZE_MAX ? Errno.E2BIG : 0;
                    at = Bytes.end(frame, at);
                    break;
                case DATA:
                    errno = RequestFrame.length(frame) - at > Limits.TRANSFER_MAX ? Errno.EINVAL : 0;
                    break;
                default:
                    errno = 0;
            }
            if (errno != 0) {
                return errno;
            }
        }
        return 0;
    }
}
