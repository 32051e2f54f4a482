package io.transfuse.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process of its own that sets locks: it reads commands from standard input and prints the result of each. A command is
 * {@code open PATH}, {@code posix COMMAND TYPE START LENGTH}, {@code flock OPERATION} or {@code close}.
 */
public final class LockHolder {
    private LockHolder() {}

    public static void main(final String... arguments) throws IOException {
        int fd = -1;
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            final String[] words = line.split(" ", -1);
            final long result;
            switch (words[0]) {
                case "open":
                    fd = Libc.mustOpen(Path.of(words[1]), Libc.O_RDWR | Libc.O_CREAT);
                    result = 0;
                    break;
                case "posix":
                    result = Libc.lock(
                            fd,
                            Integer.parseInt(words[1]),
                            Integer.parseInt(words[2]),
                            Long.parseLong(words[3]),
                            Long.parseLong(words[4]));
                    break;
                case "flock":
                    result = Libc.result(Libc.c().flock(fd, Integer.parseInt(words[1])));
                    break;
                default:
                    Libc.close(fd);
                    result = 0;
            }
            System.out.println(line + " = " + Libc.name(result));
            System.out.flush();
        }
    }
}
