package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.protocol.Credentials;
import io.transfuse.protocol.Opcode;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;

/**
 * Tells the host of callers what the headers of their requests do not say. That is read from the kernel and costs more
 * than a request, and the ids alone permit most of what is asked: it is told when the host refuses something, and from
 * then on at once for the same thread, because root works in other users' directories all the time. It is read anew
 * each time. Belongs to a lane's thread.
 */
final class Callers {
    private static final int SLOTS = 64;

    private final CallerCredentials credentials = new CallerCredentials();
    private final int[] refused = new int[SLOTS];

    /** Made when it is needed: most callers have no need of it. */
    private NativeBuffer memory;

    /** Tells of the caller of the request, if it was refused something lately; whether it did. */
    boolean tell(final Exchange x, final Opcode opcode) throws IOException {
        final int thread = InHeader.pid(x.request);
        if (thread == 0 || refused[thread & SLOTS - 1] != thread || !isChecked(opcode)) {
            return false;
        }
        send(x, opcode);
        return true;
    }

    /** Tells of the caller of the request, which was refused. */
    void tellNow(final Exchange x, final Opcode opcode) throws IOException {
        final int thread = InHeader.pid(x.request);
        refused[thread & SLOTS - 1] = thread;
        send(x, opcode);
    }

    private static boolean isChecked(final Opcode opcode) {
        switch (opcode) {
            case GETATTR:
            case READ:
            case READDIR:
            case READLINK:
            case STATFS:
                return false;
            default:
                return true;
        }
    }

    private void send(final Exchange x, final Opcode opcode) throws IOException {
        if (memory == null) {
            memory = NativeBuffer.allocate(Credentials.REQUEST_MAX);
        }
        credentials.encode(memory.bytes(), InHeader.pid(x.request), InHeader.uid(x.request), opcode == Opcode.ACCESS);
        x.lane.send(memory);
    }
}
