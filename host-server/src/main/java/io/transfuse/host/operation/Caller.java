package io.transfuse.host.operation;

import io.transfuse.protocol.AccessMask;
import io.transfuse.protocol.Capabilities;
import io.transfuse.protocol.Credentials;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Who asks: the ids in a request's header, and what {@link Credentials} told before it. Answers as the kernel does
 * (generic_permission, capable_wrt_inode_uidgid). Belongs to the lane's thread.
 */
final class Caller {
    private static final int[] NONE = {};

    private int uid;
    private int gid;
    private boolean told;
    private int capabilities;
    private int[] groups = NONE;
    private int[] uidRanges = NONE;
    private int[] gidRanges = NONE;

    /** Takes what a CREDENTIALS request says. */
    void tell(final ByteBuffer frame) throws ProtocolException {
        Credentials.check(frame);
        told = true;
        capabilities = Credentials.capabilities(frame);
        groups = Credentials.groups(frame);
        uidRanges = Credentials.uidRanges(frame);
        gidRanges = Credentials.gidRanges(frame);
    }

    /** The request with these ids in its header begins. */
    void begin(final int callerUid, final int callerGid) {
        uid = callerUid;
        gid = callerGid;
    }

    /** The request is over, and with it what was told. */
    void end() {
        if (told) {
            told = false;
            capabilities = 0;
            groups = NONE;
            uidRanges = NONE;
            gidRanges = NONE;
        }
    }

    /** Whether all is known that matters. */
    boolean isTold() {
        return told;
    }

    boolean is(final int owner) {
        return uid == owner;
    }

    boolean isInGroup(final int group) {
        if (group == gid) {
            return true;
        }
        for (final int one : groups) {
            if (one == group) {
                return true;
            }
        }
        return false;
    }

    /** Whether it has a capability of {@link Capabilities} over an object of this owner and group. */
    boolean isCapable(final int capability, final int owner, final int group) {
        return (capabilities & capability) != 0
                && (uidRanges.length == 0 || isMapped(owner, uidRanges) && isMapped(group, gidRanges));
    }

    private static boolean isMapped(final int id, final int[] ranges) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (Integer.compareUnsigned(id - ranges[i], ranges[i + 1]) < 0
                    && Integer.compareUnsigned(id, ranges[i]) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether it may do to an object of this mode, owner and group what {@code mask} of {@link AccessMask} says. */
    boolean may(final int mask, final int mode, final int owner, final int group) {
        final int shift = is(owner) ? 6 : isInGroup(group) ? 3 : 0;
        if ((mask & ~(mode >> shift)) == 0) {
            return true;
        }
        final boolean directory = FileMode.isDirectory(mode);
        final boolean readsOnly = directory ? (mask & AccessMask.WRITE) == 0 : mask == AccessMask.READ;
        if (readsOnly && isCapable(Capabilities.DAC_READ_SEARCH, owner, group)) {
            return true;
        }
        // What nobody may execute is no program.
        final boolean executes = !directory && (mask & AccessMask.EXECUTE) != 0;
        return (!executes || (mode & 0111) != 0) && isCapable(Capabilities.DAC_OVERRIDE, owner, group);
    }
}
