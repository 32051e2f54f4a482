package io.transfuse.host.operation;

import io.transfuse.host.node.Node;
import io.transfuse.protocol.Bytes;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Forget;
import io.transfuse.protocol.Link;
import io.transfuse.protocol.Lookup;
import io.transfuse.protocol.Mkdir;
import io.transfuse.protocol.Mknod;
import io.transfuse.protocol.Name;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.Readlink;
import io.transfuse.protocol.Rename;
import io.transfuse.protocol.RenameFlags;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Rmdir;
import io.transfuse.protocol.Symlink;
import io.transfuse.protocol.Unlink;

/** The operations on names in directories. */
final class NameOperations {
    private NameOperations() {}

    static int lookup(final Exchange x) {
        final int status = x.acquireDirectory(Lookup.parent(x.request), x.path);
        if (status < 0) {
            return status;
        }
        try {
            final Node node = see(x, Lookup.parent(x.request), Lookup.name(), Lookup.REPLY_ATTRIBUTES);
            return node == null ? x.failure() : Lookup.encodeReply(x.reply, RequestFrame.id(x.request), node.id());
        } finally {
            x.path.descriptor().release();
        }
    }

    /**
     * Looks at a name in the directory that {@code x.path} holds, counts a lookup and writes the attributes at {@code at}
     * of the reply.
     *
     * @return the node, or null with the errno in {@code x}
     */
    private static Node see(final Exchange x, final long parent, final int name, final int at) {
        final int directory = x.path.descriptor().number();
        x.watchDirectory(x.nodes.get(parent), directory);
        if (x.nodes.isRestless()) {
            return seeHeld(x, directory, parent, name, at);
        }
        final int status = x.posix.stat(directory, x.nameAddress(name), x.stat);
        return status < 0 ? x.fail(status) : seen(x, directory, x.nameAddress(name), parent, name, at);
    }

    /** As {@link #see}, of an object that is found afterwards whatever becomes of its name. */
    private static Node seeHeld(
            final Exchange x, final int directory, final long parent, final int name, final int at) {
        final int reference = x.posix.openReference(directory, x.nameAddress(name));
        if (reference < 0) {
            return x.fail(reference);
        }
        final int status = x.posix.stat(reference, x.posix.self(), x.stat);
        final Node node = status < 0 ? x.fail(status) : seen(x, reference, x.posix.self(), parent, name, at);
        if (node == null) {
            x.posix.close(reference);
        } else {
            x.nodes.hold(node, reference);
        }
        return node;
    }

    /**
     * The object at a name has been looked at: counts a lookup and writes its attributes.
     *
     * @param descriptor of the object, or of the directory in which {@code objectName} is
     */
    private static Node seen(
            final Exchange x,
            final int descriptor,
            final long objectName,
            final long parent,
            final int name,
            final int at) {
        final Node node = x.nodes.lookedUp(
                x.nodes.get(parent), x.request, Name.start(name), Name.length(x.request, name), x.stat);
        if (node == null) {
            return x.fail(-Errno.ENFILE);
        }
        final int watched = x.watchObject(node, descriptor, objectName);
        if (watched < 0) {
            x.nodes.forget(node.id(), 1);
            return x.fail(watched);
        }
        if (watched > 0) {
            x.noteVolatile();
        }
        x.putAttributes(descriptor, objectName, at);
        return node;
    }

    static int forget(final Exchange x) throws ProtocolException {
        final int count = Forget.count(x.request);
        for (int i = 0; i < count; i++) {
            final Node ended = x.nodes.forget(Forget.node(x.request, i), Forget.lookups(x.request, i));
            if (ended != null) {
                x.unwatch(ended);
            }
        }
        return 0;
    }

    static int readlink(final Exchange x) {
        final Node node = x.nodes.get(Readlink.node(x.request));
        if (node == null || !node.isSymlink()) {
            return node == null ? -Errno.ESTALE : -Errno.EINVAL;
        }
        final int status = x.acquireObject(node.id(), 0);
        if (status < 0) {
            return status;
        }
        try {
            final long length = x.posix.readLink(
                    x.acquired().number(),
                    x.replyMemory.address(Readlink.REPLY_TARGET),
                    io.transfuse.protocol.Limits.PATH_MAX);
            return length < 0 ? (int) length : Readlink.encodeReply(x.reply, RequestFrame.id(x.request), (int) length);
        } finally {
            x.acquired().release();
        }
    }

