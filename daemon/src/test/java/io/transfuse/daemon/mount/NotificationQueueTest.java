package io.transfuse.daemon.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.cache.Name;
import io.transfuse.daemon.mount.NotificationQueue.Kind;
import io.transfuse.daemon.mount.NotificationQueue.Notification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotificationQueueTest {
    private final List<String> overflows = new ArrayList<>();
    private final NotificationQueue queue = new NotificationQueue(4, 2, () -> overflows.add("overflow"));

    private static Name name(final String name) {
        return Name.of(name.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> takeAll() throws InterruptedException {
        final List<String> taken = new ArrayList<>();
        for (NotificationQueue.Item item = queue.take(0); item != null; item = queue.take(0)) {
            if (item instanceof Notification) {
                final Notification notification = (Notification) item;
                taken.add(notification.kind() + " " + notification.node() + " " + notification.name());
            } else {
                taken.add("action");
            }
        }
        return taken;
    }

    @Test
    void shouldKeepTheOrder() throws InterruptedException {
        queue.add(Kind.NAME, 1, name("a"));
        queue.addAction(() -> {});
        queue.add(Kind.OBJECT, 2, null);
        assertThat(takeAll()).containsExactly("NAME 1 a", "action", "OBJECT 2 null");
        assertThat(queue.size()).isZero();
    }

    @Test
    void shouldTellOnceWhatIsSaidTwice() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            queue.add(Kind.NAME, 1, name("a"));
            queue.add(Kind.OBJECT, 2, null);
            queue.add(Kind.ATTRIBUTES, 2, null);
            queue.add(Kind.DOUBTFUL_NAME, 1, name("a"));
        }
        assertThat(takeAll()).containsExactly("NAME 1 a", "OBJECT 2 null", "DOUBTFUL_NAME 1 a");
        assertThat(overflows).isEmpty();
    }

    @Test
    void shouldTellAgainWhatIsSaidAfterItWasTaken() throws InterruptedException {
        queue.add(Kind.OBJECT, 2, null);
        assertThat(takeAll()).hasSize(1);
        queue.add(Kind.OBJECT, 2, null);
        assertThat(takeAll()).hasSize(1);
    }

    @Test
    void shouldTellMoreThanTheAttributesThatWait() throws InterruptedException {
        queue.add(Kind.ATTRIBUTES, 2, null);
        queue.add(Kind.OBJECT, 2, null);
        assertThat(takeAll()).containsExactly("ATTRIBUTES 2 null", "OBJECT 2 null");
    }

    @Test
    void shouldTellEverythingWhenItIsTooMuch() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            queue.add(Kind.OBJECT, i, null);
        }
        queue.addAction(() -> {});
        queue.add(Kind.OBJECT, 3, null);
        assertThat(queue.size()).isEqualTo(5);
        queue.add(Kind.OBJECT, 4, null);
        queue.add(Kind.OBJECT, 5, null);
        assertThat(overflows).hasSize(1);
        assertThat(takeAll()).containsExactly("EVERYTHING 0 null", "action", "OBJECT 5 null");
    }

    @Test
    void shouldStayBounded() throws InterruptedException {
        for (int i = 0; i < 100_000; i++) {
            queue.add(Kind.NAME, i, name("name" + i));
            assertThat(queue.size()).isLessThanOrEqualTo(4);
        }
        assertThat(overflows).hasSizeGreaterThan(1000);
        assertThat(takeAll()).startsWith("EVERYTHING 0 null");
    }

    @Test
    void shouldRefuseActionsThatAreTooMany() throws InterruptedException {
        assertThat(queue.addAction(() -> {})).isTrue();
        queue.add(Kind.OBJECT, 1, null);
        assertThat(queue.addAction(() -> {})).isTrue();
        assertThat(queue.addAction(() -> {})).isFalse();
        assertThat(takeAll()).containsExactly("action", "OBJECT 1 null", "action");
        assertThat(queue.addAction(() -> {})).isTrue();
    }

    @Test
    void shouldReturnWhenWoken() throws InterruptedException {
        queue.wake();
        assertThat(queue.take(-1)).isNull();
        queue.add(Kind.OBJECT, 1, null);
        assertThat(queue.take(-1)).isNotNull();
    }
}
