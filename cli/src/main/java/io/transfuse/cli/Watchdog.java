package io.transfuse.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small process that outlives this one: when this one is killed without a chance to clean up (SIGKILL, out of memory),
 * it ends the command, takes the mounts away and removes the private socket.
 */
final class Watchdog {
    /** $1: directory of the socket; then pairs of mount point and what was created for it (empty for nothing). */
    private static final String SCRIPT = String.join(
            "\n",
            "trap '' INT TERM HUP QUIT",
            "pid=",
            "while IFS= read -r line; do",
            "  case $line in",
            "    done) exit 0 ;;",
            "    *) pid=$line ;;",
            "  esac",
            "done",
            "[ -z \"$pid\" ] || kill -TERM \"$pid\" 2>/dev/null",
            "dir=$1; shift",
            "while [ $# -gt 1 ]; do",
            "  if [ \"$(id -u)\" = 0 ]; then umount -l -- \"$1\" 2>/dev/null",
            "  else fusermount3 -u -z -- \"$1\" 2>/dev/null; fi",
            "  if [ -n \"$2\" ]; then rmdir -- \"$2\" 2>/dev/null || { [ -s \"$2\" ] || rm -f -- \"$2\"; }; fi",
            "  shift 2",
            "done",
            "rm -f -- \"$dir\"/*.sock; rmdir -- \"$dir\" 2>/dev/null");

    private final Process process;

    private Watchdog(final Process process) {
        this.process = process;
    }

    /** What it must take away. */
    record Target(Path mountPoint, Path created) {}

    static Watchdog start(final Path socketDirectory, final List<Target> targets) throws IOException {
        final List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "transfuse-watchdog"));
        command.add(socketDirectory.toString());
        for (final Target target : targets) {
            command.add(target.mountPoint().toString());
            command.add(target.created() == null ? "" : target.created().toString());
        }
        final ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.directory(Path.of("/").toFile());
        return new Watchdog(builder.start());
    }

    /** Tells which process is the command. */
    void watch(final long pid) {
        tell(Long.toString(pid));
    }

    /** Everything is cleaned up: it ends. */
    void dismiss() {
        tell("done");
        boolean interrupted = false;
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (final IOException e) {
            process.destroyForcibly();
        } catch (final InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(final String line) {
        try {
            final OutputStream out = process.getOutputStream();
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (final IOException e) {
            // It was killed: then nobody cleans up after a kill of this process, and nothing else changes.
            process.destroyForcibly();
        }
    }
}