    static int symlink(final Exchange x) {
        final int name = Symlink.name();
        final int status = x.acquireDirectory(Symlink.parent(x.request), x.path);
        if (status < 0) {
            return status;
        }
        try {
            x.becomeCaller();
            final int made = x.posix.makeSymlink(
                    x.requestAddress(Bytes.start(Symlink.target(x.request))),
                    x.path.descriptor().number(),
                    x.nameAddress(name));
            final Node node = made < 0
                    ? x.fail(made)
                    : seeMade(x, Symlink.parent(x.request), name, FileMode.SYMLINK, Symlink.REPLY_ATTRIBUTES);
            return node == null ? x.failure() : Symlink.encodeReply(x.reply, RequestFrame.id(x.request), node.id());
        } finally {
            x.path.descriptor().release();
        }
    }

    static int mknod(final Exchange x) {
        final int name = Mknod.name();
        final int mode = Mknod.mode(x.request);
        final int status = x.acquireDirectory(Mknod.parent(x.request), x.path);
        if (status < 0) {
            return status;
        }
        try {
            x.becomeCaller();
            final int made =
                    x.posix.makeNode(x.path.descriptor().number(), x.nameAddress(name), mode, Mknod.rdev(x.request));
            final Node node = made < 0
                    ? x.fail(made)
                    : seeCreated(x, Mknod.parent(x.request), name, mode, Mknod.REPLY_ATTRIBUTES);
            return node == null ? x.failure() : Mknod.encodeReply(x.reply, RequestFrame.id(x.request), node.id());
        } finally {
            x.path.descriptor().release();
        }
    }

    static int mkdir(final Exchange x) {
        final int name = Mkdir.name();
        final int mode = Mkdir.mode(x.request) & FileMode.PERMISSIONS;
        final int status = x.acquireDirectory(Mkdir.parent(x.request), x.path);
        if (status < 0) {
            return status;
        }
        try {
            x.becomeCaller();
            final int made = x.posix.makeDirectory(x.path.descriptor().number(), x.nameAddress(name), mode);
            final Node node = made < 0
                    ? x.fail(made)
                    : seeCreated(x, Mkdir.parent(x.request), name, FileMode.DIRECTORY | mode, Mkdir.REPLY_ATTRIBUTES);
            return node == null ? x.failure() : Mkdir.encodeReply(x.reply, RequestFrame.id(x.request), node.id());
        } finally {
            x.path.descriptor().release();
        }
    }

    /** As {@link #see}, after the ownership policy has kept what the host could not give. */
    private static Node seeCreated(final Exchange x, final long parent, final int name, final int mode, final int at) {
        if (!x.session.givesOwnership()) {
            final int reference = x.posix.openReference(x.path.descriptor().number(), x.nameAddress(name));
            if (reference >= 0) {
                final int status = x.recordCreated(reference, mode);
                x.posix.close(reference);
                if (status < 0) {
                    return x.fail(status);
                }
            }
        }
        return seeMade(x, parent, name, FileMode.type(mode), at);
    }

    /**
     * As {@link #see}, of what was just made. The host may have put something else there since; a kernel refuses to
     * hear that what it made is of another type. It asks once more when the answer is ESTALE, and finds the name taken.
     *
     * @param type of {@link FileMode}; 0 as in mknod(2) for a regular file
     */
    private static Node seeMade(final Exchange x, final long parent, final int name, final int type, final int at) {
        final Node node = see(x, parent, name, at);
        final int wanted = type == 0 ? FileMode.REGULAR : type;
        if (node == null || FileMode.type(x.stat.mode()) == wanted) {
            return node;
        }
        x.nodes.forget(node.id(), 1);
        return x.fail(-Errno.ESTALE);
    }

    static int unlink(final Exchange x) {
        final int name = Unlink.name();
        final int status = x.acquireDirectory(Unlink.parent(x.request), x.path);
        if (status < 0) {
            return status;
        }
        try {
            keepWhatIsHeld(x, Unlink.parent(x.request), x.path.descriptor().number(), name);
            final int removed = x.posix.unlink(x.path.descriptor().number(), x.nameAddress(name));
            if (removed >= 0) {
                x.tellNameChanged();
            }
            return x.done(removed);
        } finally {
            x.path.descriptor().release();
        }
    }

