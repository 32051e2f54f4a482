package io.transfuse.host.watch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What identifies an object in events of fanotify, as struct fanotify_event_info_fid of linux/fanotify.h lays it out
 * behind its header: the file system's fsid, 8 bytes, and a struct file_handle.
 */
final class ObjectKey {
    private final byte[] bytes;
    private final int hash;

    private ObjectKey(final byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** Of the first {@code length} bytes of {@code bytes}. */
    static ObjectKey of(final byte[] bytes, final int length) {
        return new ObjectKey(Arrays.copyOf(bytes, length));
    }

    /** Of the {@code length} bytes of an event from {@code at} on. */
    static ObjectKey of(final ByteBuffer event, final int at, final int length) {
        final byte[] bytes = new byte[length];
        event.get(at, bytes);
        return new ObjectKey(bytes);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof ObjectKey && Arrays.equals(bytes, ((ObjectKey) other).bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
