package io.transfuse.protocol;

/** Which fields of a {@link Setattr} are to be applied. */
public final class SetattrValid {
    /** mode. */
    public static final int MODE = 1;

    /** uid. */
    public static final int UID = 1 << 1;

    /** gid. */
    public static final int GID = 1 << 2;

    /** size. */
    public static final int SIZE = 1 << 3;

    /** atimeSeconds and atimeNanos. */
    public static final int ATIME = 1 << 4;

    /** mtimeSeconds and mtimeNanos. */
    public static final int MTIME = 1 << 5;

    /** Access time to the host's present. */
    public static final int ATIME_NOW = 1 << 6;

    /** Modification time to the host's present. */
    public static final int MTIME_NOW = 1 << 7;

    /** Clear the set-id bits as a change of size or owner by an unprivileged caller does. */
    public static final int KILL_SUIDGID = 1 << 8;

    /** Every bit that is defined. */
    public static final int ALL = (1 << 9) - 1;

    private SetattrValid() {}
}
