package io.transfuse.daemon.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.protocol.Errno;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What needs no host; the rest is tested on mounts. */
class PendingLocksTest {
    private static final long REQUEST = 7;

    private final PendingLocks locks = new PendingLocks(null);

    @Test
    void shouldInterruptARequestThatWasRegisteredLaterThanItsInterruptCame() throws IOException {
        assertThat(locks.interrupt(REQUEST)).isFalse();
        locks.register(REQUEST, null, 1, true);

        assertThat(locks.await(REQUEST, frame -> 0)).isEqualTo(-Errno.EINTR);
    }

    @Test
    void shouldInterruptARequestThatIsNotWaitingYet() throws IOException {
        locks.register(REQUEST, null, 1, true);
        assertThat(locks.interrupt(REQUEST)).isTrue();

        assertThat(locks.await(REQUEST, frame -> 0)).isEqualTo(-Errno.EINTR);
    }
}
