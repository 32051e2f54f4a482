package io.transfuse.protocol;

/**
 * Error numbers as they go over the wire: those of Linux (asm-generic/errno.h), whatever the platforms are. 0 is success.
 * A host with other numbers translates them once, at its border.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int E2BIG = 7;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int ETXTBSY = 26;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ESPIPE = 29;
    public static final int EROFS = 30;
    public static final int EMLINK = 31;
    public static final int EPIPE = 32;
    public static final int EDOM = 33;
    public static final int ERANGE = 34;
    public static final int EDEADLK = 35;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOLCK = 37;
    public static final int ENOSYS = 38;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int EPROTO = 71;
    public static final int EOVERFLOW = 75;
    public static final int EUSERS = 87;
    public static final int EMSGSIZE = 90;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int ESTALE = 116;
    public static final int EDQUOT = 122;
    public static final int ECANCELED = 125;

    /** No number is larger; the kernel takes no other (MAX_ERRNO of include/linux/err.h is 4095, but FUSE takes 511). */
    public static final int MAX = 511;

    private static final String[] NAMES = names();

    private Errno() {}

    /** The name for log lines, {@code ENOENT}, or {@code errno 999} for a number without one. */
    public static String name(final int errno) {
        final String name = errno >= 0 && errno < NAMES.length ? NAMES[errno] : null;
        return name == null ? "errno " + errno : name;
    }

    private static String[] names() {
        final String[] names = new String[ECANCELED + 1];
        names[EPERM] = "EPERM";
        names[ENOENT] = "ENOENT";
        names[EINTR] = "EINTR";
        names[EIO] = "EIO";
        names[ENXIO] = "ENXIO";
        names[E2BIG] = "E2BIG";
        names[EBADF] = "EBADF";
        names[EAGAIN] = "EAGAIN";
        names[ENOMEM] = "ENOMEM";
        names[EACCES] = "EACCES";
        names[EFAULT] = "EFAULT";
        names[EBUSY] = "EBUSY";
        names[EEXIST] = "EEXIST";
        names[EXDEV] = "EXDEV";
        names[ENODEV] = "ENODEV";
        names[ENOTDIR] = "ENOTDIR";
        names[EISDIR] = "EISDIR";
        names[EINVAL] = "EINVAL";
        names[ENFILE] = "ENFILE";
        names[EMFILE] = "EMFILE";
        names[ENOTTY] = "ENOTTY";
        names[ETXTBSY] = "ETXTBSY";
        names[EFBIG] = "EFBIG";
        names[ENOSPC] = "ENOSPC";
        names[ESPIPE] = "ESPIPE";
        names[EROFS] = "EROFS";
        names[EMLINK] = "EMLINK";
        names[EPIPE] = "EPIPE";
        names[EDOM] = "EDOM";
        names[ERANGE] = "ERANGE";
        names[EDEADLK] = "EDEADLK";
        names[ENAMETOOLONG] = "ENAMETOOLONG";
        names[ENOLCK] = "ENOLCK";
        names[ENOSYS] = "ENOSYS";
        names[ENOTEMPTY] = "ENOTEMPTY";
        names[ELOOP] = "ELOOP";
        names[ENODATA] = "ENODATA";
        names[EPROTO] = "EPROTO";
        names[EOVERFLOW] = "EOVERFLOW";
        names[EUSERS] = "EUSERS";
        names[EMSGSIZE] = "EMSGSIZE";
        names[EPROTONOSUPPORT] = "EPROTONOSUPPORT";
        names[EOPNOTSUPP] = "EOPNOTSUPP";
        names[ECONNABORTED] = "ECONNABORTED";
        names[ECONNRESET] = "ECONNRESET";
        names[ENOTCONN] = "ENOTCONN";
        names[ETIMEDOUT] = "ETIMEDOUT";
        names[ECONNREFUSED] = "ECONNREFUSED";
        names[ESTALE] = "ESTALE";
        names[EDQUOT] = "EDQUOT";
        names[ECANCELED] = "ECANCELED";
        return names;
    }
}
