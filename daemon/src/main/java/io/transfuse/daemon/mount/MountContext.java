package io.transfuse.daemon.mount;

import io.transfuse.daemon.IdleProcessors;
import io.transfuse.daemon.event.InjectorProcess;
import io.transfuse.daemon.session.HostEndpoint;

/**
 * What the mounts of a daemon have in common.
 *
 * @param host the host server of all of them
 * @param injector makes their inotify events
 * @param idleProcessors what idle processors do while a mount has many requests
 */
public record MountContext(HostEndpoint host, InjectorProcess injector, IdleProcessors idleProcessors) {}
