package io.transfuse.cache;

/** A whole directory at one moment, without {@code .} and {@code ..}. Immutable. */
public final class Listing {
    private final Name[] names;
    private final long[] inos;
    private final int[] types;
    private final long ino;
    private final long parentIno;

    /**
     * @param names the names, with {@code inos} and {@code types} beside them
     * @param ino inode number of the directory itself
     * @param parentIno inode number of {@code ..}
     */
    public Listing(final Name[] names, final long[] inos, final int[] types, final long ino, final long parentIno) {
        this.names = names;
        this.inos = inos;
        this.types = types;
        this.ino = ino;
        this.parentIno = parentIno;
    }

    /** How many names there are, without {@code .} and {@code ..}. */
    public int size() {
        return names.length;
    }

    /** The name at {@code index}, which is 0 to {@link #size} - 1 as in the other methods. */
    public Name name(final int index) {
        return names[index];
    }

    /** Inode number, as {@code d_ino}. */
    public long ino(final int index) {
        return inos[index];
    }

    /** Type bits of a mode. */
    public int type(final int index) {
        return types[index];
    }

    /** The inode number of the directory itself. */
    public long ino() {
        return ino;
    }

    /** The inode number of {@code ..}. */
    public long parentIno() {
        return parentIno;
    }
}
