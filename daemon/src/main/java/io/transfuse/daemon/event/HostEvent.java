package io.transfuse.daemon.event;

import io.transfuse.protocol.Event;
import io.transfuse.protocol.EventKind;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.ReplyFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the host says happened; see {@link Event}.
 *
 * @param kind what it was
 * @param directory node of the directory that has the name; 0 for an event of an object without its place
 * @param name in that directory, empty without one
 * @param newDirectory where {@code newName} is; 0 where the kind has none
 * @param newName empty where the kind has none
 * @param node the object; 0 where the guest does not hold it
 * @param mode file type and permissions, 0 where unknown
 * @param links link count of the object after the change; 0 where there are none or it is unknown
 * @param replaced what stood at the new name; 0 where there was none that the guest holds
 * @param replacedMode its file type, and permissions where known
 * @param replacedLinks its link count after the change
 */
public record HostEvent(
        EventKind kind,
        long directory,
        byte[] name,
        long newDirectory,
        byte[] newName,
        long node,
        int mode,
        int links,
        long replaced,
        int replacedMode,
        int replacedLinks) {

    /**
     * The events of a push.
     *
     * @throws ProtocolException if it is malformed
     */
    public static List<HostEvent> decode(final ByteBuffer frame) throws ProtocolException {
        final List<HostEvent> events = new ArrayList<>();
        int at = Event.ENTRIES;
        while (at < ReplyFrame.length(frame)) {
            final int end = Event.entryEnd(frame, at);
            final HostEvent event = new HostEvent(
                    Event.kind(frame, at),
                    Event.directory(frame, at),
                    Event.name(frame, at),
                    Event.newDirectory(frame, at),
                    Event.newName(frame, at),
                    Event.node(frame, at),
                    Event.mode(frame, at),
                    Event.links(frame, at),
                    Event.replaced(frame, at),
                    Event.replacedMode(frame, at),
                    Event.replacedLinks(frame, at));
            if (event.directory < 0 || event.newDirectory < 0 || event.node < 0 || event.replaced < 0) {
                // These numbers are the daemon's own.
                throw new ProtocolException("an event of a node that no host has");
            }
            events.add(event);
            at = end;
        }
        return events;
    }

    /** Whether this tells of the same object at the same place as {@code other}. */
    boolean isOfSameObject(final HostEvent other) {
        return directory == other.directory && node == other.node && Arrays.equals(name, other.name);
    }
}
