package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what: the same callers try the same in the mount and in a plain directory, with the same results. */
abstract class PermissionsCases {
    /** What root lays out; callers are members of group 2000, or owners with uid 1000, or neither. */
    private static final String LAYOUT = """
            set -e
            umask 022
            for mode in 000 077 400 200 100 500 300 040 020 010 050 030 004 002 001 005 003 640 751 777; do
              for owner in 0:0 1000:1000 5:2000; do
                name=$mode.$owner
                echo data > f.$name; chown $owner f.$name; chmod $mode f.$name
                mkdir d.$name; echo data > d.$name/in; mkdir d.$name/sub; mkdir d.$name/away
                chown -R $owner d.$name; chmod $mode d.$name
              done
            done
            printf '#!/bin/sh\\necho ran\\n' > program; chown 1000:2000 program; chmod 110 program
            cp /bin/true true; chown 5:2000 true; chmod 610 true
            mkdir sticky; chmod 1777 sticky
            for owner in 0:0 1000:1000 5:2000; do
              echo data > sticky/file.$owner; chown $owner sticky/file.$owner
              echo data > sticky/$owner; chown $owner sticky/$owner; chmod 666 sticky/$owner
              mkdir sticky/dir.$owner; chown $owner sticky/dir.$owner
            done
            mkdir setgid; chown 0:2000 setgid; chmod 2777 setgid
            echo data > setuid; chmod 4755 setuid; chown 5:5 setuid; chmod 4755 setuid
            """;

    /** What a caller tries, in Perl, which every Debian has; each line ends in the error that there was. */
    private static final String TRIES = """
            use Errno; use Fcntl; use POSIX (); use filetest 'access';
            umask 022;
            sub said { my ($what, $ok) = @_; printf "%s -> %s\\n", $what, $ok ? 'yes' : (map { $!{$_} ? $_ : () } sort keys %!)[0] || "$!"; }
            sub opens { my ($f, $flags, $how) = @_; my $ok = sysopen(my $h, $f, $flags, 0644); said("$how $f", $ok);
              if ($ok && $how eq 'append') { said("write $f", syswrite($h, 'x')) } close $h if $ok; }
            sub lists { my ($d) = @_; my $ok = opendir(my $h, $d); said("list $d", $ok); closedir $h if $ok; }
            sub runs { my ($p) = @_; my $child = fork;
              if (!$child) { open STDOUT, '>', '/dev/null'; exec { $p } $p; POSIX::_exit($!{EACCES} ? 77 : 78); }
              waitpid $child, 0; print "run $p -> ", $? >> 8, "\\n"; }
            for my $f (sort glob 'f.*') {
              opens($f, O_RDONLY, 'read'); opens($f, O_WRONLY, 'write'); opens($f, O_WRONLY|O_APPEND, 'append'); opens($f, O_RDWR, 'both');
              opens($f, O_RDONLY|O_TRUNC, 'truncate'); opens($f, O_WRONLY|O_CREAT, 'create'); said("size $f", truncate($f, 3));
              said("-r $f", -r $f); said("-w $f", -w $f); said("-x $f", -x $f);
              said("now $f", utime(undef, undef, $f)); said("times $f", utime(1000, 1000, $f)); said("link $f", link($f, "linked.$f"));
              said("chgrp 2000 $f", chown(-1, 2000, $f)); said("chgrp 3000 $f", chown(-1, 3000, $f)); said("chmod 2755 $f", chmod(02755, $f));
              printf "mode $f %o\\n", (stat $f)[2];
              said("chown 1000 $f", chown(1000, -1, $f)); said("chown 1001 $f", chown(1001, -1, $f)); said("chmod 640 $f", chmod(0640, $f));
            }
            for my $d (sort glob 'd.*') {
              lists($d); opens("$d/in", O_RDONLY, 'read'); said("stat $d/in", defined((stat "$d/in")[0])); said("stat $d/missing", defined((stat "$d/missing")[0]));
              said("stat $d/.", defined((stat "$d/sub/../in")[0])); opens("$d/new", O_WRONLY|O_CREAT|O_EXCL, 'create'); said("mkdir $d/made", mkdir "$d/made");
              said("mkfifo $d/fifo", POSIX::mkfifo("$d/fifo", 0600)); said("symlink $d/link", symlink('x', "$d/link")); said("link $d/hard", link('f.777.0:0', "$d/hard"));
              said("-r $d", -r $d); said("-w $d", -w $d); said("-x $d", -x $d);
              my $ok = chdir $d; said("cd $d", $ok); if ($ok) { opens('in', O_RDONLY, 'read'); lists('.'); opens('new2', O_WRONLY|O_CREAT, 'create'); chdir '..' or die; }
              said("rename $d/in", rename("$d/in", "$d/moved")); said("move $d/sub", rename("$d/sub", "$d/away/sub")); said("unlink $d/moved", unlink "$d/moved");
              said("rmdir $d/away/sub", rmdir "$d/away/sub"); said("rmdir $d/away", rmdir "$d/away"); said("rename $d", rename($d, "renamed.$d"));
              said("move $d", rename("renamed.$d", "setgid/$d")); said("now $d", utime(undef, undef, "setgid/$d")); said("chmod $d", chmod(0755, "setgid/$d"));
            }
            runs('./program'); runs('./true'); opens('true', O_RDONLY, 'read'); runs('./f.751.5:2000');
            for my $o ('0:0', '1000:1000', '5:2000') {
              said("rename sticky/$o", rename("sticky/$o", "sticky/moved.$o")); said("unlink sticky/moved.$o", unlink "sticky/moved.$o"); said("unlink sticky/$o", unlink "sticky/$o");
              said("move sticky/dir.$o", rename("sticky/dir.$o", "setgid/dir.$o")); said("rmdir sticky/dir.$o", rmdir "sticky/dir.$o");
              opens("sticky/over.$o", O_WRONLY|O_CREAT, 'create'); said("replace sticky/file.$o", rename("sticky/over.$o", "sticky/file.$o"));
            }
            opens('setgid/new', O_WRONLY|O_CREAT, 'create'); said('mkdir setgid/dir', mkdir 'setgid/dir'); opens('setuid', O_WRONLY|O_APPEND, 'append');
            stat 'setuid'; said('link setuid', link('setuid', 'setuid2'));
            """;

