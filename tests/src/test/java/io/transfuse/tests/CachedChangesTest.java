package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C3, C1 and C2 of each kind of change after each way to fill the caches: what the host changed shows in the guest within a
 * second, and what the guest changed shows on both sides at once.
 */
class CachedChangesTest {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    private static final Duration BOUND = Duration.ofSeconds(1);

    private static final String TREE = "mkdir -p dir/sub/deep other empty\n"
            + "printf abc > file; printf abc > dir/file; printf twelve > dir/sub/deep/file\n"
            + "ln file hard; ln file other/hard; ln -s file link; ln -s dir dirlink; ln -s missing dangling\n"
            + "printf '#!/bin/sh\\necho one\\n' > script; chmod +x script; mkfifo fifo\n"
            // Long ago, so that timestamps say that something changed, or tell nothing at all.
            + "touch -d '2020-01-01 00:00:00.5' file dir/file script\n";

    private static final List<String> PROBED =
            List.of("created", "made", "missing", "moved", "third", "file", "dir", "sub", "script");

    private static final String[] CHANGES = {
        "printf new > created",
        "printf new > dir/sub/deep/created",
        "printf x > empty/created",
        "printf x > missing",
        "mkdir made",
        "mkdir -p made/sub/dir; printf x > made/sub/dir/file",
        "for i in $(seq 300); do printf $i > empty/f$i; done",
        "ln -s other created",
        "mkfifo created",
        "rm file",
        "rm dir/file",
        "rm hard",
        "rm dangling link",
        "rmdir empty",
        "rm -r dir",
        "printf xyz 1<> file",
        "printf xyz 1<> file; touch -d '2020-01-01 00:00:00.5' file",
        "printf xyz > dir/sub/deep/file",
        "printf 123abc > file",
        "printf 123abc > file; touch -d '2020-01-01 00:00:00.5' file",
        "printf def >> file",
        "truncate -s 100000 file",
        "truncate -s 0 file",
        "truncate -s 1 file",
        "head -c 300000 /dev/zero | tr '\\0' x > file",
        "chmod 600 file",
        "chmod 711 dir",
        "chmod 700 .",
        "chown 1:1 file",
        "chown -h 1:1 link",
        "chown 1:1 dir/sub",
        "touch -d '2021-01-01' file",
        "touch -d '2021-01-01' dir/sub",
        "mv file moved",
        "mv file dir/moved",
        "mv dir/file file",
        "mv file dir/file",
        "mv hard third; mv dangling file",
        "printf new! > temporary; mv temporary file",
        "printf new > temporary; touch -d '2020-01-01 00:00:00.5' temporary; mv temporary file",
        "mv dir moved",
        "mv dir other/moved",
        "mv dir/sub/deep moved",
        "mv dir moved; mkdir -p dir/sub/deep; printf xyz > dir/file; printf other > dir/sub/deep/file",
        "mv dir moved; mv other dir; mv moved other",
        "mv dir/sub moved; mv moved dir/sub; printf x > dir/sub/deep/created",
        "rm -r dir; mkdir dir; printf xyz > dir/file",
        "rm -r dir; mkdir dir; rmdir dir; mkdir dir; mkdir dir/sub",
        "rmdir empty; mkdir empty; printf x > empty/created",
        "ln -sfn other link",
        "ln -s other temporary; mv -T temporary dirlink",
        "rm link; ln -s dir/file link",
        "printf xyz 1<> other/hard",
        "printf longer > other/hard",
        "chmod 600 other/hard",
        "ln file dir/third",
        "ln other/hard dir/third; printf third 1<> dir/third",
        "rm other/hard",
        "rm file hard",
        "mv other/hard dir/third; printf xyz 1<> dir/third",
        "rm file; mkdir file; printf x > file/created",
        "rm -r dir; printf x > dir",
        "rm file; ln -s dir/file file",
        "rm fifo; printf x > fifo",
        "printf '#!/bin/sh\\necho two\\n' 1<> script",
        "printf '#!/bin/sh\\necho two\\n' > temporary; chmod +x temporary; mv temporary script",
        "rm script; printf '#!/bin/sh\\necho three\\n' > script; chmod +x script",
    };

