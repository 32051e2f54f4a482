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

    /** The names that are known of it, by {@link Entry#nextName}; null for the root and for what has none. */
    Entry names;

    /** The host has not found it where it was, nor anywhere since. */
    boolean lost;

    /** Null when not known. */
    byte[] attributes;

    long attributesUntil;

    /** 0 when not known. */
    long version;

    /** What the kernel has of its data may not be what the host has. */
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

    /** The entry of a name, if this is a directory and there is one. */
    Entry entry(final Name name) {
        return directory == null ? null : directory.entries.get(name);
    }

    /** The names of a directory. */
    static final class Directory {
        final Map<Name, Entry> entries = new LinkedHashMap<>();

        /** Names of which there is no entry are absent, until then. */
        long completeUntil;

        boolean complete;

        /** Of how many entries it is not known whether they are right. */
        int gaps;

        /**
         * The kernel may have been given names of which there is no entry: forgotten ones, and absent ones of a whole
         * directory.
         */
        boolean forgotten;

        long ino;
        long parentIno;

        /** Made of the entries when asked for; null when they have changed. */
        Listing listing;

        /** The number of the listing that is being learnt; 0 when there is none, or when entries of it were evicted. */
        long learning;
    }

    /** What stands at a name. */
    static final class Entry {
        final Inode directory;
        final Name name;

        /** Null: nothing. */
        final Inode inode;

        final long ino;
        final int type;

        /** Until when it is used. What is over is kept, so that changes told by the name find the object. */
        long until;

        /** The listing that had it last. */
        long listing;

        /** Another name of the same object. */
        Entry nextName;

        /** Something stands at the name. */
        Entry(
                final Inode directory,
                final Name name,
                final Inode inode,
                final long ino,
                final int type,
                final long until) {
            this.directory = directory;
            this.name = name;
            this.inode = inode;
            this.ino = ino;
            this.type = type;
            this.until = until;
        }

        /** Nothing stands at the name; or, when {@code until} is over, it is not known what does. */
        Entry(final Inode directory, final Name name, final long until) {
            this(directory, name, null, 0, 0, until);
        }

        /** Whether it says nothing but that the name is not known to be absent. */
        boolean isGap() {
            return inode == null && until == Validity.EXPIRED;
        }
    }
}
