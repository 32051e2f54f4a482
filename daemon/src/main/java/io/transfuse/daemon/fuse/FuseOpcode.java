package io.transfuse.daemon.fuse;

/** The kernel's operations. Kernel: {@code enum fuse_opcode}. */
public final class FuseOpcode {
    public static final int LOOKUP = 1;
    public static final int FORGET = 2;
    public static final int GETATTR = 3;
    public static final int SETATTR = 4;
    public static final int READLINK = 5;
    public static final int SYMLINK = 6;
    public static final int MKNOD = 8;
    public static final int MKDIR = 9;
    public static final int UNLINK = 10;
    public static final int RMDIR = 11;
    public static final int RENAME = 12;
    public static final int LINK = 13;
    public static final int OPEN = 14;
    public static final int READ = 15;
    public static final int WRITE = 16;
    public static final int STATFS = 17;
    public static final int RELEASE = 18;
    public static final int FSYNC = 20;
    public static final int SETXATTR = 21;
    public static final int GETXATTR = 22;
    public static final int LISTXATTR = 23;
    public static final int REMOVEXATTR = 24;
    public static final int FLUSH = 25;
    public static final int INIT = 26;
    public static final int OPENDIR = 27;
    public static final int READDIR = 28;
    public static final int RELEASEDIR = 29;
    public static final int FSYNCDIR = 30;
    public static final int GETLK = 31;
    public static final int SETLK = 32;
    public static final int SETLKW = 33;
    public static final int ACCESS = 34;
    public static final int CREATE = 35;
    public static final int INTERRUPT = 36;
    public static final int BMAP = 37;
    public static final int DESTROY = 38;
    public static final int IOCTL = 39;
    public static final int POLL = 40;
    public static final int NOTIFY_REPLY = 41;
    public static final int BATCH_FORGET = 42;
    public static final int FALLOCATE = 43;
    public static final int READDIRPLUS = 44;
    public static final int RENAME2 = 45;
    public static final int LSEEK = 46;
    public static final int COPY_FILE_RANGE = 47;
    public static final int SETUPMAPPING = 48;
    public static final int REMOVEMAPPING = 49;
    public static final int SYNCFS = 50;
    public static final int TMPFILE = 51;
    /** Since 7.39. */
    public static final int STATX = 52;
    /** Since 7.45. */
    public static final int COPY_FILE_RANGE_64 = 53;

    /** One more than the largest. */
    public static final int COUNT = COPY_FILE_RANGE_64 + 1;

    private static final String[] NAMES = names();

    private FuseOpcode() {}

    /** The kernel's name, {@code LOOKUP}; for an unknown one its number. */
    public static String name(final int opcode) {
        final String name = opcode >= 0 && opcode < COUNT ? NAMES[opcode] : null;
        return name == null ? "opcode " + opcode : name;
    }

    private static String[] names() {
        final String[] names = new String[COUNT];
        names[LOOKUP] = "LOOKUP";
        names[FORGET] = "FORGET";
        names[GETATTR] = "GETATTR";
        names[SETATTR] = "SETATTR";
        names[READLINK] = "READLINK";
        names[SYMLINK] = "SYMLINK";
        names[MKNOD] = "MKNOD";
        names[MKDIR] = "MKDIR";
        names[UNLINK] = "UNLINK";
        names[RMDIR] = "RMDIR";
        names[RENAME] = "RENAME";
        names[LINK] = "LINK";
        names[OPEN] = "OPEN";
        names[READ] = "READ";
        names[WRITE] = "WRITE";
        names[STATFS] = "STATFS";
        names[RELEASE] = "RELEASE";
        names[FSYNC] = "FSYNC";
        names[SETXATTR] = "SETXATTR";
        names[GETXATTR] = "GETXATTR";
        names[LISTXATTR] = "LISTXATTR";
        names[REMOVEXATTR] = "REMOVEXATTR";
        names[FLUSH] = "FLUSH";
        names[INIT] = "INIT";
        names[OPENDIR] = "OPENDIR";
        names[READDIR] = "READDIR";
        names[RELEASEDIR] = "RELEASEDIR";
        names[FSYNCDIR] = "FSYNCDIR";
        names[GETLK] = "GETLK";
        names[SETLK] = "SETLK";
        names[SETLKW] = "SETLKW";
        names[ACCESS] = "ACCESS";
        names[CREATE] = "CREATE";
        names[INTERRUPT] = "INTERRUPT";
        names[BMAP] = "BMAP";
        names[DESTROY] = "DESTROY";
        names[IOCTL] = "IOCTL";
        names[POLL] = "POLL";
        names[NOTIFY_REPLY] = "NOTIFY_REPLY";
        names[BATCH_FORGET] = "BATCH_FORGET";
        names[FALLOCATE] = "FALLOCATE";
        names[READDIRPLUS] = "READDIRPLUS";
        names[RENAME2] = "RENAME2";
        names[LSEEK] = "LSEEK";
        names[COPY_FILE_RANGE] = "COPY_FILE_RANGE";
        names[SETUPMAPPING] = "SETUPMAPPING";
        names[REMOVEMAPPING] = "REMOVEMAPPING";
        names[SYNCFS] = "SYNCFS";
        names[TMPFILE] = "TMPFILE";
        names[STATX] = "STATX";
        names[COPY_FILE_RANGE_64] = "COPY_FILE_RANGE_64";
        return names;
    }
}
