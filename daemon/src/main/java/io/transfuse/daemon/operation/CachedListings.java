package io.transfuse.daemon.operation;

import io.transfuse.cache.Listing;
import io.transfuse.cache.MountCache;
import io.transfuse.cache.Name;
import io.transfuse.cache.Validity;
import io.transfuse.daemon.fuse.Attr;
import io.transfuse.daemon.fuse.Dirent;
import io.transfuse.daemon.fuse.EntryOut;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.ReadIn;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Opendir;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.Readdir;
import io.transfuse.protocol.ReaddirFlags;
import io.transfuse.protocol.ReplyFrame;
import java.io.IOException;

/** The kernel's requests that list directories, in a mount that caches: out of what is known of the whole directory. */
final class CachedListings {
    private static final int ENTRY_SIZE = EntryOut.SIZE + Attr.SIZE;
    private static final byte[] DOT = {'.'};
    private static final byte[] DOTS = {'.', '.'};
    private static final int DOT_NAMES = 2;

    private CachedListings() {}

    static int list(final Exchange x, final boolean plus) throws IOException {
        releaseEnded(x);
        final long node = InHeader.node(x.request);
        long offset = ReadIn.offset(x.request);
        DirectoryStreams.Stream stream = offset == 0 ? null : x.cache.streams().at(offset);
        if (stream == null) {
            final Listing listing = listing(x, node);
            long handle = 0;
            if (listing == null) {
                handle = openOnHost(x, node);
                if (handle < 0) {
                    return (int) handle;
                }
            }
            stream = new DirectoryStreams.Stream(listing, handle);
            offset = x.cache.streams().begin(stream) | DirectoryStreams.index(offset);
        }
        final int room = Math.min(ReadIn.size(x.request), Limits.TRANSFER_MAX);
        final int length = stream.listing() != null
                ? listKnown(x, node, stream.listing(), offset, room, plus)
                : listOnHost(x, node, stream.hostHandle(), offset, room, plus);
        if (x.cache.facts().isSuspended() || !x.cache.facts().isListingKept(node)) {
            // The kernel keeps what it lists; it is told to forget it when it has it.
            x.cache.kernel().listing(node);
        }
        return length;
    }

    /** The whole directory; null when it is too large. */
    private static Listing listing(final Exchange x, final long node) throws IOException {
        final MountCache facts = x.cache.facts();
        final Listing known = facts.listing(node);
        if (known != null) {
            return known;
        }
        final WholeDirectory whole = x.wholeDirectory();
        final int status = whole.fetch(node);
        // Whatever else is wrong, the host says when the directory is opened.
        return status < 0 ? null : whole.listing();
    }

    private static long openOnHost(final Exchange x, final long node) throws IOException {
        Opendir.encode(x.frame, node);
        final int status = x.ask(Opcode.OPENDIR, Opendir.REPLY_SIZE);
        return status < 0 ? status : Opendir.replyHandle(x.reply);
    }

    private static void releaseEnded(final Exchange x) throws IOException {
        for (long handle = x.cache.streams().pollEnded();
                handle != 0;
                handle = x.cache.streams().pollEnded()) {
            x.giveBackHandle(handle);
        }
    }

    private static int listKnown(
            final Exchange x,
            final long node,
            final Listing listing,
            final long offset,
            final int room,
            final boolean plus) {
        final int limit = OutHeader.SIZE + room;
        int at = OutHeader.SIZE;
        long next = offset;
        for (int i = (int) DirectoryStreams.index(offset); i < listing.size() + DOT_NAMES; i++) {
            final byte[] name =
                    i == 0 ? DOT : i == 1 ? DOTS : listing.name(i - DOT_NAMES).bytes();
            if (at + (plus ? ENTRY_SIZE : 0) + Dirent.size(name.length) > limit) {
                break;
            }
            if (plus) {
                putKnownEntry(x, at, node, i < DOT_NAMES ? null : listing.name(i - DOT_NAMES));
                at += ENTRY_SIZE;
            }
            final long ino = i == 0 ? listing.ino() : i == 1 ? listing.parentIno() : listing.ino(i - DOT_NAMES);
            final int type = i < DOT_NAMES ? FileMode.DIRECTORY : listing.type(i - DOT_NAMES);
            at = putDirent(x, at, ino, ++next, type, name);
        }
        return at;
    }

