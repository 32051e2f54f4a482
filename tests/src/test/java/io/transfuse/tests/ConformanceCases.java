package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every operation on a mount and on a plain directory: results and errno are compared, not imagined. */
abstract class ConformanceCases {
    /** What is under test. */
    abstract Mounted mounted();

    private static final String LONG = "n".repeat(255);
    private static final String TOO_LONG = "n".repeat(256);

    /** Calls on one directory, noted in a transcript. */
    private interface Scenario {
        void run(Transcript t) throws Exception;
    }

    private void same(final Scenario scenario) {
        mounted().assertSame(directory -> {
            final Transcript transcript = new Transcript(directory);
            try {
                scenario.run(transcript);
            } catch (final Exception e) {
                throw new AssertionError("in " + directory + " after " + transcript.lines(), e);
            }
            assertThat(transcript.lines()).isNotEmpty();
            return transcript.lines();
        });
    }

    @Test
    void shouldMakeAndRemoveDirectoriesAsLocally() {
        same(t -> {
            t.call("mkdir a", Libc.c().mkdir(t.path("a"), 0755));
            t.stat("a");
            t.call("mkdir a again", Libc.c().mkdir(t.path("a"), 0755));
            t.call("mkdir missing/a", Libc.c().mkdir(t.path("missing/a"), 0755));
            t.call("mkdir a/b", Libc.c().mkdir(t.path("a/b"), 01777));
            t.stat("a").stat("a/b");
            t.call("rmdir a", Libc.c().rmdir(t.path("a")));
            t.call("unlink a", Libc.c().unlink(t.path("a")));
            t.call("rmdir a/b", Libc.c().rmdir(t.path("a/b")));
            t.call("rmdir a", Libc.c().rmdir(t.path("a")));
            t.call("rmdir a again", Libc.c().rmdir(t.path("a")));
            t.stat("a");
            t.call("mkdir long", Libc.c().mkdir(t.path(LONG), 0755));
            t.stat(LONG);
            // In a directory that a cache may know whole.
            t.note("names: " + t.at(".").toFile().list().length);
            t.stat("missing").stat(TOO_LONG);
            t.call("mkdir too long", Libc.c().mkdir(t.path(TOO_LONG), 0755));
        });
    }

    @Test
    void shouldMakeNodesOfEveryKindAsLocally() {
        same(t -> {
            t.call("mknod file", Libc.c().mknod(t.path("file"), 0100640, 0));
            t.call("mknod fifo", Libc.c().mknod(t.path("fifo"), 0010600, 0));
            t.call("mknod socket", Libc.c().mknod(t.path("socket"), 0140755, 0));
            t.call("mknod char", Libc.c().mknod(t.path("char"), 0020666, 1 << 8 | 3));
            t.call("mknod block", Libc.c().mknod(t.path("block"), 0060660, 259 << 8 | 7));
            t.call("mknod file again", Libc.c().mknod(t.path("file"), 0100640, 0));
            t.stat("file").stat("fifo").stat("socket").stat("char").stat("block");
            // A device works: 1,3 is /dev/null.
            final int fd = t.open("char", Libc.O_WRONLY, 0);
            t.note("write " + Libc.name(Libc.write(fd, new byte[] {1, 2, 3})));
            Libc.close(fd);
        });
    }

    @Test
    void shouldLinkAndUnlinkAsLocally() {
        same(t -> {
            Libc.close(t.open("file", Libc.O_CREAT | Libc.O_WRONLY, 0644));
            t.call("link", Libc.c().link(t.path("file"), t.path("second")));
            t.stat("file").stat("second");
            t.note("one inode: " + (t.ino("file") == t.ino("second")));
            t.call("link over", Libc.c().link(t.path("file"), t.path("second")));
            t.call("link missing", Libc.c().link(t.path("missing"), t.path("third")));
            t.call("mkdir", Libc.c().mkdir(t.path("dir"), 0755));
            t.call("link dir", Libc.c().link(t.path("dir"), t.path("fourth")));
            t.call("unlink", Libc.c().unlink(t.path("file")));
            t.stat("file").stat("second");
            t.call("symlink", Libc.c().symlink(Libc.text("second"), t.path("soft")));
            t.call("link symlink", Libc.c().link(t.path("soft"), t.path("soft2")));
            t.stat("soft").stat("soft2");
            t.call("unlink missing", Libc.c().unlink(t.path("missing")));
            t.call("unlink below file", Libc.c().unlink(t.path("second/x")));
        });
    }

