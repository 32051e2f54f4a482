package io.transfuse.protocol;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom the objects of a mount belong to in the guest (promise I2 of docs/semantics.md).
 *
 * @param policy which of the policies
 * @param uid the owner that {@code FIXED} and {@code RECORDED} show, an unsigned 32-bit number; 0 for {@code PASSTHROUGH}
 * @param gid the group that they show
 */
public record Ownership(Policy policy, int uid, int gid) {
    /** Real owners; the host server must run as root to give new objects theirs. */
    public static final Ownership PASSTHROUGH = new Ownership(Policy.PASSTHROUGH, 0, 0);

    private static final Pattern WITH_OWNER = Pattern.compile("(fixed|recorded)=(\\d{1,10}):(\\d{1,10})");
    private static final long ID_MAX = 0xfffffffeL;

    /** Not an id: chown(2) takes it for "leave as it is". */
    private static final int NOBODY = -1;

    /** The policies and their numbers on the wire. */
    public enum Policy {
        /** Shows and sets what the host has. */
        PASSTHROUGH,
        /** Shows one owner for everything; another cannot be set. */
        FIXED,
        /** Shows one owner until the guest sets another, which is kept in the attribute {@code user.transfuse.owner}. */
        RECORDED
    }

    /**
     * Reads the value of the mount option {@code owner}: {@code passthrough}, {@code fixed=UID:GID} or
     * {@code recorded=UID:GID}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static Ownership parse(final String text) {
        if (text.equals("passthrough")) {
            return PASSTHROUGH;
        }
        final Matcher matcher = WITH_OWNER.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "unknown owner '" + text + "': known are passthrough, fixed=UID:GID, recorded=UID:GID");
        }
        final Policy policy = matcher.group(1).equals("fixed") ? Policy.FIXED : Policy.RECORDED;
        return new Ownership(policy, parseId(matcher.group(2)), parseId(matcher.group(3)));
    }

    private static int parseId(final String text) {
        final long id = Long.parseLong(text);
        if (id > ID_MAX) {
            throw new IllegalArgumentException("the id " + text + " is above " + ID_MAX);
        }
        return (int) id;
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        switch (policy) {
            case FIXED:
                return "fixed=" + Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
            case RECORDED:
                return "recorded=" + Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
            default:
                return "passthrough";
        }
    }

    /** What a frame says; the ids mean nothing to {@code PASSTHROUGH}. */
    static Ownership ofCodes(final int policy, final int uid, final int gid) throws ProtocolException {
        if (policy >= Policy.values().length) {
            throw new ProtocolException("unknown ownership policy " + policy);
        }
        if (policy == Policy.PASSTHROUGH.ordinal()) {
            return PASSTHROUGH;
        }
        if (uid == NOBODY || gid == NOBODY) {
            throw new ProtocolException("an owner with the id " + Integer.toUnsignedString(NOBODY));
        }
        return new Ownership(Policy.values()[policy], uid, gid);
    }
}
