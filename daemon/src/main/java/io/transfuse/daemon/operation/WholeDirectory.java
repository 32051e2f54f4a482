package io.transfuse.daemon.operation;

import io.transfuse.cache.Answer;
import io.transfuse.cache.Listing;
import io.transfuse.cache.MountCache;
import io.transfuse.cache.Name;
import io.transfuse.cache.Validity;
import io.transfuse.daemon.session.HostLane;
import io.transfuse.protocol.Forget;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Listdir;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.Readdir;
import io.transfuse.protocol.ReplyFlags;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Asks the host for a whole directory with attributes and lets the cache learn it. Belongs to one thread. */
final class WholeDirectory {
    private final MountCache facts;
    private final HostLane lane;
    private final NativeBuffer frame;
    private final ByteBuffer reply;
    private final Answer answer = new Answer();
    private Listing listing;
    private boolean folded;

    WholeDirectory(final MountCache facts, final HostLane lane, final NativeBuffer frame) {
        this.facts = facts;
        this.lane = lane;
        this.frame = frame;
        this.reply = lane.replyMemory().bytes();
    }

    /**
     * Fetches a directory.
     *
     * @return 0 with the {@link #listing}, or a negated errno: E2BIG when it does not fit one frame
     */
    int fetch(final long node) throws IOException {
        final long since = facts.moment();
        Listdir.encode(frame.bytes(), node, Limits.TRANSFER_MAX);
        final int status = lane.exchange(frame, Opcode.LISTDIR, 0, 0, ReplyFrame.SIZE);
        if (status < 0) {
            return status;
        }
        final int flags = ReplyFrame.flags(reply);
        folded = (flags & ReplyFlags.FOLDED) != 0;
        final Validity names = CachePolicy.ofNames(facts, flags);
        final Validity attributes = CachePolicy.ofAttributes(facts, flags);
        try {
            learn(since, node, names, attributes);
        } catch (final ProtocolException e) {
            throw new IOException("the host server broke the protocol: " + e.getMessage(), e);
        }
        return 0;
    }

    private void learn(final long since, final long node, final Validity names, final Validity validity)
            throws ProtocolException {
        final int limit = ReplyFrame.length(reply);
        final long token = facts.beginListing(node);
        final List<Name> present = new ArrayList<>();
        final List<Long> inos = new ArrayList<>();
        final List<Integer> types = new ArrayList<>();
        long ino = 0;
        long parentIno = 0;
        int at = Readdir.REPLY_ENTRIES;
        while (at < limit) {
            final int end = Readdir.entryEnd(reply, at);
            final Name name = HostFacts.name(reply, Readdir.entryName(at), Readdir.entryNameLength(reply, at));
            check(name);
            if (Readdir.entryHasAttributes(reply, at)) {
                final Validity attributes = Readdir.entryIsVolatile(reply, at) ? Validity.NEVER : validity;
                facts.learnListed(
                        since,
                        node,
                        name,
                        HostFacts.of(
                                reply, Readdir.entryAttributes(reply, at), Readdir.entryNode(reply, at), attributes),
                        names,
                        answer);
                present.add(name);
                inos.add(Readdir.entryIno(reply, at));
                types.add(Readdir.entryType(reply, at));
            } else if (name.length() == 1) {
                ino = Readdir.entryIno(reply, at);
            } else {
                parentIno = Readdir.entryIno(reply, at);
            }
            at = end;
        }
        facts.endListing(since, node, token, ino, parentIno, names);
        listing = new Listing(
                present.toArray(Name[]::new),
                inos.stream().mapToLong(Long::longValue).toArray(),
                types.stream().mapToInt(Integer::intValue).toArray(),
                ino,
                parentIno);
    }

    private static void check(final Name name) throws ProtocolException {
        for (final byte b : name.bytes()) {
            if (b == '/' || b == 0) {
                throw new ProtocolException("a bad name in a listing");
            }
        }
    }

    /** What the last {@link #fetch} brought, whether it may be remembered or not. */
    Listing listing() {
        return listing;
    }

    /** Whether the names of what was fetched last may not be remembered. */
    boolean isFolded() {
        return folded;
    }

    /** Gives back to the host what the cache has dropped. */
    void forget() throws IOException {
        forget(facts, lane, frame);
    }

    /** Gives back to the host what the cache has dropped. */
    static void forget(final MountCache facts, final HostLane lane, final NativeBuffer frame) throws IOException {
        final List<MountCache.Forget> forgets = facts.drainForgets();
        if (forgets == null) {
            return;
        }
        final int most = Math.min(Limits.FORGETS_MAX, (frame.capacity() - RequestFrame.SIZE) / 16 - 1);
        int batched = 0;
        for (int i = 0; i < forgets.size(); i++) {
            Forget.putEntry(
                    frame.bytes(),
                    batched++,
                    forgets.get(i).node(),
                    forgets.get(i).lookups());
            if (batched == most || i == forgets.size() - 1) {
                Forget.encode(frame.bytes(), batched);
                lane.send(frame);
                batched = 0;
            }
        }
    }
}
