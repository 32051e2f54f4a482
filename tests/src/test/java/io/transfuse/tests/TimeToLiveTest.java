package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.protocol.Invalidate;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ReplyFlags;
import io.transfuse.protocol.ReplyFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** C3 where the host cannot watch: a proxy says so of everything, and keeps to itself what the host tells of changes. */
class TimeToLiveTest {
    private Parts parts;
    private Path host;
    private Path guest;

    @AfterEach
    void tearDown() throws IOException {
        parts.close();
    }

    private void mount(final String options) throws IOException {
        parts = Parts.mount(options, frame -> {}, TimeToLiveTest::unwatch);
        host = parts.host();
        guest = parts.guest();
    }

    private static void unwatch(final ByteBuffer frame) {
        if (ReplyFrame.opcode(frame) == Invalidate.CODE) {
            frame.putInt(0, ReplyFrame.SIZE);
            frame.limit(ReplyFrame.SIZE);
        } else if (ReplyFrame.opcode(frame) < Opcode.HELLO.code()) {
            ReplyFrame.setFlags(frame, ReplyFrame.flags(frame) & ~ReplyFlags.WATCHED);
        }
    }

    @Test
    void shouldSeeHostChangesWhenTheTimeIsOver() throws Exception {
        mount(":cached,ttl=300ms");
        Files.writeString(host.resolve("file"), "old");
        for (int i = 0; i < 5; i++) {
            final String name = "name" + i;
            final String content = "content " + i;
            assertThat(Files.exists(guest.resolve(name))).isFalse();
            assertThat(Files.readAllBytes(guest.resolve("file"))).isNotEmpty();
            assertThat(guest.toFile().list()).doesNotContain(name);
            Files.createFile(host.resolve(name));
            Files.writeString(host.resolve("file"), content);
            Awaitility.await(name).atMost(2, TimeUnit.SECONDS).until(() -> Files.exists(guest.resolve(name)));
            Awaitility.await(content).atMost(2, TimeUnit.SECONDS).until(() -> Files.readString(guest.resolve("file"))
                    .equals(content));
            Awaitility.await("the listing")
                    .atMost(2, TimeUnit.SECONDS)
                    .until(() -> List.of(guest.toFile().list()).contains(name));
        }
    }

    @Test
    void shouldAnswerFromMemoryUntilTheTimeIsOver() throws Exception {
        mount(":cached,ttl=1h");
        Files.createDirectory(host.resolve("dir"));
        Files.writeString(host.resolve("dir/file"), "old");
        assertThat(Files.readString(guest.resolve("dir/file"))).isEqualTo("old");
        assertThat(Files.exists(guest.resolve("dir/missing"))).isFalse();
        Files.writeString(host.resolve("dir/file"), "longer");
        Files.createFile(host.resolve("dir/missing"));

        assertThat(Files.size(guest.resolve("dir/file"))).isEqualTo(3);
        assertThat(Files.exists(guest.resolve("dir/missing"))).isFalse();
    }

    @Test
    void shouldSeeItsOwnChangesAtOnce() throws Exception {
        mount(":cached,ttl=1h");
        for (int i = 0; i < 50; i++) {
            assertThat(Files.exists(guest.resolve("own"))).isFalse();
            Files.writeString(guest.resolve("own"), "content " + i);
            assertThat(Files.readString(guest.resolve("own"))).isEqualTo("content " + i);
            assertThat(guest.toFile().list()).containsExactly("own");
            Files.move(guest.resolve("own"), guest.resolve("moved"));
            assertThat(Files.exists(guest.resolve("own"))).isFalse();
            assertThat(Files.size(guest.resolve("moved"))).isEqualTo(("content " + i).length());
            Files.delete(guest.resolve("moved"));
            assertThat(guest.toFile().list()).isEmpty();
        }
    }
}
