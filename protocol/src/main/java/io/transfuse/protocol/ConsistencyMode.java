package io.transfuse.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How much consistency a mount asks for; docs/semantics.md says what each mode promises. */
public enum ConsistencyMode {
    /** Host and guest share one view at all times. */
    CONSISTENT(0),
    /** The host's view wins; the guest may see host changes late. */
    CACHED(1),
    /** The guest's view wins; the host may see guest changes late. */
    DELEGATED(2),
    /** As consistent, but without strengthening the mounts that it overlaps. */
    DEFAULT(3);

    private final int code;

    ConsistencyMode(final int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words of the command line, for messages. */
    public static String words() {
        return Arrays.stream(values()).map(ConsistencyMode::word).collect(Collectors.joining(", "));
    }

    /**
     * The mode that a word of the command line names.
     *
     * @throws IllegalArgumentException with a message for the user if there is none
     */
    public static ConsistencyMode ofWord(final String word) {
        for (final ConsistencyMode mode : values()) {
            if (mode.word().equals(word)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("unknown mode '" + word + "': known are " + words());
    }

    static ConsistencyMode ofCode(final int code) throws ProtocolException {
        for (final ConsistencyMode mode : values()) {
            if (mode.code == code) {
                return mode;
            }
        }
        throw new ProtocolException("unknown mode " + code);
    }
}