    /** What fills caches. */
    enum Warmth {
        STAT {
            @Override
            void warm(final Path directory) {
                Commands.shell(directory, "find . > /dev/null; stat * dir/* dir/sub/* other/* > /dev/null");
            }
        },
        READ {
            @Override
            void warm(final Path directory) {
                final String read = "cat file hard other/hard dir/file dir/sub/deep/file script link > /dev/null; ";
                Commands.shell(directory, read + read);
            }
        },
        LIST {
            @Override
            void warm(final Path directory) {
                Commands.shell(directory, "ls -R > /dev/null; ls -R > /dev/null");
            }
        },
        MISSING {
            @Override
            void warm(final Path directory) {
                for (int i = 0; i < 2; i++) {
                    for (final String in : List.of(".", "dir", "dir/sub", "dir/sub/deep", "other", "empty")) {
                        for (final String name : PROBED) {
                            Files.exists(directory.resolve(in).resolve(name));
                        }
                    }
                }
            }
        },
        USE {
            @Override
            void warm(final Path directory) {
                used(directory);
            }
        },
        ALL {
            @Override
            void warm(final Path directory) {
                LIST.warm(directory);
                MISSING.warm(directory);
                USE.warm(directory);
                TreeView.of(directory, PROBED);
                TreeView.of(directory, PROBED);
            }
        };

        abstract void warm(Path directory);
    }

    private static String mapped(final Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final byte[] bytes = new byte[(int) channel.size()];
            channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length).get(bytes);
            return java.util.Arrays.hashCode(bytes) + " " + bytes.length;
        } catch (final IOException e) {
            return e.getClass().getSimpleName();
        }
    }

    /** What programs get that are run, and files that are mapped. */
    private static List<String> used(final Path directory) {
        final List<String> result = new ArrayList<>();
        result.add(Commands.run(directory, "sh", "-c", "./script 2>&1").output());
        for (final String name : List.of("file", "dir/file", "dir/sub/deep/file", "other/hard", "script")) {
            // A pipe would wait for its other end, and a directory cannot be mapped.
            final Path file = directory.resolve(name);
            result.add(Files.isRegularFile(file) ? mapped(file) : "no file");
        }
        return result;
    }

    private static List<Object> view(final Path directory, final Warmth warmth) {
        // What was filled first is asked first.
        return List.of(warmth == Warmth.USE ? used(directory) : "", TreeView.of(directory, PROBED));
    }

    static Stream<Arguments> changes() {
        final List<Arguments> all = new ArrayList<>();
        for (final Warmth warmth : Warmth.values()) {
            for (final String change : CHANGES) {
                all.add(Arguments.of(warmth, change));
            }
        }
        return all.stream();
    }

    private static void prepare(final Warmth warmth) {
        Commands.shell(MOUNTED.host(), TREE);
        warmth.warm(MOUNTED.guest());
        if (warmth == Warmth.ALL) {
            awaitSame(warmth);
        }
    }

    private static void awaitSame(final Warmth warmth) {
        final Object wanted = view(MOUNTED.host(), warmth);
        Awaitility.await()
                .atMost(BOUND)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(view(MOUNTED.guest(), warmth)).isEqualTo(wanted));
        assertThat(view(MOUNTED.guest(), warmth)).as("seen once, seen for good").isEqualTo(wanted);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("changes")
    void shouldSeeWhatTheHostChanged(final Warmth warmth, final String change) {
        prepare(warmth);
        Commands.shell(MOUNTED.host(), change);
        awaitSame(warmth);
    }

    static Stream<String> kinds() {
        return Stream.of(CHANGES);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldSeeAtOnceWhatTheGuestChanged(final String change) {
        prepare(Warmth.ALL);
        Commands.shell(MOUNTED.guest(), change);
        assertThat(view(MOUNTED.guest(), Warmth.USE)).isEqualTo(view(MOUNTED.host(), Warmth.USE));
    }
}
