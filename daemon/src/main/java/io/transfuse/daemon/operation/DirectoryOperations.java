package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.Attr;
import io.transfuse.daemon.fuse.Dirent;
import io.transfuse.daemon.fuse.EntryOut;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.OpenOut;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.ReadIn;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Opendir;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.Readdir;
import io.transfuse.protocol.ReaddirFlags;
import io.transfuse.protocol.ReplyFrame;
import java.io.IOException;

/** The kernel's requests that list directories. */
final class DirectoryOperations {
    static final int ENTRY_SIZE = EntryOut.SIZE + Attr.SIZE;

    /** Each entry with attributes is this much longer for the kernel than in the protocol, at the most. */
    private static final int LONGER_PLUS = ENTRY_SIZE + Dirent.SIZE - Readdir.entrySize(0, false);

    /** The shortest entry of the protocol that has attributes. */
    private static final int SHORTEST_PLUS = Readdir.entrySize(1, true);

    private DirectoryOperations() {}

    static int opendir(final Exchange x) throws IOException {
        if (x.cache != null) {
            // The kernel keeps listings from then on, and asks no more for handles.
            return -Errno.ENOSYS;
        }
        Opendir.encode(x.frame, InHeader.node(x.request));
        final int status = x.ask(Opcode.OPENDIR, Opendir.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        OpenOut.put(x.out, OutHeader.SIZE, Opendir.replyHandle(x.reply), 0);
        return x.done(OpenOut.SIZE);
    }

    static int readdir(final Exchange x) throws IOException {
        return x.cache != null ? CachedListings.list(x, false) : list(x, false);
    }

    static int readdirplus(final Exchange x) throws IOException {
        return x.cache != null ? CachedListings.list(x, true) : list(x, true);
    }

    private static int list(final Exchange x, final boolean plus) throws IOException {
        final int room = Math.min(ReadIn.size(x.request), Limits.TRANSFER_MAX);
        Readdir.encode(
                x.frame,
                ReadIn.handle(x.request),
                ReadIn.offset(x.request),
                plus ? sizeThatFits(room) : room,
                plus ? ReaddirFlags.ATTRIBUTES : 0);
        final int status = x.ask(Opcode.READDIR, ReplyFrame.SIZE);
        if (status < 0) {
            return status;
        }
        try {
            return putEntries(x, room, plus);
        } catch (final ProtocolException e) {
            throw new IOException("the host server broke the protocol: " + e.getMessage(), e);
        }
    }

    private static int putEntries(final Exchange x, final int room, final boolean plus) throws ProtocolException {
        final int limit = ReplyFrame.length(x.reply);
        int at = Readdir.REPLY_ENTRIES;
        int outAt = OutHeader.SIZE;
        while (at < limit) {
            final int end = Readdir.entryEnd(x.reply, at);
            checkEntry(x, at, plus);
            if (outAt + outSize(x, at, plus) > OutHeader.SIZE + room) {
                throw new ProtocolException("a listing longer than asked for");
            }
            outAt = putEntry(x, at, outAt, plus);
            at = end;
        }
        return outAt;
    }

    private static int outSize(final Exchange x, final int at, final boolean plus) {
        return Dirent.size(Readdir.entryNameLength(x.reply, at)) + (plus ? ENTRY_SIZE : 0);
    }

    /**
     * What to ask for so that all of it fits the kernel's room: each entry counts a lookup, so none may be left out.
     * The two that have no attributes, {@code .} and {@code ..}, are set aside.
     */
    static int sizeThatFits(final int room) {
        final int dots = 2 * (ENTRY_SIZE + Dirent.size(2));
        return Math.max(0, room - dots) * SHORTEST_PLUS / (SHORTEST_PLUS + LONGER_PLUS);
    }

    static void checkEntry(final Exchange x, final int at, final boolean plus) throws ProtocolException {
        if (!plus && Readdir.entryHasAttributes(x.reply, at)) {
            throw new ProtocolException("attributes that were not asked for");
        }
        final int name = Readdir.entryName(at);
        for (int i = name; i < name + Readdir.entryNameLength(x.reply, at); i++) {
            final byte b = x.reply.get(i);
            if (b == '/' || b == 0) {
                throw new ProtocolException("a bad name in a listing");
            }
        }
    }

    private static int putEntry(final Exchange x, final int at, final int outAt, final boolean plus) {
        int dirent = outAt;
        if (plus) {
            if (Readdir.entryHasAttributes(x.reply, at)) {
                x.putEntry(outAt, Readdir.entryNode(x.reply, at), Readdir.entryAttributes(x.reply, at), 0);
            } else {
                for (int i = 0; i < ENTRY_SIZE; i += Long.BYTES) {
                    x.out.putLong(outAt + i, 0);
                }
            }
            dirent += ENTRY_SIZE;
        }
        final int length = Readdir.entryNameLength(x.reply, at);
        Dirent.put(
                x.out,
                dirent,
                Readdir.entryIno(x.reply, at),
                Readdir.entryCookie(x.reply, at),
                length,
                // d_type is the file type's bits of the mode, shifted; see IFTODT in dirent.h.
                (Readdir.entryType(x.reply, at) >> 12) & 0xf);
        x.out.put(Dirent.name(dirent), x.reply, Readdir.entryName(at), length);
        return dirent + Dirent.size(length);
    }
}
