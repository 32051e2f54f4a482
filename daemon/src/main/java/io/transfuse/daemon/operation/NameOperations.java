package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.Attr;
import io.transfuse.daemon.fuse.BatchForgetIn;
import io.transfuse.daemon.fuse.Decoy;
import io.transfuse.daemon.fuse.EntryOut;
import io.transfuse.daemon.fuse.ForgetIn;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.LinkIn;
import io.transfuse.daemon.fuse.MkdirIn;
import io.transfuse.daemon.fuse.MknodIn;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.Rename2In;
import io.transfuse.daemon.fuse.RenameIn;
import io.transfuse.protocol.Access;
import io.transfuse.protocol.AccessMask;
import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Forget;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Link;
import io.transfuse.protocol.Lookup;
import io.transfuse.protocol.Mkdir;
import io.transfuse.protocol.Mknod;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Readlink;
import io.transfuse.protocol.Rename;
import io.transfuse.protocol.RenameFlags;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.Rmdir;
import io.transfuse.protocol.Symlink;
import io.transfuse.protocol.Unlink;
import java.io.IOException;

/** The kernel's requests on names in directories. */
final class NameOperations {
    private static final int KERNEL_NO_REPLACE = 1;
    private static final int KERNEL_EXCHANGE = 1 << 1;

    /**
     * Long enough for the rest of the system call that needs the name, so that stat(2) and open(2) do not ask for the same
     * attributes again; see {@link OpenNodes}. A directory has none: it may be somebody's working directory, which the
     * kernel tells nobody.
     */
    private static final int THIS_CALL_NANOS = 1;

    private NameOperations() {}

    static int lookup(final Exchange x) throws IOException {
        return lookup(x, InHeader.SIZE);
    }

