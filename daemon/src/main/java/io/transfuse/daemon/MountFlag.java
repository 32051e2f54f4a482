package io.transfuse.daemon;

import java.util.Locale;

/** What the guest's kernel does not allow on a mount; see mount(2), MS_NOSUID and what follows it. */
public enum MountFlag {
    /** Set-user-id and set-group-id bits and file capabilities do not count. */
    NOSUID(2),

    /** Device files cannot be opened. */
    NODEV(4),

    /** Programs cannot be executed. */
    NOEXEC(8);

    private final int bit;

    MountFlag(final int bit) {
        this.bit = bit;
    }

    /** The bit of mount(2). */
    public int bit() {
        return bit;
    }

    /** The word of mount(8). */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The flag of a word.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static MountFlag ofWord(final String word) {
        for (final MountFlag flag : values()) {
            if (flag.word().equals(word)) {
                return flag;
            }
        }
        throw new IllegalArgumentException("unknown flag '" + word + "': known are nosuid, nodev, noexec");
    }
}
