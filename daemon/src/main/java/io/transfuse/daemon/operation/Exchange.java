package io.transfuse.daemon.operation;

import io.transfuse.cache.Answer;
import io.transfuse.daemon.event.Expectations;
import io.transfuse.daemon.fuse.Attr;
import io.transfuse.daemon.fuse.Decoy;
import io.transfuse.daemon.fuse.EntryOut;
import io.transfuse.daemon.fuse.FuseChannel;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.InvalInodeOut;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.session.HostLane;
import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Forget;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Open;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Read;
import io.transfuse.protocol.Release;
import io.transfuse.protocol.ReplyFlags;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.Write;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What one lane works with: the kernel's request, the frames to and from the host, and the reply being made, in memory
 * that is used again for each request. Belongs to the lane's thread.
 */
public final class Exchange {
    /** What an operation returns whose request gets no reply, or gets it later from another thread. */
    static final int NO_REPLY = Integer.MIN_VALUE;

    private static final int PAGE = 4096;
    private static final long NANOS = 1_000_000_000L;
    private static final int REPLY_MAX = Limits.TRANSFER_MAX + PAGE;

    final FuseChannel channel;
    private final FuseDevice device;
    HostLane lane;
    final PendingLocks locks;
    final OpenNodes openNodes;

    /** The kernel's request. */
    final ByteBuffer request;

    private final NativeBuffer frameMemory = NativeBuffer.allocate(Limits.HANDSHAKE_FRAME_MAX + Limits.XATTR_SIZE_MAX);

    /** Where requests to the host are made, but WRITE. */
    final ByteBuffer frame = frameMemory.bytes();

    /** The data of a WRITE go from kernel to host where they lie: its frame ends where they begin. */
    private final NativeBuffer writeMemory;

    final ByteBuffer writeFrame;

    private final NativeBuffer hostReplyMemory;

    /** The host's reply. */
    final ByteBuffer reply;

    private final NativeBuffer outMemory = NativeBuffer.allocate(REPLY_MAX);

    /** Where the reply to the kernel is made. */
    final ByteBuffer out = outMemory.bytes();

    /** Tells the host of callers; null where the kernel checks what they may do. */
    private final Callers callers;

    /** What a mount that caches has; null for one that does not. */
    final GuestCache cache;

    /** What the injector is to be answered; null for a mount without events. */
    final Expectations events;

    /** What the cache said last. */
    final Answer answer = new Answer();

    /** Attributes that the cache knew. */
    final ByteBuffer known = ByteBuffer.allocate(Attributes.SIZE).order(ByteOrder.LITTLE_ENDIAN);

    /** The nodes that the reply of a listing gives to the kernel. */
    private long[] given = new long[64];

    private int givenCount;
    private NativeBuffer replyMemory;
    private long lastingNode;
    private long changesSeen;

    /** The READ in hand is of one of the {@link ChangingFiles}. */
    boolean readsChanging;

    private int replyAt;

    /**
     * @param device for notifications
     * @param hostChecksPermissions whether the host checks what callers may do, so that the kernel does not
     * @param cache null for a mount that remembers nothing
     * @param events null for a mount without events
     */
    public Exchange(
            final FuseChannel channel,
            final FuseDevice device,
            final boolean hostChecksPermissions,
            final PendingLocks locks,
            final OpenNodes openNodes,
            final GuestCache cache,
            final Expectations events) {
        this.cache = cache;
        this.events = events;
        this.channel = channel;
        this.device = device;
        this.request = channel.request().bytes();
        this.writeMemory = channel.written(Write.REQUEST_SIZE);
        this.writeFrame = writeMemory.bytes();
        this.hostReplyMemory = channel.hostReply(Read.REPLY_DATA, Limits.FRAME_MAX);
        this.locks = locks;
        this.openNodes = openNodes;
        this.reply = hostReplyMemory.bytes();
        this.callers = hostChecksPermissions ? new Callers() : null;
    }

    /** The host is asked by this lane from now on. */
    public void use(final HostLane host) {
        host.replyTo(hostReplyMemory);
        lane = host;
    }

    /** Whether the host checks what callers may do, so that the kernel does not. */
    boolean hostChecksPermissions() {
        return callers != null;
    }

