package io.transfuse.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An {@link Address} as the kernel takes it: sockaddr_un of unix(7) or sockaddr_vm of vsock(7). */
final class SocketAddress {
    static final int AF_UNIX = 1;

    /** Linux; see sys/socket.h. */
    static final int AF_VSOCK = 40;

    static final int VSOCK_SIZE = 16;

    private static final int UNIX_SIZE = 110;
    private static final int UNIX_PATH = 2;
    private static final int VSOCK_PORT = 4;
    private static final int VSOCK_CID = 8;

    private SocketAddress() {}

    static int family(final Address address) {
        return address instanceof Address.Vsock ? AF_VSOCK : AF_UNIX;
    }

    /** The structure; its capacity is its length. */
    static NativeBuffer of(final Address address) {
        return address instanceof Address.Vsock ? vsock((Address.Vsock) address) : unix((Address.Unix) address);
    }

    private static NativeBuffer unix(final Address.Unix address) {
        final NativeBuffer buffer = NativeBuffer.allocate(UNIX_SIZE);
        final ByteBuffer bytes = buffer.bytes();
        if (Platform.SOCKADDR_HAS_LENGTH) {
            bytes.put(0, (byte) UNIX_SIZE);
            bytes.put(1, (byte) AF_UNIX);
        } else {
            bytes.putShort(0, (short) AF_UNIX);
        }
        bytes.put(UNIX_PATH, address.path().toString().getBytes(StandardCharsets.UTF_8));
        return buffer;
    }

    private static NativeBuffer vsock(final Address.Vsock address) {
        final NativeBuffer buffer = NativeBuffer.allocate(VSOCK_SIZE);
        final ByteBuffer bytes = buffer.bytes();
        bytes.putShort(0, (short) AF_VSOCK);
        bytes.putInt(VSOCK_PORT, (int) address.port());
        bytes.putInt(VSOCK_CID, (int) address.cid());
        return buffer;
    }

    /** The context id in a sockaddr_vm at index {@code at}. */
    static long cid(final NativeBuffer buffer, final int at) {
        return Integer.toUnsignedLong(buffer.bytes().getInt(at + VSOCK_CID));
    }
}
