package io.transfuse.daemon.operation;

import io.transfuse.cache.Name;
import io.transfuse.cache.ObjectFacts;
import io.transfuse.cache.Validity;
import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.FileMode;
import java.nio.ByteBuffer;

/** Turns what a frame says of an object into what the cache takes. */
final class HostFacts {
    private static final int PRIME = 31;

    private HostFacts() {}

    /**
     * @param at where the {@link Attributes} are
     * @param validity of the attributes, if the object is one whose attributes may be remembered at all
     */
    static ObjectFacts of(final ByteBuffer frame, final int at, final long node, final Validity validity) {
        final byte[] attributes = new byte[Attributes.SIZE];
        frame.get(at, attributes);
        final int mode = Attributes.mode(frame, at);
        // Sockets, pipes and devices are never answered from a cache.
        final boolean cacheable = FileMode.isDirectory(mode) || FileMode.isRegular(mode) || FileMode.isSymlink(mode);
        return new ObjectFacts(
                node,
                attributes,
                version(frame, at),
                Attributes.ino(frame, at),
                FileMode.type(mode),
                !FileMode.isDirectory(mode) && Attributes.nlink(frame, at) > 1,
                cacheable ? validity : Validity.NEVER);
    }

    private static long version(final ByteBuffer frame, final int at) {
        long version = Attributes.size(frame, at);
        version = version * PRIME + Attributes.mtime(frame, at);
        version = version * PRIME + Attributes.mtimeNanos(frame, at);
        version = version * PRIME + Attributes.ctime(frame, at);
        version = version * PRIME + Attributes.ctimeNanos(frame, at);
        return version == 0 ? 1 : version;
    }

    /** The name in {@code length} bytes at {@code at}. */
    static Name name(final ByteBuffer frame, final int at, final int length) {
        final byte[] bytes = new byte[length];
        frame.get(at, bytes);
        return Name.of(bytes);
    }
}