    public ByteBuffer request() {
        return request;
    }

    public int opcode() {
        return InHeader.opcode(request);
    }

    public long unique() {
        return InHeader.unique(request);
    }

    /** Asks the host with the frame that has been encoded in {@link #frame}; 0 or a negated errno. */
    int ask(final Opcode opcode, final int successSize) throws IOException {
        final int status = callers == null ? exchange(opcode, successSize) : askForCaller(opcode, successSize);
        noteMoment();
        return status;
    }

    private int exchange(final Opcode opcode, final int successSize) throws IOException {
        return lane.exchange(frameMemory, opcode, InHeader.uid(request), InHeader.gid(request), successSize);
    }

    /** Tells the host of the caller what the header does not say, where that may matter. */
    private int askForCaller(final Opcode opcode, final int successSize) throws IOException {
        final boolean told = callers.tell(this, opcode);
        final int status = exchange(opcode, successSize);
        if (status >= 0 || told || (ReplyFrame.flags(reply) & ReplyFlags.DENIED) == 0) {
            return status;
        }
        callers.tellNow(this, opcode);
        return exchange(opcode, successSize);
    }

    /** What the cache says from now on is not older than any change told so far. */
    private void noteMoment() {
        changesSeen = cache == null ? 0 : cache.changing().moment();
    }

    /** As {@link #ask}, with the frame in {@link #writeFrame}. */
    int askWrite() throws IOException {
        // The frame overwrites the kernel's header: what is needed of it is read before.
        return lane.exchange(writeMemory, Opcode.WRITE, 0, 0, Write.REPLY_SIZE);
    }

    /** Tells the host what has been encoded in {@link #frame} and has no reply. */
    void tell() throws IOException {
        lane.send(frameMemory);
    }

    /** The reply has this many bytes behind its header in {@link #out}. */
    int done(final int length) {
        return OutHeader.SIZE + length;
    }

    /** Writes entry and attributes, neither of any validity, behind the header of the reply; returns its length. */
    int putEntry(final long node, final int attributes) {
        return putEntry(OutHeader.SIZE, node, attributes, 0);
    }

    /**
     * As {@link #putEntry(long, int)}, at index {@code at}; the kernel may use the attributes for so many nanoseconds.
     */
    int putEntry(final int at, final long node, final int attributes, final int attributeNanos) {
        EntryOut.put(out, at, node, 0, 0, 0, 0, attributeNanos);
        Attr.put(out, at + EntryOut.SIZE, reply, attributes);
        return at + EntryOut.SIZE + Attr.SIZE;
    }

    /** As {@link #putEntry(long, int)} at index {@code at}, of what the {@link #answer} says, with its validity. */
    int putAnswer(final int at) {
        known.put(0, answer.attributes());
        final long attributeNanos = giveKnown(answer.node(), answer.attributeNanos());
        final long entryNanos = nameNanos(answer.entryNanos());
        EntryOut.put(
                out, at, answer.node(), 0, entryNanos / NANOS, attributeNanos / NANOS, (int) (entryNanos % NANOS), (int)
                        (attributeNanos % NANOS));
        Attr.put(out, at + EntryOut.SIZE, known, 0);
        return at + EntryOut.SIZE + Attr.SIZE;
    }

    /**
     * The kernel is about to be given the attributes in {@link #known}.
     *
     * @param nanos for how long the cache takes them to be valid, in nanoseconds
     * @return for how long the kernel may go by them, in nanoseconds
     */
    long giveKnown(final long node, final long nanos) {
        final boolean regular = FileMode.isRegular(Attributes.mode(known, 0));
        final long modified = Attributes.mtime(known, 0) * NANOS + Attributes.mtimeNanos(known, 0);
        return cache.changing().give(node, regular, Attributes.size(known, 0), modified, nanos, changesSeen);
    }

    /** For how long the kernel may use a name in the request's directory that the cache knows for so long. */
    long nameNanos(final long nanos) {
        return events != null && events.isInHand(InHeader.node(request)) ? 0 : nanos;
    }

    /** To be taken before the host is asked for what the cache is to learn; 0 where there is no cache. */
    long moment() {
        return cache == null ? 0 : cache.facts().moment();
    }

