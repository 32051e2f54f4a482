/**
 * A front of the Docker engine, which mounts what containers bind of the host. {@link
 * io.transfuse.daemon.docker.DockerFront} accepts, and a {@code FrontConnection} for each client passes requests and
 * responses on as they came, by {@code Wire}, {@code HttpHead} and {@code HttpBody}. What it changes is found by {@code
 * Target} and {@code CreateRequest}; what that needs to be mounted, and for whom, is kept by {@code DockerMounts}, each at
 * its {@code Place}.
 */
package io.transfuse.daemon.docker;
