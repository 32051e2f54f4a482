package io.transfuse.host.posix;

/** The type bits of a mode, the same on every platform; see inode(7). */
public final class FileType {
    public static final int MASK = 0170000;
    public static final int SOCKET = 0140000;
    public static final int SYMLINK = 0120000;
    public static final int REGULAR = 0100000;
    public static final int BLOCK_DEVICE = 0060000;
    public static final int DIRECTORY = 0040000;
    public static final int CHARACTER_DEVICE = 0020000;
    public static final int FIFO = 0010000;

    /** The bits of chmod(2). */
    public static final int PERMISSIONS = 07777;

    public static final int SET_UID = 04000;
    public static final int SET_GID = 02000;
    public static final int STICKY = 01000;
    public static final int GROUP_EXECUTE = 0010;

    private FileType() {}

    public static boolean isDirectory(final int mode) {
        return (mode & MASK) == DIRECTORY;
    }

    public static boolean isRegular(final int mode) {
        return (mode & MASK) == REGULAR;
    }
}
