package io.transfuse.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times of the command line, which carry units. */
final class Units {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final int K = 1024;

    private Units() {}

    /**
     * Reads a size such as {@code 64MiB}, in bytes.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static long bytes(final String text) {
        final Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no size: a number with B, KiB, MiB or GiB is wanted, such as 64MiB");
        }
        final long number = Long.parseLong(size.group(1));
        switch (size.group(2)) {
            case "KiB":
                return number * K;
            case "MiB":
                return number * K * K;
            case "GiB":
                return number * K * K * K;
            default:
                return number;
        }
    }

    /**
     * Reads a time such as {@code 500ms}, in milliseconds.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static int millis(final String text) {
        final Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time: a number with ms, s, m or h is wanted, such as 500ms");
        }
        final long number = Long.parseLong(time.group(1));
        final long millis;
        switch (time.group(2)) {
            case "s":
                millis = number * 1_000;
                break;
            case "m":
                millis = number * 60_000;
                break;
            case "h":
                millis = number * 3_600_000;
                break;
            default:
                millis = number;
        }
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }
}
