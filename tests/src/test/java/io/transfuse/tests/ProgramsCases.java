package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Programs that people run on mounts. */
abstract class ProgramsCases {
    /** What is under test. */
    abstract Mounted mounted();

    private String inGuest(final String script) {
        return Commands.shell(mounted().guest(), "export HOME=" + mounted().plain() + "; " + script);
    }

    @Test
    void shouldServeGit() {
        final Path repository = mounted().plain().resolve("origin");
        Commands.shell(
                mounted().plain(),
                "export HOME=$PWD; git init -q -b main " + repository + "; cd " + repository
                        + "; git config user.email a@b; git config user.name n; for i in $(seq 300); do mkdir -p d$((i % 7));"
                        + " seq $i > d$((i % 7))/f$i; done; ln -s d1 link; git add -A; git commit -q -m one;"
                        + " git checkout -q -b second; rm -r d3; seq 10 > d1/new; git add -A; git commit -q -m two");
        assertThat(inGuest(
                        "git clone -q " + repository + " clone; cd clone; git status --porcelain; git fsck --full 2>&1;"
                                + " git checkout -q main; git status --porcelain; git log --oneline | wc -l; git gc -q; git fsck 2>&1;"
                                + " echo change >> d1/f1; git status --porcelain; git stash -q; git status --porcelain; git -c user.name=n"
                                + " -c user.email=e commit -q --allow-empty -m three; git checkout -q second; git worktree add -q ../tree main;"
                                + " ls ../tree | wc -l"))
                .isEqualTo("1\n M d1/f1\n8\n");
    }

    @Test
    void shouldServeSqlite() {
        final String journal =
                "for mode in delete wal; do rm -f db db-*; sqlite3 db \"pragma journal_mode=$mode; create table"
                        + " t(a integer primary key, b text);\" > /dev/null; for i in 1 2 3 4; do (for j in $(seq 25); do sqlite3 -cmd"
                        + " '.timeout 30000' db \"insert into t(b) values(hex(randomblob(500)));\"; done) & done; wait;"
                        + " sqlite3 db 'pragma integrity_check; select count(*) from t;'; done";
        assertThat(inGuest(journal)).isEqualTo("ok\n100\nok\n100\n");
    }

    @Test
    void shouldBuildWithGcc() {
        assertThat(inGuest("for i in $(seq 20); do echo \"int f$i(void) { return $i; }\" > f$i.c; done;"
                        + " { echo '#include <stdio.h>'; for i in $(seq 20); do echo \"int f$i(void);\"; done;"
                        + " echo 'int main(void) { int s = 0;'; for i in $(seq 20); do echo \"s += f$i();\"; done;"
                        + " printf '%s\\n' 'printf(\"%d\\n\", s); return 0; }'; } > main.c; gcc -c *.c; ar rcs libf.a f*.o;"
                        + " gcc -o prog main.o -L. -lf; ./prog"))
                .isEqualTo("210\n");
    }

    @Test
    void shouldBuildWithJavac() {
        final String javac = Path.of(System.getProperty("java.home"), "bin").toString();
        assertThat(inGuest(
                        "mkdir -p src/a out; printf 'package a; public class A { public static void main(String[] x) {"
                                + " System.out.println(new B().b()); } }' > src/a/A.java; printf 'package a; class B { String b() { return"
                                + " \"built\"; } }' > src/a/B.java; " + javac + "/javac -d out src/a/*.java; cd out; "
                                + javac
                                + "/jar cf ../a.jar a; cd ..; " + javac + "/java -cp a.jar a.A"))
                .isEqualTo("built\n");
    }

    @Test
    void shouldPackAndUnpackWithTarAndRsync() {
        assertThat(inGuest(
                        "mkdir -p tree/sub; for i in $(seq 200); do head -c $((i * 100)) /dev/urandom > tree/sub/f$i; done;"
                                + " ln tree/sub/f1 tree/hard; ln -s sub/f2 tree/soft; mkfifo tree/fifo; chmod 4755 tree/sub/f3;"
                                + " touch -d '2001-02-03 04:05:06.789' tree/sub/f4; tar --format=posix -cf - tree | (mkdir copy; cd copy; tar xpf -);"
                                + " rsync -aH tree/ rsynced/; rsync -aHni --checksum tree/ rsynced/; rsync -aHni --checksum tree/ copy/tree/;"
                                + " diff -r --exclude=fifo tree copy/tree; stat -c %h copy/tree/hard rsynced/hard;"
                                + " stat -c %y copy/tree/sub/f4 | cut -c1-23"))
                .isEqualTo("2\n2\n2001-02-03 04:05:06.789\n");
    }

    @Test
    void shouldRemoveTwentyThousandFiles() {
        assertThat(inGuest("for d in $(seq 20); do mkdir -p many/$d; (cd many/$d; seq 1000 | xargs touch); done;"
                        + " find many -type f | wc -l; rm -rf many; ls | wc -l"))
                .isEqualTo("20000\n0\n");
        assertThat(mounted().host().resolve("many")).doesNotExist();
    }

    @Test
    void shouldKeepSparseFilesSparse() {
        assertThat(inGuest("truncate -s 5G big; echo end >> big; cp --sparse=always big copy; stat -c %s big copy;"
                        + " test $(stat -c %b copy) -lt 100 && tail -c 4 copy; cmp -n 1000000 big copy"))
                .isEqualTo("5368709124\n5368709124\nend\n");
    }
}
