package io.transfuse.daemon.volume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.transfuse.daemon.MountException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the engine's calls of the driver of volumes. A failure is 500 with one line in {@code Err}. */
final class VolumePluginHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(VolumePluginHandler.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTENT_TYPE = "application/vnd.docker.plugins.v1.2+json";
    private static final String ERROR = "Err";

    private final Volumes volumes;
    private final Executor workers;

    VolumePluginHandler(final Volumes volumes, final Executor workers) {
        this.volumes = volumes;
        this.workers = workers;
    }

    @Override
    protected void channelRead0(final ChannelHandlerContext context, final FullHttpRequest request) {
        final String call = request.uri();
        final byte[] body = ByteBufUtil.getBytes(request.content());
        // Mounting waits for the host: it is not for the event loop.
        workers.execute(() -> answer(context, call, body));
    }

    private void answer(final ChannelHandlerContext context, final String call, final byte[] body) {
        HttpResponseStatus status = HttpResponseStatus.INTERNAL_SERVER_ERROR;
        Object answer;
        try {
            final JsonNode parsed = JSON.readTree(body);
            answer = answer(call, parsed == null ? JSON.missingNode() : parsed);
            status = answer == null ? HttpResponseStatus.NOT_FOUND : HttpResponseStatus.OK;
        } catch (final JsonProcessingException e) {
            answer = Map.of(ERROR, "the request is no JSON");
        } catch (final MountException | IOException | IllegalArgumentException e) {
            answer = Map.of(ERROR, String.valueOf(e.getMessage()));
        } catch (final RuntimeException e) {
            LOG.error("A call of the Docker engine failed", e);
            answer = Map.of(ERROR, "internal error: " + e);
        }
        final byte[] bytes = JSON.valueToTree(answer == null ? Map.of(ERROR, "there is no " + call) : answer)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        final DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(bytes));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        context.writeAndFlush(response);
    }

    /** Null for a call that is unknown. */
    private Object answer(final String call, final JsonNode request) throws MountException, IOException {
        final String name = request.path("Name").asText();
        final String id = request.path("ID").asText();
        switch (call) {
            case "/Plugin.Activate":
                return Map.of("Implements", List.of("VolumeDriver"));
            case "/VolumeDriver.Capabilities":
                return Map.of("Capabilities", Map.of("Scope", "local"));
            case "/VolumeDriver.Create":
                volumes.create(Volume.of(name, options(request.path("Opts"))));
                return done();
            case "/VolumeDriver.Remove":
                volumes.remove(name);
                return done();
            case "/VolumeDriver.Mount":
                return Map.of("Mountpoint", volumes.mount(name, id).toString(), ERROR, "");
            case "/VolumeDriver.Unmount":
                volumes.unmount(name, id);
                return done();
            case "/VolumeDriver.Path":
                return Map.of("Mountpoint", volumes.mountedAt(volumes.get(name).name()), ERROR, "");
            case "/VolumeDriver.Get":
                return Map.of("Volume", describe(volumes.get(name)), ERROR, "");
            case "/VolumeDriver.List":
                return Map.of(
                        "Volumes", volumes.list().stream().map(this::describe).toList(), ERROR, "");
            default:
                return null;
        }
    }

    private static Map<String, String> done() {
        return Map.of(ERROR, "");
    }

    private static Map<String, String> options(final JsonNode node) {
        final Map<String, String> options = new TreeMap<>();
        node.properties()
                .forEach(field -> options.put(field.getKey(), field.getValue().asText()));
        return options;
    }

    private Map<String, Object> describe(final Volume volume) {
        return Map.of(
                "Name",
                volume.name(),
                "Mountpoint",
                volumes.mountedAt(volume.name()),
                "Status",
                Map.of(
                        "source",
                        volume.source(),
                        "mode",
                        volume.mode(),
                        "ro",
                        volume.readOnly(),
                        "owner",
                        volume.owner()));
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        LOG.warn("A connection of the Docker engine to the driver of volumes failed: {}", cause.toString());
        context.close();
    }
}
