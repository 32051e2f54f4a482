/**
 * What happens on the host, and who is told. A {@link io.transfuse.host.watch.Watcher} tells of changes ({@code
 * FanotifyWatcher}, {@code InotifyWatcher}, and {@code CoarseWatcher} for platforms that tell less); {@link
 * io.transfuse.host.watch.WatchTable} knows which objects are watched for whom; {@code EventStream}, in its own thread, makes
 * {@link io.transfuse.host.watch.GuestEvent}s of the changes, by {@code ChangeTeller} where they are known exactly and by
 * {@code Rescan} where they are not.
 */
package io.transfuse.host.watch;
