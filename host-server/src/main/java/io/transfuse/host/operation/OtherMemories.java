package io.transfuse.host.operation;

import io.transfuse.host.node.Handle;
import io.transfuse.host.node.Node;
import io.transfuse.host.node.NodeTable;
import io.transfuse.protocol.CopyFileRange;
import io.transfuse.protocol.Create;
import io.transfuse.protocol.Fallocate;
import io.transfuse.protocol.Link;
import io.transfuse.protocol.Mkdir;
import io.transfuse.protocol.Mknod;
import io.transfuse.protocol.Name;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Open;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Removexattr;
import io.transfuse.protocol.Rename;
import io.transfuse.protocol.Rmdir;
import io.transfuse.protocol.Setattr;
import io.transfuse.protocol.Setxattr;
import io.transfuse.protocol.Symlink;
import io.transfuse.protocol.Unlink;
import io.transfuse.protocol.Write;
import java.util.ArrayList;
import java.util.List;

/**
 * What the guests of other mounts remember and this mount may make stale: they are told before the caller of this mount
 * has its answer (O4 of docs/semantics.md). Told of every change are mounts that remember and overlap this one without
 * being suspended for it, because its mode is default (O3); told that a file has several names is every mount that
 * remembers. Thread-safe.
 */
public final class OtherMemories {
    private volatile List<Memory> all = List.of();
    private volatile List<Memory> followers = List.of();

    /** What the guest of one other mount remembers. */
    public interface Memory {
        /** What it holds. */
        NodeTable nodes();

        /** Attributes in replies that are being made must not be remembered: they may be older than a change. */
        void doubtReplies();

        /** Something else stands at a name. */
        void nameChanged(long directory, byte[] name);

        /** Attributes or data of an object changed. */
        void changed(long node);

        /** Has it acknowledge what it was told so far; {@link #awaitTold} waits for that. */
        void sync();

        /** Waits until it has acknowledged; a guest that does not in time is disconnected. */
        void awaitTold();

        /** As {@link #awaitTold}, for a short time. */
        void awaitToldShortly();
    }

    /**
     * There is another mount that remembers.
     *
     * @param follows whether it is told of every change that this mount makes
     */
    public synchronized void add(final Memory memory, final boolean follows) {
        all = with(all, memory);
        if (follows) {
            followers = with(followers, memory);
        }
    }

    private static List<Memory> with(final List<Memory> list, final Memory memory) {
        final List<Memory> longer = new ArrayList<>(list);
        longer.add(memory);
        return List.copyOf(longer);
    }

    /** It is there no longer. */
    public synchronized void remove(final Memory memory) {
        all = all.stream().filter(other -> other != memory).toList();
        followers = followers.stream().filter(other -> other != memory).toList();
    }

    /**
     * A file has several names. Where it is remembered with one, it may be changed by another now, of which that guest's
     * watches tell nothing: it is to be asked for from now on.
     */
    void linkSeen(final Node node) {
        List<Memory> told = List.of();
        for (final Memory memory : all) {
            memory.doubtReplies();
            final Node there = memory.nodes().find(node);
            if (there != null && there.remembered) {
                there.remembered = false;
                memory.changed(there.id());
                memory.sync();
                told = with(told, memory);
            }
        }
        // Not for long: two mounts that remember may wait for each other here, as their kernels may take what they are
        // told only when their lookups are answered.
        told.forEach(Memory::awaitToldShortly);
    }

    /** The request in {@code x} has been executed, or has failed halfway. */
    void executed(final Exchange x, final Opcode opcode, final boolean succeeded) {
        final List<Memory> told = followers;
        if (told.isEmpty() || !opcode.changes() && !truncates(x, opcode)) {
            return;
        }
        for (final Memory memory : told) {
            memory.doubtReplies();
            tell(memory, x, opcode, succeeded);
            memory.sync();
        }
        told.forEach(Memory::awaitTold);
    }

    private static boolean truncates(final Exchange x, final Opcode opcode) {
        return opcode == Opcode.OPEN && (Open.flags(x.request) & OpenFlags.TRUNCATE) != 0;
    }

    private static void tell(final Memory memory, final Exchange x, final Opcode opcode, final boolean succeeded) {
        switch (opcode) {
            case SETATTR:
                tellNode(memory, x, Setattr.node(x.request));
                break;
            case SETXATTR:
                tellNode(memory, x, Setxattr.node(x.request));
                break;
            case REMOVEXATTR:
                tellNode(memory, x, Removexattr.node(x.request));
                break;
            case OPEN:
                tellNode(memory, x, Open.node(x.request));
                break;
            case WRITE:
                tellHandle(memory, x, Write.handle(x.request));
                break;
            case FALLOCATE:
                tellHandle(memory, x, Fallocate.handle(x.request));
                break;
            case COPY_FILE_RANGE:
                tellHandle(memory, x, CopyFileRange.handleOut(x.request));
                break;
            case CREATE:
                tellName(memory, x, Create.parent(x.request), Create.name());
                if (succeeded) {
                    // It may have been there, and be truncated now.
                    tellNode(memory, x, Create.replyNode(x.reply));
                }
                break;
            case SYMLINK:
                tellName(memory, x, Symlink.parent(x.request), Symlink.name());
                break;
            case MKNOD:
                tellName(memory, x, Mknod.parent(x.request), Mknod.name());
                break;
            case MKDIR:
                tellName(memory, x, Mkdir.parent(x.request), Mkdir.name());
                break;
            case UNLINK:
                tellName(memory, x, Unlink.parent(x.request), Unlink.name());
                break;
            case RMDIR:
                tellName(memory, x, Rmdir.parent(x.request), Rmdir.name());
                break;
            case RENAME:
                tellName(memory, x, Rename.oldParent(x.request), Rename.oldName());
                tellName(memory, x, Rename.newParent(x.request), Rename.newName(x.request));
                break;
            case LINK:
                tellName(memory, x, Link.newParent(x.request), Link.newName());
                tellNode(memory, x, Link.node(x.request));
                break;
            default:
        }
    }

    private static void tellName(final Memory memory, final Exchange x, final long parent, final int name) {
        final Node here = x.nodes.get(parent);
        final Node there = here == null ? null : memory.nodes().find(here);
        if (there != null) {
            final byte[] bytes = new byte[Name.length(x.request, name)];
            x.request.get(Name.start(name), bytes);
            memory.nameChanged(there.id(), bytes);
        }
    }

    private static void tellNode(final Memory memory, final Exchange x, final long node) {
        final Node here = x.nodes.get(node);
        if (here != null) {
            tellNode(memory, here);
        }
    }

    private static void tellNode(final Memory memory, final Node here) {
        final Node there = memory.nodes().find(here);
        if (there != null) {
            memory.changed(there.id());
        }
    }

    private static void tellHandle(final Memory memory, final Exchange x, final long id) {
        final Handle handle = x.handles.acquire(id);
        if (handle != null) {
            try {
                tellNode(memory, handle.node());
            } finally {
                handle.descriptor().release();
            }
        }
    }
}