    private static final String STATE = "find . -printf '%p %y %m %U:%G %n %s\\n' 2>&1 | sort";

    @FunctionalInterface
    interface Tries {
        List<String> by(String script);
    }

    abstract Mounted mounted();

    static Stream<Arguments> callers() {
        return Stream.of(
                Arguments.of("root", setpriv()),
                Arguments.of("root without capabilities", setpriv("--bounding-set=-all", "--inh-caps=-all")),
                Arguments.of("the owner", setpriv("--reuid=1000", "--regid=1000", "--clear-groups")),
                Arguments.of("the owner in the group", setpriv("--reuid=1000", "--regid=1000", "--groups=2000")),
                Arguments.of("another by its group", setpriv("--reuid=3000", "--regid=2000", "--clear-groups")),
                Arguments.of("another in the group", setpriv("--reuid=3000", "--regid=3000", "--groups=2000,3000")),
                Arguments.of("another", setpriv("--reuid=3000", "--regid=3000", "--clear-groups")),
                Arguments.of("another who may override", capable("dac_override")),
                Arguments.of("another who may read and search", capable("dac_read_search")),
                Arguments.of("another who is as the owner", capable("fowner")),
                Arguments.of("another who may chown", capable("chown")),
                Arguments.of("another who may set ids", capable("fsetid")),
                Arguments.of("root of a namespace", namespaced("1000")),
                Arguments.of("root of a namespace of others", namespaced("3000")));
    }

    private static Tries setpriv(final String... options) {
        return script -> {
            final List<String> command = new ArrayList<>(List.of("setpriv"));
            command.addAll(List.of(options));
            command.addAll(List.of("perl", "-e", script));
            return command;
        };
    }

    private static Tries capable(final String capability) {
        return setpriv(
                "--reuid=3000",
                "--regid=3000",
                "--clear-groups",
                "--inh-caps=+" + capability,
                "--ambient-caps=+" + capability);
    }

    private static Tries namespaced(final String id) {
        return script -> List.of(
                "setpriv",
                "--reuid=" + id,
                "--regid=" + id,
                "--clear-groups",
                "unshare",
                "--user",
                "--map-root-user",
                "perl",
                "-e",
                script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("callers")
    void shouldPermitWhatALocalDirectoryPermits(final String name, final Tries tries) {
        mounted().assertSame(directory -> {
            final Commands.Result laidOut = Commands.run(directory, "sh", "-c", LAYOUT);
            assertThat(laidOut.exitCode()).as(laidOut.output()).isZero();
            Libc.c().chmod(Libc.path(directory), 0777);
            final String tried = Commands.run(directory, tries.by(TRIES)).output();
            assertThat(tried.lines().count()).as(tried).isGreaterThan(1000);
            return tried + Commands.run(directory, "sh", "-c", STATE).output();
        });
    }

    /** The host changes modes between two calls of a caller that goes on. */
    @Test
    void shouldFollowTheHostsModes() {
        final Path guest = mounted().guest();
        final Path host = mounted().host();
        Libc.c().chmod(Libc.path(host), 0755);
        final String script = "mkdir d; echo data > d/f; chmod 755 d; chmod 644 d/f";
        assertThat(Commands.run(host, "sh", "-c", script).exitCode()).isZero();
        mounted().awaitVisible("d/f");
        for (int i = 0; i < 5; i++) {
            assertThat(read(guest).exitCode()).isZero();
            Libc.c().chmod(Libc.path(host.resolve("d")), 0700);
            mounted().awaitMode("d", 0700);
            assertThat(read(guest).output()).contains("Permission denied");
            Libc.c().chmod(Libc.path(host.resolve("d")), 0711);
            mounted().awaitMode("d", 0711);
        }
    }

    private static Commands.Result read(final Path guest) {
        return Commands.run(guest, "setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "sh", "-c", "cat d/f");
    }
}
