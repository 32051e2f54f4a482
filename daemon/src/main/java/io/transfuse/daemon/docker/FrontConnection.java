package io.transfuse.daemon.docker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client, and one to the engine. Two threads pass bytes on, one in each direction; the end of one
 * direction is passed on, too, and leaves the other open. A request is passed on as it came, but for the creation of a
 * container.
 *
 * <p>A client that was not told that its connection ends may use it again at any time, and could not tell whether a
 * request was executed over which it ended. So where the engine hangs up after a complete exchange, the client's
 * connection stays, and the next request takes another one to the engine.
 */
final class FrontConnection {
    private static final Logger LOG = LoggerFactory.getLogger(FrontConnection.class);
    private static final int CREATE_MAX = 4 << 20;
    private static final int CREATED_MAX = 1 << 20;
    private static final long DISCARDED_MAX = 64L << 20;
    private static final int INSPECT_MAX = 16 << 20;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Wire client;
    private final Path enginePath;
    private final Namespaces namespaces;
    private final DockerMounts mounts;

    /** Null until the first request; replaced by the thread that serves the client. */
    private volatile EngineConnection engine;

    private Thread responses;

    /** Whether the connection has left HTTP. */
    private volatile boolean raw;

    FrontConnection(final Wire client, final Path enginePath, final Namespaces namespaces, final DockerMounts mounts) {
        this.client = client;
        this.enginePath = enginePath;
        this.namespaces = namespaces;
        this.mounts = mounts;
    }

