package io.transfuse.transport;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Who has connected: of a UNIX socket the user, by SO_PEERCRED of unix(7) on Linux and getpeereid(3) on macOS; of vsock
 * the guest, by the address that accept(2) told.
 */
final class PeerCredentials {
    /** Memory for an address, its length, and what is asked. */
    static final int SIZE = 64;

    private static final int ADDRESS_LENGTH = 16;
    private static final int ANSWER = 32;
    private static final int ANSWER_LENGTH = 48;

    /** struct ucred: pid, uid, gid. */
    private static final int UCRED_SIZE = 12;

    private PeerCredentials() {}

    /** Makes the memory ready for accept(2), which puts the address at its beginning; where it puts the length. */
    static long prepare(final NativeBuffer memory) {
        memory.bytes().putInt(ADDRESS_LENGTH, SocketAddress.VSOCK_SIZE);
        return memory.address(ADDRESS_LENGTH);
    }

    /**
     * The peer of a socket that was accepted.
     *
     * @param memory where accept(2) put the address
     */
    static Peer of(final int descriptor, final Address listens, final NativeBuffer memory) throws IOException {
        if (listens instanceof Address.Vsock) {
            return new Peer.Guest(SocketAddress.cid(memory, 0));
        }
        final ByteBuffer bytes = memory.bytes();
        final Peer peer;
        if (Platform.MACOS) {
            check(SocketLibrary.INSTANCE.getpeereid(
                    descriptor, memory.address(ANSWER), memory.address(ANSWER + Integer.BYTES)));
            peer = new Peer.User(bytes.getInt(ANSWER), 0);
        } else {
            bytes.putInt(ANSWER_LENGTH, UCRED_SIZE);
            check(SocketLibrary.INSTANCE.getsockopt(
                    descriptor,
                    Platform.SOL_SOCKET,
                    Platform.SO_PEERCRED,
                    memory.address(ANSWER),
                    memory.address(ANSWER_LENGTH)));
            peer = new Peer.User(bytes.getInt(ANSWER + Integer.BYTES), bytes.getInt(ANSWER));
        }
        Reference.reachabilityFence(memory);
        return peer;
    }

    private static void check(final int status) throws IOException {
        if (status != 0) {
            throw new IOException("cannot tell who connects: " + SocketErrors.describe(SocketLibrary.errno()));
        }
    }
}