    /** @param nameAt where in the request the name begins */
    static int lookup(final Exchange x, final int nameAt) throws IOException {
        if (x.cache != null) {
            return CachedOperations.lookup(x, nameAt);
        }
        Lookup.encode(x.frame, InHeader.node(x.request), x.request, nameAt, nameLength(x, nameAt));
        final int status = x.ask(Opcode.LOOKUP, Lookup.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        final long node = Lookup.replyNode(x.reply);
        final int mode = Attributes.mode(x.reply, Lookup.REPLY_ATTRIBUTES);
        final boolean lasting = !FileMode.isDirectory(mode) && x.beginLasting(node);
        final int end = x.putEntry(OutHeader.SIZE, node, Lookup.REPLY_ATTRIBUTES, lasting ? THIS_CALL_NANOS : 0);
        if (x.hostChecksPermissions() && FileMode.isSpecial(mode) && !mayOpen(x, node, FileMode.type(mode))) {
            EntryOut.setNode(x.out, OutHeader.SIZE, Decoy.of(node));
            Attr.setRdev(x.out, OutHeader.SIZE + EntryOut.SIZE, 0);
        }
        return end;
    }

    /**
     * Whether the caller may open a special file, of which the kernel asks nobody, or else gets a {@link Decoy}; the host's last
     * reply is gone afterwards.
     */
    private static boolean mayOpen(final Exchange x, final long node, final int type) throws IOException {
        switch (type) {
            case FileMode.SOCKET:
                return may(x, node, AccessMask.WRITE);
            case FileMode.FIFO:
                return may(x, node, AccessMask.READ) || may(x, node, AccessMask.WRITE);
            default:
                return may(x, node, AccessMask.READ | AccessMask.WRITE);
        }
    }

    private static boolean may(final Exchange x, final long node, final int mask) throws IOException {
        Access.encode(x.frame, node, mask);
        return x.ask(Opcode.ACCESS, ReplyFrame.SIZE) == 0;
    }

    /** Length of the name that begins at {@code at} and ends in NUL. */
    static int nameLength(final Exchange x, final int at) {
        final int end = InHeader.end(x.request);
        int i = at;
        while (i < end && x.request.get(i) != 0) {
            i++;
        }
        return i - at;
    }

    static int forget(final Exchange x) throws IOException {
        final long node = InHeader.node(x.request);
        final long lookups = counted(x, node, ForgetIn.lookups(x.request));
        if (lookups == 0) {
            return Exchange.NO_REPLY;
        }
        if (x.cache != null) {
            x.cache.facts().forget(node, lookups);
            return Exchange.NO_REPLY;
        }
        Forget.putEntry(x.frame, 0, node, lookups);
        Forget.encode(x.frame, 1);
        x.tell();
        return Exchange.NO_REPLY;
    }

    /** How many of the lookups that the kernel gives back the host has counted. */
    private static long counted(final Exchange x, final long node, final long lookups) {
        return x.events == null ? lookups : x.events.takeBack(node, lookups);
    }

    static int batchForget(final Exchange x) throws IOException {
        final int count = BatchForgetIn.count(x.request);
        int batched = 0;
        for (int i = 0; i < count; i++) {
            final long node = BatchForgetIn.node(x.request, i);
            final long lookups = counted(x, node, BatchForgetIn.lookups(x.request, i));
            if (lookups == 0) {
                continue;
            }
            if (x.cache != null) {
                x.cache.facts().forget(node, lookups);
                continue;
            }
            Forget.putEntry(x.frame, batched++, node, lookups);
            if (batched == Limits.FORGETS_MAX) {
                Forget.encode(x.frame, batched);
                x.tell();
                batched = 0;
            }
        }
        if (batched > 0) {
            Forget.encode(x.frame, batched);
            x.tell();
        }
        return Exchange.NO_REPLY;
    }

    static int readlink(final Exchange x) throws IOException {
        return x.cache != null ? CachedOperations.readlink(x) : askReadlink(x);
    }

    static int askReadlink(final Exchange x) throws IOException {
        Readlink.encode(x.frame, InHeader.node(x.request));
        final int status = x.ask(Opcode.READLINK, ReplyFrame.SIZE);
        if (status < 0) {
            return status;
        }
        final int length = Readlink.targetLength(x.reply);
        if (length > Limits.PATH_MAX) {
            throw new IOException("the host server broke the protocol: a link's target of " + length + " bytes");
        }
        return x.replyInHostFrame(Readlink.REPLY_TARGET - OutHeader.SIZE, length);
    }

    static int symlink(final Exchange x) throws IOException {
        final int nameAt = InHeader.SIZE;
        final int nameLength = nameLength(x, nameAt);
        final int targetAt = nameAt + nameLength + 1;
        final long since = x.moment();
        Symlink.encode(
                x.frame,
                InHeader.node(x.request),
                x.request,
                nameAt,
                nameLength,
                x.request,
                targetAt,
                nameLength(x, targetAt));
        final int status = x.ask(Opcode.SYMLINK, Symlink.REPLY_SIZE);
        return made(x, status, since, nameAt, Symlink.replyNode(x.reply), Symlink.REPLY_ATTRIBUTES);
    }

    static int mknod(final Exchange x) throws IOException {
        final int nameAt = MknodIn.END;
        final long since = x.moment();
        Mknod.encode(
                x.frame,
                InHeader.node(x.request),
                MknodIn.mode(x.request),
                MknodIn.rdev(x.request),
                x.request,
                nameAt,
                nameLength(x, nameAt));
        final int status = x.ask(Opcode.MKNOD, Mknod.REPLY_SIZE);
        return made(x, status, since, nameAt, Mknod.replyNode(x.reply), Mknod.REPLY_ATTRIBUTES);
    }

    static int mkdir(final Exchange x) throws IOException {
        final int nameAt = MkdirIn.END;
        final long since = x.moment();
        Mkdir.encode(
                x.frame, InHeader.node(x.request), MkdirIn.mode(x.request), x.request, nameAt, nameLength(x, nameAt));
        final int status = x.ask(Opcode.MKDIR, Mkdir.REPLY_SIZE);
        return made(x, status, since, nameAt, Mkdir.replyNode(x.reply), Mkdir.REPLY_ATTRIBUTES);
    }

    /** The reply for what was made at a name, or the error that there was. */
    private static int made(
            final Exchange x,
            final int status,
            final long since,
            final int nameAt,
            final long node,
            final int attributes) {
        if (x.cache == null) {
            return status < 0 ? status : x.putEntry(node, attributes);
        }
        if (status < 0) {
            x.nameIsDoubtful(InHeader.node(x.request), nameAt);
            return status;
        }
        return CachedOperations.made(x, since, nameAt, nameLength(x, nameAt), node, attributes);
    }

    static int unlink(final Exchange x) throws IOException {
        final int nameAt = InHeader.SIZE;
        final long since = x.moment();
        Unlink.encode(x.frame, InHeader.node(x.request), x.request, nameAt, nameLength(x, nameAt));
        return removed(x, x.ask(Opcode.UNLINK, ReplyFrame.SIZE), since, nameAt);
    }

    private static int removed(final Exchange x, final int status, final long since, final int nameAt) {
        if (x.cache != null && status < 0) {
            x.nameIsDoubtful(InHeader.node(x.request), nameAt);
        } else if (x.cache != null) {
            x.cache
                    .facts()
                    .removed(since, InHeader.node(x.request), HostFacts.name(x.request, nameAt, nameLength(x, nameAt)));
        }
        return status < 0 ? status : x.done(0);
    }

    static int rmdir(final Exchange x) throws IOException {
        final int nameAt = InHeader.SIZE;
        final long since = x.moment();
        Rmdir.encode(x.frame, InHeader.node(x.request), x.request, nameAt, nameLength(x, nameAt));
        return removed(x, x.ask(Opcode.RMDIR, ReplyFrame.SIZE), since, nameAt);
    }

    static int rename(final Exchange x) throws IOException {
        return rename(x, RenameIn.newParent(x.request), 0, RenameIn.END);
    }

    static int rename2(final Exchange x) throws IOException {
        final int kernelFlags = Rename2In.flags(x.request);
        // RENAME_WHITEOUT is refused as by a file system that does not know it: overlayfs then does without.
        if ((kernelFlags & ~(KERNEL_NO_REPLACE | KERNEL_EXCHANGE)) != 0) {
            return -Errno.EINVAL;
        }
        int flags = 0;
        if ((kernelFlags & KERNEL_NO_REPLACE) != 0) {
            flags |= RenameFlags.NO_REPLACE;
        }
        if ((kernelFlags & KERNEL_EXCHANGE) != 0) {
            flags |= RenameFlags.EXCHANGE;
        }
        return rename(x, Rename2In.newParent(x.request), flags, Rename2In.END);
    }

    private static int rename(final Exchange x, final long newParent, final int flags, final int nameAt)
            throws IOException {
        final int oldLength = nameLength(x, nameAt);
        final int newAt = nameAt + oldLength + 1;
        Rename.encode(
                x.frame,
                InHeader.node(x.request),
                newParent,
                flags,
                x.request,
                nameAt,
                oldLength,
                x.request,
                newAt,
                nameLength(x, newAt));
        final int status = x.ask(Opcode.RENAME, ReplyFrame.SIZE);
        if (x.cache != null) {
            noteRenamed(x, status, flags, newParent, nameAt, newAt);
        }
        return status < 0 ? status : x.done(0);
    }

    private static void noteRenamed(
            final Exchange x,
            final int status,
            final int flags,
            final long newParent,
            final int oldAt,
            final int newAt) {
        if (status < 0) {
            x.nameIsDoubtful(InHeader.node(x.request), oldAt);
            x.nameIsDoubtful(newParent, newAt);
            return;
        }
        x.cache
                .facts()
                .renamed(
                        InHeader.node(x.request),
                        HostFacts.name(x.request, oldAt, nameLength(x, oldAt)),
                        newParent,
                        HostFacts.name(x.request, newAt, nameLength(x, newAt)),
                        (flags & RenameFlags.EXCHANGE) != 0,
                        x.cache.kernel());
    }

    static int link(final Exchange x) throws IOException {
        final int nameAt = LinkIn.END;
        final long since = x.moment();
        Link.encode(
                x.frame, LinkIn.oldNode(x.request), InHeader.node(x.request), x.request, nameAt, nameLength(x, nameAt));
        final int status = x.ask(Opcode.LINK, Link.REPLY_SIZE);
        return made(x, status, since, nameAt, Link.replyNode(x.reply), Link.REPLY_ATTRIBUTES);
    }
}
