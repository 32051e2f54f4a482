package io.transfuse.host.watch;

import io.transfuse.protocol.EventKind;
import java.util.Arrays;

/**
 * What is told to one guest, as {@link io.transfuse.protocol.Event} has it: nodes are that guest's.
 *
 * @param kind what happened
 * @param directory the guest's node of the directory in which it happened, 0 without a name
 * @param name empty without a directory
 * @param newDirectory the guest's node of the directory of the new name, 0 without one
 * @param newName empty where the kind has none
 * @param node the guest's node of the object, 0 where it holds none
 * @param mode file type and permissions, 0 where unknown
 * @param links link count, 0 where there are none or it is unknown
 * @param replaced the guest's node of what stood at the name to which something was moved, 0 where there is none
 * @param replacedMode file type and permissions of what stood there, held by the guest or not, 0 where unknown
 * @param replacedLinks its link count, 0 where there are none or it is unknown
 */
public record GuestEvent(
        EventKind kind,
        long directory,
        byte[] name,
        long newDirectory,
        byte[] newName,
        long node,
        int mode,
        int links,
        long replaced,
        int replacedMode,
        int replacedLinks) {
    private static final byte[] NO_NAME = {};

    /** An event at one name. */
    static GuestEvent at(
            final EventKind kind,
            final long directory,
            final byte[] name,
            final long node,
            final int mode,
            final int links) {
        return new GuestEvent(kind, directory, name, 0, NO_NAME, node, mode, links, 0, 0, 0);
    }

    /** An event of an object, wherever it stands. */
    static GuestEvent of(final EventKind kind, final long node, final int mode, final int links) {
        return new GuestEvent(kind, 0, NO_NAME, 0, NO_NAME, node, mode, links, 0, 0, 0);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof GuestEvent && isLike((GuestEvent) other);
    }

    private boolean isLike(final GuestEvent other) {
        return kind == other.kind
                && directory == other.directory
                && newDirectory == other.newDirectory
                && node == other.node
                && mode == other.mode
                && links == other.links
                && replaced == other.replaced
                && replacedMode == other.replacedMode
                && replacedLinks == other.replacedLinks
                && Arrays.equals(name, other.name)
                && Arrays.equals(newName, other.newName);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name) * 31 + Long.hashCode(directory) + kind.hashCode();
    }
}
