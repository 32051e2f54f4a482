package io.transfuse.host.posix;

/** What statvfs(3) tells; filled in anew by each {@link Posix#statistics}. Belongs to one thread. */
public final class FileSystemStatistics {
    public long blocks;
    public long blocksFree;
    public long blocksAvailable;
    public long files;
    public long filesFree;
    public int blockSize;
    public int fragmentSize;
    public int nameMax;
}
