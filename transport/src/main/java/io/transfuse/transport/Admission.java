package io.transfuse.transport;

import java.util.Set;

/**
 * Which peers may connect. At a UNIX socket these are the user who listens, root, and {@code uids}; over vsock the guests
 * of {@code cids}. Who may open a device is decided by its permissions.
 *
 * @param uids further user ids
 * @param cids context ids of guests; with {@link #ANY_CID} among them all
 */
public record Admission(Set<Integer> uids, Set<Long> cids) {
    /** Every guest. */
    public static final long ANY_CID = Address.Vsock.CID_ANY;

    /** Only oneself and root. */
    public static final Admission OWN = new Admission(Set.of(), Set.of());

    public Admission {
        uids = Set.copyOf(uids);
        cids = Set.copyOf(cids);
    }

    /** Whether the peer may go on. */
    boolean admits(final Peer peer) {
        if (peer instanceof Peer.User) {
            final int uid = ((Peer.User) peer).uid();
            return uid == 0 || uid == SocketLibrary.INSTANCE.geteuid() || uids.contains(uid);
        }
        if (peer instanceof Peer.Guest) {
            return cids.contains(ANY_CID) || cids.contains(((Peer.Guest) peer).cid());
        }
        return true;
    }

    /** Whether others than oneself and root may be admitted. */
    boolean admitsOtherUsers() {
        return !uids.isEmpty();
    }
}
