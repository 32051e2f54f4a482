package io.transfuse.daemon.fuse;

/** Which fields of a {@link SetattrIn} are to be applied. Kernel: FATTR_ bits. */
public final class SetattrInValid {
    public static final int MODE = 1;
    public static final int UID = 1 << 1;
    public static final int GID = 1 << 2;
    public static final int SIZE = 1 << 3;
    public static final int ATIME = 1 << 4;
    public static final int MTIME = 1 << 5;
    /** The handle is valid. */
    public static final int HANDLE = 1 << 6;
    /** With ATIME: the present. */
    public static final int ATIME_NOW = 1 << 7;
    /** With MTIME: the present. */
    public static final int MTIME_NOW = 1 << 8;
    /** With SIZE: clear the set-id bits. */
    public static final int KILL_SUIDGID = 1 << 11;

    private SetattrInValid() {}
}
