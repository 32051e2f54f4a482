package io.transfuse.daemon.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.transfuse.daemon.Asker;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.MountException;
import io.transfuse.daemon.MountStatus;
import io.transfuse.daemon.NotMountedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of the control socket, as docs/operations.md describes them. Mounting may take a while: the work
 * is done by threads that may block.
 */
final class ControlHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ControlHandler.class);
    private static final String MOUNTS = "/v1/mounts";
    private static final String MOUNT_POINT = "mountPoint";
    private static final String ASKER = "asker";
    private static final String ALL = "all";
    private static final String FORCE = "force";
    private static final List<String> RELEASE_PARAMETERS = List.of(MOUNT_POINT, ASKER, ALL, FORCE);
    private static final String ERROR = "error";
    private static final Pattern LINE_BREAKS = Pattern.compile("\\s*[\\r\\n]+\\s*");

    private final Daemon daemon;
    private final ObjectMapper json;
    private final Executor workers;

    ControlHandler(final Daemon daemon, final ObjectMapper json, final Executor workers) {
        this.daemon = daemon;
        this.json = json;
        this.workers = workers;
    }

    private record Answer(HttpResponseStatus status, Object body) {}

    private record Request(HttpMethod method, String uri, byte[] body) {}

    @Override
    protected void channelRead0(final ChannelHandlerContext context, final FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            send(context, HttpResponseStatus.BAD_REQUEST, message("this is not HTTP"));
            return;
        }
        final Request taken = new Request(request.method(), request.uri(), ByteBufUtil.getBytes(request.content()));
        workers.execute(() -> reply(context, taken));
    }

    private void reply(final ChannelHandlerContext context, final Request request) {
        HttpResponseStatus status;
        byte[] body;
        try {
            final Answer answer = answer(request);
            status = answer.status();
            body = json.writeValueAsBytes(answer.body());
        } catch (final NotMountedException e) {
            status = HttpResponseStatus.NOT_FOUND;
            body = message(e.getMessage());
        } catch (final MountException e) {
            status = HttpResponseStatus.CONFLICT;
            body = message(e.getMessage());
        } catch (final IllegalArgumentException e) {
            status = HttpResponseStatus.BAD_REQUEST;
            body = message(e.getMessage());
        } catch (final JsonProcessingException e) {
            status = HttpResponseStatus.BAD_REQUEST;
            body = message("the body is not what is wanted: " + e.getOriginalMessage());
        } catch (final RuntimeException e) {
            LOG.error("A control request failed", e);
            status = HttpResponseStatus.INTERNAL_SERVER_ERROR;
            body = message("internal error: " + e);
        }
        send(context, status, body);
    }

    private static void send(final ChannelHandlerContext context, final HttpResponseStatus status, final byte[] body) {
        context.writeAndFlush(response(status, body)).addListener(ChannelFutureListener.CLOSE);
    }

    static FullHttpResponse response(final HttpResponseStatus status, final byte[] body) {
        final FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        return response;
    }

    /** A refusal: one line. */
    static byte[] message(final String text) {
        final String line = text == null ? "" : LINE_BREAKS.matcher(text).replaceAll(" ");
        return JsonNodeFactory.instance.objectNode().put(ERROR, line).toString().getBytes(StandardCharsets.UTF_8);
    }

    private Answer answer(final Request request) throws MountException, JsonProcessingException {
        final QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        final HttpMethod method = request.method();
        switch (uri.path()) {
            case "/v1/health":
                return method.equals(HttpMethod.GET) ? health() : notAllowed(method, uri.path());
            case "/v1/status":
                return method.equals(HttpMethod.GET)
                        ? new Answer(HttpResponseStatus.OK, StatusReport.of(daemon))
                        : notAllowed(method, uri.path());
            case MOUNTS:
                if (method.equals(HttpMethod.GET)) {
                    return new Answer(
                            HttpResponseStatus.OK, StatusReport.of(daemon).mounts());
                }
                if (method.equals(HttpMethod.POST)) {
                    return mount(request.body());
                }
                if (method.equals(HttpMethod.DELETE)) {
                    return unmount(uri.parameters());
                }
                return notAllowed(method, MOUNTS);
            default:
                return refusal(HttpResponseStatus.NOT_FOUND, "there is no " + uri.path());
        }
    }

    private Answer health() {
        for (final MountStatus mount : daemon.mounts()) {
            if (!mount.state().equals(MountStatus.MOUNTED)) {
                final String reason = mount.spec().mountPoint() + " is " + mount.state();
                return new Answer(HttpResponseStatus.SERVICE_UNAVAILABLE, Map.of("health", reason, "error", reason));
            }
        }
        return new Answer(HttpResponseStatus.OK, Map.of("health", "ok"));
    }

    private Answer mount(final byte[] body) throws MountException, JsonProcessingException {
        final MountRequest wanted = json.readValue(new String(body, StandardCharsets.UTF_8), MountRequest.class);
        if (wanted == null) {
            throw new IllegalArgumentException("the body says nothing");
        }
        final Daemon.Asked asked = daemon.mount(wanted.toSpec(), wanted.toAsker());
        return new Answer(
                asked.made() ? HttpResponseStatus.CREATED : HttpResponseStatus.OK,
                StatusReport.MountReport.of(asked.status()));
    }

    private Answer unmount(final Map<String, List<String>> parameters) throws MountException {
        for (final String name : parameters.keySet()) {
            if (!RELEASE_PARAMETERS.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown parameter '" + name + "': known are " + String.join(", ", RELEASE_PARAMETERS));
            }
        }
        final String mountPoint =
                parameters.getOrDefault(MOUNT_POINT, List.of("")).get(0);
        if (!mountPoint.startsWith("/")) {
            throw new IllegalArgumentException("the parameter mountPoint is missing or not absolute");
        }
        final Path path = Path.of(mountPoint);
        final boolean force = isTrue(parameters, FORCE);
        if (force || isTrue(parameters, ALL)) {
            if (force) {
                daemon.abandon(path);
            } else {
                daemon.unmount(path);
            }
            return new Answer(HttpResponseStatus.OK, new ReleaseReport(mountPoint, false, List.of()));
        }
        final List<String> asker = parameters.get(ASKER);
        final Optional<MountStatus> left = daemon.release(path, asker == null ? Asker.USER : new Asker(asker.get(0)));
        final List<String> others = left.map(
                        status -> status.askers().stream().map(Asker::name).toList())
                .orElse(List.of());
        return new Answer(HttpResponseStatus.OK, new ReleaseReport(mountPoint, left.isPresent(), others));
    }

    private static boolean isTrue(final Map<String, List<String>> parameters, final String name) {
        return parameters.getOrDefault(name, List.of("false")).get(0).equals("true");
    }

    private static Answer notAllowed(final HttpMethod method, final String path) {
        return refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, method + " is not possible on " + path);
    }

    private static Answer refusal(final HttpResponseStatus status, final String message) {
        return new Answer(status, Map.of(ERROR, message));
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        LOG.warn("A control connection failed: {}", cause.toString());
        context.close();
    }
}
