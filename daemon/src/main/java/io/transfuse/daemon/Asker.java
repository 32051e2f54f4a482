package io.transfuse.daemon;

import java.util.regex.Pattern;

/**
 * One who asks for mounts and gives them up. A mount lives until the last of its askers has given it up.
 *
 * @param name 1 to {@link #NAME_MAX} letters, digits and {@code . _ : / @ -}
 */
public record Asker(String name) {
    /** Longest name, in characters. */
    public static final int NAME_MAX = 128;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@-]{1," + NAME_MAX + "}");

    /** Who asks when nobody says who: a person at the command line. */
    public static final Asker USER = new Asker("user");

    public Asker {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of an asker has 1 to " + NAME_MAX + " letters, digits and any of . _ : / @ -");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
