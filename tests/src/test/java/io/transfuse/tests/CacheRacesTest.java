package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.protocol.Opcode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Replies and pushes that overtake each other: what the host computed before a change must not be used after the guest was
 * told of the change.
 */
class CacheRacesTest {
    private static final long MOST_SECONDS = 30;

    private final ExecutorService callers = Executors.newCachedThreadPool(work -> {
        final Thread thread = new Thread(work, "caller");
        thread.setDaemon(true);
        return thread;
    });
    private Parts parts;
    private Path host;
    private Path guest;

    @BeforeEach
    void setUp() throws IOException {
        parts = Parts.mount(":cached");
        host = parts.host();
        guest = parts.guest();
    }

    @AfterEach
    void tearDown() throws IOException {
        parts.close();
        callers.shutdownNow();
    }

    /** Calls in another thread: the call may have to wait for a reply that is held. */
    private <T> Future<T> call(final Callable<T> call) {
        return callers.submit(call);
    }

    private static <T> T result(final Future<T> future) throws Exception {
        return future.get(MOST_SECONDS, TimeUnit.SECONDS);
    }

    /** Makes a change on the host and waits until the guest has been told. */
    private void change(final Callable<?> change) throws Exception {
        final int before = parts.proxy().pushes();
        change.call();
        Awaitility.await("the guest is told").until(() -> parts.proxy().pushes() > before);
    }

    private String[] names() {
        final String[] names = guest.toFile().list();
        Arrays.sort(names);
        return names;
    }

    @Test
    void shouldNotRememberAnAbsenceThatIsOver() throws Exception {
        final HostProxy.Gate reply = parts.proxy().holdReply(Opcode.LOOKUP);
        final Future<Boolean> early = call(() -> Files.exists(guest.resolve("file")));
        reply.awaitCaught();
        change(() -> Files.createFile(host.resolve("file")));
        reply.release();
        result(early);

        assertThat(Files.exists(guest.resolve("file"))).isTrue();
    }

    @Test
    void shouldNotRememberWhatIsGone() throws Exception {
        Files.createFile(host.resolve("file"));
        final HostProxy.Gate reply = parts.proxy().holdReply(Opcode.LOOKUP);
        final Future<Boolean> early = call(() -> Files.exists(guest.resolve("file")));
        reply.awaitCaught();
        change(() -> Files.deleteIfExists(host.resolve("file")));
        reply.release();
        result(early);

        assertThat(Files.exists(guest.resolve("file"))).isFalse();
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldNotRememberAttributesOfBefore() throws Exception {
        Files.writeString(host.resolve("file"), "old");
        final HostProxy.Gate reply = parts.proxy().holdReply(Opcode.LOOKUP);
        final Future<Long> early = call(() -> Files.size(guest.resolve("file")));
        reply.awaitCaught();
        change(() -> Files.writeString(host.resolve("file"), "and new"));
        reply.release();
        result(early);

        assertThat(Files.size(guest.resolve("file"))).isEqualTo(7);
        assertThat(Files.readString(guest.resolve("file"))).isEqualTo("and new");
    }

    @Test
    void shouldNotRememberContentOfBefore() throws Exception {
        Files.writeString(host.resolve("file"), "old");
        final HostProxy.Gate reply = parts.proxy().holdReply(Opcode.OPEN);
        final Future<String> early = call(() -> Files.readString(guest.resolve("file")));
        reply.awaitCaught();
        change(() -> Files.writeString(host.resolve("file"), "new"));
        reply.release();
        result(early);

        assertThat(Files.readString(guest.resolve("file"))).isEqualTo("new");
    }

    @Test
    void shouldNotRememberAListingOfBefore() throws Exception {
        Files.createFile(host.resolve("one"));
        final HostProxy.Gate reply = parts.proxy().holdReply(Opcode.LISTDIR);
        final Future<String[]> early = call(this::names);
        reply.awaitCaught();
        change(() -> Files.createFile(host.resolve("two")));
        reply.release();
        result(early);

        assertThat(names()).containsExactly("one", "two");
        assertThat(Files.exists(guest.resolve("two"))).isTrue();
    }

    @Test
    void shouldNotTakeANameForAbsentBecauseOfAListingOfBefore() throws Exception {
        final HostProxy.Gate reply = parts.proxy().holdReply(Opcode.LISTDIR);
        // The miss makes the daemon fetch the directory ahead.
        assertThat(Files.exists(guest.resolve("missing"))).isFalse();
        reply.awaitCaught();
        change(() -> Files.createFile(host.resolve("file")));
        reply.release();

        assertThat(Files.exists(guest.resolve("file"))).isTrue();
    }

    @Test
    void shouldNotForgetItsOwnFileBecauseOfAListingOfBefore() throws Exception {
        final HostProxy.Gate reply = parts.proxy().holdReply(Opcode.LISTDIR);
        assertThat(Files.exists(guest.resolve("missing"))).isFalse();
        reply.awaitCaught();
        Files.writeString(guest.resolve("own"), "content");
        reply.release();

        assertThat(Files.readString(guest.resolve("own"))).isEqualTo("content");
        assertThat(names()).containsExactly("own");
        Files.delete(guest.resolve("own"));
        assertThat(Files.exists(guest.resolve("own"))).isFalse();
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldNotBringBackWhatItRemovedBecauseOfAListingOfBefore() throws Exception {
        Files.createFile(host.resolve("file"));
        final HostProxy.Gate reply = parts.proxy().holdReply(Opcode.LISTDIR);
        assertThat(Files.exists(guest.resolve("missing"))).isFalse();
        reply.awaitCaught();
        Files.delete(guest.resolve("file"));
        reply.release();

        assertThat(Files.exists(guest.resolve("file"))).isFalse();
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldSeeItsOwnWritesWhileTheHostIsSlowToTellOfOthers() throws Exception {
        Files.writeString(host.resolve("file"), "zero");
        assertThat(Files.readString(guest.resolve("file"))).isEqualTo("zero");
        final HostProxy.Gate push = parts.proxy().holdPush();
        Files.writeString(host.resolve("file"), "host");
        push.awaitCaught();
        Files.writeString(guest.resolve("file"), "guest!");
        assertThat(Files.readString(guest.resolve("file"))).isEqualTo("guest!");
        push.release();
        assertThat(Files.readString(guest.resolve("file"))).isEqualTo("guest!");
        assertThat(Files.readString(host.resolve("file"))).isEqualTo("guest!");
    }

    @Test
    void shouldSeeTheChangeWhenItIsToldAtLast() throws Exception {
        Files.writeString(host.resolve("file"), "old");
        assertThat(Files.readString(guest.resolve("file"))).isEqualTo("old");
        assertThat(names()).containsExactly("file");
        final HostProxy.Gate push = parts.proxy().holdPush();
        Files.writeString(host.resolve("temporary"), "new!");
        Files.move(host.resolve("temporary"), host.resolve("file"), StandardCopyOption.REPLACE_EXISTING);
        push.awaitCaught();
        // Late is allowed; what is seen is one of the two.
        assertThat(Files.readString(guest.resolve("file"))).isIn("old", "new!");
        push.release();

        Awaitility.await("the new file").untilAsserted(() -> assertThat(Files.readString(guest.resolve("file")))
                .isEqualTo("new!"));
        Awaitility.await("the listing").untilAsserted(() -> assertThat(names()).containsExactly("file"));
    }
}
