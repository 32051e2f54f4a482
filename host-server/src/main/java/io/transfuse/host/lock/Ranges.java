package io.transfuse.host.lock;

import io.transfuse.protocol.LockType;
import java.util.ArrayList;
import java.util.List;

/** What one owner has locked of one file: ranges that do not overlap. Not thread-safe. */
final class Ranges {
    private List<Range> ranges = new ArrayList<>();

    /**
     * A locked range.
     *
     * @param start first byte
     * @param end last byte
     * @param type READ or WRITE of {@link LockType}
     */
    record Range(long start, long end, int type) {
        boolean overlaps(final long otherStart, final long otherEnd) {
            return start <= otherEnd && otherStart <= end;
        }
    }

    /** Notes a lock that was set or, with UNLOCK, given up. */
    void set(final long start, final long end, final int type) {
        final List<Range> next = new ArrayList<>(ranges.size() + 2);
        for (final Range range : ranges) {
            if (!range.overlaps(start, end)) {
                next.add(range);
                continue;
            }
            if (range.start() < start) {
                next.add(new Range(range.start(), start - 1, range.type()));
            }
            if (range.end() > end) {
                next.add(new Range(end + 1, range.end(), range.type()));
            }
        }
        if (type != LockType.UNLOCK) {
            next.add(new Range(start, end, type));
        }
        ranges = next;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** The first range that another owner's lock cannot be had beside, or null. */
    Range conflict(final long start, final long end, final int type) {
        for (final Range range : ranges) {
            if (range.overlaps(start, end) && (type == LockType.WRITE || range.type() == LockType.WRITE)) {
                return range;
            }
        }
        return null;
    }
}
