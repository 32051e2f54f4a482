package io.transfuse.daemon.mount;

import io.transfuse.cache.MountCache;
import io.transfuse.cache.Name;
import io.transfuse.daemon.session.HostSession;
import io.transfuse.protocol.Invalidate;
import io.transfuse.protocol.Invalidated;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.ReplyFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies what the host tells of changes: to the cache at once, and to the kernel by the {@link KernelNotifier}. */
final class HostChanges {
    private static final Logger LOG = LoggerFactory.getLogger(HostChanges.class);

    private final String name;
    private final MountCache facts;
    private final KernelNotifier kernel;
    private final HostSession session;

    HostChanges(final String name, final MountCache facts, final KernelNotifier kernel, final HostSession session) {
        this.name = name;
        this.facts = facts;
        this.kernel = kernel;
        this.session = session;
    }

    /**
     * Applies one push.
     *
     * @throws ProtocolException if it is malformed
     */
    void apply(final ByteBuffer frame) throws ProtocolException {
        boolean acknowledge = false;
        int at = Invalidate.ENTRIES;
        while (at < ReplyFrame.length(frame)) {
            final int end = Invalidate.entryEnd(frame, at);
            final long node = Invalidate.node(frame, at);
            switch (Invalidate.kind(frame, at)) {
                case NAME:
                    facts.invalidateName(node, Name.of(Invalidate.name(frame, at)), true, kernel);
                    break;
                case DOUBT:
                    facts.invalidateName(node, Name.of(Invalidate.name(frame, at)), false, kernel);
                    break;
                case CHILD:
                    facts.invalidateChild(node, Name.of(Invalidate.name(frame, at)), kernel);
                    break;
                case NODE:
                    facts.invalidateObject(node, kernel);
                    break;
                case DIRECTORY:
                    facts.invalidateDirectory(node, kernel);
                    break;
                case ALL:
                    LOG.warn("{}: changes were lost on the host, everything is asked for anew", name);
                    facts.invalidateAll(kernel);
                    break;
                case SUSPEND:
                    LOG.info("{} overlaps another mount and remembers nothing while it does", name);
                    facts.suspend(kernel);
                    break;
                case SYNC:
                    acknowledge = true;
                    break;
                case RESUME:
                    LOG.info("{} remembers again", name);
                    facts.resume();
                    break;
            }
            at = end;
        }
        if (acknowledge) {
            final long sequence = ReplyFrame.sequence(frame);
            if (!kernel.afterAll(() -> acknowledge(sequence))) {
                LOG.error("{}: the kernel takes no notifications, and the host will wait in vain", name);
            }
        }
    }

    private void acknowledge(final long sequence) {
        try {
            session.send(0, frame -> Invalidated.encode(frame, sequence));
        } catch (final IOException e) {
            LOG.debug("{} could not acknowledge: {}", name, e.getMessage());
        }
    }
}
