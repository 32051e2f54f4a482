package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * CREDENTIALS tells what the header does not of the caller of the next request on the same connection, and of that one
 * only: its capabilities, its supplementary groups, and where its capabilities hold. Needs {@link Features#PERMISSIONS};
 * see {@link ReplyFlags#DENIED}. Nobody waits for it.
 *
 * <pre>
 * request: capabilities u32, groups u32, uidRanges u32, gidRanges u32,
 *          groups times gid u32, uidRanges times (first u32, count u32), gidRanges times (first u32, count u32)
 * no reply
 * </pre>
 *
 * <p>A caller in a user namespace of its own has its capabilities over objects of mapped owners only: the ranges say which
 * those are. Without any range of uids they hold over every object.
 */
public final class Credentials {
    private static final int CAPABILITIES = RequestFrame.SIZE;
    private static final int GROUPS = CAPABILITIES + 4;
    private static final int UID_RANGES = GROUPS + 4;
    private static final int GID_RANGES = UID_RANGES + 4;
    private static final int IDS = GID_RANGES + 4;
    private static final int RANGE = 2 * Integer.BYTES;

    /** Bytes of the request before the first group, the header included. */
    public static final int REQUEST_SIZE = IDS;

    /** Bytes of the longest request. */
    public static final int REQUEST_MAX = IDS + Limits.GROUPS_MAX * Integer.BYTES + 2 * Limits.ID_RANGES_MAX * RANGE;

    private Credentials() {}

    /**
     * Writes the request and returns its length in bytes.
     *
     * @param capabilities bits of {@link Capabilities}
     * @param groups at most {@link Limits#GROUPS_MAX} supplementary groups
     * @param uidRanges first and count in turn, of at most {@link Limits#ID_RANGES_MAX} ranges
     * @param gidRanges the same of gids
     */
    public static int encode(
            final ByteBuffer frame,
            final int capabilities,
            final int[] groups,
            final int[] uidRanges,
            final int[] gidRanges) {
        frame.putInt(CAPABILITIES, capabilities);
        frame.putInt(GROUPS, groups.length);
        frame.putInt(UID_RANGES, uidRanges.length / 2);
        frame.putInt(GID_RANGES, gidRanges.length / 2);
        int at = put(frame, IDS, groups);
        at = put(frame, at, uidRanges);
        at = put(frame, at, gidRanges);
        return RequestFrame.encode(frame, Opcode.CREDENTIALS, at);
    }

    private static int put(final ByteBuffer frame, final int start, final int[] values) {
        int at = start;
        for (final int value : values) {
            frame.putInt(at, value);
            at += Integer.BYTES;
        }
        return at;
    }

    /**
     * Checks the counts of a received request; before anything else of it is read.
     *
     * @throws ProtocolException if a count is over its limit, or the frame not of the size that the counts ask for
     */
    public static void check(final ByteBuffer frame) throws ProtocolException {
        final int groups = frame.getInt(GROUPS);
        final int uids = frame.getInt(UID_RANGES);
        final int gids = frame.getInt(GID_RANGES);
        if (groups < 0
                || groups > Limits.GROUPS_MAX
                || uids < 0
                || uids > Limits.ID_RANGES_MAX
                || gids < 0
                || gids > Limits.ID_RANGES_MAX
                || IDS + groups * Integer.BYTES + (uids + gids) * RANGE != RequestFrame.length(frame)) {
            throw new ProtocolException("CREDENTIALS of " + groups + " groups, " + uids + " and " + gids + " ranges in "
                    + RequestFrame.length(frame) + " bytes");
        }
    }

    /** Bits of {@link Capabilities}; unknown ones are without meaning. */
    public static int capabilities(final ByteBuffer frame) {
        return frame.getInt(CAPABILITIES);
    }

    /** Supplementary groups, unsigned; at most {@link Limits#GROUPS_MAX}. */
    public static int[] groups(final ByteBuffer frame) {
        return ids(frame, IDS, frame.getInt(GROUPS));
    }

    /** First and count in turn; as unsigned numbers. */
    public static int[] uidRanges(final ByteBuffer frame) {
        return ids(frame, IDS + frame.getInt(GROUPS) * Integer.BYTES, 2 * frame.getInt(UID_RANGES));
    }

    /** First and count in turn; as unsigned numbers. */
    public static int[] gidRanges(final ByteBuffer frame) {
        return ids(
                frame,
                IDS + frame.getInt(GROUPS) * Integer.BYTES + frame.getInt(UID_RANGES) * RANGE,
                2 * frame.getInt(GID_RANGES));
    }

    private static int[] ids(final ByteBuffer frame, final int start, final int count) {
        final int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = frame.getInt(start + i * Integer.BYTES);
        }
        return ids;
    }
}