    /** Serves the client until it, or the engine, has hung up. */
    void serve() {
        try {
            passRequests();
        } catch (final IOException e) {
            LOG.debug("A connection to the engine ends: {}", e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            finish();
        }
    }

    /** Nothing more comes from the client. The engine may have something to say yet. */
    private void finish() {
        try {
            if (engine != null) {
                engine.wire().shutdownOutput();
                responses.join();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeBoth();
        }
    }

    /** Ends the connection; the threads that serve it end then. */
    void closeBoth() {
        client.close();
        final EngineConnection last = engine;
        if (last != null) {
            last.wire().close();
        }
    }

    private void passRequests() throws IOException, InterruptedException {
        while (true) {
            final HttpHead request;
            try {
                request = HttpBody.readHead(client);
            } catch (final MalformedException e) {
                answer(new DockerException(DockerException.BAD_REQUEST, "this is not HTTP: " + e.getMessage(), e));
                return;
            }
            if (request == null) {
                return;
            }
            try {
                if (passRequest(request)) {
                    client.transferAll(engine.wire());
                    return;
                }
            } catch (final DockerException e) {
                answer(e);
                return;
            }
        }
    }

    /** Passes a request on; whether the connection has left HTTP. */
    private boolean passRequest(final HttpHead request) throws IOException, InterruptedException, DockerException {
        final Target target = Target.of(request);
        final HttpBody body = HttpBody.ofRequest(client, request);
        connectIfNever();
        if (target.isCreate()) {
            passCreate(request, target, body);
            return false;
        }
        if (target.started() != null) {
            mounts.ensure(target.started());
        }
        final Exchange exchange = new Exchange(request, target, null);
        send(exchange, request.raw());
        body.transfer(engine.wire());
        // What comes next may not be HTTP.
        return exchange.mayLeaveHttp() && exchange.awaitDecision();
    }

    private void passCreate(final HttpHead request, final Target target, final HttpBody body)
            throws IOException, InterruptedException, DockerException {
        engine.awaitResponses();
        if (request.value("expect").equalsIgnoreCase("100-continue")) {
            client.write(CONTINUE);
        }
        final byte[] content = body.readAll(CREATE_MAX);
        if (content == null) {
            throw new DockerException(
                    DockerException.TOO_LARGE, "the configuration of a container has at most " + CREATE_MAX + " bytes");
        }
        final CreateRequest.Rewritten rewritten = CreateRequest.rewrite(content, namespaces, mounts.root());
        final DockerMounts.Pending pending = mounts.acquire(rewritten.places());
        final Exchange exchange =
                new Exchange(request, target, new Exchange.Creation(pending, rewritten.volumesFrom()));
        try {
            send(exchange, request.withBodyOf(rewritten.body().length));
        } catch (final DockerException e) {
            mounts.release(pending);
            throw e;
        }
        engine.write(rewritten.body());
    }

    private void connectIfNever() throws DockerException {
        if (engine == null) {
            connect();
        }
    }

    private void connect() throws DockerException {
        final EngineConnection made;
        try {
            made = new EngineConnection(Wire.connect(enginePath));
        } catch (final IOException e) {
            throw new DockerException(
                    DockerException.UNAVAILABLE,
                    "Cannot connect to the Docker daemon at unix://" + enginePath + ". Is the docker daemon running?",
                    e);
        }
        engine = made;
        responses = new Thread(() -> passResponses(made), Thread.currentThread().getName() + " responses");
        responses.setDaemon(true);
        responses.start();
    }

    private void send(final Exchange exchange, final byte[] head) throws IOException, DockerException {
        if (!engine.begin(exchange)) {
            connect();
            if (!engine.begin(exchange)) {
                throw new IOException("the engine hangs up before it was asked anything");
            }
        }
        engine.write(head);
    }

    /** Refuses a request; the connection ends with it. */
    private void answer(final DockerException refusal) throws IOException, InterruptedException {
        if (engine != null) {
            // Nothing more comes: the engine need not go on with what never ends, such as logs that are followed.
            engine.wire().shutdownOutput();
            // What the front answers itself comes after what the engine has been asked before.
            engine.awaitResponses();
        }
        final byte[] body = JsonNodeFactory.instance
                .objectNode()
                .put("message", refusal.getMessage())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        final String head = "HTTP/1.1 " + refusal.status() + " Refused\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nContent-Length: " + body.length + "\r\n\r\n";
        client.write(head.getBytes(StandardCharsets.US_ASCII));
        client.write(body);
        client.shutdownOutput();
        if (engine != null) {
            engine.wire().close();
        }
        // A client that is still sending could lose the answer if the socket were closed upon it.
        client.discard(DISCARDED_MAX);
    }

    private void passResponses(final EngineConnection from) {
        boolean clientEnds = false;
        try {
            HttpHead response = nextResponse(from);
            while (response != null && !raw) {
                clientEnds |= passResponse(from, response);
                response = raw ? null : nextResponse(from);
            }
            if (raw) {
                client.shutdownOutput();
            } else {
                if (!from.end() || clientEnds) {
                    client.shutdownOutput();
                    client.close();
                }
                from.wire().close();
            }
        } catch (final IOException e) {
            LOG.debug("A connection of the engine ends: {}", e.getMessage());
            closeBoth();
        } catch (final RuntimeException e) {
            LOG.error("Passing a response of the engine on failed, and the connection is closed", e);
            closeBoth();
        } finally {
            abandonAwaited(from);
        }
    }

    /** The next response's head; null if none comes any more. */
    private static HttpHead nextResponse(final EngineConnection from) {
        try {
            return HttpBody.readHead(from.wire());
        } catch (final IOException e) {
            LOG.debug("A connection of the engine ends: {}", e.getMessage());
            return null;
        }
    }

    /** The engine will not answer any more. Whether it has made the containers, its own list tells. */
    private void abandonAwaited(final EngineConnection from) {
        from.end();
        for (Exchange exchange = from.next(); exchange != null; exchange = from.next()) {
            exchange.decide(false);
            if (exchange.creation() != null) {
                mounts.forget(exchange.creation().pending());
            }
            from.responseDone();
        }
    }

    /** Passes a response on; whether the client knows by it that its connection ends with the engine's. */
    private boolean passResponse(final EngineConnection from, final HttpHead response) throws IOException {
        final int status = response.status();
        if (status < OK && status != SWITCHING_PROTOCOLS) {
            client.write(response.raw());
            return false;
        }
        final Exchange exchange = from.next();
        if (exchange == null) {
            throw new IOException("the engine answers what it was not asked");
        }
        try {
            if (leavesHttp(exchange, response)) {
                raw = true;
                exchange.decide(true);
                client.write(response.raw());
                from.wire().transferAll(client);
                return true;
            }
            exchange.decide(false);
            final HttpBody body = HttpBody.ofResponse(
                    from.wire(), response, exchange.request().method());
            passResponse(exchange, response, body);
            return body.endsWithTheConnection()
                    || response.endsConnection()
                    || exchange.request().endsConnection();
        } catch (final IOException | RuntimeException e) {
            // Before anybody learns that it is over: nothing may be said to the client behind half a response.
            closeBoth();
            throw e;
        } finally {
            exchange.decide(false);
            from.responseDone();
        }
    }

    /** The engine leaves HTTP with 101, or, for old clients, with 200 and a stream that has no framing. */
    private static boolean leavesHttp(final Exchange exchange, final HttpHead response) throws IOException {
        final int status = response.status();
        return status == SWITCHING_PROTOCOLS
                || status == OK
                        && exchange.mayLeaveHttp()
                        && !response.has("content-length")
                        && !response.has("transfer-encoding")
                        && response.value("content-type").startsWith("application/vnd.docker.");
    }

    private void passResponse(final Exchange exchange, final HttpHead response, final HttpBody body)
            throws IOException {
        if (exchange.creation() != null) {
            passCreated(exchange.creation(), response, body);
        } else if (response.status() == OK && exchange.target().showsBinds()) {
            final byte[] content = body.readAllOrTransfer(INSPECT_MAX, response.raw(), client);
            if (content != null) {
                final byte[] shown = mounts.withHostPaths(content);
                client.write(response.withBodyOf(shown.length));
                client.write(shown);
            }
        } else {
            client.write(response.raw());
            body.transfer(client);
        }
    }

    /** The mounts are the container's before anybody is told of it. */
    private void passCreated(final Exchange.Creation creation, final HttpHead response, final HttpBody body)
            throws IOException {
        byte[] content = null;
        try {
            content = body.readAll(CREATED_MAX);
        } finally {
            if (content == null) {
                mounts.forget(creation.pending());
            }
        }
        if (content == null) {
            throw new IOException("the engine's answer is longer than " + CREATED_MAX + " bytes");
        }
        if (response.status() == CREATED) {
            mounts.adopt(creation.pending(), content, creation.volumesFrom());
        } else {
            mounts.release(creation.pending());
        }
        final byte[] shown = mounts.withHostPaths(content);
        client.write(response.withBodyOf(shown.length));
        client.write(shown);
    }
}
