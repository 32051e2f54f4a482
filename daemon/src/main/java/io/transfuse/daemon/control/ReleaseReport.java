package io.transfuse.daemon.control;

import java.util.List;

/**
 * What {@code DELETE /v1/mounts} answers.
 *
 * @param mountPoint as it was named
 * @param mounted whether the mount stays, because others have asked for it
 * @param askers who they are
 */
record ReleaseReport(String mountPoint, boolean mounted, List<String> askers) {}
