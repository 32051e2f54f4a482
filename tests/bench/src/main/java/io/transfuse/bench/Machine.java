package io.transfuse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Where the numbers come from. */
final class Machine {
    private Machine() {}

    static Map<String, Object> describe(final Path work) throws IOException {
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("processor", field("/proc/cpuinfo", "model name"));
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("memory", field("/proc/meminfo", "MemTotal"));
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("architecture", System.getProperty("os.arch"));
        facts.put("system", field("/etc/os-release", "PRETTY_NAME").replace("\"", ""));
        facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("directory", work.toString());
        facts.put("fileSystem", Files.getFileStore(work).type());
        return facts;
    }

    /** The load average of the last minute: other work makes the numbers worthless. */
    static double loadAverage() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    }

    private static String field(final String file, final String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).replaceFirst("^\\s*[:=]\\s*", ""))
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
