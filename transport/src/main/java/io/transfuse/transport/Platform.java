package io.transfuse.transport;

import java.util.Locale;

/** The socket constants that differ between Linux and macOS. */
final class Platform {
    static final boolean MACOS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");

    /** Linux: flag of socket(2); macOS has none and the product starts children with descriptors closed anyway. */
    static final int SOCK_CLOEXEC = MACOS ? 0 : 0x80000;

    /** Whether a socket address begins with its length (BSD). */
    static final boolean SOCKADDR_HAS_LENGTH = MACOS;

    static final int SOL_SOCKET = MACOS ? 0xffff : 1;

    static final int SO_RCVTIMEO = MACOS ? 0x1006 : 20;

    /** Linux only. */
    static final int SO_PEERCRED = 17;

    /** Flags of open(2): read and write, without waiting, no controlling terminal, closed in children. */
    static final int OPEN_DEVICE = MACOS ? 0x2 | 0x4 | 0x20000 | 0x1000000 : 0x2 | 0x800 | 0x100 | 0x80000;

    private Platform() {}
}
