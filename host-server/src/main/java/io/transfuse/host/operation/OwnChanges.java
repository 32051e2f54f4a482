package io.transfuse.host.operation;

import io.transfuse.host.node.Handle;
import io.transfuse.host.node.Node;
import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.CopyFileRange;
import io.transfuse.protocol.Create;
import io.transfuse.protocol.EventKind;
import io.transfuse.protocol.Fallocate;
import io.transfuse.protocol.Link;
import io.transfuse.protocol.Mkdir;
import io.transfuse.protocol.Mknod;
import io.transfuse.protocol.Name;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Open;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Release;
import io.transfuse.protocol.Removexattr;
import io.transfuse.protocol.Rename;
import io.transfuse.protocol.RenameFlags;
import io.transfuse.protocol.Rmdir;
import io.transfuse.protocol.Setattr;
import io.transfuse.protocol.SetattrValid;
import io.transfuse.protocol.Setxattr;
import io.transfuse.protocol.Symlink;
import io.transfuse.protocol.Unlink;
import io.transfuse.protocol.Write;
import java.util.List;

/**
 * What requests change, in terms of events. Where the platform does not tell who made a change, this is how the guest's
 * own changes are known: they are told to the other mounts from here, and what the platform tells of them is dropped.
 */
final class OwnChanges {
    private static final int OWNER_AND_MODE =
            SetattrValid.MODE | SetattrValid.UID | SetattrValid.GID | SetattrValid.KILL_SUIDGID;
    private static final int ATIME = SetattrValid.ATIME | SetattrValid.ATIME_NOW;
    private static final int MTIME = SetattrValid.MTIME | SetattrValid.MTIME_NOW;

    private OwnChanges() {}

    /** What the request in {@code x} is going to change if it succeeds, as inotify(7) would tell it. */
    static List<WatchTable.OwnChange> of(final Exchange x, final Opcode opcode) {
        switch (opcode) {
            case SYMLINK:
                return atName(x, EventKind.CREATE, Symlink.parent(x.request), Symlink.name(), false);
            case MKNOD:
                return atName(x, EventKind.CREATE, Mknod.parent(x.request), Mknod.name(), false);
            case MKDIR:
                return atName(x, EventKind.CREATE, Mkdir.parent(x.request), Mkdir.name(), true);
            case CREATE:
                return atName(x, EventKind.CREATE, Create.parent(x.request), Create.name(), false);
            case LINK:
                return atName(x, EventKind.CREATE, Link.newParent(x.request), Link.newName(), false);
            case UNLINK:
                return atName(x, EventKind.DELETE, Unlink.parent(x.request), Unlink.name(), false);
            case RMDIR:
                return atName(x, EventKind.DELETE, Rmdir.parent(x.request), Rmdir.name(), true);
            case RENAME:
                return ofRename(x);
            case OPEN:
                return (Open.flags(x.request) & OpenFlags.TRUNCATE) == 0
                        ? List.of()
                        : ofNode(x, EventKind.MODIFY, x.nodes.get(Open.node(x.request)));
            case SETATTR:
                return ofSetattr(x);
            case SETXATTR:
                return ofNode(x, EventKind.ATTRIB, x.nodes.get(Setxattr.node(x.request)));
            case REMOVEXATTR:
                return ofNode(x, EventKind.ATTRIB, x.nodes.get(Removexattr.node(x.request)));
            case WRITE:
                return ofHandle(x, EventKind.MODIFY, Write.handle(x.request));
            case FALLOCATE:
                return ofHandle(x, EventKind.MODIFY, Fallocate.handle(x.request));
            case COPY_FILE_RANGE:
                return ofHandle(x, EventKind.MODIFY, CopyFileRange.handleOut(x.request));
            case RELEASE:
                return ofHandle(x, EventKind.CLOSE_WRITE, Release.handle(x.request));
            default:
                return List.of();
        }
    }

    private static List<WatchTable.OwnChange> atName(
            final Exchange x, final EventKind kind, final long parent, final int name, final boolean directory) {
        final Node node = x.nodes.get(parent);
        return node == null || node.watch == null
                ? List.of()
                : List.of(x.ownChange(kind, node.watch, Name.bytes(x.request, name), null, directory));
    }

    private static List<WatchTable.OwnChange> ofRename(final Exchange x) {
        final Node from = x.nodes.get(Rename.oldParent(x.request));
        final Node to = x.nodes.get(Rename.newParent(x.request));
        if (from == null || to == null || from.watch == null || to.watch == null) {
            return List.of();
        }
        final byte[] name = Name.bytes(x.request, Rename.oldName());
        final byte[] newName = Name.bytes(x.request, Rename.newName(x.request));
        final WatchTable.OwnChange there = x.ownRename(from.watch, name, to.watch, newName);
        return (Rename.flags(x.request) & RenameFlags.EXCHANGE) == 0
                ? List.of(there)
                : List.of(there, x.ownRename(to.watch, newName, from.watch, name));
    }

    private static List<WatchTable.OwnChange> ofSetattr(final Exchange x) {
        final int valid = Setattr.valid(x.request);
        final Node node = x.nodes.get(Setattr.node(x.request));
        final boolean attributes = (valid & OWNER_AND_MODE) != 0 || (valid & ATIME) != 0 && (valid & MTIME) != 0;
        final boolean data = (valid & SetattrValid.SIZE) != 0 || (valid & ATIME) == 0 && (valid & MTIME) != 0;
        if (node != null && attributes && data) {
            return List.of(
                    ofNode(x, EventKind.MODIFY, node).get(0),
                    ofNode(x, EventKind.ATTRIB, node).get(0));
        }
        return attributes || data ? ofNode(x, data ? EventKind.MODIFY : EventKind.ATTRIB, node) : List.of();
    }

    private static List<WatchTable.OwnChange> ofHandle(final Exchange x, final EventKind kind, final long id) {
        final Handle handle = x.handles.acquire(id);
        if (handle == null) {
            return List.of();
        }
        try {
            return (handle.flags() & OpenFlags.ACCESS_MODE) == OpenFlags.READ_ONLY
                    ? List.of()
                    : ofNode(x, kind, handle.node());
        } finally {
            handle.descriptor().release();
        }
    }

    /** By the place at which it was seen last. */
    private static List<WatchTable.OwnChange> ofNode(final Exchange x, final EventKind kind, final Node node) {
        if (node == null) {
            return List.of();
        }
        final Node directory = node.directory();
        final boolean placed = directory != null && directory.watch != null;
        return List.of(x.ownChange(
                kind, placed ? directory.watch : null, placed ? node.name() : null, node.watch, node.isDirectory()));
    }
}
