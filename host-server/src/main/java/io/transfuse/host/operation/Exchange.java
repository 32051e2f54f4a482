package io.transfuse.host.operation;

import io.transfuse.host.node.Descriptor;
import io.transfuse.host.node.Handle;
import io.transfuse.host.node.HandleTable;
import io.transfuse.host.node.Node;
import io.transfuse.host.node.NodeTable;
import io.transfuse.host.posix.FileSystemStatistics;
import io.transfuse.host.posix.LockTest;
import io.transfuse.host.posix.Posix;
import io.transfuse.host.posix.StatBuffer;
import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.EventKind;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Name;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ReplyFlags;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.transport.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What one lane works with: the request and the reply being made, and memory that is used again for each request. An
 * operation reads the request, does its work and returns the length of the reply, or a negated errno. Belongs to the
 * lane's thread.
 */
public final class Exchange {
    private static final int NO_ID = -1;

    final SessionState session;
    final Posix posix;
    final NodeTable nodes;
    final HandleTable handles;
    final NativeBuffer requestMemory = NativeBuffer.allocate(Limits.FRAME_MAX + 4096);
    final NativeBuffer replyMemory = NativeBuffer.allocate(Limits.FRAME_MAX);

    /** The request's frame. */
    final ByteBuffer request = requestMemory.bytes();

    /** Where the reply's frame is made. */
    final ByteBuffer reply = replyMemory.bytes();

    final NodeTable.PathWork path = new NodeTable.PathWork();
    final NodeTable.PathWork secondPath = new NodeTable.PathWork();
    final NodeTable.PathWork otherPath = new NodeTable.PathWork();
    final StatBuffer stat = new StatBuffer();
    final FileSystemStatistics statistics = new FileSystemStatistics();
    final LockTest lockTest = new LockTest();

    /** What the caller of the request may do. */
    final Permissions permissions;

    /** Null for a guest that remembers nothing. */
    final GuestMemory memory;

    /** Null for a guest that is told nothing. */
    private final GuestWatches watches;

    private long sequence;
    private long doubts;
    private int flags;
    private Descriptor acquired;

    /** A directory that is held from the check of permissions until the operation acquires it; null for none. */
    private Descriptor checked;

    private long checkedId;
    private int failure;
    private int callerUid = NO_ID;
    private int callerGid = NO_ID;

    public Exchange(final SessionState session) {
        this.session = session;
        this.posix = session.posix();
        this.nodes = session.nodes();
        this.handles = session.handles();
        this.memory = session.memory();
        this.watches = session.watches();
        this.permissions = new Permissions(this);
    }

    /** An operation begins: what it reads from now on is newer than every push so far. */
    void begin() {
        flags = 0;
        sequence = memory == null ? 0 : memory.sequence();
        doubts = memory == null ? 0 : memory.doubts();
    }

    /** Writes into the reply's header what the guest may remember of it. */
    void putFreshness() {
        if (memory != null && memory.doubts() != doubts) {
            // Another mount changed something, perhaps before this guest's nodes were looked through for it.
            flags |= ReplyFlags.VOLATILE;
        }
        ReplyFrame.setFlags(reply, flags);
        ReplyFrame.setSequence(reply, sequence);
    }

    /** Whether the guest is told of changes. */
    boolean isTold() {
        return watches != null;
    }

    /**
     * What the request is going to change, where the platform does not tell who makes a change; to be handed to
     * {@link #changed}.
     */
    List<WatchTable.OwnChange> ownChanges(final Opcode opcode) {
        if (watches == null || !watches.needsReports()) {
            return List.of();
        }
        final List<WatchTable.OwnChange> changes = OwnChanges.of(this, opcode);
        changes.forEach(watches::willChange);
        return changes;
    }

    /** The request is over. */
    void changed(final List<WatchTable.OwnChange> changes, final boolean success) {
        for (final WatchTable.OwnChange change : changes) {
            watches.didChange(change, success);
        }
    }

