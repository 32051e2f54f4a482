package io.transfuse.daemon.control;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Puts requests together with their bodies; refuses long ones, as every refusal is made: with one line in JSON. */
final class ControlBody extends HttpObjectAggregator {
    ControlBody() {
        super(ControlSocket.BODY_MAX);
    }

    @Override
    protected void handleOversizedMessage(final ChannelHandlerContext context, final HttpMessage oversized) {
        context.writeAndFlush(ControlHandler.response(
                        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                        ControlHandler.message("the body is longer than " + ControlSocket.BODY_MAX + " bytes")))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
