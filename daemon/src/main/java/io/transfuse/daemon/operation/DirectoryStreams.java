package io.transfuse.daemon.operation;

import io.transfuse.cache.Listing;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * The listings in progress of a mount that keeps no directory handles: each reading that begins gets a number, which
 * comes back in the offsets, so that it goes on in the snapshot that it began with. The oldest make way. Thread-safe.
 */
final class DirectoryStreams {
    private static final int STREAMS_MAX = 256;
    private static final int INDEX_BITS = 32;

    private final Map<Long, Stream> streams = new LinkedHashMap<>();
    private final Queue<Long> ended = new ArrayDeque<>();
    private long nextNumber = 1;

    /**
     * A listing in progress.
     *
     * @param listing what it lists; null for one that the host lists
     * @param hostHandle the host's handle of a directory too large to be held, else 0
     */
    record Stream(Listing listing, long hostHandle) {}

    /** Begins a listing; the offset that stands for its beginning. */
    synchronized long begin(final Stream stream) {
        final long number = nextNumber++ & Integer.MAX_VALUE;
        streams.put(number, stream);
        if (streams.size() > STREAMS_MAX) {
            final Map.Entry<Long, Stream> oldest = streams.entrySet().iterator().next();
            streams.remove(oldest.getKey());
            if (oldest.getValue().hostHandle() != 0) {
                ended.add(oldest.getValue().hostHandle());
            }
        }
        return number << INDEX_BITS;
    }

    /** The listing that an offset belongs to; null when it has made way. */
    synchronized Stream at(final long offset) {
        return streams.get(offset >>> INDEX_BITS);
    }

    static long index(final long offset) {
        return offset & (1L << INDEX_BITS) - 1;
    }

    /** A handle of the host that nobody lists by any more, or 0. */
    synchronized long pollEnded() {
        final Long handle = ended.poll();
        return handle == null ? 0 : handle;
    }
}
