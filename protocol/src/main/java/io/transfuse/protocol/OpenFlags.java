package io.transfuse.protocol;

/**
 * How a file is opened: an access mode and bits, in the encoding of the protocol; each side translates to its own
 * platform once.
 */
public final class OpenFlags {
    /** Access mode O_RDONLY. */
    public static final int READ_ONLY = 0;

    /** Access mode O_WRONLY. */
    public static final int WRITE_ONLY = 1;

    /** Access mode O_RDWR. */
    public static final int READ_WRITE = 2;

    /** The bits of the access mode. */
    public static final int ACCESS_MODE = 3;

    /** O_APPEND: every write goes to the end as the host sees it. */
    public static final int APPEND = 1 << 2;

    /** O_TRUNC. */
    public static final int TRUNCATE = 1 << 3;

    /** O_EXCL, with {@link Create}; with {@link Tmpfile} the file can get no name later. */
    public static final int EXCLUSIVE = 1 << 4;

    /** O_SYNC: each write reaches stable storage before its reply. */
    public static final int SYNC = 1 << 5;

    /** O_DSYNC. */
    public static final int DATA_SYNC = 1 << 6;

    /** O_NOATIME; a hint. */
    public static final int NO_ATIME = 1 << 7;

    /** O_NONBLOCK; a hint. */
    public static final int NON_BLOCK = 1 << 8;

    /** With TRUNCATE: clear the set-id bits, for a caller without CAP_FSETID. */
    public static final int KILL_SUIDGID = 1 << 9;

    /** Reading only: attributes and the content of a small file come in the reply; needs {@link Features#CONTENTS}. */
    public static final int CONTENT = 1 << 10;

    /** The file is opened to be executed (execve(2)): the caller needs to execute it, not to read it. */
    public static final int EXECUTE = 1 << 11;

    /** Every bit that is defined. */
    public static final int ALL = (1 << 12) - 1;

    private OpenFlags() {}
}