    WatchTable.OwnChange ownChange(
            final EventKind kind,
            final WatchTable.Watch directory,
            final byte[] name,
            final WatchTable.Watch object,
            final boolean isDirectory) {
        return watches.ownChange(kind, directory, name, null, null, object, isDirectory);
    }

    WatchTable.OwnChange ownRename(
            final WatchTable.Watch directory,
            final byte[] name,
            final WatchTable.Watch newDirectory,
            final byte[] newName) {
        return watches.ownChange(EventKind.RENAME, directory, name, newDirectory, newName, null, false);
    }

    /** Watches a directory, before it or a name in it is looked at; the reply says whether it is. */
    void watchDirectory(final Node directory, final int descriptor) {
        if (watches == null || directory == null) {
            return;
        }
        final boolean watched = watches.watch(directory, descriptor, posix.self());
        if (memory == null) {
            return;
        }
        noteWatched(watched);
        if (directory.folds == null) {
            directory.folds = posix.foldsNames(descriptor);
        }
        if (directory.folds) {
            flags |= ReplyFlags.FOLDED;
        }
    }

    /** What is answered is not what the watched directory has. */
    void noteUnwatched() {
        noteWatched(false);
    }

    private void noteWatched(final boolean watched) {
        flags = watched ? flags | ReplyFlags.WATCHED : flags & ~ReplyFlags.WATCHED;
    }

    /** Attributes and content of the object in the reply must not be remembered. */
    void noteVolatile() {
        if (memory != null) {
            flags |= ReplyFlags.VOLATILE;
        }
    }

    /**
     * Watches an object beyond its place, where its attributes change without its directory's doing: a directory, whose
     * names come and go, and what has several names. {@link #stat} is of the object, and is read anew then.
     *
     * @return 0; 1 when it cannot be watched, so that its attributes must not be remembered; or a negated errno
     */
    int watchObject(final Node node, final int directory, final long name) {
        final boolean hasSeveralNames = !node.isDirectory() && stat.nlink() > 1;
        if (memory != null) {
            node.remembered = !hasSeveralNames || !memory.hasOtherMounts();
        }
        if (hasSeveralNames) {
            session.others().linkSeen(node);
        }
        if (watches == null) {
            return 0;
        }
        if (!node.isDirectory() && !hasSeveralNames) {
            return 0;
        }
        // Another mount may change it by another of its names, of which this one is told too late.
        final boolean forgetful = memory != null && hasSeveralNames && memory.hasOtherMounts();
        if (GuestWatches.isWatched(node)) {
            return forgetful ? 1 : 0;
        }
        if (!node.isDirectory() && !node.isRegular() || !watches.watch(node, directory, name)) {
            return 1;
        }
        final int status = posix.stat(directory, name, stat);
        if (status >= 0 && !node.is(stat)) {
            nodes.noteRestless();
            return -Errno.ESTALE;
        }
        return status < 0 ? status : forgetful ? 1 : 0;
    }

    /**
     * The object of {@link #stat} has, or had, several names, of which this request has changed one. That it was this
     * object the guest may not have known, if somebody else had put it there; it is told, though it is its own change.
     */
    void tellNameChanged() {
        if (memory != null && !FileMode.isDirectory(stat.mode()) && stat.nlink() > 1) {
            final Node node = nodes.of(stat);
            if (node != null) {
                watches.tellChanged(node);
            }
        }
    }

    /** The answer may be another one for a caller of whom more is known. */
    void noteDenied() {
        flags |= ReplyFlags.DENIED;
    }

    /** A node that the guest does not hold any more need not be watched. */
    void unwatch(final Node node) {
        if (watches != null) {
            watches.unwatch(node, nodes, posix, path);
        }
    }

    public NativeBuffer requestMemory() {
        return requestMemory;
    }

    public NativeBuffer replyMemory() {
        return replyMemory;
    }

