package io.transfuse.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A program of random operations on a small tree, so that they meet; the same seed gives the same program. */
final class TortureProgram {
    private static final String[] DIRECTORIES = {"d0", "d1", "d2"};
    private static final String[] NAMES = {"a", "b", "c", "d", "e", "f", "d0", "d1"};
    private static final int DEPTH_MAX = 3;

    /** What an operation does; the numbers are how often it comes. */
    enum Kind {
        CREATE(10),
        WRITE(10),
        APPEND(10),
        TRUNCATE(5),
        RENAME(10),
        EXCHANGE(3),
        LINK(5),
        SYMLINK(4),
        UNLINK(10),
        MKDIR(8),
        RMDIR(4),
        CHMOD(4),
        UTIMES(3),
        SETXATTR(2),
        READ(10),
        MAP(4),
        STAT(10),
        LIST(4),
        READLINK(2);

        private final int weight;

        Kind(final int weight) {
            this.weight = weight;
        }

        boolean changes() {
            return ordinal() < READ.ordinal();
        }
    }

    /**
     * One operation.
     *
     * @param path relative to the root of an area
     * @param other the second path, of those that have one
     * @param number of which sizes, offsets, modes and times are made
     */
    record Operation(Kind kind, String path, String other, int number) {
        /** As text, with the paths in an area. */
        String in(final String area) {
            final String text = kind.name().toLowerCase(Locale.ROOT) + " " + area + "/" + path + " ";
            switch (kind) {
                case RENAME:
                case EXCHANGE:
                case LINK:
                    return text + area + "/" + other;
                case SYMLINK:
                    return text + "to " + other;
                default:
                    return text + number;
            }
        }

        /** Whether it can have to do with what a path, or something above or below it, shows. */
        boolean concerns(final String shown) {
            return touches(path, shown) || touches(other, shown);
        }

        private static boolean touches(final String one, final String two) {
            return one.equals(two) || one.startsWith(two + "/") || two.startsWith(one + "/");
        }
    }

    private final Random random;

    private TortureProgram(final long seed) {
        this.random = new Random(seed);
    }

    /**
     * @param count how many operations
     */
    static List<Operation> of(final long seed, final int count) {
        final TortureProgram program = new TortureProgram(seed);
        final List<Operation> operations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            operations.add(program.next());
        }
        return operations;
    }

    private Operation next() {
        int left = 0;
        for (final Kind kind : Kind.values()) {
            left += kind.weight;
        }
        left = random.nextInt(left);
        for (final Kind kind : Kind.values()) {
            left -= kind.weight;
            if (left < 0) {
                return new Operation(kind, kind == Kind.MKDIR ? directory() : path(), path(), random.nextInt(1 << 20));
            }
        }
        throw new IllegalStateException();
    }

    private String directory() {
        final StringBuilder path = new StringBuilder(DIRECTORIES[random.nextInt(DIRECTORIES.length)]);
        for (int depth = random.nextInt(DEPTH_MAX); depth > 1; depth--) {
            path.append('/').append(DIRECTORIES[random.nextInt(DIRECTORIES.length)]);
        }
        return path.toString();
    }

    private String path() {
        final String name = NAMES[random.nextInt(NAMES.length)];
        return random.nextInt(3) == 0 ? name : directory() + "/" + name;
    }
}
