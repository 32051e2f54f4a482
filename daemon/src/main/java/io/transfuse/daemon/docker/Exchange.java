package io.transfuse.daemon.docker;

import java.util.concurrent.CountDownLatch;

/** A request that was sent to the engine, and what is to be done with the response. */
final class Exchange {
    private final HttpHead request;
    private final Target target;
    private final Creation creation;
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile boolean raw;

    /**
     * The creation of a container.
     *
     * @param pending the mounts that it needs
     * @param volumesFrom whether it takes binds over from other containers
     */
    record Creation(DockerMounts.Pending pending, boolean volumesFrom) {}

    Exchange(final HttpHead request, final Target target, final Creation creation) {
        this.request = request;
        this.target = target;
        this.creation = creation;
    }

    HttpHead request() {
        return request;
    }

    Target target() {
        return target;
    }

    /** Null for any other request. */
    Creation creation() {
        return creation;
    }

    /**
     * Whether the connection may leave HTTP with the response to this request: attach, exec and the sessions of builds
     * do.
     */
    boolean mayLeaveHttp() {
        return request.has("upgrade")
                || request.target().contains("/attach")
                || request.target().contains("/exec/");
    }

    /** The response has come, or never will. */
    void decide(final boolean leavesHttp) {
        raw = leavesHttp;
        decided.countDown();
    }

    /** Waits for the response's head; whether the connection leaves HTTP with it. */
    boolean awaitDecision() throws InterruptedException {
        decided.await();
        return raw;
    }
}
