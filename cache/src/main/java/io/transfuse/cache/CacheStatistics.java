package io.transfuse.cache;

/**
 * What a cache holds and how often it had the answer.
 *
 * @param entries names known, absent ones included
 * @param bytes about how much memory all of it takes
 * @param hits questions that it answered
 * @param misses questions that it did not
 */
public record CacheStatistics(long entries, long bytes, long hits, long misses) {}
