package io.transfuse.host.node;

import io.transfuse.protocol.OpenFlags;

/** An open file or directory of the guest. */
public final class Handle {
    private final long id;
    private final Node node;
    private final Descriptor descriptor;
    private final int flags;

    /** Listing of a directory, taken when it is first read; one guest thread reads at a time, any thread may be it. */
    private volatile DirectorySnapshot snapshot;

    /** Next open handle of the same node. */
    Handle nextOfNode;

    Handle(final long id, final Node node, final Descriptor descriptor, final int flags) {
        this.id = id;
        this.node = node;
        this.descriptor = descriptor;
        this.flags = flags;
    }

    public long id() {
        return id;
    }

    public Node node() {
        return node;
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    /** As opened: bits of {@link OpenFlags}. */
    public int flags() {
        return flags;
    }

    public boolean appends() {
        return (flags & OpenFlags.APPEND) != 0;
    }

    public DirectorySnapshot snapshot() {
        return snapshot;
    }

    public void setSnapshot(final DirectorySnapshot snapshot) {
        this.snapshot = snapshot;
    }
}
