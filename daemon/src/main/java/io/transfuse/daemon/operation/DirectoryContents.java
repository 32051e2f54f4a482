package io.transfuse.daemon.operation;

import io.transfuse.cache.Answer;
import io.transfuse.cache.MountCache;
import io.transfuse.cache.Validity;
import io.transfuse.daemon.session.HostLane;
import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Open;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Release;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the host for the contents of the small files of a directory and lets the cache learn them. Belongs to one
 * thread.
 */
final class DirectoryContents {
    private static final int FILE_BYTES_MAX = 32 * 1024;
    private static final int BYTES_MAX = 2 * 1024 * 1024;
    private static final int FILES_MAX = 256;

    /** Requests on their way at a time. */
    private static final int WINDOW = 8;

    private final MountCache facts;
    private final HostLane lane;
    private final NativeBuffer frame;
    private final ByteBuffer reply;
    private final Answer answer = new Answer();

    DirectoryContents(final MountCache facts, final HostLane lane, final NativeBuffer frame) {
        this.facts = facts;
        this.lane = lane;
        this.frame = frame;
        this.reply = lane.replyMemory().bytes();
    }

    void fetch(final long directory) throws IOException {
        final List<Long> nodes = wanted(directory);
        final long[] ids = new long[nodes.size()];
        final long since = facts.moment();
        int posted = 0;
        for (int i = 0; i < ids.length; i++) {
            while (posted < ids.length && posted < i + WINDOW) {
                Open.encode(frame.bytes(), nodes.get(posted), OpenFlags.READ_ONLY | OpenFlags.CONTENT);
                ids[posted++] = lane.post(frame, 0, 0);
            }
            if (lane.await(ids[i], Opcode.OPEN, Open.REPLY_CONTENT) >= 0) {
                learn(since, nodes.get(i));
            }
        }
    }

    private List<Long> wanted(final long directory) {
        final List<Long> nodes = new ArrayList<>();
        long bytes = 0;
        for (final MountCache.WithoutContent file : facts.withoutContent(directory, FileMode.REGULAR)) {
            final long size = Attributes.size(ByteBuffer.wrap(file.attributes()).order(ByteOrder.LITTLE_ENDIAN), 0);
            if (size > 0 && size <= FILE_BYTES_MAX && bytes + size <= BYTES_MAX && nodes.size() < FILES_MAX) {
                nodes.add(file.node());
                bytes += size;
            }
        }
        return nodes;
    }

    private void learn(final long since, final long node) throws IOException {
        final long handle = Open.replyHandle(reply);
        final int flags = ReplyFrame.flags(reply);
        final int length = Open.contentLength(reply);
        if (handle == 0 && length == Attributes.size(reply, Open.REPLY_ATTRIBUTES)) {
            final byte[] content = new byte[length];
            reply.get(Open.REPLY_CONTENT, content);
            final Validity validity = CachePolicy.ofAttributes(facts, flags);
            facts.learnContent(
                    since, HostFacts.of(reply, Open.REPLY_ATTRIBUTES, node, validity), content, validity, answer);
        } else if (handle != 0) {
            Release.encode(frame.bytes(), handle, 0, 0);
            lane.send(frame);
        }
    }
}
