package io.transfuse.daemon.operation;

import io.transfuse.cache.MountCache;
import io.transfuse.cache.Name;
import io.transfuse.cache.ObjectFacts;
import io.transfuse.cache.Validity;
import io.transfuse.daemon.fuse.Attr;
import io.transfuse.daemon.fuse.AttrOut;
import io.transfuse.daemon.fuse.EntryOut;
import io.transfuse.daemon.fuse.FsyncIn;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.OpenOut;
import io.transfuse.daemon.fuse.OpenOutFlags;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.ReadIn;
import io.transfuse.daemon.fuse.StatxOut;
import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Fsync;
import io.transfuse.protocol.FsyncFlags;
import io.transfuse.protocol.Getattr;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Lookup;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Open;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Opendir;
import io.transfuse.protocol.Readlink;
import io.transfuse.protocol.ReplyFrame;
import java.io.IOException;

/** The kernel's requests that a mount that caches may answer without the host. Each asks the host when it has to. */
final class CachedOperations {
    private static final long NANOS = 1_000_000_000L;

    private CachedOperations() {}

    /** How long the attributes of the object in the host's reply may be remembered. */
    private static Validity attributeValidity(final Exchange x) {
        return CachePolicy.ofAttributes(x.cache.facts(), ReplyFrame.flags(x.reply));
    }

    /** How long the name in the host's reply may be remembered. */
    private static Validity nameValidity(final Exchange x) {
        return CachePolicy.ofNames(x.cache.facts(), ReplyFrame.flags(x.reply));
    }

    private static ObjectFacts facts(final Exchange x, final long node, final int attributes) {
        return HostFacts.of(x.reply, attributes, node, attributeValidity(x));
    }

    static int lookup(final Exchange x, final int nameAt) throws IOException {
        final MountCache facts = x.cache.facts();
        final long parent = InHeader.node(x.request);
        final int nameLength = NameOperations.nameLength(x, nameAt);
        if (nameLength > Limits.NAME_MAX) {
            // As the host says it, who would not be asked where the directory is known.
            return -Errno.ENAMETOOLONG;
        }
        final Name name = HostFacts.name(x.request, nameAt, nameLength);
        if (!x.cache.secondWalks().isWalking(InHeader.pid(x.request))) {
            switch (facts.lookup(parent, name, x.answer)) {
                case PRESENT:
                    return x.putAnswer(OutHeader.SIZE);
                case ABSENT:
                    return absent(x);
                default:
            }
        }
        final long since = facts.moment();
        Lookup.encode(x.frame, parent, x.request, nameAt, nameLength);
        final int status = x.ask(Opcode.LOOKUP, Lookup.REPLY_SIZE);
        if (status == -Errno.ENOENT) {
            facts.learnAbsent(since, parent, name, nameValidity(x), x.answer);
            x.cache.prefetcher().missed(parent);
            return absent(x);
        }
        if (status < 0) {
            return status;
        }
        facts.learnEntry(
                since,
                parent,
                name,
                facts(x, Lookup.replyNode(x.reply), Lookup.REPLY_ATTRIBUTES),
                nameValidity(x),
                true,
                x.answer);
        x.cache.prefetcher().asked(parent);
        return x.putAnswer(OutHeader.SIZE);
    }

    /** A reply with node 0 says for how long the name is absent; ENOENT says so for this call. */
    private static int absent(final Exchange x) {
        final long nanos = x.nameNanos(Math.min(x.answer.entryNanos(), x.cache.absentNanosMax()));
        if (nanos == 0) {
            return -Errno.ENOENT;
        }
        for (int i = 0; i < EntryOut.SIZE + Attr.SIZE; i += Long.BYTES) {
            x.out.putLong(OutHeader.SIZE + i, 0);
        }
        EntryOut.put(x.out, OutHeader.SIZE, 0, 0, nanos / NANOS, 0, (int) (nanos % NANOS), 0);
        return x.done(EntryOut.SIZE + Attr.SIZE);
    }

    /** The host has made an object at the name: the reply for it. */
    static int made(
            final Exchange x,
            final long since,
            final int nameAt,
            final int nameLength,
            final long node,
            final int attributes) {
        x.cache
                .facts()
                .made(
                        since,
                        InHeader.node(x.request),
                        HostFacts.name(x.request, nameAt, nameLength),
                        facts(x, node, attributes),
                        nameValidity(x),
                        x.answer);
        return x.putAnswer(OutHeader.SIZE);
    }

