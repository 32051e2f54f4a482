package io.transfuse.host.session;

import io.transfuse.protocol.Secret;
import io.transfuse.transport.Admission;

/**
 * What a {@link HostServer} may do, and for whom.
 *
 * @param descriptors most descriptors that the server holds open; fewer if the host allows no more
 * @param admission who may connect
 * @param secret what daemons must know; null for none
 */
public record ServerOptions(int descriptors, Admission admission, Secret secret) {
    /** As many descriptors as the host allows, for one's own user and root. */
    public static final ServerOptions DEFAULT = new ServerOptions(Integer.MAX_VALUE, Admission.OWN, null);
}
