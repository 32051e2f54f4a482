package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each change is made once in a plain directory and once on the host's side of a mount: programs that watch the plain
 * directory and those that watch the mount are told the same by inotify(7), on directories and on the object itself.
 */
abstract class EventsConformanceCases {
    abstract Mounted mounted();

    /**
     * A change.
     *
     * @param name for the report
     * @param prepare shell script that makes what is there before, in a directory that has the directories d, e and out
     * @param object what is watched besides the directories d and e; empty for nothing
     * @param change shell script
     */
    record Change(String name, String prepare, String object, String change) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Change> changes() {
        return List.of(
                new Change("create", "", "", "touch d/f"),
                new Change("create and write", "", "", "echo text > d/f"),
                new Change("mkdir", "", "", "mkdir d/s"),
                new Change("mkfifo", "", "", "mkfifo d/p"),
                new Change("symlink", "", "", "ln -s target d/l"),
                new Change("link", "echo 1 > d/f", "d/f", "ln d/f e/g"),
                new Change("link in the same directory", "echo 1 > d/f", "d/f", "ln d/f d/g"),
                new Change("append", "echo 1 > d/f", "d/f", "echo 2 >> d/f"),
                new Change("truncate and write", "echo 1 > d/f", "d/f", "echo 2 > d/f"),
                new Change("truncate", "echo 1 > d/f", "d/f", "truncate -s 0 d/f"),
                new Change("chmod", "echo 1 > d/f", "d/f", "chmod 600 d/f"),
                new Change("chmod of a directory", "mkdir d/s", "d/s", "chmod 700 d/s"),
                new Change("chmod of a watched directory", "", "", "chmod 700 d"),
                new Change("chown", "echo 1 > d/f", "d/f", "chown 1:1 d/f"),
                new Change("chown of a link", "ln -s nowhere d/l", "d/l", "chown -h 1:1 d/l"),
                new Change("touch", "echo 1 > d/f", "d/f", "touch -c -d @1000000000 d/f"),
                new Change("unlink", "echo 1 > d/f", "d/f", "rm d/f"),
                new Change("unlink a link", "ln -s nowhere d/l", "d/l", "rm d/l"),
                new Change("unlink one of two names", "echo 1 > d/f; ln d/f d/g", "d/g", "rm d/f"),
                new Change("rmdir", "mkdir d/s", "d/s", "rmdir d/s"),
                new Change("rename", "echo 1 > d/f", "d/f", "mv d/f d/g"),
                new Change("rename to another directory", "echo 1 > d/f", "d/f", "mv d/f e/g"),
                new Change("rename over", "echo 1 > d/f; echo 2 > d/g", "d/g", "mv d/f d/g"),
                new Change("rename over, the moved", "echo 1 > d/f; echo 2 > e/g", "d/f", "mv d/f e/g"),
                new Change("rename over a link", "echo 1 > d/f; ln -s x d/g", "d/g", "mv -T d/f d/g"),
                new Change(
                        "rename over one of two names",
                        "echo 1 > d/f; echo 2 > d/g; ln d/g out/h",
                        "d/g",
                        "mv d/f d/g"),
                new Change("rename a directory", "mkdir d/s; echo 1 > d/s/f", "d/s", "mv d/s e/t"),
                new Change("rename a directory beside a watched file", "mkdir d/s; echo 1 > d/f", "d/f", "mv d/s e/t"),
                new Change("rename a directory that nobody knows", "mkdir d/s", "", "mv d/s e/t"),
                new Change("rename there and back", "mkdir d/s", "d/s", "mv d/s e/t; mv e/t d/s"),
                new Change("rename a directory over", "mkdir d/s e/s", "e/s", "mv -T d/s e/s"),
                new Change("move out", "echo 1 > d/f", "d/f", "mv d/f out/f"),
                new Change("move in", "echo 1 > out/f", "", "mv out/f d/f"),
                new Change("move a directory out", "mkdir d/s; echo 1 > d/s/f", "d/s", "mv d/s out/s"),
                new Change("move a directory in", "mkdir out/s; echo 1 > out/s/f", "", "mv out/s d/s"),
                new Change("save in place", "echo 1 > d/f", "d/f", "printf 'a\nb\n' | tee d/f > /dev/null"),
                new Change("save by rename", "echo 1 > d/f", "d/f", "echo 2 > d/.f.tmp; mv d/.f.tmp d/f"),
                new Change("save by removal", "echo 1 > d/f", "d/f", "rm d/f; echo 2 > d/f"),
                new Change("save with a backup", "echo 1 > d/f", "d/f", "mv d/f d/f~; echo 2 > d/f; rm d/f~"),
                new Change(
                        "save with a linked backup",
                        "echo 1 > d/f",
                        "d/f",
                        "ln d/f d/f~; echo 2 > d/.f.tmp; mv d/.f.tmp d/f"),
                new Change("replace by a directory", "echo 1 > d/f", "d/f", "rm d/f; mkdir d/f"),
                new Change("remove a tree", "mkdir -p d/s/t; echo 1 > d/s/t/f; echo 2 > d/s/g", "d/s", "rm -r d/s"),
                new Change("write by another name", "echo 1 > d/f; ln d/f e/g", "d/f", "echo 2 >> e/g"),
                new Change(
                        "check another branch out",
                        "git init -q -b main .; git config user.email a@b.c; git config user.name n;"
                                + " echo 1 > d/a; echo 1 > d/b; echo 1 > e/c; echo 1 > e/k; git add .; git commit -qm one;"
                                + " git checkout -qb other; echo 2 > d/a; git rm -q e/c; echo 2 > e/n; git add .;"
                                + " git commit -qm two; git checkout -q main",
                        "d/a",
                        "git checkout -q other"),
                new Change(
                        "rsync",
                        "mkdir out/s; echo 1 > out/s/a; echo 1 > out/s/b; echo 1 > d/b; echo 1 > d/c; touch -d @1 d/b",
                        "d/b",
                        "rsync -rlt -O --delete --temp-dir=\"$PWD/out\" out/s/ d/"),
                new Change(
                        "unpack an archive",
                        "mkdir out/s; echo 1 > out/s/a; echo 1 > out/s/b; tar -C out/s -cf out/t.tar a b",
                        "",
                        "tar -C d -xf out/t.tar"),
                new Change("many", "", "", "for i in 1 2 3 4 5 6 7 8 9; do echo $i > d/f$i; mv d/f$i e/g$i; done"));
    }