    static int getattr(final Exchange x, final long handle, final boolean extended) throws IOException {
        final MountCache facts = x.cache.facts();
        final long node = InHeader.node(x.request);
        if (!facts.attributes(node, x.answer)) {
            final long since = facts.moment();
            final LocalFile local = LocalFile.isLocal(handle) ? x.cache.files().get(handle) : null;
            Getattr.encode(x.frame, node, local != null ? local.hostHandle() : LocalFile.isLocal(handle) ? 0 : handle);
            final int status = x.ask(Opcode.GETATTR, Getattr.REPLY_SIZE);
            if (status < 0) {
                return status == -Errno.ESTALE ? removed(x, node, extended) : status;
            }
            facts.learnAttributes(since, facts(x, node, Getattr.REPLY_ATTRIBUTES), x.answer);
        }
        x.known.put(0, x.answer.attributes());
        return putKnown(x, extended, x.answer.attributeNanos());
    }

    /** Asks for the attributes of an object, which are in {@link Exchange#known} then; false if the host does not have it. */
    static boolean learnAttributes(final Exchange x, final long node) throws IOException {
        final MountCache facts = x.cache.facts();
        if (!facts.attributes(node, x.answer)) {
            final long since = facts.moment();
            Getattr.encode(x.frame, node, 0);
            if (x.ask(Opcode.GETATTR, Getattr.REPLY_SIZE) < 0) {
                return false;
            }
            facts.learnAttributes(since, facts(x, node, Getattr.REPLY_ATTRIBUTES), x.answer);
        }
        x.known.put(0, x.answer.attributes());
        return true;
    }

    /** The file has no name any more, and somebody has it open: it is as it was, without names. */
    private static int removed(final Exchange x, final long node, final boolean extended) {
        final LocalFile open = x.cache.files().of(node);
        if (open == null) {
            return -Errno.ESTALE;
        }
        x.known.put(0, open.attributes());
        Attributes.putNlink(x.known, 0, 0);
        return putKnown(x, extended, 0);
    }

    private static int putKnown(final Exchange x, final boolean extended, final long validNanos) {
        final long nanos = x.giveKnown(InHeader.node(x.request), validNanos);
        if (extended) {
            StatxOut.put(x.out, OutHeader.SIZE, x.known, 0);
            StatxOut.setValidity(x.out, OutHeader.SIZE, nanos / NANOS, (int) (nanos % NANOS));
            return x.done(StatxOut.SIZE);
        }
        AttrOut.put(x.out, OutHeader.SIZE, nanos / NANOS, (int) (nanos % NANOS));
        Attr.put(x.out, OutHeader.SIZE + AttrOut.SIZE, x.known, 0);
        return x.done(AttrOut.SIZE + Attr.SIZE);
    }

    /** The host has changed the object: the reply with its attributes. */
    static int changed(final Exchange x, final long since, final long node, final int attributes) {
        x.cache.facts().changed(since, facts(x, node, attributes), x.answer);
        x.known.put(0, x.answer.attributes());
        return putKnown(x, false, x.answer.attributeNanos());
    }

    static int readlink(final Exchange x) throws IOException {
        final long node = InHeader.node(x.request);
        final byte[] known = x.cache.facts().target(node);
        if (known != null) {
            x.out.put(OutHeader.SIZE, known);
            return x.done(known.length);
        }
        final long since = x.cache.facts().moment();
        final int result = NameOperations.askReadlink(x);
        if (result >= 0) {
            final byte[] target = new byte[Readlink.targetLength(x.reply)];
            x.reply.get(Readlink.REPLY_TARGET, target);
            x.cache.facts().learnTarget(since, node, target);
        }
        return result;
    }

