package io.transfuse.daemon.fuse;

import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Limits;
import io.transfuse.transport.NativeBuffer;
import io.transfuse.transport.Processors;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * An entry of the kernel's queue for one processor, through an io_uring of its own: it gets requests of programs that run
 * on this processor, and its thread, which is bound to it, answers them there. No other processor has to be woken; and one
 * system call takes a reply and the next request. INTERRUPT and most FORGETs, and notifications, do not come this way but by a
 * {@link FuseDevice}. Kernel: fs/fuse/dev_uring.c, Documentation/filesystems/fuse/fuse-io-uring.rst; Linux 6.14 and newer.
 *
 * <p>The kernel writes a request in three parts: {@code struct fuse_uring_req_header} holds its header and the structure
 * of its opcode, names and data are in a place of their own. All but the data of WRITE are put together in {@link
 * #request}, so that a request looks as it does when it is read from a device.
 */
public final class RingChannel implements FuseChannel {
    /** The protocol's minor version that has it first, of Linux 6.14. */
    public static final int SINCE_MINOR = 42;

    private static final int PAGE = 4096;

    /** struct fuse_uring_req_header. */
    private static final int HEADER = 0;

    private static final int STRUCTURE = 128;
    private static final int STRUCTURE_MAX = 128;
    private static final int COMMIT_ID = 256 + 8;
    private static final int PAYLOAD_SIZE = 256 + 16;
    private static final int HEADERS_SIZE = 288;

    /** struct io_uring_sqe with struct fuse_uring_cmd_req in its last 80 bytes. */
    private static final int SQE_OPCODE = 0;

    private static final int SQE_DESCRIPTOR = 4;
    private static final int SQE_COMMAND = 8;
    private static final int SQE_ADDRESS = 16;
    private static final int SQE_LENGTH = 24;
    private static final int SQE_COMMIT_ID = 48 + 8;
    private static final int SQE_QUEUE = 48 + 16;

    private static final byte IORING_OP_URING_CMD = 46;
    private static final int REGISTER = 1;
    private static final int COMMIT_AND_FETCH = 2;

    private static final int IOVEC_SIZE = 16;
    private static final int NONE = 0;

    private final FuseDevice device;
    private final int processor;
    private final IoUring ring;
    private final NativeBuffer headerMemory = NativeBuffer.allocate(HEADERS_SIZE);
    private final ByteBuffer headers = headerMemory.bytes();

    /** Names and data of requests and of replies begin at its second page. */
    private final NativeBuffer memory = NativeBuffer.allocate(2 * PAGE + Limits.FRAME_MAX);

    private final ByteBuffer payload = memory.bytes();
    private final NativeBuffer request = NativeBuffer.allocate(Limits.TRANSFER_MAX + 2 * PAGE);

    /** What was left unanswered. */
    private long left = NONE;

    /** What was answered late, and how; guarded by this. */
    private long answered = NONE;

    private int answer;
    private boolean ended;

    private RingChannel(final FuseDevice device, final int processor, final IoUring ring) {
        this.device = device;
        this.processor = processor;
        this.ring = ring;
    }

    /** Whether this kernel and this process can do without reading a device, as far as can be told before a mount. */
    public static boolean isPossible() {
        return IoUring.isPossible();
    }

    /**
     * One more entry of a processor's queue, for the calling thread, which is bound to the processor from now on.
     *
     * @param device of the mount, after its INIT
     * @throws IOException if the kernel does not take it
     */
    public static RingChannel open(final FuseDevice device, final int processor) throws IOException {
        Processors.bind(processor);
        final RingChannel channel = new RingChannel(device, processor, IoUring.open());
        try {
            channel.register();
            return channel;
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
    }

    private void register() throws IOException {
        final NativeBuffer vectors = NativeBuffer.allocate(2 * IOVEC_SIZE);
        vectors.bytes().putLong(0, headerMemory.address());
        vectors.bytes().putLong(8, HEADERS_SIZE);
        vectors.bytes().putLong(IOVEC_SIZE, memory.address(PAGE));
        vectors.bytes().putLong(IOVEC_SIZE + 8, memory.capacity() - PAGE);
        final int at = command(REGISTER);
        ring.entries().putLong(at + SQE_ADDRESS, vectors.address()).putInt(at + SQE_LENGTH, 2);
        ring.add();
        final int errno = ring.submit();
        Reference.reachabilityFence(vectors);
        if (errno != 0) {
            throw new IOException("the kernel takes no requests for processor " + processor + " to an io_uring: "
                    + Errno.name(errno));
        }
    }

    private int command(final int command) {
        final ByteBuffer entries = ring.entries();
        final int at = ring.next();
        entries.put(at + SQE_OPCODE, IORING_OP_URING_CMD);
        entries.putInt(at + SQE_DESCRIPTOR, device.descriptor());
        entries.putInt(at + SQE_COMMAND, command);
        entries.putLong(at + SQE_ADDRESS, 0);
        entries.putInt(at + SQE_LENGTH, 0);
        entries.putShort(at + SQE_QUEUE, (short) processor);
        return at;
    }

    @Override
    public NativeBuffer request() {
        return request;
    }

    @Override
    public NativeBuffer written(final int room) {
        return memory.slice(PAGE - room, memory.capacity() - PAGE + room);
    }

    @Override
    public NativeBuffer hostReply(final int ahead, final int size) {
        return memory.slice(PAGE - ahead, size);
    }

    @Override
    public int next(final boolean soon) throws IOException {
        final int result = ring.await();
        switch (-result) {
            case 0:
                return assemble();
            case Errno.ENOTCONN:
            case Errno.ECONNABORTED:
            case Errno.ENODEV:
            case Errno.ECANCELED:
                return -1;
            default:
                throw new IOException("the kernel takes no requests to the io_uring: " + Errno.name(-result));
        }
    }

    private int assemble() throws IOException {
        final ByteBuffer whole = request.bytes();
        whole.put(0, headers, HEADER, InHeader.SIZE);
        final int length = InHeader.length(whole);
        final int rest = headers.getInt(PAYLOAD_SIZE);
        final int structure = length - InHeader.SIZE - rest;
        if (rest < 0 || structure < 0 || structure > STRUCTURE_MAX || length > whole.capacity()) {
            throw new IOException("the kernel sent a request of " + length + " bytes, " + rest + " of them data");
        }
        whole.put(InHeader.SIZE, headers, STRUCTURE, structure);
        if (InHeader.opcode(whole) != FuseOpcode.WRITE) {
            whole.put(InHeader.SIZE + structure, payload, PAGE, rest);
        }
        return length;
    }

    @Override
    public int answer(final NativeBuffer reply, final int at, final int length, final boolean now) {
        final int rest = length - OutHeader.SIZE;
        if (rest > memory.capacity() - PAGE) {
            return Errno.EINVAL;
        }
        headers.put(HEADER, reply.bytes(), at, OutHeader.SIZE);
        if (rest > 0 && reply.address(at + OutHeader.SIZE) != memory.address(PAGE)) {
            payload.put(PAGE, reply.bytes(), at + OutHeader.SIZE, rest);
        }
        commit(rest);
        return now ? ring.submit() : 0;
    }

    /** The reply lies in the memory shared with the kernel; with it goes the wish for the next request. */
    private void commit(final int rest) {
        headers.putInt(PAYLOAD_SIZE, rest);
        final int at = command(COMMIT_AND_FETCH);
        ring.entries().putLong(at + SQE_COMMIT_ID, headers.getLong(COMMIT_ID));
        ring.add();
    }

    private void answer(final long unique, final int errno) {
        OutHeader.put(headers, HEADER, OutHeader.SIZE, errno, unique);
        commit(0);
    }

    /** The kernel waits until it gets the entry back; a FORGET of what it did not take from a listing comes this way. */
    @Override
    public void pass(final long unique) {
        answer(unique, 0);
    }

    @Override
    public void leave(final long unique) {
        left = unique;
    }

    @Override
    public boolean mustAwaitAnswer() {
        return left != NONE;
    }

    @Override
    public synchronized void awaitAnswer() {
        boolean interrupted = false;
        while (answered != left && !ended) {
            try {
                wait();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        answer(left, ended ? Errno.EIO : answer);
        left = NONE;
    }

    @Override
    public synchronized void answerLate(final long unique, final int errno) {
        answered = unique;
        answer = errno;
        notifyAll();
    }

    @Override
    public synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public void close() {
        ring.close();
    }
}
