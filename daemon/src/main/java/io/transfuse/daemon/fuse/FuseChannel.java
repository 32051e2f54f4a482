package io.transfuse.daemon.fuse;

import io.transfuse.transport.NativeBuffer;
import java.io.Closeable;
import java.io.IOException;

/**
 * Where a lane takes the kernel's requests from, one after the other, and gives its replies to. Belongs to the lane's
 * thread, but for {@link #answerLate} and {@link #end}.
 */
public interface FuseChannel extends Closeable {
    /** The request in hand, at index 0; of a WRITE at least what precedes the data. */
    NativeBuffer request();

    /**
     * The data of a WRITE in hand and {@code room} bytes before them, in which the channel keeps nothing that is of use
     * after it was read.
     *
     * @param room at most {@link WriteIn#END}
     */
    NativeBuffer written(int room);

    /**
     * Memory for what the host replies to the request in hand. Data that lie {@code ahead} bytes behind its beginning
     * need not be copied to become the reply to the kernel.
     *
     * @param ahead bytes, at most a page
     * @param size bytes of all of it
     */
    NativeBuffer hostReply(int ahead, int size);

    /**
     * Waits for a request and reads it.
     *
     * @param soon whether one is expected within microseconds
     * @return its length in bytes, or -1 when the mount has ended
     */
    int next(boolean soon) throws IOException;

    /**
     * Answers the request in hand.
     *
     * @param reply memory with the header of the reply at index {@code at}, and the rest behind it
     * @param length bytes of the reply, the header included
     * @param now whether the kernel must have it on return; otherwise it may get it with the call of {@link #next}
     * @return 0, or an errno: ENOENT when the request has been taken back, ENODEV when the mount has ended, EINVAL for
     *     a reply that the kernel does not understand
     */
    int answer(NativeBuffer reply, int at, int length, boolean now);

    /**
     * The request in hand was one that gets no reply, and has been executed.
     *
     * @param unique the number of the request
     */
    void pass(long unique);

    /**
     * The request in hand is not answered now: {@link #answerLate} does that, and may have done so already.
     *
     * @param unique the number of the request
     */
    void leave(long unique);

    /** Whether there is no next request before the one that was left has been answered. */
    boolean mustAwaitAnswer();

    /** Waits until the request that was left has been answered or the mount has ended, and passes the answer on. */
    void awaitAnswer();

    /** Answers a request that was left, without data; any thread. */
    void answerLate(long unique, int errno);

    /** The mount has ended: nobody answers any more what was left; any thread. */
    void end();

    @Override
    void close();
}