    /** Opens for reading only. */
    static int open(final Exchange x, final int flags) throws IOException {
        final MountCache facts = x.cache.facts();
        final long node = InHeader.node(x.request);
        final byte[] known = facts.content(node, x.answer);
        final long handle;
        if (known != null) {
            handle = x.cache.files().add(new LocalFile(node, known, x.answer.attributes()));
        } else if (facts.isSuspended()) {
            Open.encode(x.frame, node, flags);
            final int status = x.ask(Opcode.OPEN, Open.REPLY_SIZE);
            if (status < 0) {
                return status;
            }
            handle = Open.replyHandle(x.reply);
        } else {
            handle = openWithContent(x, flags);
        }
        if (handle < 0) {
            return (int) handle;
        }
        x.openNodes.opened(node);
        OpenOut.put(x.out, OutHeader.SIZE, handle, openFlags(x, node) | OpenOutFlags.NO_FLUSH);
        return x.done(OpenOut.SIZE);
    }

    /** Bits of {@link OpenOutFlags} for a file that is opened now. */
    static int openFlags(final Exchange x, final long node) {
        final MountCache facts = x.cache.facts();
        if (facts.isSuspended()) {
            return CachePolicy.SUSPENDED.openFlags();
        }
        if (x.cache.changing().isChanging(node)) {
            return CachePolicy.CHANGING.openFlags();
        }
        return (facts.mayKeepPages(node) ? CachePolicy.WATCHED : CachePolicy.UNWATCHED).openFlags();
    }

    private static long openWithContent(final Exchange x, final int flags) throws IOException {
        final MountCache facts = x.cache.facts();
        final long node = InHeader.node(x.request);
        final long since = facts.moment();
        Open.encode(x.frame, node, flags | OpenFlags.CONTENT);
        final int status = x.ask(Opcode.OPEN, Open.REPLY_CONTENT);
        if (status < 0) {
            return status;
        }
        final int length = Open.contentLength(x.reply);
        final long handle = Open.replyHandle(x.reply);
        final ObjectFacts learnt = facts(x, node, Open.REPLY_ATTRIBUTES);
        final long size = Attributes.size(x.reply, Open.REPLY_ATTRIBUTES);
        if (length > Limits.CONTENT_MAX || (length > 0 && length != size) || (length == 0 && handle == 0)) {
            throw new IOException("the host server broke the protocol: a content of " + length + " bytes");
        }
        if (length != size) {
            facts.learnAttributes(since, learnt, x.answer);
            return handle;
        }
        x.cache.prefetcher().opened(facts.directoryOf(node));
        final byte[] content = new byte[length];
        x.reply.get(Open.REPLY_CONTENT, content);
        facts.learnContent(since, learnt, content, attributeValidity(x), x.answer);
        return handle != 0 ? handle : x.cache.files().add(new LocalFile(node, content, learnt.attributes()));
    }

    /** Reads from a file that the host may not have open. */
    static int read(final Exchange x) throws IOException {
        final LocalFile file = x.cache.files().get(ReadIn.handle(x.request));
        if (file == null) {
            return -Errno.EBADF;
        }
        if (file.hostHandle() == 0 && x.cache.facts().isContent(file.node(), file.content())) {
            return putContent(x, file);
        }
        final long handle = x.hostHandle(ReadIn.handle(x.request));
        if (handle == -Errno.ESTALE || handle == -Errno.ENOENT) {
            // It has lost its name on the host: nobody can change it any more, unless he has it open.
            return putContent(x, file);
        }
        return handle < 0 ? (int) handle : FileOperations.readFrom(x, handle);
    }

    private static int putContent(final Exchange x, final LocalFile file) {
        final byte[] content = file.content();
        final long offset = ReadIn.offset(x.request);
        if (offset < 0 || offset >= content.length) {
            return x.done(0);
        }
        final int length = (int) Math.min(content.length - offset, ReadIn.size(x.request));
        x.out.put(OutHeader.SIZE, content, (int) offset, length);
        return x.done(length);
    }

    /** The directory has no handle on the host: it gets one for this call. */
    static int fsyncdir(final Exchange x) throws IOException {
        final int flags = FsyncIn.flags(x.request);
        Opendir.encode(x.frame, InHeader.node(x.request));
        int status = x.ask(Opcode.OPENDIR, Opendir.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        final long handle = Opendir.replyHandle(x.reply);
        Fsync.encode(x.frame, handle, (flags & FsyncIn.DATA_ONLY) != 0 ? FsyncFlags.DATA_ONLY : 0);
        status = x.ask(Opcode.FSYNC, ReplyFrame.SIZE);
        x.giveBackHandle(handle);
        return status < 0 ? status : x.done(0);
    }
}
