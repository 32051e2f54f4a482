package io.transfuse.daemon.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.MountException;
import io.transfuse.daemon.MountStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of the control socket, as docs/operations.md describes them. Mounting may take a while: the work is done by threads that may block. */
final class ControlHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ControlHandler.class);
    private static final String MOUNTS = "/v1/mounts";
    private static final String MOUNT_POINT = "mountPoint";

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
        final Request taken = new Request(request.method(), request.uri(), ByteBufUtil.getBytes(request.content()));
        workers.execute(() -> reply(context, taken));
    }

    private void reply(final ChannelHandlerContext context, final Request request) {
        Answer answer;
        byte[] body;
        try {
            answer = answer(request);
            body = json.writeValueAsBytes(answer.body());
        } catch (final MountException e) {
            answer = error(HttpResponseStatus.CONFLICT);
            body = message(e.getMessage());
        } catch (final IllegalArgumentException e) {
            answer = error(HttpResponseStatus.BAD_REQUEST);
            body = message(e.getMessage());
        } catch (final JsonProcessingException e) {
            answer = error(HttpResponseStatus.BAD_REQUEST);
            body = message("the body is not what is wanted: " + e.getOriginalMessage());
        } catch (final RuntimeException e) {
            LOG.error("A control request failed", e);
            answer = error(HttpResponseStatus.INTERNAL_SERVER_ERROR);
            body = message("internal error: " + e);
        }
        final FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private byte[] message(final String text) {
        return json.createObjectNode().put("error", text).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Answer error(final HttpResponseStatus status) {
        return new Answer(status, Map.of());
    }

    private Answer answer(final Request request) throws MountException, JsonProcessingException {
        final QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        final HttpMethod method = request.method();
        switch (uri.path()) {
            case "/v1/health":
                return health();
            case "/v1/status":
                return new Answer(HttpResponseStatus.OK, StatusReport.of(daemon));
            case MOUNTS:
                if (method.equals(HttpMethod.GET)) {
                    return new Answer(
                            HttpResponseStatus.OK, StatusReport.of(daemon).mounts());
                }
                if (method.equals(HttpMethod.POST)) {
                    final MountRequest wanted =
                            json.readValue(new String(request.body(), StandardCharsets.UTF_8), MountRequest.class);
                    if (wanted == null) {
                        throw new IllegalArgumentException("the body says nothing");
                    }
                    final MountStatus made = daemon.mount(wanted.toSpec());
                    return new Answer(HttpResponseStatus.CREATED, StatusReport.MountReport.of(made));
                }
                if (method.equals(HttpMethod.DELETE)) {
                    final List<String> mountPoint = uri.parameters().get(MOUNT_POINT);
                    if (mountPoint == null) {
                        throw new IllegalArgumentException("the parameter mountPoint is missing");
                    }
                    daemon.unmount(Path.of(mountPoint.get(0)));
                    return new Answer(HttpResponseStatus.OK, Map.of(MOUNT_POINT, mountPoint.get(0)));
                }
                return refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, method + " is not possible on " + MOUNTS);
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

    private static Answer refusal(final HttpResponseStatus status, final String message) {
        return new Answer(status, Map.of("error", message));
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        LOG.warn("A control connection failed: {}", cause.toString());
        context.close();
    }
}