    /** A change of a name has failed: what stands there is not what the cache thought, perhaps. */
    void nameIsDoubtful(final long parent, final int nameAt) {
        cache.facts().doubtful(parent, HostFacts.name(request, nameAt, NameOperations.nameLength(this, nameAt)));
    }

    /** The host has changed data or attributes of an object. */
    void noteChanged(final long node) {
        if (cache != null) {
            cache.facts().changed(node);
        }
    }

    /** Notes a node that a listing gives to the kernel. */
    void give(final long node) {
        if (givenCount == given.length) {
            given = Arrays.copyOf(given, givenCount * 2);
        }
        given[givenCount++] = node;
    }

    /** The kernel did not take the listing: it holds none of what was given. */
    void takeBackGiven() {
        for (int i = 0; i < givenCount; i++) {
            cache.facts().forget(given[i], 1);
        }
    }

    /** Gives back to the host what the cache has dropped. */
    void forgetDropped() throws IOException {
        if (cache != null) {
            WholeDirectory.forget(cache.facts(), lane, frameMemory);
        }
    }

    /** Asks the host for a whole directory; see {@link WholeDirectory}. */
    WholeDirectory wholeDirectory() {
        return new WholeDirectory(cache.facts(), lane, frameMemory);
    }

    /**
     * The host's handle for the kernel's: a {@link LocalFile} is opened there when it has to be.
     *
     * @return the handle, or a negated errno
     */
    long hostHandle(final long handle) throws IOException {
        if (cache == null || !LocalFile.isLocal(handle)) {
            return handle;
        }
        final LocalFile file = cache.files().get(handle);
        if (file == null) {
            return -Errno.EBADF;
        }
        if (file.hostHandle() != 0) {
            return file.hostHandle();
        }
        Open.encode(frame, file.node(), OpenFlags.READ_ONLY);
        final int status = ask(Opcode.OPEN, Open.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        final long opened = Open.replyHandle(reply);
        final long holds = file.offer(opened);
        if (holds != opened) {
            giveBackHandle(opened);
        }
        return holds;
    }

    /** What the kernel knows of a node's attributes it forgets before it gets the reply. */
    void endValidity(final long node) {
        InvalInodeOut.putAttributes(out, node);
        device.write(outMemory, 0, InvalInodeOut.SIZE);
    }

    /** The reply lies in the host's reply, {@code length} bytes behind a header at {@code at}. */
    int replyInHostFrame(final int at, final int length) {
        replyMemory = hostReplyMemory;
        replyAt = at;
        return OutHeader.SIZE + length;
    }

    /** Whether the reply may give the node's attributes a validity. */
    boolean beginLasting(final long node) {
        if (!openNodes.beginLasting(node)) {
            return false;
        }
        lastingNode = node;
        return true;
    }

    /** To be called when the reply has been written. */
    void endLasting() {
        if (lastingNode != 0) {
            openNodes.endLasting(lastingNode);
            lastingNode = 0;
        }
    }

    void begin() {
        givenCount = 0;
        lastingNode = 0;
        noteMoment();
        replyMemory = outMemory;
        replyAt = 0;
    }

    /**
     * Gives the kernel the reply.
     *
     * @param result length of the reply, or a negated errno
     * @return 0 or the errno of the device
     */
    int answer(final long unique, final int result) {
        final boolean failed = result < 0;
        final NativeBuffer memory = failed ? outMemory : replyMemory;
        final int at = failed ? 0 : replyAt;
        final int length = failed ? OutHeader.SIZE : result;
        OutHeader.put(memory.bytes(), at, length, failed ? -result : 0, unique);
        return channel.answer(memory, at, length, lastingNode != 0);
    }

    /** Gives back a node that the kernel does not know because it took its request back. */
    void giveBackNode(final long node) throws IOException {
        if (cache != null) {
            cache.facts().forget(node, 1);
            return;
        }
        Forget.putEntry(frame, 0, Decoy.node(node), 1);
        Forget.encode(frame, 1);
        tell();
    }

    /** Gives back a handle that the kernel does not know because it took its request back. */
    void giveBackHandle(final long handle) throws IOException {
        Release.encode(frame, handle, 0, 0);
        tell();
    }
}
