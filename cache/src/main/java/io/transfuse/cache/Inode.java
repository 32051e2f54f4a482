package io.transfuse.cache;

import java.util.LinkedHashMap;
import java.util.Map;

/** An object that the kernel or the cache knows. Guarded by the lock of {@link MountCache}. */
final class Inode {
    final long node;

    /** How often the kernel was given it and has not given it back. */
    long kernelLookups;

    /** How often the host has counted it for this mount. */
    long hostLookups;

    /** Where it was seen last; null for the root and for what has no name. */
    Inode parent;

    Name name;

    /** How many names of it are known. */
    int names;

    /** The host has not found it where it was, nor anywhere since. */
    boolean lost;

    /** Null when not known. */
    byte[] attributes;

    long attributesUntil;

    /** 0 when not known. */
    long version;

    /** What the kernel has of its data is not of the version known now. */
    boolean pagesStale;

    /** Null when not known. */
    byte[] content;

    long contentUntil;

    /** Null for what is no directory, and for a directory of which no name is known. */
    Directory directory;

    /** Neighbours in the order of use, while it has content or a directory. */
    Inode moreRecent;

    Inode lessRecent;
    boolean inOrder;

    Inode(final long node) {
        this.node = node;
    }

    /** The names of a directory. */
    static final class Directory {
        final Map<Name, Entry> entries = new LinkedHashMap<>();

        /** Names that are not here are absent, until then. */
        long completeUntil;

        boolean complete;

        /** The kernel may have been given names of which there is no entry: forgotten ones, and absent ones of a whole directory. */
        boolean forgotten;

        long ino;
        long parentIno;

        /** Made of the entries when asked for; null when they have changed. */
        Listing listing;

        /** Counts the listings that were begun. */
        long listings;
    }

    /** What stands at a name. */
    static final class Entry {
        /** Null: nothing. */
        final Inode inode;

        final long ino;
        final int type;
        long until;

        /** The listing that had it last. */
        long listing;

        Entry(final Inode inode, final long ino, final int type, final long until) {
            this.inode = inode;
            this.ino = ino;
            this.type = type;
            this.until = until;
        }
    }
}
