package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The control socket, spoken to by hand: askers of mounts, and requests that make no sense. */
class ControlTest {
    private Path base;
    private Path host;
    private Path guest;
    private Product server;
    private Product daemon;
    private Control control;

    @BeforeEach
    void setUp() throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        guest = Files.createDirectory(base.resolve("guest"));
        server = Product.start("serve", "--listen", "unix:" + base + "/server", "--export", host.toString());
        daemon = Product.start(
                "daemon",
                "--connect",
                "unix:" + base + "/server",
                "--control",
                base + "/control",
                "--control-group",
                "daemon");
        server.await("Serving");
        daemon.await("Mounting");
        control = new Control(base.resolve("control"));
    }

    @AfterEach
    void tearDown() throws IOException {
        daemon.close();
        server.close();
        assertThat(Product.isMounted(guest)).isFalse();
        assertThat(daemon.output()).doesNotContain("Exception");
        Mounted.delete(base);
    }

    private String mount(final String more) {
        return "{\"hostPath\":\"" + host + "\",\"mountPoint\":\"" + guest + "\"" + more + "}";
    }

    @Test
    void shouldMountOnceForSeveralAskersAndUnmountWithTheLast() throws Exception {
        assertThat(control.post(mount(",\"mode\":\"cached\",\"asker\":\"a\"")).status())
                .isEqualTo(201);
        final Control.Answer second = control.post(mount(",\"mode\":\"cached\",\"asker\":\"b\""));
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body()).contains("\"askers\":[\"a\",\"b\"]");
        // Asked twice is asked once.
        assertThat(control.post(mount(",\"mode\":\"cached\",\"asker\":\"b\"")).body())
                .contains("\"askers\":[\"a\",\"b\"]");

        assertThat(control.delete(guest, "").body()).contains("was not mounted for 'user' but for a, b");
        assertThat(control.delete(guest, "&asker=a").body()).contains("\"mounted\":true,\"askers\":[\"b\"]");
        assertThat(Product.isMounted(guest)).isTrue();
        assertThat(control.delete(guest, "&asker=a").status()).isEqualTo(409);
        assertThat(control.delete(guest, "&asker=b").body()).contains("\"mounted\":false,\"askers\":[]");
        assertThat(Product.isMounted(guest)).isFalse();
        assertThat(control.delete(guest, "&asker=b").status()).isEqualTo(404);
    }

    @Test
    void shouldRefuseAnotherMountAtTheSamePlaceAndSayWhatIsThere() throws Exception {
        assertThat(control.post(mount(",\"mode\":\"cached\",\"readOnly\":true")).status())
                .isEqualTo(201);
        for (final String other : new String[] {
            "",
            ",\"mode\":\"cached\"",
            ",\"mode\":\"consistent\",\"readOnly\":true",
            ",\"mode\":\"cached\",\"readOnly\":true,\"owner\":\"fixed=1:1\"",
            ",\"mode\":\"cached\",\"readOnly\":true,\"flags\":[\"noexec\"]"
        }) {
            final Control.Answer answer = control.post(mount(other));
            assertThat(answer.status()).as(other).isEqualTo(409);
            assertThat(answer.body())
                    .contains(guest + " is mounted already, from " + host
                            + " (cached, ro, owner=passthrough) for user: unmount it first, or ask for the same");
        }
        // The same place by another name, over a link.
        final Path link = Files.createSymbolicLink(base.resolve("link"), base);
        final Control.Answer same = control.post("{\"hostPath\":\"" + host + "/\",\"mountPoint\":\"" + link
                + "/guest\",\"mode\":\"cached\",\"readOnly\":true,\"asker\":\"other\"}");
        assertThat(same.body()).contains("\"askers\":[\"user\",\"other\"]");
    }

    @Test
    void shouldMakeOneMountOfManyRequestsAtOnce() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            final List<Callable<Control.Answer>> requests = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                final String asker = ",\"asker\":\"a" + i + "\"";
                requests.add(() -> control.post(mount(asker)));
            }
            final List<Integer> statuses = new ArrayList<>();
            for (final Future<Control.Answer> answer : threads.invokeAll(requests)) {
                statuses.add(answer.get().status());
            }
            assertThat(statuses).containsOnlyOnce(201).containsOnly(200, 201);
            for (int i = 0; i < 24; i++) {
                assertThat(control.delete(guest, "&asker=a" + i).status()).isEqualTo(200);
                assertThat(Product.isMounted(guest)).isEqualTo(i < 23);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void shouldKeepAMountInUseAndUnmountItByForce() throws Exception {
        Files.createFile(host.resolve("file"));
        assertThat(control.post(mount("")).status()).isEqualTo(201);
        final int used = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
        try {
            assertThat(control.delete(guest, "").body()).contains("a process uses it");
            assertThat(control.get("/v1/mounts").body()).contains("\"askers\":[\"user\"]");
            assertThat(control.delete(guest, "&force=true").status()).isEqualTo(200);
            assertThat(Product.isMounted(guest)).isFalse();
        } finally {
            Libc.close(used);
        }
    }

    @Test
    void shouldHaveTheKernelForbidWhatTheFlagsSay() throws Exception {
        assertThat(control.post(mount(",\"flags\":[\"noexec\",\"nosuid\",\"nodev\"]"))
                        .body())
                .contains("\"flags\":[\"nodev\",\"noexec\",\"nosuid\"]");
        Commands.shell(host, "printf '#!/bin/sh\\n' >program; chmod +x program");
        assertThat(Commands.run(base, "sh", "-c", "exec " + guest + "/program").output())
                .contains("Permission denied");
        assertThat(Commands.shell(base, "grep ' " + guest + " ' /proc/self/mountinfo"))
                .contains("nosuid,nodev,noexec");
    }

    @Test
    void shouldMountAnewWhatHasLostItsHost() throws Exception {
        assertThat(control.post(mount(",\"asker\":\"a\"")).status()).isEqualTo(201);
        server.process().destroyForcibly().waitFor();
        server = Product.start("serve", "--listen", "unix:" + base + "/server", "--export", host.toString());
        server.await("Serving");
        Files.createFile(host.resolve("file"));
        final Control.Answer again = control.post(mount(",\"asker\":\"b\""));
        assertThat(again.status()).as(again.body()).isEqualTo(201);
        assertThat(again.body()).contains("\"askers\":[\"a\",\"b\"]").contains("\"state\":\"mounted\"");
        assertThat(Files.exists(guest.resolve("file"))).isTrue();
    }

    @Test
    void shouldRefuseWhatMakesNoSenseWithOneLineOfJson() throws Exception {
        refused(400, "the body is not what is wanted", control.post("{"));
        refused(400, "the body says nothing", control.post("null"));
        refused(400, "Unrecognized field", control.post(mount(",\"more\":1")));
        refused(400, "hostPath is missing", control.post("{\"mountPoint\":\"/x\"}"));
        refused(400, "unknown mode 'fast'", control.post(mount(",\"mode\":\"fast\"")));
        refused(400, "unknown flag 'suid'", control.post(mount(",\"flags\":[\"suid\"]")));
        refused(400, "the name of an asker", control.post(mount(",\"asker\":\"a b\"")));
        refused(400, "the name of an asker", control.post(mount(",\"asker\":\"" + "a".repeat(129) + "\"")));
        refused(400, "mountPoint is missing", control.request("DELETE", "/v1/mounts", ""));
        refused(400, "unknown parameter 'mountpoint'", control.request("DELETE", "/v1/mounts?mountpoint=/x", ""));
        refused(404, "is not a mount of this daemon", control.delete(guest, ""));
        refused(404, "there is no /v2/mounts", control.get("/v2/mounts"));
        refused(405, "PUT is not possible", control.request("PUT", "/v1/mounts", "{}"));
        refused(405, "POST is not possible", control.request("POST", "/v1/status", ""));
        refused(413, "the body is longer than 65536 bytes", control.post(" ".repeat(65537)));
        refused(400, "this is not HTTP", control.raw("nonsense\r\n\r\n"));
        assertThat(control.get("/v1/health").body()).isEqualTo("{\"health\":\"ok\"}");
    }

    private static void refused(final int status, final String message, final Control.Answer answer) {
        assertThat(answer.body()).contains(message).startsWith("{\"error\":\"").doesNotContain("\n");
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void shouldLetAGroupUseTheSocketAndNobodyElse() throws Exception {
        final Path socket = base.resolve("control");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
        assertThat(Files.getAttribute(socket, "posix:group").toString()).isEqualTo("daemon");
        final Commands.Result none = Product.run(
                "daemon", "--connect", "unix:/x", "--control", base + "/other", "--control-group", "no-such-group");
        assertThat(none.output()).contains("there is no group 'no-such-group'");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(Files.exists(base.resolve("other"))).isFalse();
    }
}
