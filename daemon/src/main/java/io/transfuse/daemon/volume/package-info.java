/**
 * A driver of volumes for the Docker engine: {@link io.transfuse.daemon.volume.VolumePlugin} answers the engine's calls, and
 * {@code Volumes} keeps the volumes and their mounts.
 */
package io.transfuse.daemon.volume;
