package io.transfuse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What docs/protocol.md says in tables and examples is what the code does. */
class SpecificationTest {
    private static final Pattern OPERATION =
            Pattern.compile("^\\| (\\d+) \\| ([A-Z_]+) \\| ([a-z ]*)\\| (.*?) \\| .* \\|$", Pattern.MULTILINE);
    private static final Pattern ERRNO = Pattern.compile("\\| (\\d+) (E[A-Z0-9]+) (?=\\|)");
    private static final Pattern EXAMPLE = Pattern.compile("```frame (\\S+)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern FIXED_FIELD = Pattern.compile("\\w+ [iu](\\d+)(?:, |$)");

    private static String specification;

    @BeforeAll
    static void read() throws IOException {
        specification = Files.readString(Path.of("..", "docs", "protocol.md"));
    }

    @Test
    void shouldListEveryOperation() {
        final Map<String, String> expected = Arrays.stream(Opcode.values())
                .collect(Collectors.toMap(
                        Enum::name, opcode -> opcode.code() + " " + (opcode.changes() ? "yes" : effect(opcode))));
        final Map<String, String> listed = new TreeMap<>();
        final Matcher operation = OPERATION.matcher(specification);
        while (operation.find()) {
            listed.put(
                    operation.group(2),
                    operation.group(1) + " " + operation.group(3).trim());
        }

        assertThat(listed).isEqualTo(new TreeMap<>(expected));
    }

    private static String effect(final Opcode opcode) {
        return opcode == Opcode.OPEN ? "by flags" : "";
    }

    /** The fixed fields of each request have the size that is the least that the code takes. */
    @Test
    void shouldGiveEveryFixedField() {
        final Matcher operation = OPERATION.matcher(specification);
        int checked = 0;
        while (operation.find()) {
            final Opcode opcode = Opcode.valueOf(operation.group(2));
            if (opcode == Opcode.HELLO || opcode == Opcode.AUTHENTICATE) {
                continue;
            }
            final int size = RequestFrame.SIZE + fixedBytes(operation.group(4));
            assertThat(tooShort(opcode, size - 1))
                    .isEqualTo(opcode + " of " + (size - 1) + " bytes is shorter than " + size);
            checked++;
        }
        assertThat(checked).isEqualTo(Opcode.values().length - 2);
    }

    private static int fixedBytes(final String layout) {
        int bytes = 0;
        final Matcher field = FIXED_FIELD.matcher(layout);
        while (field.lookingAt()) {
            bytes += Integer.parseInt(field.group(1)) / Byte.SIZE;
            field.region(field.end(), layout.length());
        }
        return bytes;
    }

    private static String tooShort(final Opcode opcode, final int length) {
        final ByteBuffer frame = Frames.of(new byte[256]);
        RequestFrame.encode(frame, opcode, length);
        try {
            RequestFrame.check(frame);
            return opcode + " was taken";
        } catch (final ProtocolException e) {
            return e.getMessage();
        }
    }

    @Test
    void shouldListEveryErrno() throws IllegalAccessException {
        final Map<String, Integer> expected = new TreeMap<>();
        for (final Field field : Errno.class.getFields()) {
            if (field.getName().startsWith("E")) {
                expected.put(field.getName(), field.getInt(null));
            }
        }
        final Map<String, Integer> listed = new TreeMap<>();
        final Matcher errno = ERRNO.matcher(specification);
        while (errno.find()) {
            listed.put(errno.group(2), Integer.valueOf(errno.group(1)));
        }

        assertThat(listed).isEqualTo(expected);
    }

    @Test
    void shouldTakeItsExamplesFromTheVectors() {
        final Matcher example = EXAMPLE.matcher(specification);
        int checked = 0;
        while (example.find()) {
            final StringBuilder hex = new StringBuilder();
            for (final String line : example.group(2).split("\n", -1)) {
                hex.append(line.replaceFirst("  .*", "").replace(" ", ""));
            }
            assertThat(hex)
                    .as(example.group(1))
                    .hasToString(HexFormat.of().formatHex(Vectors.ALL.get(example.group(1))));
            checked++;
        }
        assertThat(checked).isPositive();
    }
}
