package io.transfuse.cli;

import io.transfuse.daemon.CacheOptions;
import io.transfuse.daemon.MountFlag;
import io.transfuse.protocol.Ownership;
import java.util.EnumSet;
import java.util.Set;

/** The options of a mount, taken word by word; of words that contradict each other the last one counts. */
final class MountOptions {
    /** The options, for messages. */
    static final String KNOWN =
            "ro, rw, owner=passthrough|fixed=UID:GID|recorded=UID:GID, cache=SIZE (64MiB), ttl=TIME (1s),"
                    + " events=on|off, nosuid, nodev, noexec";

    private static final String OWNER = "owner=";
    private static final String CACHE = "cache=";
    private static final String TIME_TO_LIVE = "ttl=";

    private final Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
    private boolean readOnly;
    private Ownership ownership;
    private CacheOptions cache = CacheOptions.DEFAULT;
    private boolean events = true;

    /**
     * Takes an option.
     *
     * @return whether it is one
     * @throws IllegalArgumentException with a message for the user if its value makes no sense
     */
    boolean take(final String word) {
        if (word.equals("ro")) {
            readOnly = true;
        } else if (word.equals("rw")) {
            readOnly = false;
        } else if (word.startsWith(OWNER)) {
            ownership = Ownership.parse(word.substring(OWNER.length()));
        } else if (word.startsWith(CACHE)) {
            cache = new CacheOptions(Units.bytes(word.substring(CACHE.length())), cache.timeToLiveMillis());
        } else if (word.startsWith(TIME_TO_LIVE)) {
            cache = new CacheOptions(cache.bytes(), Units.millis(word.substring(TIME_TO_LIVE.length())));
        } else if (word.equals("events=on") || word.equals("events=off")) {
            events = word.equals("events=on");
        } else {
            return takeFlag(word);
        }
        return true;
    }

    private boolean takeFlag(final String word) {
        for (final MountFlag flag : MountFlag.values()) {
            if (flag.word().equals(word)) {
                flags.add(flag);
                return true;
            }
            if (flag.word().equals("no" + word)) {
                flags.remove(flag);
                return true;
            }
        }
        return false;
    }

    boolean readOnly() {
        return readOnly;
    }

    /** Null when there is none. */
    Ownership ownership() {
        return ownership;
    }

    boolean events() {
        return events;
    }

    CacheOptions cache() {
        return cache;
    }

    Set<MountFlag> flags() {
        return flags;
    }
}
