package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link PermissionsCases} on a consistent mount, whose permissions the host checks. */
class ConsistentPermissionsTest extends PermissionsCases {
    /** Opens what the kernel opens without asking: by root, by another, by root again; and looks at it as another. */
    private static final String SPECIAL = """
            use Errno; use Fcntl; use POSIX (); use Socket;
            sub as_other { my ($do) = @_; pipe(my $in, my $out); my $child = fork;
              if (!$child) { POSIX::setgid(3000); POSIX::setuid(3000); $do->($out); close $out; POSIX::_exit(0); }
              close $out; my $said = do { local $/; <$in> }; waitpid $child, 0; print $said; }
            sub opens { my ($out, $who, $file, $flags) = @_; print $out "$who $file ", (sysopen(my $h, $file, $flags) ? 'opened' : "$!"), "\\n"; }
            sub connects { my ($out, $who, $file) = @_; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
              print $out "$who $file ", (connect($s, sockaddr_un($file)) ? 'connected' : "$!"), "\\n"; }
            sub looks { my ($out, $file) = @_; my @s = lstat $file; printf $out "$file %o %d:%d\\n", @s[2, 4, 5]; }
            chmod 0777, '.'; umask 0;
            POSIX::mkfifo('fifo', 0600) or die; POSIX::mkfifo('common', 0666) or die;
            system('mknod', '-m', '600', 'null', 'c', '1', '3') == 0 or die;
            socket(my $listener, AF_UNIX, SOCK_STREAM, 0) or die; bind($listener, sockaddr_un('socket')) or die; listen($listener, 9) or die; chmod 0600, 'socket';
            sysopen(my $reader, 'fifo', O_RDONLY|O_NONBLOCK) or die; sysopen(my $commonReader, 'common', O_RDONLY|O_NONBLOCK) or die;
            for my $round (1, 2) {
              opens(*STDOUT, 'root', 'fifo', O_WRONLY|O_NONBLOCK); opens(*STDOUT, 'root', 'null', O_RDWR); connects(*STDOUT, 'root', 'socket');
              STDOUT->flush;
              as_other(sub { my ($out) = @_; opens($out, 'other', 'fifo', O_WRONLY|O_NONBLOCK); opens($out, 'other', 'common', O_WRONLY|O_NONBLOCK);
                opens($out, 'other', 'null', O_RDWR); connects($out, 'other', 'socket'); looks($out, $_) for 'fifo', 'null', 'socket'; });
            }
            as_other(sub { my ($out) = @_; print $out rename('fifo', 'moved') ? "moved\\n" : "$!\\n"; print $out unlink('null', 'moved', 'socket'), " removed\\n"; });
            """;

    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }

    /** A local file system answers EACCES to the other; here he reaches nobody. All else is the same. */
    @Test
    void shouldLetNobodyReachWhomHeMayNot() {
        final String round = """
                root fifo opened
                root null opened
                root socket connected
                other fifo No such device or address
                other common opened
                other null No such device or address
                other socket Connection refused
                fifo 10600 0:0
                null 20600 0:0
                socket 140600 0:0
                """;
        assertThat(Commands.run(mounted().guest(), "perl", "-MIO::Handle", "-e", SPECIAL)
                        .output())
                .isEqualTo(round + round + "moved\n3 removed\n");
        assertThat(mounted().host()).isDirectoryContaining(path -> path.endsWith("common"));
        assertThat(mounted().host().toFile().list()).containsExactly("common");
    }
}