    @Test
    void shouldReadAndMakeSymbolicLinksAsLocally() {
        same(t -> {
            t.call("symlink", Libc.c().symlink(Libc.text("../some where/über"), t.path("link")));
            t.readlink("link");
            t.stat("link");
            t.call("symlink again", Libc.c().symlink(Libc.text("x"), t.path("link")));
            t.call("symlink long", Libc.c().symlink(Libc.text("x".repeat(4095)), t.path("long")));
            t.readlink("long");
            t.call("symlink too long", Libc.c().symlink(Libc.text("x".repeat(4096)), t.path("longer")));
            t.call("symlink empty", Libc.c().symlink(Libc.text(""), t.path("empty")));
            t.readlink("missing");
            t.open("link", Libc.O_RDONLY | Libc.O_NOFOLLOW, 0);
            t.call("symlink loop", Libc.c().symlink(Libc.text("loop"), t.path("loop")));
            t.open("loop", Libc.O_RDONLY, 0);
            t.call("lchown", Libc.c().lchown(t.path("link"), 12, 34));
            t.stat("link");
        });
    }

    @Test
    void shouldRenameAsLocally() {
        same(t -> {
            final Libc.C c = Libc.c();
            final int at = Libc.AT_FDCWD;
            Files.writeString(t.at("a"), "a");
            Files.writeString(t.at("b"), "bb");
            c.mkdir(t.path("dir"), 0755);
            c.mkdir(t.path("full"), 0755);
            Files.writeString(t.at("full/x"), "x");
            t.call("a over b", c.renameat2(at, t.path("a"), at, t.path("b"), 0));
            t.stat("a").stat("b");
            t.call("missing", c.renameat2(at, t.path("a"), at, t.path("b"), 0));
            t.call("file over dir", c.renameat2(at, t.path("b"), at, t.path("dir"), 0));
            t.call("dir over file", c.renameat2(at, t.path("dir"), at, t.path("b"), 0));
            t.call("dir over full", c.renameat2(at, t.path("dir"), at, t.path("full"), 0));
            t.call("full over dir", c.renameat2(at, t.path("full"), at, t.path("dir"), 0));
            t.stat("dir/x").stat("full");
            t.call("into itself", c.renameat2(at, t.path("dir"), at, t.path("dir/sub"), 0));
            Files.writeString(t.at("c"), "ccc");
            t.call("noreplace", c.renameat2(at, t.path("c"), at, t.path("b"), 1));
            t.call("noreplace free", c.renameat2(at, t.path("c"), at, t.path("d"), 1));
            t.call("exchange", c.renameat2(at, t.path("b"), at, t.path("dir"), 2));
            t.stat("b").stat("dir").stat("b/x");
            t.call("exchange missing", c.renameat2(at, t.path("b"), at, t.path("none"), 2));
            t.call("both", c.renameat2(at, t.path("b"), at, t.path("dir"), 3));
            t.call("into dir", c.renameat2(at, t.path("d"), at, t.path("b/d"), 0));
            t.stat("b/d").stat("d");
            t.call("too long", c.renameat2(at, t.path("b/d"), at, t.path(TOO_LONG), 0));
        });
    }

    @Test
    void shouldRefuseWhiteouts() {
        // ext4 makes one; a file system of somebody else's host must not get character devices 0,0.
        final Transcript t = new Transcript(mounted().guest());
        Libc.close(t.open("a", Libc.O_CREAT | Libc.O_WRONLY, 0644));
        assertThat(t.call("whiteout", Libc.c().renameat2(Libc.AT_FDCWD, t.path("a"), Libc.AT_FDCWD, t.path("b"), 4)))
                .isEqualTo(-22);
        t.stat("a");
        assertThat(t.lines()).last().asString().contains("mode 100644");
    }

