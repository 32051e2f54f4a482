package io.transfuse.host.operation;

import io.transfuse.host.node.Handle;
import io.transfuse.host.node.Node;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Getattr;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Setattr;
import io.transfuse.protocol.SetattrValid;
import io.transfuse.protocol.Statfs;
import io.transfuse.protocol.Syncfs;

/** The operations on attributes of objects and of file systems. */
final class AttributeOperations {
    private static final int TIMES =
            SetattrValid.ATIME | SetattrValid.MTIME | SetattrValid.ATIME_NOW | SetattrValid.MTIME_NOW;
    private static final int OWNER_AND_MODE = SetattrValid.UID | SetattrValid.GID | SetattrValid.MODE;
    private static final int NANOS_MAX = 999_999_999;

    private AttributeOperations() {}

    static int getattr(final Exchange x) {
        final long handleId = Getattr.handle(x.request);
        final Node node = x.nodes.get(Getattr.node(x.request));
        // What is remembered is what the watched directory has at the name, also of what is open.
        if ((handleId == 0 || x.memory != null) && node != null && !node.isDirectory()) {
            final int length = getattrAtPlace(x, node);
            if (length > 0) {
                return length;
            }
        }
        final int status = x.acquireObject(Getattr.node(x.request), handleId);
        if (status < 0) {
            return status;
        }
        try {
            if (node != null && node.isDirectory()) {
                x.watchDirectory(node, x.acquired().number());
            } else {
                // Nobody tells of changes by a name that it does not have.
                x.noteVolatile();
            }
            return putAttributes(x, x.acquired().number(), x.posix.self());
        } finally {
            x.acquired().release();
        }
    }

    /** One system call where the object is still where it was seen last, or open; else 0. */
    private static int getattrAtPlace(final Exchange x, final Node node) {
        // A root that is a file is whatever bears its name now, not what somebody has open. What is remembered is what
        // the watched directory has at the name.
        final boolean byName = node == x.nodes.root() || x.memory != null;
        final Handle handle = byName ? null : x.handles.acquireOf(node);
        if (handle != null) {
            try {
                return putAttributes(x, handle.descriptor().number(), x.posix.self());
            } finally {
                handle.descriptor().release();
            }
        }
        return putAttributesAtPlace(x, node, Getattr.REPLY_ATTRIBUTES)
                ? Getattr.encodeReply(x.reply, RequestFrame.id(x.request))
                : 0;
    }

    /** Writes the attributes of an object that is still where it was seen last; false when it is not. */
    private static boolean putAttributesAtPlace(final Exchange x, final Node node, final int at) {
        if (x.nodes.acquirePlace(node, x.path) < 0) {
            return false;
        }
        try {
            final int directory = x.path.descriptor().number();
            final long name = x.path.nameAddress();
            x.watchDirectory(node.directory(), directory);
            if (x.posix.stat(directory, name, x.stat) < 0 || !x.nodes.isAt(node, x.stat)) {
                x.noteUnwatched();
                return false;
            }
            final int watched = x.watchObject(node, directory, name);
            if (watched < 0) {
                x.noteUnwatched();
                return false;
            }
            if (watched > 0) {
                x.noteVolatile();
            }
            x.putAttributes(directory, name, at);
            return true;
        } finally {
            x.path.descriptor().release();
        }
    }

    private static int putAttributes(final Exchange x, final int directory, final long name) {
        final int status = x.posix.stat(directory, name, x.stat);
        if (status < 0) {
            return status;
        }
        x.putAttributes(directory, name, Getattr.REPLY_ATTRIBUTES);
        return Getattr.encodeReply(x.reply, RequestFrame.id(x.request));
    }

    static int setattr(final Exchange x) {
        final int valid = Setattr.valid(x.request);
        if ((valid & ~SetattrValid.ALL) != 0
                || Integer.compareUnsigned(Setattr.atimeNanos(x.request), NANOS_MAX) > 0
                || Integer.compareUnsigned(Setattr.mtimeNanos(x.request), NANOS_MAX) > 0
                || ((valid & SetattrValid.SIZE) != 0 && Setattr.size(x.request) < 0)) {
            return -Errno.EINVAL;
        }
        int status = x.acquireObject(Setattr.node(x.request), Setattr.handle(x.request));
        if (status < 0) {
            return status;
        }
        try {
            final int descriptor = x.acquired().number();
            status = change(x, descriptor, valid);
            if (status < 0) {
                return status;
            }
            final Node node = x.nodes.get(Setattr.node(x.request));
            if (x.memory != null
                    && node != null
                    && !node.isDirectory()
                    && putAttributesAtPlace(x, node, Setattr.REPLY_ATTRIBUTES)) {
                return Setattr.encodeReply(x.reply, RequestFrame.id(x.request));
            }
            if (node != null && node.isDirectory()) {
                x.watchDirectory(node, descriptor);
            } else {
                x.noteVolatile();
            }
            status = x.posix.stat(descriptor, x.posix.self(), x.stat);
            if (status < 0) {
                return status;
            }
            x.putAttributes(descriptor, x.posix.self(), Setattr.REPLY_ATTRIBUTES);
            return Setattr.encodeReply(x.reply, RequestFrame.id(x.request));
        } finally {
            x.acquired().release();
        }
    }