    /** Attributes where they are known; without them the kernel asks when it needs them. */
    private static void putKnownEntry(final Exchange x, final int at, final long node, final Name name) {
        if (name != null && x.cache.facts().lookup(node, name, x.answer) == MountCache.Outcome.PRESENT) {
            x.give(x.answer.node());
            x.putAnswer(at);
        } else {
            putNoEntry(x, at);
        }
    }

    private static void putNoEntry(final Exchange x, final int at) {
        for (int i = 0; i < ENTRY_SIZE; i += Long.BYTES) {
            x.out.putLong(at + i, 0);
        }
    }

    private static int putDirent(
            final Exchange x, final int at, final long ino, final long next, final int type, final byte[] name) {
        // d_type is the file type's bits of the mode, shifted; see IFTODT in dirent.h.
        Dirent.put(x.out, at, ino, next, name.length, (type >> 12) & 0xf);
        x.out.put(Dirent.name(at), name);
        return at + Dirent.size(name.length);
    }

    private static int listOnHost(
            final Exchange x, final long node, final long handle, final long offset, final int room, final boolean plus)
            throws IOException {
        final long since = x.moment();
        Readdir.encode(
                x.frame,
                handle,
                DirectoryStreams.index(offset),
                plus ? DirectoryOperations.sizeThatFits(room) : room,
                plus ? ReaddirFlags.ATTRIBUTES : 0);
        final int status = x.ask(Opcode.READDIR, ReplyFrame.SIZE);
        if (status < 0) {
            return status;
        }
        try {
            return putHostEntries(x, since, node, offset, room, plus);
        } catch (final ProtocolException e) {
            throw new IOException("the host server broke the protocol: " + e.getMessage(), e);
        }
    }

    private static int putHostEntries(
            final Exchange x, final long since, final long node, final long offset, final int room, final boolean plus)
            throws ProtocolException {
        final int flags = ReplyFrame.flags(x.reply);
        final Validity names = CachePolicy.ofNames(x.cache.facts(), flags);
        final Validity validity = CachePolicy.ofAttributes(x.cache.facts(), flags);
        final int limit = ReplyFrame.length(x.reply);
        final long base = offset - DirectoryStreams.index(offset);
        int outAt = OutHeader.SIZE;
        int at = Readdir.REPLY_ENTRIES;
        while (at < limit) {
            final int end = Readdir.entryEnd(x.reply, at);
            DirectoryOperations.checkEntry(x, at, plus);
            final Name name = HostFacts.name(x.reply, Readdir.entryName(at), Readdir.entryNameLength(x.reply, at));
            if (outAt + Dirent.size(name.length()) + (plus ? ENTRY_SIZE : 0) > OutHeader.SIZE + room) {
                throw new ProtocolException("a listing longer than asked for");
            }
            if (plus) {
                putHostEntry(x, since, node, at, outAt, name, names, validity);
                outAt += ENTRY_SIZE;
            }
            outAt = putDirent(
                    x,
                    outAt,
                    Readdir.entryIno(x.reply, at),
                    base | Readdir.entryCookie(x.reply, at),
                    Readdir.entryType(x.reply, at),
                    name.bytes());
            at = end;
        }
        return outAt;
    }

    private static void putHostEntry(
            final Exchange x,
            final long since,
            final long node,
            final int at,
            final int outAt,
            final Name name,
            final Validity names,
            final Validity validity) {
        if (!Readdir.entryHasAttributes(x.reply, at)) {
            putNoEntry(x, outAt);
            return;
        }
        final Validity attributes = Readdir.entryIsVolatile(x.reply, at) ? Validity.NEVER : validity;
        x.cache
                .facts()
                .learnEntry(
                        since,
                        node,
                        name,
                        HostFacts.of(
                                x.reply,
                                Readdir.entryAttributes(x.reply, at),
                                Readdir.entryNode(x.reply, at),
                                attributes),
                        names,
                        true,
                        x.answer);
        x.give(x.answer.node());
        x.putAnswer(outAt);
    }
}
