package io.transfuse.cache;

/**
 * What the host said of an object.
 *
 * @param node its number, not 0
 * @param attributes as the user of the cache encodes them; not to be changed afterwards
 * @param version changes with size and times of the object: content that was learnt with another one is not its content
 * @param ino the inode number that listings show
 * @param type type bits of the mode
 * @param linked whether the object may have other names
 * @param attributesValidity NEVER for what must not be remembered, such as attributes of sockets, pipes and devices
 */
public record ObjectFacts(
        long node, byte[] attributes, long version, long ino, int type, boolean linked, Validity attributesValidity) {}
