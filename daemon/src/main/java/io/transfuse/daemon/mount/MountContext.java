package io.transfuse.daemon.mount;

import io.transfuse.daemon.GuestTuning;
import io.transfuse.daemon.event.InjectorProcess;
import io.transfuse.daemon.session.HostEndpoint;

/**
 * What the mounts of a daemon have in common.
 *
 * @param host the host server of all of them
 * @param injector makes their inotify events
 * @param tuning how the guest's kernel is used
 */
public record MountContext(HostEndpoint host, InjectorProcess injector, GuestTuning tuning) {}
