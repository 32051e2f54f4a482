package io.transfuse.daemon.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Asks the engine on the front's own behalf, on a connection for each question. Thread-safe. */
final class EngineClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANSWER_MAX = 64 << 20;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final Path path;

    EngineClient(final Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** All containers, those that do not run included. */
    JsonNode containers() throws IOException {
        return get("/containers/json?all=1");
    }

    /** A container by name or id; a missing node if there is none. */
    JsonNode container(final String name) throws IOException {
        return get("/containers/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/json");
    }

    private JsonNode get(final String target) throws IOException {
        try (Wire wire = Wire.connect(path)) {
            final HttpHead response = ask(wire, target);
            if (response.status() == NOT_FOUND) {
                return JSON.missingNode();
            }
            final byte[] body = HttpBody.ofResponse(wire, response, "GET").readAll(ANSWER_MAX);
            if (response.status() != OK || body == null) {
                throw new IOException("the engine answers " + response.status() + " to " + target);
            }
            return JSON.readTree(body);
        }
    }

    private static HttpHead ask(final Wire wire, final String target) throws IOException {
        wire.write(("GET " + target + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        final HttpHead response = HttpBody.readHead(wire);
        if (response == null) {
            throw new IOException("the engine hung up");
        }
        return response;
    }

    /** Connects for {@link #followRemovals}; closing the wire ends it. */
    Wire connect() throws IOException {
        return Wire.connect(path);
    }

    /**
     * Tells of each container that is removed, until the engine hangs up.
     *
     * @param begun run when events are listened to
     * @param removed takes the id
     */
    void followRemovals(final Wire wire, final Runnable begun, final Consumer<String> removed) throws IOException {
        final String filters =
                URLEncoder.encode("{\"type\":[\"container\"],\"event\":[\"destroy\"]}", StandardCharsets.UTF_8);
        final HttpHead response = ask(wire, "/events?filters=" + filters);
        if (response.status() != OK) {
            throw new IOException("the engine answers " + response.status() + " to /events");
        }
        begun.run();
        try (MappingIterator<JsonNode> events =
                JSON.readerFor(JsonNode.class).readValues(HttpBody.ofResponse(wire, response, "GET").stream())) {
            while (events.hasNextValue()) {
                removed.accept(events.nextValue().path("Actor").path("ID").asText());
            }
        }
    }
}
