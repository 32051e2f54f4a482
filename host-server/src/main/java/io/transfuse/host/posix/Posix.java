package io.transfuse.host.posix;

/**
 * The host's file system calls, with what differs between platforms behind them. Names and buffers are raw addresses of
 * native memory; names end in NUL and are one component, relative to a directory's descriptor, or empty for the object
 * of the descriptor itself. No call follows a symbolic link. Every result below 0 is a protocol errno, negated. All
 * calls block and may come from any thread; {@link #becomeLane} prepares a thread for {@link #setCaller}.
 */
public interface Posix {
    /** Address of an empty name: the object of the descriptor itself. */
    long self();

    /** In place of a directory: names are paths, relative to the working directory if they do not begin with a slash. */
    int currentDirectory();

    /** The platform's calls. */
    static Posix forThisPlatform() {
        return new LinuxPosix();
    }

    /** Whether the server may give objects to any owner. */
    boolean isPrivileged();

    int effectiveUid();

    int effectiveGid();

    /** Makes this thread's umask 0 and its capabilities independent of {@link #setCaller}, for this thread alone. */
    void becomeLane();

    /** New objects of this thread belong to {@code uid} and {@code gid} from now on; only for a privileged server. */
    void setCaller(int uid, int gid);

    /** Opens any object for reference only (O_PATH); never blocks, needs no permission on the object. */
    int openReference(int directory, long name);

    /** Opens a directory for listing and as a base for names. */
    int openDirectory(int directory, long name);

    /**
     * Opens a regular file.
     *
     * @param flags access mode and bits of {@link io.transfuse.protocol.OpenFlags}; TRUNCATE and EXCLUSIVE do not count
     */
    int openFile(int directory, long name, int flags);

    /** Makes and opens a regular file; EXCLUSIVE counts, TRUNCATE does not. */
    int createFile(int directory, long name, int flags, int mode);

    /** Makes a file without a name in the file system of {@code directory}. */
    int createTemporary(int directory, int flags, int mode);

    /** Opens again what {@code descriptor} refers to, with an access of its own. */
    int reopen(int descriptor, int flags);

    int close(int descriptor);

    int stat(int directory, long name, StatBuffer result);

    int makeDirectory(int directory, long name, int mode);

    /** {@code rdev} is encoded as in {@link io.transfuse.protocol.Attributes}. */
    int makeNode(int directory, long name, int mode, int rdev);

    int makeSymlink(long target, int directory, long name);

    /** Gives the object of {@code descriptor} one more name. */
    int link(int descriptor, int directory, long name);

    int unlink(int directory, long name);

    int removeDirectory(int directory, long name);

    /** {@code flags} are those of {@link io.transfuse.protocol.RenameFlags}. */
    int rename(int oldDirectory, long oldName, int newDirectory, long newName, int flags);

    /** Reads the target of the symbolic link that {@code descriptor} refers to; the number of bytes. */
    long readLink(int descriptor, long buffer, int size);

    /** Writes the absolute path of the directory that {@code descriptor} refers to (macOS: F_GETPATH of fcntl(2)); the number of bytes. */
    long path(int descriptor, long buffer, int size);

    long read(int descriptor, long buffer, int size, long offset);

    long write(int descriptor, long buffer, int size, long offset);

    /** {@code whence} is one of {@link io.transfuse.protocol.SeekWhence}. */
    long seek(int descriptor, long offset, int whence);

    int truncate(int descriptor, long size);

    int changeMode(int descriptor, int mode);

    /** -1 leaves an id as it is. */
    int changeOwner(int descriptor, int uid, int gid);

    /** Sets the times of an object by the bits of {@link io.transfuse.protocol.SetattrValid}. */
    int changeTimes(int descriptor, int valid, long atime, int atimeNanos, long mtime, int mtimeNanos);

    int sync(int descriptor, boolean dataOnly);

    int syncFileSystem(int descriptor);

    /** {@code mode} has the bits of {@link io.transfuse.protocol.FallocateMode}. */
    int allocate(int descriptor, int mode, long offset, long length);

    long copyRange(int descriptorIn, long offsetIn, int descriptorOut, long offsetOut, long length);

    /** Fills in the fields of {@link FileSystemStatistics}. */
    int statistics(int descriptor, FileSystemStatistics result);

    /** {@code flags} are those of {@link io.transfuse.protocol.XattrFlags}. */
    int setXattr(int descriptor, long name, long value, int size, int flags);

    long getXattr(int descriptor, long name, long value, int size);

    long listXattr(int descriptor, long list, int size);

    int removeXattr(int descriptor, long name);

    /** Reads the next entries of an open directory into {@code buffer}; 0 at its end. */
    long readEntries(int descriptor, long buffer, int size);

    /** Goes back to the first entry. */
    int rewindEntries(int descriptor);

    /** BSD lock of {@link io.transfuse.protocol.LockType}; -EAGAIN instead of waiting. */
    int lockFile(int descriptor, int type);

    /** POSIX-style range lock owned by the open file {@code descriptor}; -EAGAIN instead of waiting. */
    int lockRange(int descriptor, int type, long start, long end);

    /** The lock that stands in the way of another one; false in {@code result} when there is none. */
    int testRange(int descriptor, int type, long start, long end, LockTest result);

    /**
     * Whether a directory takes several names for one: folds case, or normalises Unicode. A platform or file system of
     * which it is not known is taken to do so.
     */
    default boolean foldsNames(final int descriptor) {
        return true;
    }

    /** Raises how many descriptors the process may hold as far as it may, and tells how many that are. */
    int descriptorLimit();
}
