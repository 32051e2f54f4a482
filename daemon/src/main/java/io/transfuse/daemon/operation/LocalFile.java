package io.transfuse.daemon.operation;

/**
 * A file that a caller has open for reading and whose content the guest knew: the host has it open only if it comes to be
 * asked. Thread-safe.
 */
final class LocalFile {
    /** The handle is local: it has this bit, and no handle of a host does. */
    static final long LOCAL = 1L << 62;

    private final long node;
    private final byte[] content;
    private final byte[] attributes;
    private long hostHandle;

    LocalFile(final long node, final byte[] content, final byte[] attributes) {
        this.node = node;
        this.content = content;
        this.attributes = attributes;
    }

    static boolean isLocal(final long handle) {
        return (handle & LOCAL) != 0;
    }

    long node() {
        return node;
    }

    /** As it was when the file was opened. */
    byte[] content() {
        return content;
    }

    byte[] attributes() {
        return attributes;
    }

    /** The host's handle, 0 while there is none. */
    synchronized long hostHandle() {
        return hostHandle;
    }

    /** Takes a handle of the host, unless another thread was faster; the one that holds. */
    synchronized long offer(final long handle) {
        if (hostHandle == 0) {
            hostHandle = handle;
        }
        return hostHandle;
    }
}
