package io.transfuse.cache;

/** What a change made stale beyond the cache: whoever was given it has to be told. */
public interface Stale {
    /** Something else may stand at the name, or nothing. */
    void name(long directory, Name name);

    /** As {@link #name}, where the same object may well stand there still. */
    void doubtfulName(long directory, Name name);

    /** Attributes and data of the object changed. */
    void object(long node);

    /** Only the attributes of the object changed. */
    void attributes(long node);

    /** The listing of the directory, and its attributes. */
    void listing(long directory);

    /**
     * Every name that was ever given, those that the cache has forgotten included.
     *
     * @return false if that cannot be told at once, so that {@link #doubtfulName} is wanted for each name that is known
     */
    boolean everyName();
}
