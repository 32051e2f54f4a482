package io.transfuse.cache;

import java.util.List;

/**
 * What the kernel may have been given and not given back, at one moment. Immutable.
 *
 * @param nodes objects
 * @param names names that the cache knows
 */
public record HeldByKernel(List<Long> nodes, List<Entry> names) {
    public HeldByKernel {
        nodes = List.copyOf(nodes);
        names = List.copyOf(names);
    }

    /** A name in a directory. */
    public record Entry(long directory, Name name) {}
}
