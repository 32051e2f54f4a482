package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that are told of a change on the host and look find the state at that change or after it. */
@Timeout(120)
abstract class EventsReadersCases {
    private static final int CHANGES = 300;

    /**
     * Reads at each event. The number of an event of its kind and file is that of the change which it tells of, or less, as
     * several may be told at once: what is read must be as new.
     */
    private static final String READER = """
            import ctypes, os, struct, sys
            libc = ctypes.CDLL(None, use_errno=True)
            MODIFY, CLOSE_WRITE, MOVED_TO, CREATE, DELETE = 0x2, 0x8, 0x80, 0x100, 0x200
            directory, last = os.fsencode(sys.argv[1]), int(sys.argv[2])
            inotify = libc.inotify_init1(0o2000000)
            if libc.inotify_add_watch(inotify, directory, MODIFY | CLOSE_WRITE | MOVED_TO | CREATE | DELETE) < 0:
                sys.exit('inotify_add_watch')
            kept = os.open(directory + b'/written', os.O_RDONLY)
            counts, wrong = {}, []
            print('ready', flush=True)

            def number(path):
                with open(path, 'rb') as file:
                    return int(file.read() or b'0')

            def check(what, found, wanted):
                if found < wanted:
                    wrong.append('%s: %d at event %d' % (what, found, wanted))

            def look(mask, name):
                count = counts[mask, name] = counts.get((mask, name), 0) + 1
                path = directory + b'/' + name
                if name == b'written' and mask in (MODIFY, CLOSE_WRITE):
                    check('read', number(path), count)
                    check('read through a descriptor kept open', int(os.pread(kept, 99, 0)), count)
                elif name == b'grown' and mask in (MODIFY, CLOSE_WRITE):
                    check('stat', os.stat(path).st_size, 10 * count)
                    with open(path, 'rb') as file:
                        check('fstat', os.fstat(file.fileno()).st_size, 10 * count)
                        check('length', len(file.read()), 10 * count)
                elif name == b'replaced' and mask == MOVED_TO:
                    check('replaced', number(path), count)
                elif name.startswith(b'made') and mask & CREATE:
                    os.stat(path)
                elif name.startswith(b'old') and mask & DELETE:
                    if os.path.lexists(path):
                        wrong.append('%s is still there' % name)
                return name == b'end'

            ended = False
            while not ended:
                data, at = os.read(inotify, 65536), 0
                while at < len(data):
                    _, mask, _, length = struct.unpack_from('iIII', data, at)
                    ended |= look(mask, data[at + 16:at + 16 + length].rstrip(b'\\0'))
                    at += 16 + length
            check('at the end', number(directory + b'/written'), last)
            check('at the end', number(directory + b'/replaced'), last)
            check('at the end', os.stat(directory + b'/grown').st_size, 10 * last)
            for kind, name in ((CLOSE_WRITE, b'written'), (CLOSE_WRITE, b'grown'), (MOVED_TO, b'replaced')):
                if not 0 < counts.get((kind, name), 0) <= last:
                    wrong.append('%d events of %s' % (counts.get((kind, name), 0), name))
            print('wrong: %s' % wrong if wrong else 'right', flush=True)
            """;

    private static final String WRITER = """
            import os, sys
            os.chdir(sys.argv[1])
            last = int(sys.argv[2])

            def put(name, flags, data):
                fd = os.open(name, os.O_WRONLY | flags, 0o644)
                os.write(fd, data)
                os.close(fd)

            for i in range(1, last + 1):
                number = b'%09d\\n' % i
                put('written', 0, number)
                put('grown', os.O_APPEND, number)
                put('.new', os.O_CREAT | os.O_EXCL, number)
                os.rename('.new', 'replaced')
                put('made%d' % i, os.O_CREAT | os.O_EXCL, number)
                os.unlink('old%d' % i)
            os.mkdir('end')
            """;

    abstract Mounted mounted();

    @Test
    void shouldReadNothingOlderThanTheEvent() throws IOException {
        Needs.program("python3", "python3");
        Inotify.lay(
                mounted().host(),
                mounted().guest(),
                "mkdir w; cd w; echo 000000000 > written; : > grown; seq -f old%.0f 1 " + CHANGES
                        + " | xargs touch; cd ..");
        final Path guest = mounted().guest().resolve("w");
        final Path host = mounted().host().resolve("w");
        Commands.shell(guest, "ls -l; cat written grown; ls made1 replaced || :");
        try (Tool reader = Tool.start(
                Path.of("/"),
                Map.of(),
                List.of("python3", "-c", READER, guest.toString(), Integer.toString(CHANGES)))) {
            reader.await("ready");
            final Commands.Result written = Commands.run(
                    Path.of("/"), List.of("python3", "-c", WRITER, host.toString(), Integer.toString(CHANGES)));
            assertThat(written.exitCode()).as(written.output()).isZero();
            reader.await("right");
        }
        assertThat(Files.exists(guest.resolve("old1"))).isFalse();
    }
}
