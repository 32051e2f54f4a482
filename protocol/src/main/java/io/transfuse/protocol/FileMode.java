package io.transfuse.protocol;

/**
 * The mode of an object, as {@link Attributes} and requests have it: the type of the object and the bits of chmod(2). The
 * values are those of inode(7) on every platform.
 */
public final class FileMode {
    /** The bits that tell the type; of the types below exactly one. */
    public static final int TYPE = 0170000;

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

    private FileMode() {}

    /** The type bits alone; 0 if the mode has none, as a mode of chmod(2) has. */
    public static int type(final int mode) {
        return mode & TYPE;
    }

    public static boolean isDirectory(final int mode) {
        return type(mode) == DIRECTORY;
    }

    public static boolean isRegular(final int mode) {
        return type(mode) == REGULAR;
    }

    public static boolean isSymlink(final int mode) {
        return type(mode) == SYMLINK;
    }

    /** Whether it is a fifo, socket or device: what is opened without asking a file system for data. */
    public static boolean isSpecial(final int mode) {
        switch (type(mode)) {
            case FIFO:
            case SOCKET:
            case CHARACTER_DEVICE:
            case BLOCK_DEVICE:
                return true;
            default:
                return false;
        }
    }
}
