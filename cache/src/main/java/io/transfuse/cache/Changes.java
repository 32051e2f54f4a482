package io.transfuse.cache;

/**
 * The last changes, so that an answer that was asked for before a change, and came after it, is recognised. Each change
 * is a moment. A question about more changes than are remembered is answered with yes.
 */
final class Changes {
    private static final int REMEMBERED = 4096;
    private static final int MASK = REMEMBERED - 1;

    private enum Kind {
        NAME,
        CHILD,
        NODE,
        DIRECTORY,
        LINKED,
        ALL
    }

    private final Kind[] kinds = new Kind[REMEMBERED];
    private final long[] nodes = new long[REMEMBERED];
    private final Name[] names = new Name[REMEMBERED];
    private long moment;

    /** The number of changes so far. */
    long moment() {
        return moment;
    }

    void name(final long directory, final Name name) {
        add(Kind.NAME, directory, name);
    }

    void child(final long directory, final Name name) {
        add(Kind.CHILD, directory, name);
    }

    void node(final long node) {
        add(Kind.NODE, node, null);
    }

    void directory(final long directory) {
        add(Kind.DIRECTORY, directory, null);
    }

    /** Some object that had several names has lost one. */
    void linked() {
        add(Kind.LINKED, 0, null);
    }

    void all() {
        add(Kind.ALL, 0, null);
    }

    private void add(final Kind kind, final long node, final Name name) {
        final int at = (int) moment & MASK;
        kinds[at] = kind;
        nodes[at] = node;
        names[at] = name;
        moment++;
    }

    /** Whether something else may stand at a name. */
    boolean ofName(final long since, final long directory, final Name name) {
        if (isForgotten(since)) {
            return true;
        }
        for (long i = since; i < moment; i++) {
            final int at = (int) i & MASK;
            switch (kinds[at]) {
                case ALL:
                    return true;
                case DIRECTORY:
                    if (nodes[at] == directory) {
                        return true;
                    }
                    break;
                case NAME:
                    if (nodes[at] == directory && name.equals(names[at])) {
                        return true;
                    }
                    break;
                default:
            }
        }
        return false;
    }

    /** Whether any name of a directory may stand for something else. */
    boolean ofListing(final long since, final long directory) {
        if (isForgotten(since)) {
            return true;
        }
        for (long i = since; i < moment; i++) {
            final int at = (int) i & MASK;
            final Kind kind = kinds[at];
            if (kind == Kind.ALL || ((kind == Kind.NAME || kind == Kind.DIRECTORY) && nodes[at] == directory)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether attributes or data of an object may be others.
     *
     * @param directory where it was seen, 0 if that is not known
     * @param name its name there
     * @param linked whether it has, as was said, several names
     */
    boolean ofObject(final long since, final long node, final long directory, final Name name, final boolean linked) {
        if (isForgotten(since)) {
            return true;
        }
        for (long i = since; i < moment; i++) {
            final int at = (int) i & MASK;
            switch (kinds[at]) {
                case ALL:
                    return true;
                case LINKED:
                    if (linked) {
                        return true;
                    }
                    break;
                case NODE:
                    if (nodes[at] == node) {
                        return true;
                    }
                    break;
                case DIRECTORY:
                    // Names come and go: that changes the directory itself, too.
                    if (nodes[at] == node || (directory != 0 && nodes[at] == directory)) {
                        return true;
                    }
                    break;
                default:
                    if ((kinds[at] == Kind.NAME && nodes[at] == node)
                            || (directory != 0 && nodes[at] == directory && names[at].equals(name))) {
                        return true;
                    }
            }
        }
        return false;
    }

    private boolean isForgotten(final long since) {
        return moment - since > REMEMBERED;
    }
}
