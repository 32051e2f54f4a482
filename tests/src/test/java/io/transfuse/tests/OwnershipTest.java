package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The policies of I2, and a server and a daemon that are not root. */
class OwnershipTest {
    private Path base;
    private Path host;
    private Path guest;

    @BeforeEach
    void setUp() throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        guest = Files.createDirectory(base.resolve("guest"));
        Libc.c().chmod(Libc.path(base), 0755);
        Libc.c().chmod(Libc.path(host), 0777);
        Libc.c().chmod(Libc.path(guest), 0777);
    }

    @AfterEach
    void tearDown() throws IOException {
        assertThat(Product.isMounted(guest)).isFalse();
        Mounted.delete(base);
    }

    private static String owner(final Path path) {
        return Commands.shell(path.getParent(), "stat -c %u:%g:%a '" + path + "'")
                .strip();
    }

    @Test
    void shouldPassOwnersThroughAndGiveNewObjectsToTheirMakers() throws Exception {
        try (Product product = Product.mount(host + ":" + guest + ":consistent,owner=passthrough")) {
            product.await("is mounted");
            final Commands.Result made = Commands.run(
                    guest,
                    "setpriv",
                    "--reuid=1234",
                    "--regid=4321",
                    "--clear-groups",
                    "sh",
                    "-ec",
                    "echo x > file; mkdir dir; ln -s x link; mkfifo fifo; ln file hard");
            assertThat(made.exitCode()).as(made.output()).isZero();
        }
        for (final String name : List.of("file", "dir", "link", "fifo", "hard")) {
            assertThat(owner(host.resolve(name))).as(name).startsWith("1234:4321:");
        }
    }

    @Test
    void shouldShowOneOwnerWhereItIsFixed() throws Exception {
        Files.createFile(host.resolve("file"));
        try (Product product = Product.mount(host + ":" + guest + ":consistent,owner=fixed=1000:1001")) {
            product.await("is mounted");
            assertThat(owner(guest.resolve("file"))).startsWith("1000:1001:");
            Files.createFile(guest.resolve("new"));
            assertThat(owner(guest.resolve("new"))).startsWith("1000:1001:");
            assertThat(Libc.result(Libc.c().lchown(Libc.path(guest.resolve("file")), 1000, 1001)))
                    .isZero();
            assertThat(Libc.result(Libc.c().lchown(Libc.path(guest.resolve("file")), 5, -1)))
                    .isEqualTo(-1);
            assertThat(Libc.result(Libc.c().chmod(Libc.path(guest.resolve("file")), 0640)))
                    .isZero();
        }
        assertThat(owner(host.resolve("file"))).isEqualTo("0:0:640");
        assertThat(owner(host.resolve("new"))).startsWith("0:0:");
    }

    @Test
    void shouldRecordWhatAnUnprivilegedServerMayNotApply() throws Exception {
        final String socket = "unix:" + host.resolveSibling("host.sock");
        Libc.c().chmod(Libc.path(base), 0777);
        final String control = base + "/control.sock";
        try (Product server = Product.start(Product.commandAsNobody(
                        base, List.of(), "serve", "--listen", socket, "--export", host.toString()));
                Product daemon = Product.start("daemon", "--connect", socket, "--control", control)) {
            server.await("Serving");
            daemon.await("control socket");
            final Commands.Result refused =
                    Product.run("mount", "--control", control, "-v", host + ":" + guest + ":consistent");
            assertThat(refused.output()).contains("does not run as root and cannot pass owners through");
            assertThat(refused.exitCode()).isEqualTo(1);
            final Commands.Result mounted = Product.run(
                    "mount", "--control", control, "-v", host + ":" + guest + ":consistent,owner=recorded=500:501");
            assertThat(mounted.exitCode()).as(mounted.output()).isZero();

            final Path file = guest.resolve("file");
            Commands.shell(host, "echo x > hosts; chmod 666 hosts");
            assertThat(owner(guest.resolve("hosts"))).isEqualTo("500:501:666");
            Files.writeString(file, "x");
            assertThat(owner(file)).isEqualTo("0:0:644");
            Commands.shell(guest, "chown 7:8 file; chmod 04755 file; mkdir dir; chown 9:9 dir; chmod 0 dir");
            assertThat(owner(file)).isEqualTo("7:8:4755");
            assertThat(owner(guest.resolve("dir"))).isEqualTo("9:9:0");
            // Set-id bits of a guest mean nothing on the host, and the server keeps its own access.
            assertThat(owner(host.resolve("file"))).isEqualTo("65534:65534:755");
            assertThat(Commands.shell(guest, "cat file; getfattr -d -m - file 2>/dev/null || true"))
                    .isEqualTo("x")
                    .doesNotContain("transfuse");
            final Commands.Result hidden = Commands.run(
                    guest,
                    "sh",
                    "-c",
                    "command -v setfattr > /dev/null || exit 1; setfattr -n user.transfuse.owner -v 0:0:777 file");
            assertThat(hidden.exitCode()).isNotZero();
            Commands.shell(guest, "mv file moved; cat moved");
            assertThat(owner(guest.resolve("moved"))).isEqualTo("7:8:4755");
            assertThat(Product.run("umount", "--control", control, guest.toString())
                            .exitCode())
                    .isZero();
        }
    }

    @Test
    void shouldMountWithoutBeingRoot() throws Exception {
        Libc.c().lchown(Libc.path(host), 65534, 65534);
        Libc.c().lchown(Libc.path(guest), 65534, 65534);
        Libc.c().chmod(Libc.path(Path.of("/dev/fuse")), 0666);
        Files.writeString(host.resolve("file"), "content");
        final List<String> command = Product.commandAsNobody(
                base,
                List.of(),
                "run",
                "-v",
                host + ":" + guest + ":consistent",
                "--",
                "sh",
                "-ec",
                "id -u; cat " + guest + "/file; echo; echo new > " + guest + "/new; cat " + guest + "/new; mkdir "
                        + guest + "/d; stat -c %u " + guest + "/d; grep " + guest + " /proc/mounts");
        final Commands.Result result = Commands.run(base, command);
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("65534\ncontent\nnew\n65534\n").contains("fuse.transfuse");
        assertThat(owner(host.resolve("new"))).startsWith("65534:65534:");
    }
}