    /** What loses its name may be in use: a descriptor keeps it for as long as the guest holds its node. */
    private static void keepWhatIsHeld(final Exchange x, final long parent, final int directory, final int name) {
        final int reference = x.posix.openReference(directory, x.nameAddress(name));
        if (reference < 0) {
            return;
        }
        if (x.posix.stat(reference, x.posix.self(), x.stat) < 0) {
            x.posix.close(reference);
            return;
        }
        final Node node = x.nodes.get(parent);
        final int start = Name.start(name);
        final int length = Name.length(x.request, name);
        if (x.stat.nlink() > 1 && x.nodes.moveToOtherPlace(x.stat, node, x.request, start, length, x.otherPath)) {
            x.posix.close(reference);
        } else {
            x.nodes.keep(x.stat, reference, node, x.request, start, length);
        }
    }

    static int rmdir(final Exchange x) {
        final int status = x.acquireDirectory(Rmdir.parent(x.request), x.path);
        if (status < 0) {
            return status;
        }
        try {
            return x.done(x.posix.removeDirectory(x.path.descriptor().number(), x.nameAddress(Rmdir.name())));
        } finally {
            x.path.descriptor().release();
        }
    }

    static int rename(final Exchange x) {
        final int flags = Rename.flags(x.request);
        if ((flags & ~RenameFlags.ALL) != 0 || flags == RenameFlags.ALL) {
            return -Errno.EINVAL;
        }
        int status = x.acquireDirectory(Rename.oldParent(x.request), x.path);
        if (status < 0) {
            return status;
        }
        try {
            status = x.acquireDirectory(Rename.newParent(x.request), x.secondPath);
            if (status < 0) {
                return status;
            }
            try {
                return x.done(renameHeld(x, flags));
            } finally {
                x.secondPath.descriptor().release();
            }
        } finally {
            x.path.descriptor().release();
        }
    }

    private static int renameHeld(final Exchange x, final int flags) {
        final int oldDirectory = x.path.descriptor().number();
        final int newDirectory = x.secondPath.descriptor().number();
        final int oldName = Rename.oldName();
        final int newName = Rename.newName(x.request);
        final boolean exchange = (flags & RenameFlags.EXCHANGE) != 0;
        if (flags == 0) {
            keepWhatIsHeld(x, Rename.newParent(x.request), newDirectory, newName);
        }
        final int status =
                x.posix.rename(oldDirectory, x.nameAddress(oldName), newDirectory, x.nameAddress(newName), flags);
        if (status < 0) {
            return status;
        }
        if (flags == 0) {
            // What was replaced.
            x.tellNameChanged();
        }
        final long oldParent = Rename.oldParent(x.request);
        final long newParent = Rename.newParent(x.request);
        noteMoved(x, oldParent, oldName, newParent, newName, newDirectory);
        if (exchange) {
            noteMoved(x, newParent, newName, oldParent, oldName, oldDirectory);
        }
        return 0;
    }

    /** The node of what stands at a name now is found there from now on, and no more at the old one. */
    private static void noteMoved(
            final Exchange x,
            final long oldParent,
            final int oldName,
            final long newParent,
            final int newName,
            final int newDirectory) {
        final Node from = x.nodes.get(oldParent);
        final Node to = x.nodes.get(newParent);
        if (from != null && to != null && x.posix.stat(newDirectory, x.nameAddress(newName), x.stat) >= 0) {
            x.tellNameChanged();
            x.nodes.moved(
                    x.stat,
                    from,
                    Name.start(oldName),
                    Name.length(x.request, oldName),
                    to,
                    Name.start(newName),
                    Name.length(x.request, newName),
                    x.request);
        }
    }

    static int link(final Exchange x) {
        final int name = Link.newName();
        int status = x.acquireObject(Link.node(x.request), 0);
        if (status < 0) {
            return status;
        }
        try {
            status = x.acquireDirectory(Link.newParent(x.request), x.secondPath);
            if (status < 0) {
                return status;
            }
            try {
                return linkHeld(x, name);
            } finally {
                x.secondPath.descriptor().release();
            }
        } finally {
            x.acquired().release();
        }
    }

    private static int linkHeld(final Exchange x, final int name) {
        final int directory = x.secondPath.descriptor().number();
        int status = x.posix.link(x.acquired().number(), directory, x.nameAddress(name));
        if (status < 0) {
            return status;
        }
        x.watchDirectory(x.nodes.get(Link.newParent(x.request)), directory);
        status = x.posix.stat(directory, x.nameAddress(name), x.stat);
        if (status < 0) {
            return status;
        }
        final Node node =
                seen(x, directory, x.nameAddress(name), Link.newParent(x.request), name, Link.REPLY_ATTRIBUTES);
        if (node == null) {
            return x.failure();
        }
        return Link.encodeReply(x.reply, RequestFrame.id(x.request), node.id());
    }
}