    static Stream<Arguments> cases() {
        final List<Arguments> cases = new ArrayList<>();
        for (final Change change : changes()) {
            cases.add(Arguments.of(change, false));
            cases.add(Arguments.of(change, true));
        }
        return cases.stream();
    }

    private static final String DIRECTORIES = "mkdir d e out;";

    @ParameterizedTest(name = "{0}, warm: {1}")
    @MethodSource("cases")
    void shouldTellTheSameAsALocalFileSystem(final Change change, final boolean warm) throws IOException {
        final Map<String, List<String>> wanted =
                told(mounted().plain(), mounted().plain(), change, warm);
        final Map<String, List<String>> told = told(mounted().host(), mounted().guest(), change, warm);
        assertThat(told).isEqualTo(wanted);
    }

    /** What those are told who watch {@code seen} while {@code base} is changed. */
    private static Map<String, List<String>> told(
            final Path base, final Path seen, final Change change, final boolean warm) throws IOException {
        Commands.shell(base, DIRECTORIES + change.prepare());
        if (warm) {
            org.awaitility.Awaitility.await().ignoreExceptions().until(() -> {
                Commands.shell(seen, "ls -laR . d e; cat d/* e/* 2>/dev/null || :; stat d/absent e/absent || :");
                return Files.isDirectory(seen.resolve("d"));
            });
        }
        try (Inotify inotify = new Inotify()) {
            watch(inotify, "d", seen.resolve("d"));
            watch(inotify, "e", seen.resolve("e"));
            if (!change.object().isEmpty()) {
                watch(inotify, "object", seen.resolve(change.object()));
            }
            probe(inotify, base, "d");
            probe(inotify, base, "e");
            inotify.clear();
            Commands.shell(base, change.change());
            // What comes last is told last, in each directory.
            Files.createDirectory(base.resolve("d/end"));
            Files.createDirectory(base.resolve("e/end"));
            inotify.await("d CREATE|ISDIR end");
            inotify.await("e CREATE|ISDIR end");
            return inotify.byWatch();
        }
    }

    private static void watch(final Inotify inotify, final String label, final Path path) {
        // A cached mount sees late what the host does.
        org.awaitility.Awaitility.await(path + " is seen")
                .until(() -> Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS));
        inotify.watch(label, path);
    }

    /** The host has begun to tell, when it tells of a file that comes and goes. */
    private static void probe(final Inotify inotify, final Path base, final String directory) throws IOException {
        final Path probe = base.resolve(directory).resolve("probe");
        Files.write(probe, "x".getBytes(StandardCharsets.UTF_8));
        inotify.await(directory + " CLOSE_WRITE probe");
        Files.delete(probe);
        inotify.await(directory + " DELETE probe");
    }
}
