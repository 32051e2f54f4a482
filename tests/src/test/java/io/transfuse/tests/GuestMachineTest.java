package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A real guest: a Debian kernel under QEMU, whose init starts the daemon, which reaches the host server on this machine over
 * a virtio-serial port; and inside it daemon and host server over vsock.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GuestMachineTest {
    private static final String SECRET = "0123456789 the guest's and the host's";
    private static final String INITTAB = String.join(
            "\n",
            "::sysinit:/etc/start",
            "::respawn:/etc/shell",
            "::respawn:/etc/daemon",
            "::shutdown:/bin/umount -a",
            "");
    private static final String START = String.join(
            "\n",
            "#!/bin/sh",
            "/bin/busybox mount -t proc proc /proc",
            "/bin/busybox --install -s /bin",
            "mount -t sysfs sysfs /sys",
            "mount -t devtmpfs devtmpfs /dev",
            "mount -t tmpfs tmpfs /tmp",
            "mount -t tmpfs tmpfs /run",
            ". /etc/load-modules",
            "mkdir -p /mnt/host",
            "chmod 600 /etc/secret",
            "");
    private static final String DAEMON = String.join(
            "\n",
            "#!/bin/sh",
            "echo $$ > /run/daemon.pid",
            "exec /bin/transfuse daemon --connect dev:$(port io.transfuse.0) --secret-file /etc/secret > /dev/console 2>&1",
            "");

    private static Path base;
    private static Path host;
    private static Path port;
    private static Path secret;
    private static Product server;
    private static GuestMachine guest;

    @BeforeAll
    static void boot() throws IOException {
        final String obstacle = GuestMachine.obstacle();
        if (obstacle != null && "true".equals(System.getenv("CI"))) {
            fail(obstacle);
        }
        assumeTrue(obstacle == null, () -> "the tests in a guest are left out: " + obstacle);
        final Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        port = base.resolve("port.sock");
        secret = base.resolve("secret");
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, SECRET);
        final Path image = base.resolve("image");
        GuestImage.write(
                image,
                base,
                target,
                Map.of(
                        "etc/inittab", INITTAB,
                        "etc/start", START,
                        "etc/shell", GuestMachine.SHELL_SCRIPT,
                        "etc/daemon", DAEMON,
                        "etc/secret", SECRET),
                List.of(Commands.compile("inotify", base)));
        startServer();
        guest = GuestMachine.boot(image, base, port, target.resolve("guest-console.log"));
        awaitGuest("the daemon to be started by init", "test -S /run/transfuse/control.sock");
    }

    private static void startServer() throws IOException {
        server = Product.start(
                "serve", "--listen", "dev:" + port, "--secret-file", secret.toString(), "--export", host.toString());
        server.await("Serving");
    }

    @AfterAll
    static void end() throws IOException {
        try {
            if (guest != null) {
                guest.close();
            }
        } finally {
            if (server != null) {
                server.close();
            }
            if (base != null) {
                Mounted.delete(base);
            }
        }
    }

    private static ConditionFactory patiently(final String what) {
        return Awaitility.await(what).atMost(300, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS);
    }

    private static void awaitGuest(final String what, final String script) {
        final AtomicReference<Commands.Result> last = new AtomicReference<>();
        try {
            patiently(what).until(() -> {
                last.set(guest.run(script));
                return last.get().exitCode() == 0;
            });
        } catch (final ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + last.get() + "\n" + guest.console(), e);
        }
    }

    @Test
    @Order(1)
    void shouldMountAHostDirectoryOverAVirtioSerialPort() throws Exception {
        Files.writeString(host.resolve("from-host"), "written on the host");
        guest.shell("transfuse mount -v " + host + ":/mnt/host:cached");

        assertThat(guest.shell("cat /mnt/host/from-host")).isEqualTo("written on the host");
        assertThat(guest.shell("transfuse status")).contains("dev:/dev/vport").contains("cached");
        // The guest has no network, not even lo, and nobody minds.
        assertThat(guest.console()).doesNotContain("WARN").doesNotContain("Exception");
        guest.shell(
                "cd /mnt/host; mkdir -p dir/sub; echo 'written in the guest' > dir/sub/file; ln dir/sub/file dir/hard;"
                        + " ln -s sub/file dir/soft; chmod 640 dir/sub/file; chown 123:456 dir/sub/file; touch -d '2001-02-03 04:05:06' dir/hard");

        final Path file = host.resolve("dir/sub/file");
        assertThat(Files.readString(file)).isEqualTo("written in the guest\n");
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(123);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(456);
        assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(2);
        assertThat(Files.getLastModifiedTime(file)).hasToString("2001-02-03T04:05:06Z");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(Files.readSymbolicLink(host.resolve("dir/soft"))).hasToString("sub/file");

        guest.shell("cd /mnt/host; mv dir/hard dir/moved; rm dir/soft; cp dir/sub/file dir/copy");
        assertThat(host.resolve("dir").toFile().list()).containsExactlyInAnyOrder("sub", "moved", "copy");
    }

    @Test
    @Order(2)
    void shouldSeeWhatTheHostChanges() throws Exception {
        Files.writeString(host.resolve("edited"), "before");
        awaitGuest("the new file", "test \"$(cat /mnt/host/edited)\" = before");
        assertThat(guest.run("test -e /mnt/host/later").exitCode()).isEqualTo(1);
        Files.writeString(host.resolve("edited"), "after");
        Files.writeString(host.resolve("later"), "");
        awaitGuest("the edit", "test \"$(cat /mnt/host/edited)\" = after");
        awaitGuest("the name that was missing", "test -e /mnt/host/later");
        Files.delete(host.resolve("later"));
        awaitGuest("the removal", "! test -e /mnt/host/later");
    }

    /** Each event comes when what it tells of is there to be read. */
    @Test
    @Order(3)
    void shouldTellAWatchingProgramOfAnEditOfTheHost() throws Exception {
        final Path source = host.resolve("app");
        Files.writeString(source, "version 1");
        awaitGuest("the new file", "test -e /mnt/host/app");
        guest.shell("(inotify /mnt/host > /tmp/events 2>&1 & echo $! > /run/inotify.pid)");
        awaitGuest("the watch", "grep -qx watching /tmp/events");
        Files.writeString(source, "version 2");
        awaitGuest("the event of the edit", "grep -qx '/mnt/host CLOSE_WRITE app' /tmp/events");
        assertThat(guest.shell("cat /mnt/host/app")).isEqualTo("version 2");
        // As editors save: another file takes the name.
        Files.writeString(source.resolveSibling("app.new"), "version 3");
        Files.move(source.resolveSibling("app.new"), source, StandardCopyOption.ATOMIC_MOVE);
        awaitGuest("the event of the replacement", "grep -qx '/mnt/host MOVED_TO app' /tmp/events");
        assertThat(guest.shell("cat /mnt/host/app; kill $(cat /run/inotify.pid)"))
                .isEqualTo("version 3");
        assertThat(guest.shell("transfuse status")).contains("events of /mnt/host: on, ");
    }

    @Test
    @Order(4)
    void shouldCarryLargeTransfersOfSeveralProcessesAtOnce() throws Exception {
        final byte[] large = new byte[6 << 20];
        new Random(1).nextBytes(large);
        Files.write(host.resolve("large"), large);
        awaitGuest("the size", "test \"$(stat -c %s /mnt/host/large)\" = " + large.length);
        final String script = "cd /mnt/host; for i in 1 2 3 4; do (cp large copy$i; echo small > small$i) & done; wait;"
                + " sha256sum large copy1 copy2 copy3 copy4 | cut -d' ' -f1 | uniq | wc -l";
        assertThat(guest.shell(script).trim()).isEqualTo("1");
        for (int i = 1; i <= 4; i++) {
            assertThat(Files.readAllBytes(host.resolve("copy" + i))).isEqualTo(large);
            assertThat(Files.readString(host.resolve("small" + i))).isEqualTo("small\n");
        }
        assertThat(server.output())
                .doesNotContain("ERROR")
                .doesNotContain("Exception")
                .doesNotContain("is broken");
    }

    /** The port keeps what the dead daemon had begun to send: the next one must come through. */
    @Test
    @Order(5)
    void shouldComeThroughAfterTheDaemonWasKilledAndStartedAgainByInit() throws Exception {
        guest.shell("(while :; do cp /mnt/host/large /mnt/host/copy1; done) > /dev/null 2>&1 & echo $! > /tmp/copier");
        guest.shell("rm /run/transfuse/control.sock; kill -9 $(cat /run/daemon.pid); kill $(cat /tmp/copier) || true;"
                + " umount -l /mnt/host");
        awaitGuest("the daemon to be there again", "test -S /run/transfuse/control.sock");
        guest.shell("transfuse mount -v " + host + ":/mnt/host:cached; cat /mnt/host/from-host");
        guest.shell("echo again > /mnt/host/again");
        assertThat(Files.readString(host.resolve("again"))).isEqualTo("again\n");
        guest.shell("transfuse umount /mnt/host");
    }

    @Test
    @Order(6)
    void shouldMountAgainFromAnotherServer() throws Exception {
        server.close();
        startServer();
        awaitGuest(
                "a mount from the new server",
                "transfuse mount -v " + host + ":/mnt/host:consistent && cat /mnt/host/from-host");
        guest.shell("echo once more > /mnt/host/again");
        assertThat(Files.readString(host.resolve("again"))).isEqualTo("once more\n");
        guest.shell("transfuse umount /mnt/host");
    }

    @Test
    @Order(7)
    void shouldServeOverVsock() {
        guest.shell("mkdir -p /run/export /mnt/vsock; echo exported > /run/export/file;"
                + " (transfuse daemon --connect vsock:1:1525 --control /run/vsock.sock > /tmp/daemon.log 2>&1 &)");
        serveInTheGuest("1");
        awaitGuest("the daemon", "grep -q Mounting /tmp/daemon.log");
        guest.shell("transfuse mount --control /run/vsock.sock -v /run/export:/mnt/vsock:cached");
        assertThat(guest.shell("cat /mnt/vsock/file; cp /bin/busybox /mnt/vsock/busybox;"
                        + " cmp /bin/busybox /run/export/busybox; transfuse status --control /run/vsock.sock"))
                .startsWith("exported\n")
                .contains("vsock:1:1525");
        guest.shell("transfuse umount --control /run/vsock.sock /mnt/vsock; kill $(cat /run/server.pid)");

        // The same guest, where another is permitted.
        serveInTheGuest("3");
        final Commands.Result mount = guest.run("transfuse mount --control /run/vsock.sock -v /run/export:/mnt/vsock");
        assertThat(mount.exitCode()).isEqualTo(1);
        assertThat(mount.output()).contains("cannot mount /run/export at /mnt/vsock");
        assertThat(guest.shell("cat /tmp/serve.log"))
                .contains("A connection was refused: guest with CID 1 is not permitted");
    }

    private static void serveInTheGuest(final String permitted) {
        guest.shell("rm -f /tmp/serve.log; (echo 'echo $$ > /run/server.pid; exec transfuse serve --listen vsock:1525"
                + " --permit-cid " + permitted
                + " --export /run/export' > /tmp/serve; sh /tmp/serve > /tmp/serve.log 2>&1 &)");
        awaitGuest("the server", "grep -q Serving /tmp/serve.log");
    }
}
