package io.transfuse.daemon.operation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The open {@link LocalFile}s of a mount by their handles. Thread-safe. */
final class LocalFiles {
    private final Map<Long, LocalFile> files = new ConcurrentHashMap<>();
    private final AtomicLong nextHandle = new AtomicLong(LocalFile.LOCAL);

    /** A new handle. */
    long add(final LocalFile file) {
        final long handle = nextHandle.incrementAndGet();
        files.put(handle, file);
        return handle;
    }

    /** Null when there is none. */
    LocalFile get(final long handle) {
        return files.get(handle);
    }

    /** Null when there is none. */
    LocalFile remove(final long handle) {
        return files.remove(handle);
    }

    /** Any open file of a node, or null. */
    LocalFile of(final long node) {
        for (final LocalFile file : files.values()) {
            if (file.node() == node) {
                return file;
            }
        }
        return null;
    }
}
