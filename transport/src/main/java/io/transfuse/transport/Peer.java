package io.transfuse.transport;

import java.nio.file.Path;

/** Who is at the other end of a {@link Connection}. Its text is for log lines. */
public sealed interface Peer permits Peer.User, Peer.Guest, Peer.Device, Peer.Server {

    /**
     * A process of this machine at a UNIX socket, as it was when it connected; see SO_PEERCRED in unix(7).
     *
     * @param uid effective user id
     * @param pid 0 where the platform does not tell
     */
    record User(int uid, int pid) implements Peer {
        @Override
        public String toString() {
            return "user " + Integer.toUnsignedString(uid) + (pid == 0 ? "" : ", process " + pid);
        }
    }

    /**
     * A virtual machine; see vsock(7).
     *
     * @param cid its context id, 0 to 2^32-1
     */
    record Guest(long cid) implements Peer {
        @Override
        public String toString() {
            return "guest with CID " + cid;
        }
    }

    /** Whoever holds the other end of a character device. */
    record Device(Path path) implements Peer {
        @Override
        public String toString() {
            return "whoever is behind " + path;
        }
    }

    /** What this side has connected to. */
    record Server(Address address) implements Peer {
        @Override
        public String toString() {
            return address.toString();
        }
    }
}
