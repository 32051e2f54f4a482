package io.transfuse.host.posix;

import io.transfuse.protocol.Errno;

/** The one place where the host's error numbers become those of the protocol. */
final class HostErrno {
    private static final int[] TO_PROTOCOL = table();

    private HostErrno() {}

    /** The protocol's number for the platform's; EIO where the protocol has none. */
    static int toProtocol(final int platformErrno) {
        return platformErrno > 0 && platformErrno < TO_PROTOCOL.length ? TO_PROTOCOL[platformErrno] : Errno.EIO;
    }

    private static int[] table() {
        final int[] table = new int[256];
        java.util.Arrays.fill(table, Errno.EIO);
        for (final jnr.constants.platform.Errno errno : jnr.constants.platform.Errno.values()) {
            final Integer protocolErrno = protocolErrno(errno);
            if (errno.defined() && protocolErrno != null && errno.intValue() > 0 && errno.intValue() < table.length) {
                table[errno.intValue()] = protocolErrno;
            }
        }
        return table;
    }

    /** By name: the protocol's constants bear the standard names. */
    private static Integer protocolErrno(final jnr.constants.platform.Errno errno) {
        try {
            return Errno.class.getField(errno.name()).getInt(null);
        } catch (final ReflectiveOperationException notInTheProtocol) {
            return null;
        }
    }
}
