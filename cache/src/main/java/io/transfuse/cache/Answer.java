package io.transfuse.cache;

/** What the cache says of a name or an object; filled in anew by each call. Belongs to one thread. */
public final class Answer {
    long node;
    byte[] attributes;
    long entryNanos;
    long attributeNanos;

    /** The object's number; 0 for an absent name. */
    public long node() {
        return node;
    }

    /** The attributes, not to be changed; null where there are none. */
    public byte[] attributes() {
        return attributes;
    }

    /** For how long the name may be relied on, in nanoseconds; 0: not at all. */
    public long entryNanos() {
        return entryNanos;
    }

    /** For how long the attributes may be relied on, in nanoseconds; 0: not at all. */
    public long attributeNanos() {
        return attributeNanos;
    }

    void clear() {
        node = 0;
        attributes = null;
        entryNanos = 0;
        attributeNanos = 0;
    }
}
