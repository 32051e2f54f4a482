package io.transfuse.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The golden frames of vectors.txt, by name. */
final class Vectors {
    static final Map<String, byte[]> ALL = load();

    private Vectors() {}

    private static Map<String, byte[]> load() {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors.txt")) {
            final Map<String, byte[]> vectors = new LinkedHashMap<>();
            for (final String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                final String[] fields = line.split(" +", -1);
                if (vectors.put(fields[0], HexFormat.of().parseHex(fields[1])) != null) {
                    throw new IllegalStateException("two vectors are called " + fields[0]);
                }
            }
            return Collections.unmodifiableMap(vectors);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
