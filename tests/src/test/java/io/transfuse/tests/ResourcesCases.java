package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the product holds of the host's resources for what guests do: the cases that users of such systems reported. */
@Timeout(120)
abstract class ResourcesCases {
    /** For directories, which have a bound of their own, connections, and what the JVM opens. */
    private static final int SLACK = 100;

    /** What is under test. */
    abstract Mounted mounted();

    private Path guest() {
        return mounted().guest();
    }

    private Path host() {
        return mounted().host();
    }

    /** What the product's open descriptors refer to. */
    private List<String> descriptors() throws IOException {
        final List<String> targets = new ArrayList<>();
        final Path all = Path.of("/proc/" + mounted().product().process().pid() + "/fd");
        for (final String name : all.toFile().list()) {
            try {
                targets.add(Files.readSymbolicLink(all.resolve(name)).toString());
            } catch (final IOException e) {
                // Closed meanwhile.
            }
        }
        return targets;
    }

    private void assertNoMoreDescriptorsThan(final int before) {
        Awaitility.await("descriptors are given back")
                .untilAsserted(() -> assertThat(descriptors()).hasSizeLessThan(before + SLACK));
    }

    /** FM#2354 (10,217 opens), FM#3198 (9,000 leaked), FM#6783 (after a loop over 100,000 files). */
    @Test
    void shouldHoldNoDescriptorsOfFilesThatWereRead() throws Exception {
        final int before = descriptors().size();
        Commands.shell(host(), "mkdir d; cd d; for i in $(seq 3000); do echo $i > f$i; done");
        Awaitility.await().until(() -> Files.exists(guest().resolve("d/f3000")));
        for (int round = 0; round < 3; round++) {
            Commands.shell(guest(), "test $(cat d/* | wc -l) = 3000; stat d/* > /dev/null; grep -rq 2999 d");
        }
        assertNoMoreDescriptorsThan(before);
    }

    /** moby#25079: one was held for every directory on a path. */
    @Test
    void shouldHoldABoundedNumberOfDirectories() throws Exception {
        final int before = descriptors().size();
        Commands.shell(
                host(),
                "for i in $(seq 60); do for j in $(seq 20); do mkdir -p d$i/s$j; echo x > d$i/s$j/f; done; done");
        Awaitility.await().until(() -> Files.exists(guest().resolve("d60/s20/f")));
        Commands.shell(guest(), "test $(cat d*/s*/f | wc -l) = 1200; find . -type f | xargs stat > /dev/null");
        final List<String> held = descriptors();
        // 64, or a 256th of what the process may open.
        final long bound = 64 + openFilesLimit() / 256;
        assertThat(held.size()).isLessThan(before + SLACK + (int) bound);
    }

    private long openFilesLimit() throws IOException {
        return Files.readAllLines(
                        Path.of("/proc/" + mounted().product().process().pid() + "/limits"))
                .stream()
                .filter(line -> line.startsWith("Max open files"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[3]))
                .findFirst()
                .orElseThrow();
    }

    /** git links each object from a temporary name, and removes that: the object lives on and needs no descriptor. */
    @Test
    void shouldHoldNoDescriptorOfWhatLivesOnUnderAnotherName() throws Exception {
        final int before = descriptors().size();
        Commands.shell(
                guest(),
                "for i in $(seq 400); do echo $i > tmp; ln tmp object$i; rm tmp; done;"
                        + " for i in $(seq 401 500); do echo $i > old$i; ln old$i object$i; mv old$i tmp; rm tmp; done");
        assertThat(descriptors()).hasSizeLessThan(before + SLACK);
        assertThat(Commands.shell(guest(), "cat object* | wc -l; stat -c %h object* | sort -u"))
                .isEqualTo("500\n1\n");
    }

    /** What was removed and is still held goes when the guest lets it go. */
    @Test
    void shouldGiveBackWhatWasRemoved() throws Exception {
        final int before = descriptors().size();
        Commands.shell(guest(), "for i in $(seq 500); do echo $i > file; cat file > /dev/null; rm file; done");
        assertNoMoreDescriptorsThan(before);
    }

    /** What is replaced without pause is held by a descriptor for a moment, and no longer. */
    @Test
    void shouldGiveBackWhatItHeldWhileFilesWereReplaced() throws Exception {
        final Process replacing = new ProcessBuilder(
                        "sh", "-c", "while :; do for i in 1 2 3 4 5 6 7 8; do echo $i > n$i; mv n$i f$i; done; done")
                .directory(host().toFile())
                .start();
        try {
            Awaitility.await().until(() -> Files.exists(guest().resolve("f8")));
            Commands.shell(guest(), "for i in $(seq 300); do cat f1 f2 f3 f4 f5 f6 f7 f8 > /dev/null; done");
        } finally {
            replacing.destroy();
            replacing.waitFor();
        }
        Awaitility.await("the time is over").untilAsserted(() -> {
            Files.exists(guest().resolve("f1"));
            Files.exists(guest().resolve("missing"));
            assertThat(descriptors())
                    .filteredOn(target -> target.contains(" (deleted)"))
                    .filteredOn(target -> target.startsWith(host().toString()))
                    .isEmpty();
        });
    }

    /** FM#728: a {@code sed -i} loop spun for ever. */
    @Test
    void shouldEndALoopThatEditsInPlace() {
        assertThat(
                        Commands.shell(
                                guest(),
                                "for i in $(seq 20); do echo 0 > f$i; done;"
                                        + " for n in 1 2 3 4 5; do for f in f*; do sed -i \"s/.*/$n/\" $f; done; done; cat f* | sort -u"))
                .isEqualTo("5\n");
    }

    /** FM#809: a second {@code rm -rf} hung. */
    @Test
    void shouldRemoveATreeFromSeveralProcessesAtOnce() throws Exception {
        for (int round = 0; round < 3; round++) {
            Commands.shell(
                    host(), "for i in $(seq 30); do mkdir -p t/d$i/s; for j in 1 2 3; do : > t/d$i/s/f$j; done; done");
            Awaitility.await().until(() -> Files.exists(guest().resolve("t/d30/s/f3")));
            // Each may find that another was faster, and says so; none may hang, and nothing may stay.
            Commands.shell(guest(), "(rm -rf t & rm -rf t & rm -rf t & wait) 2> /dev/null; rm -rf t");
            assertThat(host().resolve("t")).doesNotExist();
            Awaitility.await().until(() -> !Files.exists(guest().resolve("t")));
        }
    }
}