    private static int change(final Exchange x, final int descriptor, final int valid) {
        int status = x.posix.stat(descriptor, x.posix.self(), x.stat);
        if (status >= 0 && (valid & SetattrValid.SIZE) != 0) {
            status = FileMode.isRegular(x.stat.mode())
                    ? x.posix.truncate(descriptor, Setattr.size(x.request))
                    : FileMode.isDirectory(x.stat.mode()) ? -Errno.EISDIR : -Errno.EINVAL;
        }
        if (status >= 0 && (valid & OWNER_AND_MODE) != 0) {
            status = x.session
                    .ownership()
                    .change(
                            x.posix,
                            descriptor,
                            x.stat,
                            valid,
                            Setattr.uid(x.request),
                            Setattr.gid(x.request),
                            Setattr.mode(x.request));
        }
        if (status >= 0 && (valid & SetattrValid.KILL_SUIDGID) != 0 && (valid & SetattrValid.MODE) == 0) {
            status = killSetIds(x, descriptor);
        }
        if (status >= 0 && (valid & TIMES) != 0) {
            status = x.posix.changeTimes(
                    descriptor,
                    valid,
                    Setattr.atimeSeconds(x.request),
                    Setattr.atimeNanos(x.request),
                    Setattr.mtimeSeconds(x.request),
                    Setattr.mtimeNanos(x.request));
        }
        return status;
    }

    /**
     * Clears the set-user-id bit, and the set-group-id bit of a file that its group may execute: what the kernel does
     * when somebody without CAP_FSETID writes, which the server itself has.
     */
    static int killSetIds(final Exchange x, final int descriptor) {
        final int status = x.posix.stat(descriptor, x.posix.self(), x.stat);
        if (status < 0 || !FileMode.isRegular(x.stat.mode())) {
            return status;
        }
        final int mode = x.stat.mode() & FileMode.PERMISSIONS;
        int cleared = mode & ~FileMode.SET_UID;
        if ((mode & FileMode.GROUP_EXECUTE) != 0) {
            cleared &= ~FileMode.SET_GID;
        }
        return cleared == mode
                ? 0
                : x.session.ownership().change(x.posix, descriptor, x.stat, SetattrValid.MODE, 0, 0, cleared);
    }

    static int statfs(final Exchange x) {
        int status = x.acquireObject(Statfs.node(x.request), 0);
        if (status < 0) {
            return status;
        }
        try {
            status = x.posix.statistics(x.acquired().number(), x.statistics);
            return status < 0
                    ? status
                    : Statfs.encodeReply(
                            x.reply,
                            RequestFrame.id(x.request),
                            x.statistics.blocks,
                            x.statistics.blocksFree,
                            x.statistics.blocksAvailable,
                            x.statistics.files,
                            x.statistics.filesFree,
                            x.statistics.blockSize,
                            x.statistics.fragmentSize,
                            x.statistics.nameMax);
        } finally {
            x.acquired().release();
        }
    }

    static int syncfs(final Exchange x) {
        final Node node = x.nodes.get(Syncfs.node(x.request));
        final int status = node == null ? -Errno.ESTALE : x.acquireObject(node.id(), 0);
        if (status < 0) {
            return status;
        }
        try {
            // syncfs(2) takes no O_PATH descriptor.
            final int open = node.isDirectory()
                    ? x.posix.openDirectory(x.acquired().number(), x.posix.self())
                    : x.posix.reopen(x.acquired().number(), OpenFlags.READ_ONLY);
            if (open < 0) {
                return open;
            }
            final int synced = x.posix.syncFileSystem(open);
            x.posix.close(open);
            return x.done(synced);
        } finally {
            x.acquired().release();
        }
    }
}
