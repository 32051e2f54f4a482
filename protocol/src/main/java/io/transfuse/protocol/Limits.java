package io.transfuse.protocol;

/** The sizes that no peer may exceed, in bytes unless said otherwise. They are checked before anything is allocated. */
public final class Limits {
    /** One component of a path; see pathname limits in limits.h. */
    public static final int NAME_MAX = 255;

    /** A path of the mount request and the target of a symbolic link. */
    public static final int PATH_MAX = 4095;

    /** The value of an extended attribute and the list of their names; see xattr(7). */
    public static final int XATTR_SIZE_MAX = 64 * 1024;

    /** The data of one READ or WRITE. */
    public static final int TRANSFER_MAX = 1024 * 1024;

    /** Any frame: the largest transfer and what goes before it. */
    public static final int FRAME_MAX = TRANSFER_MAX + 4096;

    /** Frames that open a connection. */
    public static final int HANDSHAKE_FRAME_MAX = 8192;

    /** The content of a small file, which comes with OPEN. */
    public static final int CONTENT_MAX = 128 * 1024;

    /** Supplementary groups of one caller; NGROUPS_MAX of linux/limits.h. */
    public static final int GROUPS_MAX = 65536;

    /** Ranges of ids that a user namespace maps; UID_GID_MAP_MAX_EXTENTS of linux/user_namespace.h. */
    public static final int ID_RANGES_MAX = 340;

    /** Nodes in one FORGET. */
    public static final int FORGETS_MAX = 1024;

    private Limits() {}
}