    @Test
    void shouldOpenAsLocally() {
        same(t -> {
            t.open("missing", Libc.O_RDONLY, 0);
            Libc.close(t.open("new", Libc.O_CREAT | Libc.O_EXCL | Libc.O_RDWR, 0644));
            t.open("new", Libc.O_CREAT | Libc.O_EXCL | Libc.O_RDWR, 0644);
            t.stat("new");
            // A file made without permission to write is writable through the handle that made it.
            final int fd = t.open("locked", Libc.O_CREAT | Libc.O_EXCL | Libc.O_WRONLY, 0444);
            t.note("write " + Libc.name(Libc.write(fd, new byte[100])));
            Libc.close(fd);
            t.stat("locked");
            Libc.close(t.open("locked", Libc.O_RDONLY | Libc.O_TRUNC, 0));
            Libc.close(t.open("locked", Libc.O_WRONLY | Libc.O_TRUNC, 0));
            t.stat("locked");
            t.call("mkdir", Libc.c().mkdir(t.path("dir"), 0755));
            t.open("dir", Libc.O_WRONLY, 0);
            t.open("dir", Libc.O_CREAT | Libc.O_RDWR, 0644);
            t.open("new", Libc.O_DIRECTORY, 0);
            t.open("new/below", Libc.O_RDONLY, 0);
            t.open(TOO_LONG, Libc.O_CREAT | Libc.O_WRONLY, 0644);
            t.call("mknod fifo", Libc.c().mknod(t.path("fifo"), 0010600, 0));
            t.open("fifo", Libc.O_WRONLY | 04000, 0);
            t.call("mknod socket", Libc.c().mknod(t.path("socket"), 0140600, 0));
            t.open("socket", Libc.O_RDONLY, 0);
        });
    }