    /** What this thread makes from now on belongs to the caller of the request. */
    void becomeCaller() {
        if (!session.givesOwnership()) {
            return;
        }
        final int uid = RequestFrame.uid(request);
        final int gid = RequestFrame.gid(request);
        if (uid != callerUid || gid != callerGid) {
            posix.setCaller(uid, gid);
            callerUid = uid;
            callerGid = gid;
        }
    }

    /** Address of the bytes of a name or of {@link io.transfuse.protocol.Bytes} in the request. */
    long requestAddress(final int at) {
        return requestMemory.address(at);
    }

    /** Address of the bytes of the {@link Name} at {@code at}. */
    long nameAddress(final int at) {
        return requestMemory.address(Name.start(at));
    }

    /**
     * Acquires the directory that a request names; the caller releases it.
     *
     * @return 0 with the descriptor in {@code work}, or a negated errno
     */
    int acquireDirectory(final long id, final NodeTable.PathWork work) {
        if (checked != null && checkedId == id) {
            work.take(checked);
            checked = null;
            return 0;
        }
        final Node node = nodes.get(id);
        return node == null ? -Errno.ESTALE : nodes.acquireDirectory(node, work);
    }

    /**
     * Acquires a directory as {@link #acquireDirectory}, to check what the caller may do there. It is not released but
     * is what the operation acquires, so that both are about the same one: to be given up by {@link #releaseChecked}.
     *
     * @return its descriptor's number, or a negated errno
     */
    int acquireChecked(final long id) {
        final int status = acquireDirectory(id, path);
        if (status < 0) {
            return status;
        }
        releaseChecked();
        checked = path.descriptor();
        checkedId = id;
        return checked.number();
    }

    /** Gives back what {@link #acquireChecked} acquired and no operation has. */
    void releaseChecked() {
        if (checked != null) {
            checked.release();
            checked = null;
        }
    }

    /**
     * Acquires a descriptor of the object that a request names, that of the handle where one is given.
     *
     * @param handleId 0 for none
     * @return 0 with the descriptor in {@link #acquired}, or a negated errno
     */
    int acquireObject(final long nodeId, final long handleId) {
        acquired = null;
        if (handleId != 0) {
            final Handle handle = handles.acquire(handleId);
            if (handle == null) {
                return -Errno.EBADF;
            }
            acquired = handle.descriptor();
            return 0;
        }
        final Node node = nodes.get(nodeId);
        if (node == null) {
            return -Errno.ESTALE;
        }
        final int status = nodes.acquireObject(node, handles, path);
        if (status >= 0) {
            acquired = path.descriptor();
        }
        return status;
    }

    /** What the last successful {@link #acquireObject} acquired; the caller releases it. */
    Descriptor acquired() {
        return acquired;
    }

    /** Remembers why an operation ends without a node; returns null. */
    Node fail(final int status) {
        failure = status;
        return null;
    }

    /** The errno of the last {@link #fail}, negated. */
    int failure() {
        return failure;
    }

    /** Makes a reply without a body and returns its length, or returns the errno there was. */
    int done(final int status) {
        return status < 0
                ? status
                : ReplyFrame.encodeErrno(reply, Opcode.of(RequestFrame.opcode(request)), RequestFrame.id(request), 0);
    }

    /** Writes the attributes in {@link #stat}, as the guest is to see them, at index {@code at} of the reply. */
    void putAttributes(final int directory, final long name, final int at) {
        stat.putAttributes(reply, at, nodes.shownIno(stat.dev(), stat.ino()));
        session.ownership().show(posix, directory, name, stat, reply, at);
    }

    /** Keeps of a new object what the host could not give it; 0 or a negated errno. */
    int recordCreated(final int descriptor, final int mode) {
        final int status = posix.stat(descriptor, posix.self(), stat);
        return status < 0
                ? status
                : session.ownership()
                        .created(posix, descriptor, stat, RequestFrame.uid(request), RequestFrame.gid(request), mode);
    }
}
