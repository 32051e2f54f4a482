package io.transfuse.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Linux guest under QEMU's software emulation. It has two virtio-serial ports: one is the daemon's, over the other a shell
 * takes scripts from the test. What it writes to its console is kept in a file.
 */
final class GuestMachine implements AutoCloseable {
    private static final String QEMU = "qemu-system-x86_64";
    private static final long BOOT_SECONDS = 300;
    private static final long SCRIPT_SECONDS = 300;

    private final Process process;
    private final Path console;
    private final ServerSocketChannel listener;
    private SocketChannel shell;
    private BufferedReader answers;

    private GuestMachine(final Process process, final Path console, final ServerSocketChannel listener) {
        this.process = process;
        this.console = console;
        this.listener = listener;
    }

    /** Why this machine cannot run a guest; null if it can. */
    static String obstacle() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return "the guest's kernel is for x86-64, this machine is " + System.getProperty("os.arch");
        }
        if (!isOnPath(QEMU)) {
            return QEMU + " is not installed (package qemu-system-x86; ./verify installs it)";
        }
        if (!Files.exists(GuestImage.kernel())) {
            return "there is no kernel for the guest at " + GuestImage.kernel() + " (./verify fetches it)";
        }
        if (!Files.exists(Path.of(System.getProperty("java.home"), "jmods"))) {
            return "this JDK has no jmods to make a runtime of";
        }
        return null;
    }

    private static boolean isOnPath(final String program) {
        for (final String directory : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Boots.
     *
     * @param image as {@link GuestImage} writes it, whose init runs {@link #SHELL_SCRIPT}
     * @param base a directory for sockets
     * @param port the UNIX socket to which the host's end of the daemon's port is connected, again and again
     * @param console where the guest's console is kept
     */
    static GuestMachine boot(final Path image, final Path base, final Path port, final Path console)
            throws IOException {
        final Path shellSocket = base.resolve("shell.sock");
        final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(shellSocket));
        Files.deleteIfExists(console);
        final List<String> command = new ArrayList<>(List.of(
                QEMU,
                "-nodefaults",
                "-no-user-config",
                "-display",
                "none",
                "-no-reboot",
                "-machine",
                "q35",
                "-accel",
                "tcg,thread=multi",
                "-cpu",
                "max",
                "-smp",
                "2",
                "-m",
                "768",
                "-kernel",
                GuestImage.kernel().toString(),
                "-initrd",
                image.toString(),
                "-append",
                "console=ttyS0 quiet panic=-1 random.trust_cpu=on mitigations=off",
                "-serial",
                "file:" + console,
                "-device",
                "virtio-serial-pci"));
        command.addAll(List.of(
                "-chardev",
                "socket,id=daemon,path=" + port + ",reconnect=1",
                "-device",
                "virtserialport,chardev=daemon,name=io.transfuse.0",
                "-chardev",
                "socket,id=shell,path=" + shellSocket + ",reconnect=1",
                "-device",
                "virtserialport,chardev=shell,name=shell"));
        final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(base.resolve("qemu.log").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        final GuestMachine machine = new GuestMachine(process, console, listener);
        try {
            machine.awaitShell();
        } catch (final RuntimeException | Error e) {
            machine.close();
            throw e;
        }
        return machine;
    }

    /** The guest's side of {@link #shell}: runs each script that comes and answers with its exit code and output. */
    static final String SHELL_SCRIPT = String.join(
            "\n",
            "#!/bin/sh",
            "exec 3<>$(port shell)",
            "echo ready >&3",
            "while read -r line <&3; do",
            "  echo \"$line\" | base64 -d > /tmp/script",
            "  sh -eu /tmp/script > /tmp/output 2>&1",
            "  echo \"$? $(base64 /tmp/output | tr -d '\\n')\" >&3",
            "done",
            "");

    private void awaitShell() {
        await("the guest to boot", BOOT_SECONDS, () -> {
            shell = listener.accept();
            answers = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(shell), StandardCharsets.US_ASCII));
            return answers.readLine();
        });
    }

    private interface Call<T> {
        T get() throws IOException;
    }

    private <T> T await(final String what, final long seconds, final Call<T> call) {
        final CompletableFuture<T> result = new CompletableFuture<>();
        final Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(call.get());
                    } catch (final IOException e) {
                        result.completeExceptionally(e);
                    }
                },
                "guest");
        thread.setDaemon(true);
        thread.start();
        try {
            return result.get(seconds, TimeUnit.SECONDS);
        } catch (final ExecutionException | TimeoutException e) {
            throw new AssertionError("waited for " + what + ": " + e + "\n" + console(), e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Runs a shell script as root in the guest. */
    Commands.Result run(final String script) {
        final String answer = await(script, SCRIPT_SECONDS, () -> {
            final byte[] line = Base64.getEncoder().encode(("cd /\n" + script + "\n").getBytes(StandardCharsets.UTF_8));
            final ByteBuffer bytes =
                    ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n');
            bytes.flip();
            while (bytes.hasRemaining()) {
                shell.write(bytes);
            }
            return answers.readLine();
        });
        if (answer == null) {
            throw new AssertionError("the guest is gone\n" + console());
        }
        final int space = answer.indexOf(' ');
        return new Commands.Result(
                Integer.parseInt(answer.substring(0, space)),
                new String(Base64.getDecoder().decode(answer.substring(space + 1)), StandardCharsets.UTF_8));
    }

    /** Runs a script that must succeed; its output. */
    String shell(final String script) {
        final Commands.Result result = run(script);
        if (result.exitCode() != 0) {
            throw new AssertionError("in the guest: " + script + "\nexit code " + result.exitCode() + "\n"
                    + result.output() + "\n" + console());
        }
        return result.output();
    }

    /** The end of what the guest wrote to its console. */
    String console() {
        try {
            final String all = Files.exists(console) ? Files.readString(console, StandardCharsets.ISO_8859_1) : "";
            return "--- the guest's console (" + console + "):\n" + all.substring(Math.max(0, all.length() - 8_000));
        } catch (final IOException e) {
            return "(its console cannot be read: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
        if (shell != null) {
            shell.close();
        }
    }
}
