package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * mount(8), umount(8) and an fstab with the type transfuse. The helpers are put into /usr/sbin by an overlay in a mount
 * namespace of the test's own, which has a /run of its own, too, and in which everything happens: the machine's own files
 * stay as they are.
 */
class MountHelperTest {
    private Path base;
    private Path host;
    private Path guest;
    private Product namespace;
    private Product server;
    private Product daemon;

    @BeforeEach
    void setUp() throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        guest = Files.createDirectory(base.resolve("guest"));
        final Path helpers = Files.createDirectory(base.resolve("sbin"));
        for (final String name : List.of("mount.transfuse", "umount.transfuse", "umount.fuse.transfuse")) {
            Files.copy(script(), helpers.resolve(name));
        }
        final Path transfuse = Files.writeString(
                helpers.resolve("transfuse"), "#!/bin/sh\nexec " + String.join(" ", Product.command()) + " \"$@\"\n");
        Files.setPosixFilePermissions(transfuse, PosixFilePermissions.fromString("rwxr-xr-x"));
        namespace = Product.start(List.of(
                "unshare",
                "-m",
                "sh",
                "-euc",
                "mount -t overlay -o lowerdir=" + helpers
                        + ":/usr/sbin overlay /usr/sbin; mount -t tmpfs tmpfs /run; echo ready; exec sleep 600"));
        namespace.await("ready");
        server = Product.start("serve", "--listen", "unix:" + base + "/server", "--export", host.toString());
        server.await("Serving");
        startDaemon();
    }

    private static Path script() {
        final Path here = Path.of("").toAbsolutePath();
        return here.getParent().resolve("scripts/mount.transfuse");
    }

    private void startDaemon() throws IOException {
        final List<String> command = inside();
        command.addAll(Product.command("daemon", "--connect", "unix:" + base + "/server"));
        daemon = Product.start(command);
        daemon.await("Mounting");
    }

    private List<String> inside() {
        return new java.util.ArrayList<>(
                List.of("nsenter", "-t", Long.toString(namespace.process().pid()), "-m", "--wd=" + base, "--"));
    }

    private Commands.Result sh(final String script) {
        final List<String> command = inside();
        command.addAll(List.of("sh", "-euc", script));
        return Commands.run(base, command);
    }

    private String succeeds(final String script) {
        final Commands.Result result = sh(script);
        assertThat(result.exitCode()).as(script + "\n" + result.output()).isZero();
        return result.output();
    }

    private void fails(final int exitCode, final String message, final String script) {
        final Commands.Result result = sh(script);
        assertThat(result.output()).contains(message).doesNotContain("Exception");
        assertThat(result.exitCode()).as(script).isEqualTo(exitCode);
    }

    private String mounts() {
        return sh("grep ' " + guest + " ' /proc/self/mountinfo || true").output();
    }

    @AfterEach
    void tearDown() throws IOException {
        daemon.close();
        server.close();
        // The namespace and the mounts in it end with its last process.
        namespace.close();
        Mounted.delete(base);
    }

    @Test
    void shouldMountWhatFstabSays() throws Exception {
        Files.writeString(host.resolve("file"), "content");
        Files.writeString(
                base.resolve("fstab"),
                host + " " + guest + " transfuse defaults,cached,ro,_netdev,nofail,x-systemd.automount,noatime 0 0\n");
        succeeds("mount -a -T fstab");
        assertThat(mounts()).contains(" ro,").contains("fuse.transfuse");
        assertThat(succeeds("cat " + guest + "/file")).isEqualTo("content");
        final String status = succeeds("transfuse status");
        assertThat(status).contains("cached,ro");

        // Asked for again, by fstab and by hand: one mount.
        succeeds("mount -a -T fstab; transfuse mount -v " + host + ":" + guest + ":cached,ro");
        assertThat(mounts().strip().split("\n")).hasSize(1);
        succeeds("umount " + guest);
        assertThat(mounts()).isEmpty();
    }

    @Test
    void shouldMountByMount8AndUnmountByUmount8() {
        succeeds("mount -t transfuse " + host + " " + guest + " -o user,exec,delegated,ttl=2s");
        assertThat(mounts()).contains("nosuid,nodev").doesNotContain("noexec");
        fails(
                32,
                guest + " is mounted already, from " + host + " (delegated, owner=passthrough, cache=67108864B,"
                        + " ttl=2000ms, nosuid, nodev) for user",
                "mount -t transfuse " + host + " " + guest + " -o cached");
        succeeds("mount.transfuse " + host + " " + guest + " -o user,exec,delegated,ttl=2s,asker=backup");
        assertThat(succeeds("transfuse umount " + guest + " 2>&1")).contains(guest + " stays mounted for backup");
        assertThat(mounts()).as("the other asker's").isNotEmpty();
        fails(1, "was not mounted for 'user' but for backup", "transfuse umount " + guest);
        assertThat(succeeds("transfuse umount --asker backup " + guest)).isEmpty();
        assertThat(mounts()).isEmpty();

        // umount(8) unmounts for all. It calls the helper where the mount has options of mount(8)'s own, such as x-...
        succeeds("mount -t transfuse " + host + " " + guest + " -o x-test");
        succeeds("mount.transfuse " + host + " " + guest + " -o asker=backup; umount " + guest);
        assertThat(mounts()).isEmpty();
        succeeds("mount -t transfuse " + host + " " + guest + "; umount -l " + guest);
        assertThat(mounts()).isEmpty();
        assertThat(succeeds("transfuse status")).contains("nothing is mounted");
    }

    @Test
    void shouldReadArgumentsAsMount8GivesThem() {
        final String helper = "mount.transfuse " + host + " " + guest + " ";
        fails(1, "unknown option 'fast': known are consistent, cached", helper + "-o fast");
        fails(1, "unknown option -x", helper + "-x");
        fails(1, "-o wants a value", helper + "-o");
        fails(1, "usage: mount.transfuse HOST GUEST", "mount.transfuse " + host);
        fails(1, "two modes: cached and delegated", helper + "-o cached,delegated");
        fails(1, "a mount cannot be changed", helper + "-o remount,ro");
        fails(1, "the host path 'src' is relative", "mount.transfuse src " + guest);
        fails(1, "the guest path 'mnt' is relative", "mount.transfuse /src mnt");
        fails(32, "no daemon listens at /none", helper + "-o control=/none");
        // -f does all but mount, -s forgives what is unknown, -n is nothing, -v tells.
        assertThat(succeeds(helper + "-sfnv -o fast,cached")).contains(host + " mounted on " + guest);
        assertThat(mounts()).isEmpty();
        assertThat(succeeds(helper + "-vno control=/run/transfuse/control.sock -t fuse.transfuse"))
                .contains("mounted on");
        assertThat(succeeds("umount.transfuse -v " + guest + " && echo by umount"))
                .contains("by umount");
        assertThat(mounts()).isEmpty();
    }

    @Test
    void shouldUnmountWhatADeadDaemonHasLeft() throws Exception {
        succeeds("mount -t transfuse " + host + " " + guest);
        daemon.process().destroyForcibly().waitFor();
        assertThat(mounts()).isNotEmpty();
        succeeds("umount " + guest);
        assertThat(mounts()).isEmpty();
        startDaemon();
        succeeds("mount -t transfuse " + host + " " + guest);
    }
}