    @Test
    void shouldReadAndWriteAsLocally() {
        same(t -> {
            final int fd = t.open("file", Libc.O_CREAT | Libc.O_RDWR, 0644);
            final byte[] data = new byte[3_000_001];
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (i * 31 + (i >> 8));
            }
            t.note("pwrite " + Libc.name(Libc.pwrite(fd, data, 0)));
            t.note("pread " + Libc.pread(fd, 3_100_000, 0).hashCode());
            t.note("pread odd " + Libc.pread(fd, 77_777, 1_234_567).hashCode());
            t.note("at end " + Libc.pread(fd, 100, 3_000_000).length());
            t.note("past end " + Libc.pread(fd, 100, 3_000_002).length());
            t.note("sparse " + Libc.name(Libc.pwrite(fd, new byte[] {7}, 5_000_000_000L)));
            t.stat("file");
            t.note("beyond 4 GiB " + Libc.pread(fd, 2, 4_999_999_999L).hashCode());
            t.call("ftruncate", Libc.c().ftruncate(fd, 10));
            t.note(Integer.toString(Libc.pread(fd, 100, 0).hashCode()));
            t.call("truncate", Libc.c().truncate(t.path("file"), 20));
            t.note(Integer.toString(Libc.pread(fd, 100, 0).hashCode()));
            t.call("truncate negative", Libc.c().truncate(t.path("file"), -1));
            t.call("fsync", Libc.c().fsync(fd));
            t.call("fdatasync", Libc.c().fdatasync(fd));
            t.call("syncfs", Libc.c().syncfs(fd));
            Libc.close(fd);
            final int append = t.open("file", Libc.O_WRONLY | Libc.O_APPEND, 0);
            t.note("append " + Libc.name(Libc.write(append, new byte[] {1, 2, 3})));
            t.note("pread of write-only " + Libc.pread(append, 1, 0));
            Libc.close(append);
            t.stat("file");
            final int readOnly = t.open("file", Libc.O_RDONLY, 0);
            t.note("write to read-only " + Libc.name(Libc.write(readOnly, new byte[] {1})));
            Libc.close(readOnly);
        });
    }

    @Test
    void shouldKeepTimesAndPermissionsAsLocally() {
        same(t -> {
            Libc.close(t.open("file", Libc.O_CREAT | Libc.O_WRONLY, 0644));
            t.utimens("file", 1_000_000_000, 123_456_789, 1_700_000_000, 987_654_321);
            t.utimens("file", 2_000_000_000, 1, 1, (1 << 30) - 2);
            t.utimens("file", -5, 500_000_000, 0, 0);
            t.call("chmod", Libc.c().chmod(t.path("file"), 06755));
            t.stat("file");
            t.call("chown", Libc.c().lchown(t.path("file"), 1234, 4321));
            t.stat("file");
            t.call("chown gid only", Libc.c().lchown(t.path("file"), -1, 55));
            t.stat("file");
            t.call("chmod missing", Libc.c().chmod(t.path("missing"), 0600));
            t.call("access", Libc.c().access(t.path("file"), 4));
            t.call("access missing", Libc.c().access(t.path("missing"), 0));
            t.call("mkdir", Libc.c().mkdir(t.path("dir"), 0755));
            t.call("chmod dir", Libc.c().chmod(t.path("dir"), 02775));
            t.call("chown dir", Libc.c().lchown(t.path("dir"), 0, 77));
            t.call("chmod dir", Libc.c().chmod(t.path("dir"), 02775));
            Libc.close(t.open("dir/file", Libc.O_CREAT | Libc.O_WRONLY, 0644));
            t.call("mkdir in set-gid", Libc.c().mkdir(t.path("dir/sub"), 0755));
            t.stat("dir").stat("dir/file").stat("dir/sub");
        });
    }

    @Test
    void shouldApplyTheUmaskAsLocally() {
        same(t -> {
            final int before = Libc.c().umask(027);
            try {
                Libc.close(t.open("file", Libc.O_CREAT | Libc.O_WRONLY, 0666));
                t.call("mkdir", Libc.c().mkdir(t.path("dir"), 0777));
                t.call("mknod", Libc.c().mknod(t.path("node"), 0100666, 0));
            } finally {
                Libc.c().umask(before);
            }
            t.stat("file").stat("dir").stat("node");
        });
    }

    @Test
    void shouldKeepExtendedAttributesAsLocally() {
        same(t -> {
            Libc.close(t.open("file", Libc.O_CREAT | Libc.O_WRONLY, 0644));
            t.getxattr("file", "user.a", 100);
            t.setxattr("file", "user.a", "value".getBytes(StandardCharsets.UTF_8), 0);
            t.getxattr("file", "user.a", 0);
            t.getxattr("file", "user.a", 100);
            t.getxattr("file", "user.a", 2);
            t.setxattr("file", "user.a", new byte[] {1}, 1);
            t.setxattr("file", "user.b", new byte[] {1}, 2);
            t.setxattr("file", "user.b", new byte[0], 0);
            t.getxattr("file", "user.b", 100);
            t.setxattr("file", "trusted.c", new byte[2000], 0);
            t.listxattr("file", 0);
            t.listxattr("file", 1000);
            t.listxattr("file", 3);
            t.call("removexattr", Libc.c().removexattr(t.path("file"), Libc.text("user.a")));
            t.call("removexattr again", Libc.c().removexattr(t.path("file"), Libc.text("user.a")));
            t.listxattr("file", 1000);
            t.setxattr("file", "user." + "n".repeat(250), new byte[] {1}, 0);
            t.setxattr("file", "user." + "n".repeat(251), new byte[] {1}, 0);
            t.setxattr("file", "nonsense", new byte[] {1}, 0);
            t.call("symlink", Libc.c().symlink(Libc.text("x"), t.path("link")));
            t.setxattr("missing", "user.a", new byte[] {1}, 0);
        });
    }

    @Test
    void shouldAllocateAndSeekAsLocally() {
        same(t -> {
            final int fd = t.open("file", Libc.O_CREAT | Libc.O_RDWR, 0644);
            t.call("fallocate", Libc.c().fallocate(fd, 0, 0, 1 << 20));
            t.stat("file");
            t.note("allocated " + (t.blocks("file") >= 2048));
            t.call("keep size", Libc.c().fallocate(fd, 1, 1 << 20, 1 << 20));
            t.stat("file");
            Libc.pwrite(fd, new byte[1 << 20], 0);
            t.call("punch", Libc.c().fallocate(fd, 3, 65_536, 131_072));
            t.call("zero range", Libc.c().fallocate(fd, 0x10, 0, 4096));
            t.call("no length", Libc.c().fallocate(fd, 0, 0, 0));
            t.call("seek hole", Libc.c().lseek(fd, 0, Libc.SEEK_HOLE));
            t.call("seek data", Libc.c().lseek(fd, 65_536, Libc.SEEK_DATA));
            t.call("seek data behind the end", Libc.c().lseek(fd, 1 << 21, Libc.SEEK_DATA));
            t.call("seek end", Libc.c().lseek(fd, 0, 2));
            t.call("seek before", Libc.c().lseek(fd, -1, 0));
            Libc.close(fd);
            final int sparse = t.open("sparse", Libc.O_CREAT | Libc.O_RDWR, 0644);
            t.call("grow", Libc.c().ftruncate(sparse, 1L << 40));
            t.note("blocks " + t.blocks("sparse"));
            t.call("hole of all", Libc.c().lseek(sparse, 0, Libc.SEEK_HOLE));
            t.call("no data", Libc.c().lseek(sparse, 0, Libc.SEEK_DATA));
            Libc.close(sparse);
        });
    }

    @Test
    void shouldCopyRangesAsLocally() {
        same(t -> {
            final int in = t.open("in", Libc.O_CREAT | Libc.O_RDWR, 0644);
            final int out = t.open("out", Libc.O_CREAT | Libc.O_RDWR, 0644);
            Libc.pwrite(in, "0123456789".repeat(10_000).getBytes(StandardCharsets.US_ASCII), 0);
            final NativeBuffer offsets = NativeBuffer.allocate(16);
            offsets.bytes().putLong(0, 5);
            offsets.bytes().putLong(8, 3);
            t.call("copy", Libc.c().copy_file_range(in, offsets.address(), out, offsets.address(8), 50_000, 0));
            t.note("offsets " + offsets.bytes().getLong(0) + " "
                    + offsets.bytes().getLong(8));
            Reference.reachabilityFence(offsets);
            t.stat("out");
            t.note(Integer.toString(Libc.pread(out, 60_000, 0).hashCode()));
            Libc.close(in);
            Libc.close(out);
        });
    }

    @Test
    void shouldMakeTemporaryFilesAsLocally() {
        same(t -> {
            final int fd = t.open(".", Libc.O_TMPFILE | Libc.O_RDWR, 0600);
            t.note("write " + Libc.name(Libc.write(fd, new byte[] {1, 2, 3})));
            t.call(
                    "linkat",
                    Libc.c()
                            .linkat(
                                    Libc.AT_FDCWD,
                                    Libc.text("/proc/self/fd/" + fd),
                                    Libc.AT_FDCWD,
                                    t.path("named"),
                                    Libc.AT_SYMLINK_FOLLOW));
            Libc.close(fd);
            t.stat("named");
        });
    }

    @Test
    void shouldUseUnlinkedFilesAsLocally() {
        same(t -> {
            final int fd = t.open("file", Libc.O_CREAT | Libc.O_RDWR, 0644);
            Libc.write(fd, "before".getBytes(StandardCharsets.US_ASCII));
            t.call("unlink", Libc.c().unlink(t.path("file")));
            t.note(Libc.pread(fd, 100, 0));
            t.note("write " + Libc.name(Libc.pwrite(fd, "AFTER".getBytes(StandardCharsets.US_ASCII), 3)));
            t.note(Libc.pread(fd, 100, 0));
            t.call("fchmod", Libc.c().fchmod(fd, 0600));
            t.call("ftruncate", Libc.c().ftruncate(fd, 4));
            t.note(Libc.pread(fd, 100, 0));
            Libc.close(fd);
            // The name is taken again by another file while the first is open; and one that is renamed over.
            final int second = t.open("second", Libc.O_CREAT | Libc.O_RDWR, 0644);
            Libc.write(second, "old".getBytes(StandardCharsets.US_ASCII));
            Files.writeString(t.at("new"), "new");
            t.call("rename", Libc.c().renameat2(Libc.AT_FDCWD, t.path("new"), Libc.AT_FDCWD, t.path("second"), 0));
            t.note(Libc.pread(second, 100, 0) + " " + Files.readString(t.at("second")));
            Libc.close(second);
        });
    }

    @Test
    void shouldMapFilesAsLocally() {
        same(t -> {
            final byte[] content = new byte[10_000];
            Arrays.fill(content, 0, 10, (byte) '5');
            Files.write(t.at("file"), content);
            try (FileChannel file = FileChannel.open(t.at("file"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                final MappedByteBuffer shared = file.map(FileChannel.MapMode.READ_WRITE, 0, 10_000);
                t.note("read " + shared.get(3) + " " + shared.get(9_999));
                shared.put(3, (byte) 'x');
                shared.put(5_000, (byte) 'y');
                shared.force();
                t.note(readAt(file, 0, 6) + readAt(file, 5_000, 1));
                final MappedByteBuffer own = file.map(FileChannel.MapMode.PRIVATE, 0, 10_000);
                own.put(0, (byte) 'z');
                t.note("private " + own.get(0) + " " + own.get(3) + " " + readAt(file, 0, 1));
            }
        });
    }

    private static String readAt(final FileChannel file, final long position, final int size) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(size);
        file.read(bytes, position);
        return new String(bytes.array(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldClearSetIdBitsOnWriteAsLocally() {
        same(t -> {
            for (final String name : List.of("write", "truncate", "chown", "open")) {
                Files.writeString(t.at(name), "content");
                t.call("chown", Libc.c().lchown(t.path(name), 65534, 65534));
                t.call("chmod", Libc.c().chmod(t.path(name), 06777));
                t.stat(name);
            }
            final List<String> asNobody =
                    List.of("setpriv", "--reuid=65533", "--regid=65533", "--clear-groups", "sh", "-c");
            final List<String> command = new ArrayList<>(asNobody);
            command.add("echo x >> write; truncate -s 3 truncate; : > open; id -u");
            Files.setPosixFilePermissions(
                    t.at("."), java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
            t.note(Commands.run(t.at("."), command).output());
            t.call("chown", Libc.c().lchown(t.path("chown"), 65533, 65533));
            t.stat("write").stat("truncate").stat("open").stat("chown");
        });
    }

    @Test
    void shouldCheckPermissionsAsLocally() {
        same(t -> {
            t.call("mkdir", Libc.c().mkdir(t.path("private"), 0700));
            t.call("mkdir", Libc.c().mkdir(t.path("sticky"), 01777));
            Libc.c().chmod(t.path("sticky"), 01777);
            Files.writeString(t.at("private/file"), "secret");
            Files.writeString(t.at("sticky/roots"), "root's");
            Files.writeString(t.at("unreadable"), "x");
            Libc.c().chmod(t.path("unreadable"), 0);
            Libc.c().chmod(t.path("."), 0755);
            t.note(Commands.run(
                            t.at("."),
                            "setpriv",
                            "--reuid=65534",
                            "--regid=65534",
                            "--clear-groups",
                            "sh",
                            "-c",
                            "cat private/file; ls private; cat unreadable; rm -f sticky/roots; echo mine > sticky/mine;"
                                    + " ls -ln sticky | awk '{print $1, $3, $4, $9}'; touch here; mkdir here; rm -f sticky/mine;"
                                    + " ls sticky; echo x > private/new; chmod 777 unreadable; exit 7")
                    .output());
            t.stat("sticky/roots").stat("here");
        });
    }

    @Test
    void shouldListDirectoriesAsLocally() {
        same(t -> {
            final List<String> names = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                names.add("entry-" + i + "-" + "x".repeat(i % 200));
            }
            for (final String name : names) {
                Libc.close(Libc.open(t.at(name), Libc.O_CREAT | Libc.O_WRONLY, 0644));
            }
            try (var list = Files.list(t.at("."))) {
                final List<String> found =
                        list.map(path -> path.getFileName().toString()).sorted().collect(Collectors.toList());
                Collections.sort(names);
                t.note("complete: " + found.equals(names));
            }
            t.note(Commands.shell(
                    t.at("."), "ls -a | head -3; ls -lan | awk 'NR>3 {print $1, $2, $5, $9}' | sort | cksum"));
            t.note(Commands.shell(t.at("."), "find . -type f | wc -l; rm -rf entry-1*; ls | wc -l"));
        });
    }

    @Test
    void shouldKeepNamesThatAreNotUtf8AsLocally() {
        same(t -> t.note(Commands.shell(
                t.at("."),
                "n=$(printf '\\377\\376 \\001name\\n2'); echo content > \"$n\"; cat \"$n\"; ls -b; mkdir \"d$n\"; mv \"$n\" \"d$n/$n\";"
                        + " ls -b \"d$n\"; ln -s \"$n\" \"d$n/l\"; cat \"d$n/l\"; rm -r \"d$n\"; ls -b")));
    }

    @Test
    void shouldRefuseIoctlAndAnswerPollAsLocally() {
        final Path file = mounted().guest().resolve("file");
        final int fd = Libc.mustOpen(file, Libc.O_CREAT | Libc.O_RDWR);
        final NativeBuffer argument = NativeBuffer.allocate(64);
        // TCGETS
        assertThat(Libc.result(Libc.c().ioctl(fd, 0x5401, argument.address()))).isEqualTo(-25);
        Libc.close(fd);
        same(t -> t.note(Commands.shell(t.at("."), "echo x > f; exec 3<f; read -r line <&3; echo $line")));
    }

    @Test
    void shouldTellTheFileSystemsSize() {
        final String own = Commands.shell(mounted().guest(), "stat -f -c '%S %b %l' .");
        final String host = Commands.shell(mounted().host(), "stat -f -c '%S %b %l' .");
        assertThat(own).isEqualTo(host);
    }

    @Test
    void shouldKeepInodeNumbersStable() throws Exception {
        final Path guest = mounted().guest();
        Files.createDirectory(guest.resolve("dir"));
        Files.writeString(guest.resolve("dir/file"), "x");
        final Transcript t = new Transcript(guest);
        final long directory = t.ino("dir");
        final long file = t.ino("dir/file");
        assertThat(t.ino("dir/..")).isEqualTo(t.ino("."));
        assertThat(t.ino("dir/.")).isEqualTo(directory);
        Files.move(guest.resolve("dir"), guest.resolve("moved"));
        Commands.shell(guest, "sync; echo 2 > /proc/sys/vm/drop_caches");
        assertThat(t.ino("moved")).isEqualTo(directory);
        assertThat(t.ino("moved/file"))
                .isEqualTo(file)
                .isEqualTo(new Transcript(mounted().host()).ino("moved/file"));
        final String listed = Commands.shell(guest, "ls -ai | sort -k2; ls -ai moved | sort -k2");
        final String hosts = Commands.shell(mounted().host(), "ls -ai | sort -k2; ls -ai moved | sort -k2");
        assertThat(Arrays.asList(listed.split("\n", -1))).isEqualTo(Arrays.asList(hosts.split("\n", -1)));
    }

    @Test
    void shouldListADirectoryWhileItChangesAndEmptyIt() throws Exception {
        final Path guest = mounted().guest();
        for (int i = 0; i < 2000; i++) {
            Files.createFile(guest.resolve("f" + i));
        }
        int seen = 0;
        try (var stream = Files.newDirectoryStream(guest)) {
            for (final Path path : stream) {
                if (path.getFileName().toString().startsWith("f")) {
                    seen++;
                    Files.delete(path);
                    Files.createFile(guest.resolve("new" + seen));
                }
            }
        }
        assertThat(seen).isEqualTo(2000);
        try (var left = Files.list(guest)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .hasSize(2000)
                    .allMatch(name -> name.startsWith("new"));
        }
    }
}
